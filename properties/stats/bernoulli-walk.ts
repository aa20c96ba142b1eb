import type { Side } from "../../src/stats/capital.js";

/** The exact law of a judge's decision on Bernoulli draws, for "mean <= bound" with its slack. */
export interface ExactDecision {
  refuted: number;
  supported: number;
  /** The first number of draws by which half of all streams are decided; Infinity beyond the horizon. */
  medianDraws: number;
}

/**
 * By enumeration, not simulation: the capital of constant bets depends on the draws through n and their sum alone, so
 * the chance of every (n, sum) not yet decided is carried forward. Written from the definition, in logs, apart from the
 * library.
 */
export function exactDecision(
  trial: { bound: number; slack: number; falseAlarm: number; falsePass: number },
  chance: number,
  horizon: number,
): ExactDecision {
  const bets = Array.from({ length: 24 }, (_, j) => 1 / (1 + Math.exp(8 - (14 * (j + 0.5)) / 24)));
  const weights = bets.map((f) => Math.sqrt(f * (1 - f)));
  const sumOfWeights = weights.reduce((a, b) => a + b, 0);
  const log = (side: Side, m: number, n: number, sum: number) => {
    const logs = bets.map((f) => {
      const win = Math.log1p(f * ((side === "above" ? 1 / m : 1 / (1 - m)) - 1));
      const lose = Math.log1p(-f);
      return side === "above" ? sum * win + (n - sum) * lose : (n - sum) * win + sum * lose;
    });
    const top = Math.max(...logs);
    return top + Math.log(logs.reduce((total, one, j) => total + weights[j]! * Math.exp(one - top), 0) / sumOfWeights);
  };
  const alive = new Float64Array(horizon + 2);
  alive[0] = 1;
  const decided = { refuted: 0, supported: 0, medianDraws: Number.POSITIVE_INFINITY };
  // Sums in [low, high] are undecided; both ends only move up with n.
  let low = 0;
  let high = 0;
  for (let n = 1; n <= horizon; n++) {
    for (let sum = high; sum >= low; sum--) {
      alive[sum + 1] = alive[sum + 1]! + alive[sum]! * chance;
      alive[sum] = alive[sum]! * (1 - chance);
    }
    high++;
    while (high >= low && log("above", trial.bound, n, high) >= -Math.log(trial.falseAlarm)) {
      decided.refuted += alive[high]!;
      alive[high--] = 0;
    }
    while (low <= high && log("below", trial.bound + trial.slack, n, low) >= -Math.log(trial.falsePass)) {
      decided.supported += alive[low]!;
      alive[low++] = 0;
    }
    if (decided.refuted + decided.supported >= 0.5) decided.medianDraws = Math.min(decided.medianDraws, n);
  }
  return decided;
}
