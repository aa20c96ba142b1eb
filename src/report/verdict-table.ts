import { findClaim } from "../claim/drawing.js";
import type { SuiteResult } from "../claim/suite.js";
import type { Theorem } from "../claim/theorem.js";
import { estimateOf, numberText, targetOf, tellingCase } from "../claim/wording.js";

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
 * A result as one line: whether it is as expected, the verdict, the claim, the telling case's estimate with its 95%
 * confidence sequence against the bound, evidence, draws and seconds.
 */
export function resultLine(theorem: Theorem, { judgement, asExpected }: SuiteResult): string {
  const claim = findClaim(theorem, judgement.claim);
  const telling = tellingCase(judgement);
  const label = judgement.world === "claim" ? claim.id : `  control: ${claim.control.name}`;
  const measured = telling ? `${estimateOf(telling)} (${targetOf(claim, telling)})` : "";
  const evidence = judgement.log10Evidence === undefined ? "" : `log10 e ${numberText(judgement.log10Evidence)}`;
  return [
    `  ${asExpected ? "✓" : "✗"} ${judgement.verdict.padEnd(9)}`,
    label.padEnd(46),
    measured.padEnd(50),
    evidence.padEnd(14),
    `${judgement.draws.toLocaleString("en").padStart(7)} draws`,
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
