import type { SymmetricOperator } from "../../linalg/symmetric-operator.js";
import type { Stream } from "../../random/stream.js";
import { logisticWeight } from "../logistic.js";
import { checkStart, type DualSnapshot, type DualTraining, dualSnapshot } from "./dual.js";
import { checkSchedule } from "./schedule.js";

/** How to train by SGD: as `DualTraining`, with the number of tasks a step looks at (1 unless given). */
export interface StochasticTraining extends DualTraining {
  readonly batch?: number;
}

/**
 * Stochastic gradient descent in the dual: each step draws `batch` tasks uniformly, with replacement, and moves along
 * their mean gradient: α_τ ← α_τ + (η/batch) σ(−q_τ), q ← q + (η/batch) σ(−q_τ) K_{·τ}. Cost: batch·B a step. Margins
 * are carried along and recomputed from α at every step looked at, so that rounding does not accumulate in what is
 * reported.
 * @throws RangeError as `trainDual`, or on a batch that is not an integer ≥ 1.
 */
export function trainStochastic(stream: Stream, K: SymmetricOperator, training: StochasticTraining): DualSnapshot[] {
  const B = K.n;
  const { stepSize, at, start, batch = 1 } = training;
  checkSchedule(stepSize, at);
  checkStart(B, start);
  if (!(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new RangeError(`the batch must be an integer at least 1, got ${batch}`);
  }
  const dense = K.dense().data;
  const alpha = new Float64Array(B);
  const q = start ? start.margins.slice() : new Float64Array(B);
  const chosen = new Int32Array(batch);
  const moves = new Float64Array(batch);
  const snapshots: DualSnapshot[] = [];
  const last = at[at.length - 1]!;
  for (let step = 0; ; step++) {
    if (step === at[snapshots.length]) {
      K.apply(alpha, q);
      if (start) for (let t = 0; t < B; t++) q[t]! += start.margins[t]!;
      snapshots.push(dualSnapshot(step, alpha, q, start));
    }
    if (step === last) return snapshots;
    for (let b = 0; b < batch; b++) {
      chosen[b] = Math.floor(stream.uniform() * B);
      moves[b] = (stepSize / batch) * logisticWeight(q[chosen[b]!]!);
    }
    for (let b = 0; b < batch; b++) {
      alpha[chosen[b]!]! += moves[b]!;
      const column = dense.subarray(chosen[b]! * B, (chosen[b]! + 1) * B);
      for (let t = 0; t < B; t++) q[t]! += moves[b]! * column[t]!;
    }
  }
}
