import type { SymmetricOperator } from "../../linalg/symmetric-operator.js";
import { logisticLoss, logLogisticLoss } from "../logistic.js";
import { checkStart, type DualSnapshot, type DualStart, dualSnapshot } from "./dual.js";
import { checkSchedule } from "./schedule.js";

/**
 * Normalised gradient descent in the dual: α ← α + η·σ(−q)/Σ_j ℓ(q_j), the gradient divided by the loss (Nacson et al.
 * 2019; Ji & Telgarsky 2021). It has the limit direction of gradient descent and reaches it at rate O(1/t) instead of
 * O(1/log t).
 *
 * The loss underflows within a few hundred steps, so the weights are taken in the log domain: σ(−q) = e^{−softplus(q)},
 * and both sides are scaled by the largest loss. `stepSize` is in units of 1/max_τ K_ττ, for which 1 is safe. Cost: B²
 * a step.
 * @throws RangeError as `trainDual`.
 */
export function trainNormalised(
  K: SymmetricOperator,
  training: { readonly at: readonly number[]; readonly stepSize?: number; readonly start?: DualStart },
): DualSnapshot[] {
  const B = K.n;
  const { at, stepSize = 1, start } = training;
  checkSchedule(stepSize, at);
  checkStart(B, start);
  const unit = stepSize / Math.max(...K.diagonal());
  const alpha = new Float64Array(B);
  const q = new Float64Array(B);
  const logLoss = new Float64Array(B);
  const snapshots: DualSnapshot[] = [];
  const last = at[at.length - 1]!;
  for (let step = 0; ; step++) {
    K.apply(alpha, q);
    if (start) for (let t = 0; t < B; t++) q[t]! += start.margins[t]!;
    if (step === at[snapshots.length]) snapshots.push(dualSnapshot(step, alpha, q, start));
    if (step === last) return snapshots;
    let largest = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < B; t++) {
      logLoss[t] = logLogisticLoss(q[t]!);
      if (logLoss[t]! > largest) largest = logLoss[t]!;
    }
    let total = 0;
    for (let t = 0; t < B; t++) total += Math.exp(logLoss[t]! - largest);
    for (let t = 0; t < B; t++) {
      const logWeight = -logisticLoss(-q[t]!);
      alpha[t]! += (unit * Math.exp(logWeight - largest)) / total;
    }
  }
}
