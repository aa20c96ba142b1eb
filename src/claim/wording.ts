import { configurationText } from "./configurations.js";
import { findClaim } from "./drawing.js";
import type { CaseResult, Judgement } from "./judging.js";
import type { SuiteResult } from "./suite.js";
import type { Claim, Configuration, Theorem } from "./theorem.js";

/** A number as tables show it: four significant digits, no trailing noise. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** "mean 0.143 [0.13, 0.16]", or "worst 2.1e-9" for a certificate. */
export function estimateOf(result: CaseResult): string {
  if (!result.interval) return `worst ${numberText(result.estimate)}`;
  return `mean ${numberText(result.estimate)} [${numberText(result.interval.lower)}, ${numberText(result.interval.upper)}]`;
}

/** "≤ 0.1", "≥ 0.9", "= 1 ± 0.1", or "≤ 1e-6 always". */
export function targetOf(claim: Claim<Configuration>, result: CaseResult): string {
  if (claim.form === "always") return `≤ ${numberText(result.bound)} always`;
  if (claim.form === "equals") {
    const within = typeof claim.within === "function" ? claim.within(result.configuration) : claim.within;
    return `= ${numberText(result.bound)} ± ${numberText(within)}`;
  }
  return `${claim.atMost === undefined ? "≥" : "≤"} ${numberText(result.bound)}`;
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

/**
 * One or a few lines on a result that is not as expected: what was found, where, on which evidence, and how to see it
 * again.
 */
export function failureText(theorem: Theorem, result: SuiteResult): string {
  const { judgement, counterexample } = result;
  const claim = findClaim(theorem, judgement.claim);
  const who = `${judgement.theorem}/${judgement.claim}${judgement.world === "control" ? ` (control: ${claim.control.name})` : ""}`;
  const verdict = `${who} ${judgement.verdict}, expected ${judgement.expected}`;
  if (judgement.verdict === "vacuous") return `${verdict}: no configuration meets the assumptions`;
  const shown = counterexample?.confirmation ?? judgement;
  const telling = tellingCase(shown)!;
  const evidence = shown.log10Evidence === undefined ? "" : `, log10 e = ${numberText(shown.log10Evidence)}`;
  const lines = [
    `${verdict}: ${estimateOf(telling)} over ${telling.draws.toLocaleString("en")} draws against ${targetOf(claim, telling)}${evidence}; ` +
      `${configurationText(telling.configuration)}`,
  ];
  if (counterexample) {
    lines.push(
      counterexample.confirmation.verdict === "refuted"
        ? "confirmed on fresh seeds at the smallest configuration found"
        : `on fresh seeds this configuration alone is ${counterexample.confirmation.verdict}`,
      `replay: icl-claims replay "${counterexample.token}"`,
    );
  }
  return lines.join("\n  ");
}
