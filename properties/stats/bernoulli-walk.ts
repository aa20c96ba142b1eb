import type { Side } from "../../src/stats/capital.js";

/** The exact law of a judge's decision on Bernoulli draws, for "mean <= bound" with its slack. */
export interface ExactDecision {
  refuted: number;
  supported: number;
  /** The first number of draws by which half of all streams are decided; Infinity beyond the horizon. */
  medianDraws: number;
}

/**
 * By enumeration, not simulation: the capital of constant bets depends on the draws through n and their sum alone, so the
 * chance of every (n, sum) not yet decided is carried forward. Written from the definition, in logs, apart from the library.
 */
export function exactDecision(
  trial: { bound: number; slack: number; falseAlarm: number; falsePass: number },
  chance: number,
  horizon: number,
): ExactDecision {
  const log = (side: Side, m: number, n: number, sum: number) => {
    let total = 0;
    for (let j = 1; j <= 20; j++) {
      const win = 1 + (j / 21) * ((side === "above" ? 1 / m : 1 / (1 - m)) - 1);
      const lose = 1 - j / 21;
      total += Math.exp(
        side === "above"
          ? sum * Math.log(win) + (n - sum) * Math.log(lose)
          : (n - sum) * Math.log(win) + sum * Math.log(lose),
      );
    }
    return Math.log(total / 20);
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
