import { solveSymmetric } from "../linalg/decompositions.js";
import { type Matrix, matrix, row, transpose } from "../linalg/matrix.js";
import { gram, multiplyTransposed } from "../linalg/products.js";
import { minimum, norm } from "../linalg/vector.js";
import type { Tasks } from "../mixture/signed/tasks.js";
import { margins } from "./linear.js";
import { logisticWeight, meanLogisticLoss } from "./logistic.js";

/**
 * The minimiser of the training loss L(W) = (1/B) Σ log(1 + exp(−m_τᵀ W u_τ)), where gradient descent ends when no W
 * separates the tasks: Newton's method on the d² entries of W, halving steps that do not lower the loss, until the
 * gradient is below `tolerance` of its size at W = 0 and a minimiser near is proved. Undefined when there is none: some
 * V ≠ 0 has m_τᵀVu_τ ≥ 0 for every task, above 0 for one, so that the loss falls along V for ever though the gradient
 * vanishes.
 * The proof: with weights λ_τ = σ(−q_τ) and features f_τ = vec(m_τu_τᵀ), Newton's step s = H⁻¹Σλ_τf_τ makes Σ λ_τ(1 −
 * (1 − λ_τ)f_τᵀs) f_τ = 0; when all these weights are positive, no such V exists, and the loss has its minimiser. Along
 * V Newton's step adds 1/(1 − λ_τ) to a margin, and the weight stays at 0 for ever.
 * The Hessian is kept as long as steps by it shrink the gradient tenfold, and summed in single precision, which moves a
 * step by 1e-6 of itself: the gradient, which alone says where the minimiser is, is summed in double. Cost: Bd⁴ + d⁶/3
 * for each of some 4 Hessians, 4Bd² for each of some 12 steps, and 4d²·1024 + 8Bd bytes: for
 * small d.
 * @param start where Newton's method begins, d × d; zero unless given. A guess near the minimiser saves half of them.
 * @param proved whether a minimiser is known to exist, and needs no proof: no V is as above for the tasks if none is
 * for some of them whose Hessian is not singular. Saves the last Hessian.
 * @param tolerance of the gradient, relative to its size at W = 0: W is as near the minimiser, relative to its own
 * size, to a factor of the Hessian's condition. 1e-10 unless given.
 * @throws RangeError on a start of another shape, a tolerance outside [1e-12, 1), or when the Hessian is singular (B <
 * d²); Error should 60 iterations not be enough.
 */
export function trainingMinimiser(
  { m, u }: Pick<Tasks, "m" | "u">,
  start?: Matrix,
  { proved = false, tolerance = 1e-10 }: { readonly proved?: boolean; readonly tolerance?: number } = {},
): Matrix | undefined {
  const [B, d] = [m.rows, m.cols];
  const n = d * d;
  const [across, along] = [transpose(m), transpose(u)];
  const marginsAt = (w: Float64Array) => margins(matrix(d, d, w), m, u);
  /** Σ_τ λ_τ m_τu_τᵀ, minus the gradient, as a row. */
  const weightedSum = (weights: Float64Array) => matrix(1, n, multiplyTransposed(scaled(across, weights), along).data);
  if (start && (start.rows !== d || start.cols !== d)) {
    throw new RangeError(`the start must be ${d} x ${d}, got ${start.rows} x ${start.cols}`);
  }
  if (!(tolerance >= 1e-12 && tolerance < 1)) {
    throw new RangeError(`the tolerance must lie in [1e-12, 1), got ${tolerance}`);
  }
  let w = Float64Array.from(start?.data ?? new Float64Array(n));
  let q = marginsAt(w);
  let loss = meanLogisticLoss(q);
  // Every weight is ½ at W = 0.
  const first = norm(weightedSum(new Float64Array(B).fill(0.5)).data);
  const features = { rows: n, cols: together, data: new Float32Array(n * together) };
  const hessianAt = (weights: Float64Array) => {
    const left = scaled(
      across,
      weights.map((weight) => Math.sqrt(weight * (1 - weight))),
    );
    const sum = new Float64Array(n * n);
    for (let from = 0; from < B; from += together) {
      const count = Math.min(together, B - from);
      if (count < together) features.data.fill(0);
      for (let e = 0; e < n; e++) {
        const [a, b] = [Math.floor(e / d) * B + from, (e % d) * B + from];
        fillProducts(left.data, a, along.data, b, features.data, e * together, count);
      }
      addTo(sum, gram(features).data);
    }
    return matrix(n, n, sum);
  };
  let hessian: Matrix | undefined;
  let before = Infinity;
  for (let iteration = 0; iteration < 60; iteration++) {
    const weights = q.map(logisticWeight);
    const gradient = weightedSum(weights);
    const size = norm(gradient.data);
    if (q.every((margin) => margin > 0)) return undefined;
    const found = size <= tolerance * first;
    if (found && proved) return matrix(d, d, w);
    if (!hessian || found || size > before / 10) hessian = hessianAt(weights);
    before = size;
    const step = solveSymmetric(hessian, gradient).data;
    if (found) {
      const moves = marginsAt(step);
      if (moves.every((move, t) => (1 - logisticWeight(q[t]!)) * Math.abs(move) < 0.5)) return matrix(d, d, w);
      // A direction that lowers no margin, to rounding, and raises some.
      if (minimum(moves) >= -1e-8 * moves.reduce((most, move) => Math.max(most, move), 0)) return undefined;
    }
    for (let share = 1; ; share /= 2) {
      const next = w.map((value, e) => value + share * step[e]!);
      q = marginsAt(next);
      const reached = meanLogisticLoss(q);
      // Near the minimum the loss stands still to rounding: a full step is then taken as it is.
      if (reached <= loss * (1 + 1e-14) || share < 1e-6) {
        [w, loss] = [next, reached];
        break;
      }
    }
  }
  throw new Error(`the training loss of these ${B} tasks in dimension ${d} is not minimised after 60 steps`);
}

/** Tasks whose features are summed together: few enough to stay in the processor's cache. */
const together = 1024;

/** out_i = x_i y_i, for `count` entries from the places given. */
function fillProducts(
  x: Float64Array,
  xFrom: number,
  y: Float64Array,
  yFrom: number,
  out: Float32Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) out[from + i] = x[xFrom + i]! * y[yFrom + i]!;
}

function addTo(sum: Float64Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + part[i]!;
}

/** The columns of a, each times its factor. */
function scaled(a: Matrix, factors: Float64Array): Matrix {
  const result = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    const [from, to] = [row(a, i), row(result, i)];
    for (let t = 0; t < a.cols; t++) to[t] = factors[t]! * from[t]!;
  }
  return result;
}
