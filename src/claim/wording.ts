import { type CaseResult, largestClippedShare } from "./case-trial.js";
import { configurationText } from "./configurations.js";
import { findClaim } from "./drawing.js";
import type { Judgement } from "./judging.js";
import type { SuiteResult } from "./suite.js";
import { type Claim, statedWorld, type Theorem } from "./theorem.js";

/** A number as tables show it: four significant digits, no trailing noise. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** "0.143 [0.13, 0.16]", or "worst 2.1e-9" for a certificate, unless a draw of it was no number. */
export function estimateOf({ interval, estimate }: CaseResult): string {
  if (!interval && Number.isNaN(estimate)) return "a draw was no number";
  if (!interval) return `worst ${numberText(estimate)}`;
  return `${numberText(estimate)} [${numberText(interval.lower)}, ${numberText(interval.upper)}]`;
}

/** What is claimed there: "≤ 0.1", "≥ 0.9", "= 1 ± 0.1", or "≤ 1e-6" of a certificate. */
export function targetOf(claim: Claim, { bound, slack }: CaseResult): string {
  if (claim.form === "always") return `≤ ${numberText(bound)}`;
  if (claim.form === "equals") return `= ${numberText(bound)} ± ${numberText(slack)}`;
  return `${claim.atMost === undefined ? "≥" : "≤"} ${numberText(bound)}`;
}

/** What a verdict of "supported" certifies there: the bound with its slack, the equality with its tolerance. */
export function certifiedOf(claim: Claim, result: CaseResult): string {
  if (claim.form !== "mean") return targetOf(claim, result);
  const { bound, slack } = result;
  return claim.atMost === undefined ? `≥ ${numberText(bound - slack)}` : `≤ ${numberText(bound + slack)}`;
}

/**
 * The case that says most about a judgement: the one with the strongest evidence against the claim, or the weakest for
 * it.
 */
export function tellingCase(judgement: Judgement): CaseResult | undefined {
  const doubt = (result: CaseResult): number =>
    result.logCapitalFor === undefined
      ? result.estimate - result.bound
      : judgement.verdict === "refuted"
        ? result.logCapitalAgainst!
        : -result.logCapitalFor;
  return [...judgement.cases].sort((a, b) => doubt(b) - doubt(a))[0];
}

/** " (rival: never trained)", or nothing for the stated world. */
function worldText(world: string): string {
  return world === statedWorld ? "" : ` (rival: ${world})`;
}

/** Why nothing was judged. */
export function vacuousText({ missed }: Judgement): string {
  if (missed.length === 0) return "no configuration meets the assumptions";
  const reasons = missed.map(
    ({ name, expression, slack }) => `${name ?? "there"} ${expression} fails, slack ${numberText(slack)}`,
  );
  return `no configuration meets the assumptions: ${reasons.join("; ")}`;
}

/**
 * One or a few lines on a result that is not as expected: what was found, where, on which evidence, and how to see it
 * again.
 */
export function failureText(
  theorem: Theorem,
  result: SuiteResult,
  replay = (token: string) => `icl-claims replay "${token}"`,
): string {
  const { judgement, counterexample, expected } = result;
  const claim = findClaim(theorem, judgement.claim);
  const who = `${judgement.theorem}/${judgement.claim}${worldText(judgement.world)}`;
  const verdict = `${who} ${judgement.verdict}, expected ${expected}`;
  if (judgement.verdict === "vacuous") return `${verdict}: ${vacuousText(judgement)}`;
  const shown = counterexample?.confirmation ?? judgement;
  const telling = tellingCase(shown)!;
  const evidence = shown.log10Evidence === undefined ? "" : `, log10 e = ${numberText(shown.log10Evidence)}`;
  const lines = [
    `${verdict}: ${estimateOf(telling)} over ${telling.draws.toLocaleString("en")} draws ` +
      `against ${targetOf(claim, telling)}${evidence}; ${configurationText(telling.configuration)}`,
  ];
  if (counterexample) {
    lines.push(
      counterexample.confirmation.verdict === "refuted"
        ? "confirmed on fresh seeds at the smallest configuration found"
        : `on fresh seeds this configuration alone is ${counterexample.confirmation.verdict}`,
      `replay: ${replay(counterexample.token)}`,
    );
  }
  if (judgement.verdict === "undecided") lines.push(remedyOf(judgement));
  return lines.join("\n  ");
}

/** What would decide an undecided judgement. */
function remedyOf({ cases }: Judgement): string {
  const clipped = cases.filter(({ verdict, onEnds }) => verdict === "undecided" && onEnds > largestClippedShare);
  if (clipped.length > 0) {
    const share = Math.max(...clipped.map(({ onEnds }) => onEnds));
    return `${numberText(100 * share)}% of the draws lie on an end of the range: widen it`;
  }
  return "more draws (--max-draws), a wider slack or a narrower range would decide it";
}
