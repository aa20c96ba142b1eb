import { drawsNeeded } from "./draws-needed.js";
import type { Judge } from "./judge.js";
import { shortNumber } from "./number-text.js";
import { smallestGap } from "./smallest-gap.js";
import type { Verdict } from "./verdict.js";

/** What would help, if anything does, a reader who wanted another verdict than this one. */
export function remedyFor(judge: Judge, verdict: Verdict, seen: readonly number[]): string {
  if (verdict !== "undecided") {
    return "remedy: more draws will not change it; mend what is simulated, or claim something else";
  }
  const { trial } = judge;
  const { range, falseAlarm, falsePass, hypothesis } = trial;
  if (!range) return "remedy: more draws, a wider slack, or a smaller bound on the deviation if one is known";
  const plan = drawsNeeded({ hypothesis, range, falseAlarm, falsePass }, { pilot: seen });
  const more =
    plan.draws === Number.POSITIVE_INFINITY
      ? "no number of draws decides a mean so close to the edge"
      : `about ${plan.draws} draws ("${plan.verdict}" if the mean is what it looks like)`;
  const mean = judge.estimate;
  let squares = 0;
  for (const x of seen) squares += ((x - mean) / (range[1] - range[0])) ** 2;
  const variance = Math.max(1e-12, squares / seen.length) * (range[1] - range[0]) ** 2;
  const gap = smallestGap({ hypothesis, range, falseAlarm, falsePass }, seen.length, variance);
  const wider = gap === undefined ? "" : `, or a slack of ${shortNumber(gap)} for these draws`;
  const [least, most] = [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
  const narrow =
    most - least < (range[1] - range[0]) / 3
      ? `, or a narrower range: the draws lie in [${shortNumber(least)}, ${shortNumber(most)}]`
      : "";
  return `remedy: ${more}${wider}${narrow}`;
}
