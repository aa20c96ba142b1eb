import { solveSymmetric } from "../linalg/decompositions.js";
import { type Matrix, matrix } from "../linalg/matrix.js";
import { minimum } from "../linalg/vector.js";
import type { Tasks } from "../mixture/signed/tasks.js";
import { logisticWeight, meanLogisticLoss } from "./logistic.js";

/**
 * The minimiser of the training loss L(W) = (1/B) Σ log(1 + exp(−m_τᵀ W u_τ)), where gradient descent ends when no W
 * separates the tasks: Newton's method on the d² entries of W, halving steps that do not lower the loss, until the
 * gradient is below 1e-10 of its size at W = 0 and a minimiser near is proved. Undefined when there is none: some V ≠ 0
 * has m_τᵀVu_τ ≥ 0 for every task, above 0 for one, so that the loss falls along V for ever though the gradient
 * vanishes.
 *
 * The proof: with weights λ_τ = σ(−q_τ) and features f_τ = vec(m_τu_τᵀ), Newton's step s = H⁻¹Σλ_τf_τ makes Σ λ_τ(1 −
 * (1 − λ_τ)f_τᵀs) f_τ = 0; when all these weights are positive, no such V exists, and the loss has its minimiser. Along
 * V Newton's step adds 1/(1 − λ_τ) to a margin, and the weight stays at 0 for ever. Cost: Bd⁴ + d⁶/3 an iteration, some
 * 8 of them: for small d.
 * @throws RangeError when the Hessian is singular (B < d²); Error should 60 iterations not be enough.
 */
export function trainingMinimiser({ m, u }: Pick<Tasks, "m" | "u">): Matrix | undefined {
  const [B, d] = [m.rows, m.cols];
  const n = d * d;
  // Row τ is vec(m_τ u_τᵀ): the margins are linear in vec(W).
  const features = matrix(B, n);
  for (let t = 0; t < B; t++) {
    for (let e = 0; e < n; e++)
      features.data[t * n + e] = m.data[t * d + Math.floor(e / d)]! * u.data[t * d + (e % d)]!;
  }
  const marginsAt = (w: Float64Array) => {
    const q = new Float64Array(B);
    for (let t = 0; t < B; t++) for (let e = 0; e < n; e++) q[t]! += features.data[t * n + e]! * w[e]!;
    return q;
  };
  let w = new Float64Array(n);
  let q = marginsAt(w);
  let loss = meanLogisticLoss(q);
  let first = 0;
  for (let iteration = 0; iteration < 60; iteration++) {
    const gradient = matrix(1, n);
    const hessian = matrix(n, n);
    for (let t = 0; t < B; t++) {
      const weight = logisticWeight(q[t]!);
      const curvature = weight * (1 - weight);
      for (let e = 0; e < n; e++) {
        const feature = features.data[t * n + e]!;
        gradient.data[e]! += weight * feature;
        for (let f = 0; f <= e; f++) hessian.data[e * n + f]! += curvature * feature * features.data[t * n + f]!;
      }
    }
    for (let e = 0; e < n; e++) for (let f = 0; f < e; f++) hessian.data[f * n + e] = hessian.data[e * n + f]!;
    const size = Math.hypot(...gradient.data);
    first ||= size;
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
