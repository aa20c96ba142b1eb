import type { Matrix } from "../linalg/matrix.js";
import { dot, minimum } from "../linalg/vector.js";

/** Proof of how good a pair (α, W) is: lower ≤ ‖W_MM‖_F ≤ upper, whatever solver made it. */
export interface Certificate {
  readonly lower: number;
  readonly upper: number;
  /** upper/lower − 1; below 1e-6 the solution is proved to six digits. */
  readonly gap: number;
}

/**
 * The max-margin solution W_MM = Σ α_τ m_τ u_τᵀ, scaled so that its least margin is 1; or the proof that there is none.
 */
export type MaxMargin =
  | {
      readonly separable: true;
      readonly alpha: Float64Array;
      readonly margins: Float64Array;
      /** ‖W_MM‖_F, and γ* = 1/‖W_MM‖_F. */
      readonly norm: number;
      readonly margin: number;
      readonly certificate: Certificate;
    }
  | {
      readonly separable: false;
      /** Multipliers ≥ 0 of sum 1 whose combination Σ α_τ m_τ u_τᵀ (all but) vanishes: no W has q_τ > 0 for every τ. */
      readonly alpha: Float64Array;
      /** No W of norm 1 has a least margin above this. */
      readonly marginAtMost: number;
    };

/**
 * The certificate of any α ≥ 0 (Magen & Vardi 2025, Thm 2.3's KKT conditions; weak duality): W = Σ α_τ m_τ u_τᵀ divided
 * by its least margin is feasible, so ‖W_MM‖ ≤ √(αᵀKα)/min(Kα); and for every feasible V, 1ᵀα ≤ Σ α_τ q_τ(V) = ⟨W, V⟩ ≤
 * √(αᵀKα)·‖V‖. Cost: B². @throws RangeError on a negative multiplier, on α = 0, or when some margin of W is not
 * positive (nothing is proved then).
 */
export function certify(K: Matrix, alpha: Float64Array): Certificate {
  if (K.rows !== K.cols || alpha.length !== K.rows) {
    throw new RangeError(
      `K must be square with a row for each multiplier, got ${K.rows} x ${K.cols} and ${alpha.length}`,
    );
  }
  let sum = 0;
  for (const value of alpha) {
    if (!(value >= 0)) throw new RangeError(`a multiplier must be at least 0, got ${value}`);
    sum += value;
  }
  const q = apply(K, alpha);
  const norm = Math.sqrt(dot(alpha, q));
  const least = minimum(q);
  if (!(least > 0)) throw new RangeError(`the certificate needs every margin above 0, the least is ${least}`);
  const lower = sum / norm;
  const upper = norm / least;
  return { lower, upper, gap: upper / lower - 1 };
}

/**
 * argmin ‖W‖_F subject to m_τᵀWu_τ ≥ 1 for every τ, from the kernel K = (MMᵀ) ∘ (UUᵀ) alone.
 *
 * It is a least-distance problem, solved as Lawson & Hanson (1974, ch. 23) do: min over α ≥ 0 of ½αᵀ(K/c + 11ᵀ)α − 1ᵀα,
 * which is bounded whether or not the data are separable. With s = 1ᵀα at its minimum, the data are separable iff s <
 * 1, and then α/(c(1−s)) are the multipliers. Coordinate descent finds the active set, Cholesky solves on it make it
 * exact. c is first the mean of K's diagonal, then the squared margin found, so that 1 − s ≈ ½ and no digit is lost.
 * Cost: B² a sweep of coordinate descent, |support|³ a solve.
 * @throws RangeError when K is not square, is empty or has a diagonal entry that is not positive and finite.
 */
export function maxMargin(K: Matrix): MaxMargin {
  const B = K.rows;
  if (K.cols !== B || B < 1) throw new RangeError(`K must be square and not empty, got ${K.rows} x ${K.cols}`);
  let trace = 0;
  for (let t = 0; t < B; t++) {
    const diagonal = K.data[t * B + t]!;
    if (!(diagonal > 0 && diagonal < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`K's diagonal must be positive and finite, got ${diagonal} at ${t}`);
    }
    trace += diagonal;
  }
  const unit = trace / B;
  let scale = unit;
  let best: MaxMargin | undefined;
  for (let round = 0; round < 3; round++) {
    const alpha = leastDistance(K, scale);
    const sum = alpha.reduce((total, value) => total + value, 0);
    const q = apply(K, alpha);
    const bound = Math.sqrt(Math.max(0, dot(alpha, q))) / sum;
    const least = minimum(q);
    // Below 1e-7 of the tasks' own size, margins drown in the rounding of K's entries (1e-16 relative, squared away by
    // K).
    if (bound < 1e-7 * Math.sqrt(unit)) best = undefined;
    else if (least > 0)
      best = solved(
        K,
        alpha.map((value) => value / least),
      );
    best ??= { separable: false, alpha: alpha.map((value) => value / sum), marginAtMost: bound };
    if (best.separable ? best.certificate.gap < 1e-9 : bound < 1e-7 * Math.sqrt(unit)) break;
    scale = bound * bound;
  }
  return best!;
}

function solved(K: Matrix, alpha: Float64Array): MaxMargin {
  const certificate = certify(K, alpha);
  const norm = certificate.upper;
  return { separable: true, alpha, margins: apply(K, alpha), norm, margin: 1 / norm, certificate };
}

/** argmin over α ≥ 0 of ½αᵀ(K/scale + 11ᵀ)α − 1ᵀα. */
function leastDistance(K: Matrix, scale: number): Float64Array {
  const B = K.rows;
  const H = K.data.map((value) => value / scale + 1);
  const alpha = new Float64Array(B);
  // The slack 1 − Hα, minus the gradient: positive where α should grow.
  const slack = new Float64Array(B).fill(1);
  const move = (t: number, to: number): number => {
    const change = to - alpha[t]!;
    if (change !== 0) {
      const column = H.subarray(t * B, (t + 1) * B);
      for (let j = 0; j < B; j++) slack[j]! -= change * column[j]!;
      alpha[t] = to;
    }
    return Math.abs(change);
  };
  for (let sweep = 0; sweep < 200; sweep++) {
    let moved = 0;
    let largest = 0;
    for (let t = 0; t < B; t++) {
      moved = Math.max(moved, move(t, Math.max(0, alpha[t]! + slack[t]! / H[t * B + t]!)));
      largest = Math.max(largest, alpha[t]!);
    }
    if (moved <= 1e-6 * largest) break;
  }
  return polish(H, B, alpha);
}

/**
 * Lawson–Hanson from a warm start: solve H_SS α_S = 1 on the support S; where that leaves α ≥ 0, step back and drop
 * what hit zero; then add the task whose condition (Hα)_τ ≥ 1 is violated most; stop when none is, to rounding.
 */
function polish(H: Float64Array, B: number, alpha: Float64Array): Float64Array {
  const support: number[] = [];
  for (let t = 0; t < B; t++) if (alpha[t]! > 0) support.push(t);
  for (let round = 0; round < 3 * B + 30; round++) {
    for (;;) {
      const solved = solveOnes(H, B, support);
      let step = 1;
      let blocking = -1;
      support.forEach((t, i) => {
        if (solved[i]! <= 0) {
          const reach = alpha[t]! / (alpha[t]! - solved[i]!);
          if (!(reach >= step)) {
            step = Number.isFinite(reach) ? reach : 0;
            blocking = i;
          }
        }
      });
      support.forEach((t, i) => {
        alpha[t] = step === 1 ? solved[i]! : alpha[t]! + step * (solved[i]! - alpha[t]!);
      });
      if (blocking < 0) break;
      alpha[support[blocking]!] = 0;
      support.splice(blocking, 1);
    }
    let worst = -1;
    let violation = 1e-12;
    for (let t = 0; t < B; t++) {
      if (alpha[t]! > 0) continue;
      const column = H.subarray(t * B, (t + 1) * B);
      let value = 1;
      for (const s of support) value -= column[s]! * alpha[s]!;
      if (value > violation && !support.includes(t)) {
        violation = value;
        worst = t;
      }
    }
    if (worst < 0) break;
    support.push(worst);
  }
  return alpha;
}

/** H_SS x = 1 by Cholesky; a pivot lost to rounding (tasks linearly dependent on earlier ones) takes multiplier 0. */
function solveOnes(H: Float64Array, B: number, support: readonly number[]): Float64Array {
  const n = support.length;
  const L = new Float64Array(n * n);
  const x = new Float64Array(n);
  const lost = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const target = L.subarray(i * n, i * n + i + 1);
    const source = H.subarray(support[i]! * B, (support[i]! + 1) * B);
    for (let j = 0; j <= i; j++) {
      if (lost[j]) continue;
      const other = L.subarray(j * n, j * n + j + 1);
      let value = source[support[j]!]!;
      for (let a = 0; a < j; a++) value -= target[a]! * other[a]!;
      if (j < i) target[j] = value / other[j]!;
      else if (value > 1e-14 * source[support[i]!]!) target[i] = Math.sqrt(value);
      else lost[i] = 1;
    }
    let right = 1;
    for (let j = 0; j < i; j++) right -= target[j]! * x[j]!;
    x[i] = lost[i] ? 0 : right / target[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    if (lost[i]) continue;
    let right = x[i]!;
    for (let j = i + 1; j < n; j++) right -= L[j * n + i]! * x[j]!;
    x[i] = right / L[i * n + i]!;
  }
  return x;
}

function apply(K: Matrix, alpha: Float64Array): Float64Array {
  return Float64Array.from({ length: K.rows }, (_, t) => dot(K.data.subarray(t * K.cols, (t + 1) * K.cols), alpha));
}
