import { type Matrix, matrix, row, transpose } from "../../linalg/matrix.js";
import { multiply } from "../../linalg/products.js";
import type { Tasks } from "../../mixture/signed/tasks.js";
import { margins, zeroWeights } from "../linear.js";
import { logisticWeight, meanLogisticLoss } from "../logistic.js";
import { checkSchedule } from "./schedule.js";

/** The transformer at one step of its training. */
export interface Snapshot {
  readonly step: number;
  readonly W: Matrix;
  readonly margins: Float64Array;
  readonly loss: number;
}

/**
 * How to train: a fixed step size, the steps to look at (the last one ends the training), where to start (zero unless
 * given).
 */
export interface Training {
  readonly stepSize: number;
  readonly at: readonly number[];
  readonly start?: Matrix;
}

/**
 * Full-batch gradient descent on L(W) = (1/B) Σ log(1 + exp(−m_τᵀ W u_τ)) (Magen & Vardi 2025, §2):
 * W ← W + (η/B) Σ σ(−q_τ) m_τ u_τᵀ. Cost: 4Bd² a step (two matrix products); `trainDual` costs B².
 * @throws RangeError on a step size ≤ 0, steps that do not rise, or shapes that do not fit.
 */
export function trainPrimal(tasks: Tasks, training: Training): Snapshot[] {
  const { m, u } = tasks;
  const { stepSize, at, start = zeroWeights(m.cols) } = training;
  checkSchedule(stepSize, at);
  const W = matrix(start.rows, start.cols, start.data.slice());
  const uT = transpose(u);
  const weighted = matrix(u.cols, u.rows);
  const snapshots: Snapshot[] = [];
  const last = at[at.length - 1]!;
  for (let step = 0; ; step++) {
    const q = margins(W, m, u);
    if (step === at[snapshots.length]) {
      snapshots.push({ step, W: matrix(W.rows, W.cols, W.data.slice()), margins: q, loss: meanLogisticLoss(q) });
    }
    if (step === last) return snapshots;
    const scale = stepSize / m.rows;
    const weights = q.map((margin) => scale * logisticWeight(margin));
    for (let a = 0; a < u.cols; a++) {
      const from = row(uT, a);
      const to = row(weighted, a);
      for (let t = 0; t < weights.length; t++) to[t] = weights[t]! * from[t]!;
    }
    // (weighted uᵀ · m) is the transposed gradient; adding its transpose keeps one product a step.
    const gradient = multiply(weighted, m);
    for (let a = 0; a < W.rows; a++) {
      for (let b = 0; b < W.cols; b++) W.data[a * W.cols + b]! += gradient.data[b * gradient.cols + a]!;
    }
  }
}
