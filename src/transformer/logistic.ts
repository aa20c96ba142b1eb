/**
 * log(1 + e^{−q}), the loss at margin q. No overflow and full relative accuracy for every finite q: for q < 0 it is
 * −q + log(1 + e^{q}).
 */
export function logisticLoss(q: number): number {
  return q >= 0 ? Math.log1p(Math.exp(-q)) : -q + Math.log1p(Math.exp(q));
}

/** σ(−q) = 1/(1 + e^{q}) = −d/dq log(1 + e^{−q}), the weight of a task in the gradient. */
export function logisticWeight(q: number): number {
  if (q >= 0) {
    const e = Math.exp(-q);
    return e / (1 + e);
  }
  return 1 / (1 + Math.exp(q));
}

/** The mean of log(1 + e^{−q}) over the margins. */
export function meanLogisticLoss(margins: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < margins.length; i++) sum += logisticLoss(margins[i]!);
  return sum / margins.length;
}

/**
 * log of log(1 + e^{−q}), where the loss itself would underflow (q > 745): log(1 + e^{−q}) = e^{−q}(1 − e^{−q}/2 + …),
 * so its log is −q to within e^{−q}/2, below rounding for q > 37.
 */
export function logLogisticLoss(q: number): number {
  return q > 37 ? -q : Math.log(logisticLoss(q));
}
