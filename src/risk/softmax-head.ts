import { checkCount, checkPositive } from "../argument.js";
import { gaussHermite, gaussLegendre } from "../linalg/quadrature.js";
import { normalCdf, normalQuantile } from "./normal.js";

/** A softmax head with scores a·xᵢᵀPPᵀx, and its test world. */
export interface SoftmaxHeadArguments {
  /** Test signal strength ‖μ‖ > 0; the noise has unit variance a coordinate. */
  readonly R: number;
  /** In-context examples, any real > 0. */
  readonly M: number;
  /** Dimension of the subspace. */
  readonly k: number;
  /** a > 0, by which inner products in the subspace are multiplied. */
  readonly a: number;
}

/**
 * The error of one softmax head that smooths labels with the kernel exp(a xᵢᵀPPᵀx), by the central limit theorem in M.
 *
 * Let u be the query times its label, t = μᵀu and n² = ‖Pᵀu‖². Up to a positive factor the head says Σᵢ yᵢ exp(a xᵢᵀu),
 * and as yᵢxᵢᵀu ~ N(t, n²), a term has mean e^{q/2} sinh(at) and second moment e^{2q} cosh(2at), q = a²n². The error is
 * E Φ(−√M·mean/deviation) over t = R² + Rg, n² = (R + g)² + χ²_{k−1}, g normal.
 *
 * Where a term says little (k ≫ R²), mean/deviation is at·e^{−q/2}, largest at q = 1: (t/n)e^{−1/2} in place of the
 * t/n of averaging in the subspace. So the best head needs e = 2.718 times the examples: it pays half of the exponent
 * for weighing examples by how near they lie, and half for labels that are not balanced. At smaller k, n² varies while
 * a does not, and heavy terms count: the factor is larger. By 24 × 32 nodes, of an error of 1e-4 at most
 * down to k = 2, R = 1.5. Cost: 600 Φ.
 * @throws RangeError unless R, M and a are finite and above 0 and k is an integer ≥ 1.
 */
export function softmaxHeadRisk({ R, M, k, a }: SoftmaxHeadArguments): number {
  checkPositive("M", M);
  return errorAt(ratios({ R, k, a }), M);
}

/**
 * The least M at which the best head, over a, errs at most ε by `softmaxHeadRisk`, and that a; `Infinity` where Φ(−R) ≥
 * ε. To 1e-6 relative. Cost: some 30 temperatures of 40 errors each.
 * @throws RangeError unless 0 < ε < ½, and as `softmaxHeadRisk`.
 */
export function softmaxHeadComplexity({ R, k, epsilon }: { R: number; k: number; epsilon: number }): {
  readonly M: number;
  readonly a: number;
} {
  if (!(epsilon > 0 && epsilon < 0.5)) throw new RangeError(`the error to reach must be in (0, 1/2), got ${epsilon}`);
  const typical = Math.sqrt(k + R * R);
  if (R <= -normalQuantile(epsilon)) return { M: Number.POSITIVE_INFINITY, a: 1 / typical };
  const needed = (logA: number) => logLength(ratios({ R, k, a: Math.exp(logA) / typical }), epsilon);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.1), Math.log(2)];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [needed(left), needed(right)];
  while (high - low > 1e-3) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = needed(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = needed(right);
    }
  }
  return { M: Math.exp(Math.min(atLeft, atRight)), a: Math.exp(atLeft < atRight ? left : right) / typical };
}

interface Ratios {
  /** Mean over deviation of a term, at each node, and the node's probability. */
  readonly ratio: Float64Array;
  readonly weight: Float64Array;
}

function ratios({ R, k, a }: Omit<SoftmaxHeadArguments, "M">): Ratios {
  checkPositive("R", R);
  checkPositive("a", a);
  checkCount("k", k);
  const along = gaussHermite(24);
  const across = chi(k - 1);
  const count = 24 * across.nodes.length;
  const result = { ratio: new Float64Array(count), weight: new Float64Array(count) };
  along.nodes.forEach((g, i) => {
    const t = R * R + R * g;
    across.nodes.forEach((r, j) => {
      const q = a * a * ((R + g) ** 2 + r * r);
      // In units of e^{q/2}, so that nothing overflows before it must.
      const mean = Math.sinh(a * t);
      const at = i * across.nodes.length + j;
      result.ratio[at] = mean / Math.sqrt(Math.exp(q) * Math.cosh(2 * a * t) - mean * mean);
      result.weight[at] = along.weights[i]! * across.weights[j]!;
    });
  });
  return result;
}

function errorAt({ ratio, weight }: Ratios, M: number): number {
  const root = Math.sqrt(M);
  return ratio.reduce((sum, value, i) => sum + weight[i]! * normalCdf(-root * value), 0);
}

/** log M where the error falls through ε, bisected between e^{−4} and e^{16}. */
function logLength(own: Ratios, epsilon: number): number {
  let [low, high] = [-4, 16];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (errorAt(own, Math.exp(middle)) > epsilon) low = middle;
    else high = middle;
  }
  return high;
}

/** A rule for the norm of a normal vector in ℝ^m: density ∝ r^{m−1}e^{−r²/2}, within 7 of its root mean square. */
function chi(m: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  if (m === 0) return { nodes: Float64Array.of(0), weights: Float64Array.of(1) };
  const middle = Math.sqrt(m);
  const [from, to] = [Math.max(0, middle - 7), middle + 7];
  const rule = gaussLegendre(32);
  const nodes = rule.nodes.map((x) => (from + to) / 2 + (x * (to - from)) / 2);
  const logs = nodes.map((r) => (m - 1) * Math.log(r) - (r * r) / 2);
  const peak = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const weights = rule.weights.map((w, j) => w * Math.exp(logs[j]! - peak));
  const total = weights.reduce((sum, value) => sum + value, 0);
  return { nodes, weights: weights.map((value) => value / total) };
}
