import { solveSymmetric } from "../linalg/decompositions.js";
import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { gram, matvec } from "../linalg/products.js";
import { minimum, norm } from "../linalg/vector.js";
import type { Tasks } from "../mixture/signed/tasks.js";
import { logisticWeight, meanLogisticLoss } from "./logistic.js";

/**
 * The minimiser of the training loss L(W) = (1/B) Σ log(1 + exp(−m_τᵀ W u_τ)), where gradient descent ends when no W
 * separates the tasks: Newton's method on the d² entries of W, halving steps that do not lower the loss, until the
 * gradient is below 1e-10 of its size at W = 0 and a minimiser near is proved. Undefined when there is none: some V ≠ 0
 * has m_τᵀVu_τ ≥ 0 for every task, above 0 for one, so that the loss falls along V for ever though the gradient
 * vanishes.
 * The proof: with weights λ_τ = σ(−q_τ) and features f_τ = vec(m_τu_τᵀ), Newton's step s = H⁻¹Σλ_τf_τ makes Σ λ_τ(1 −
 * (1 − λ_τ)f_τᵀs) f_τ = 0; when all these weights are positive, no such V exists, and the loss has its minimiser. Along
 * V Newton's step adds 1/(1 − λ_τ) to a margin, and the weight stays at 0 for ever. Cost: Bd⁴ + d⁶/3 an iteration, some
 * 8 of them, and 16Bd² bytes: for small d.
 * @param start where Newton's method begins, d × d; zero unless given. A guess near the minimiser saves half of them.
 * @throws RangeError on a start of another shape, or when the Hessian is singular (B < d²); Error should 60 iterations
 * not be enough.
 */
export function trainingMinimiser({ m, u }: Pick<Tasks, "m" | "u">, start?: Matrix): Matrix | undefined {
  const [B, d] = [m.rows, m.cols];
  const n = d * d;
  // Column τ is vec(m_τ u_τᵀ): the margins are linear in vec(W).
  const features = matrix(n, B);
  for (let e = 0; e < n; e++) {
    const [feature, a, b] = [row(features, e), Math.floor(e / d), e % d];
    for (let t = 0; t < B; t++) feature[t] = m.data[t * d + a]! * u.data[t * d + b]!;
  }
  const marginsAt = (w: Float64Array) => {
    const q = new Float64Array(B);
    for (let e = 0; e < n; e++) {
      const [weight, feature] = [w[e]!, row(features, e)];
      for (let t = 0; t < B; t++) q[t]! += weight * feature[t]!;
    }
    return q;
  };
  const weighted = matrix(n, B);
  if (start && (start.rows !== d || start.cols !== d)) {
    throw new RangeError(`the start must be ${d} x ${d}, got ${start.rows} x ${start.cols}`);
  }
  let w = Float64Array.from(start?.data ?? new Float64Array(n));
  let q = marginsAt(w);
  let loss = meanLogisticLoss(q);
  // Every weight is ½ at W = 0.
  const first = norm(matvec(features, new Float64Array(B).fill(0.5)));
  for (let iteration = 0; iteration < 60; iteration++) {
    const weights = q.map(logisticWeight);
    const roots = weights.map((weight) => Math.sqrt(weight * (1 - weight)));
    const gradient = matrix(1, n, matvec(features, weights));
    for (let e = 0; e < n; e++) {
      const [from, to] = [row(features, e), row(weighted, e)];
      for (let t = 0; t < B; t++) to[t] = roots[t]! * from[t]!;
    }
    const hessian = gram(weighted);
    const size = norm(gradient.data);
    if (q.every((margin) => margin > 0)) return undefined;
    const step = solveSymmetric(hessian, gradient).data;
    if (size <= 1e-10 * first) {
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
