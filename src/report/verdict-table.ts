import { findClaim } from "../claim/drawing.js";
import type { SuiteResult } from "../claim/suite.js";
import type { Theorem } from "../claim/theorem.js";
import { statedWorld } from "../claim/theorem.js";
import { certifiedOf, estimateOf, numberText, targetOf, tellingCase, vacuousText } from "../claim/wording.js";
import { certifiedFailureShare } from "../stats/certificate.js";

/** The head of a theorem's table: what it says, where it comes from, and what its columns are. */
export function theoremLines(theorem: Theorem): string[] {
  const { source } = theorem;
  return [
    "",
    `${theorem.id} — ${theorem.title}`,
    `  ${source.paper.authors} ${source.paper.year}, ${source.locus}; ${source.status}`,
    `  ${theorem.statement}`,
  ];
}

/**
 * A result as one line of at most 100 columns: whether it is as expected, the verdict, the claim or the rival, the
 * telling case's estimate with its 95% confidence sequence and what is certified (of a refuted one, what was claimed),
 * draws and seconds.
 */
export function resultLine(theorem: Theorem, { judgement, asExpected }: SuiteResult): string {
  const claim = findClaim(theorem, judgement.claim);
  const telling = tellingCase(judgement);
  const stated = judgement.world === statedWorld;
  const label = stated ? claim.id : `  rival: ${judgement.world}`;
  const supported = judgement.verdict === "supported";
  const target = telling && (supported ? certifiedOf(claim, telling) : `not ${targetOf(claim, telling)}`);
  // Of what was drawn: the share of failures, averaged over the configurations, is below this at 95%.
  const share = claim.form === "always" && supported ? certifiedFailureShare(judgement.draws) : undefined;
  const proves = share === undefined ? "" : `, fails < ${numberText(Number((100 * share).toPrecision(2)))}%`;
  const measured = telling ? `${estimateOf(telling)} ${target}${proves}` : vacuousText(judgement);
  return [
    `  ${asExpected ? "✓" : "✗"} ${judgement.verdict.padEnd(9)}`,
    label.length > 34 ? `${label.slice(0, 33)}…` : label.padEnd(34),
    measured.padEnd(36),
    judgement.draws.toLocaleString("en").padStart(6),
    `${judgement.seconds.toFixed(1).padStart(5)} s`,
  ].join(" ");
}

/** "48 as expected, 1 refuted, …": what a run comes down to. */
export function summaryLine(results: readonly SuiteResult[], wanted: number): string {
  const good = results.filter((result) => result.asExpected).length;
  const bad = results.length - good;
  const missing = wanted - results.length;
  return `${good} as expected, ${bad} not${missing > 0 ? `, ${missing} not reached` : ""}`;
}
