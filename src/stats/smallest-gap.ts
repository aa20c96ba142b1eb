import { drawsNeeded, type RangeTrial } from "./draws-needed.js";
import type { Hypothesis } from "./hypothesis.js";

/**
 * The smallest gap that n draws can see: the least slack (or tolerance, for `equals`) with which a mean at the bound
 * (or on the target) is supported within n draws in the median and, for a slack, a mean that misses the bound by it
 * refuted. The counterpart of `drawsNeeded`, by bisection on it, to 1%; the slack in the trial is not read. Undefined
 * when no gap inside the range does.
 *
 * @param variance of the draws, the largest possible unless given.
 * @example
 * smallestGap(trial, 1000, 0.04); // 0.0417: with 1,000 draws, ask for no less
 * @throws RangeError on a trial no judge would take whatever its slack, or draws that are not an integer ≥ 1.
 */
export function smallestGap(trial: RangeTrial, draws: number, variance?: number): number | undefined {
  if (!(Number.isSafeInteger(draws) && draws >= 1)) throw new RangeError(`draws must be an integer >= 1, got ${draws}`);
  const [lo, hi] = trial.range;
  const { hypothesis } = trial;
  const centre = hypothesis.form === "equals" ? hypothesis.target : hypothesis.bound;
  const at = (mean: number) => {
    const largest = (mean - lo) * (hi - mean);
    return { mean, variance: Math.max(0, Math.min(largest, variance ?? largest)) };
  };
  const seen = (gap: number): boolean => {
    const asked = { ...trial, hypothesis: withGap(hypothesis, gap) };
    const held = drawsNeeded(asked, at(centre));
    if (!(held.verdict === "supported" && held.draws <= draws)) return false;
    if (hypothesis.form === "equals") return true;
    const missed = drawsNeeded(asked, at(hypothesis.form === "atMost" ? centre + gap : centre - gap));
    return missed.verdict === "refuted" && missed.draws <= draws;
  };
  const room =
    hypothesis.form === "equals"
      ? Math.max(centre - lo, hi - centre)
      : hypothesis.form === "atMost"
        ? hi - centre
        : centre - lo;
  let large = room * (1 - 1e-9);
  if (!(large > 0) || !seen(large)) return undefined;
  let small = large * 1e-9;
  while (large / small > 1.01) {
    const middle = Math.sqrt(large * small);
    if (seen(middle)) large = middle;
    else small = middle;
  }
  return large;
}

function withGap(hypothesis: Hypothesis, gap: number): Hypothesis {
  return hypothesis.form === "equals" ? { ...hypothesis, within: gap } : { ...hypothesis, slack: gap };
}
