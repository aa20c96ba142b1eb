import { findClaim } from "../claim/drawing.js";
import type { SuiteResult } from "../claim/suite.js";
import type { Theorem } from "../claim/theorem.js";
import { statedWorld } from "../claim/theorem.js";
import {
  certifiedOf,
  estimateOf,
  failureText,
  numberText,
  targetOf,
  tellingCase,
  vacuousText,
} from "../claim/wording.js";
import { certifiedFailureShare } from "../stats/certificate.js";
import { cut, lineWidth, numbered, padded, widthOf, wrapped } from "./columns.js";
import { type Paint, plain } from "./paint.js";
import { readable } from "./readable.js";

/** The head of a theorem's table: what it says and where it comes from. */
export function theoremLines(theorem: Theorem, paint: Paint = plain): string[] {
  const { id, title, source, statement } = theorem;
  return [
    "",
    ...wrapped(`${id} — ${title}`, 2).map(paint.strong),
    ...wrapped(`  ${source.paper.authors} ${source.paper.year}, ${source.locus}; ${source.status}`, 4),
    ...wrapped(`  ${readable(statement)}`, 4),
  ];
}

/** Columns of the mark and the verdict, and of the name. */
const [head, name] = [13, 34];

/**
 * A result, in at most 100 columns: whether it is as expected, the verdict, the claim or the rival, the telling case's
 * estimate with its 95% confidence sequence and what is certified (of a refuted one, what was claimed), draws and
 * seconds. What was measured has a line of its own where it does not fit beside the name.
 */
export function resultLines(theorem: Theorem, { judgement, asExpected }: SuiteResult, paint: Paint = plain): string[] {
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
  const colour = asExpected ? (stated ? paint.good : paint.quiet) : paint.bad;
  const mark = `  ${colour(`${asExpected ? "✓" : "✗"} ${judgement.verdict.padEnd(9)}`)}`;
  const cost = `${judgement.draws.toLocaleString("en").padStart(6)} ${judgement.seconds.toFixed(1).padStart(5)} s`;
  const between = lineWidth - head - widthOf(cost) - 2;
  // A short name leaves its room to what was measured.
  const room = Math.max(Math.min(name, between - 1 - widthOf(measured)), widthOf(label));
  if (room + 1 + widthOf(measured) <= between) {
    return [[mark, padded(label, room), padded(measured, between - room - 1), cost].join(" ")];
  }
  const first = [mark, padded(cut(label, between), between), cost].join(" ");
  return [first, ...wrapped(`${" ".repeat(head + 3)}${measured}`, head + 3)];
}

/** A result that is not as expected, in lines; the command that replays it is one line, so that it can be copied. */
export function failureLines(theorem: Theorem, result: SuiteResult, replay?: (token: string) => string): string[] {
  return failureText(theorem, result, replay)
    .split("\n")
    .flatMap((line) => (line.trim().startsWith("replay: ") ? [`  ${line}`] : wrapped(`  ${line}`, 4)));
}

/** What a run comes down to: a line a paper, where there are several, and "48 as expected, 1 not". */
export function summaryLines(results: readonly SuiteResult[], theorems: readonly Theorem[], wanted: number): string[] {
  const papers = new Map<string, SuiteResult[]>();
  for (const { id, source } of theorems) {
    const { authors, year } = source.paper;
    const own = results.filter(({ judgement }) => judgement.theorem === id);
    if (own.length === 0) continue;
    const paper = `${authors} ${year}`;
    papers.set(paper, [...(papers.get(paper) ?? []), ...own]);
  }
  const lines = [...papers].map(([paper, own]) => {
    const bad = own.filter(({ asExpected }) => !asExpected);
    const stated = own.filter(({ judgement }) => judgement.world === statedWorld);
    const count = new Set(own.map(({ judgement }) => judgement.theorem)).size;
    return (
      `  ${bad.length === 0 ? "✓" : "✗"} ${padded(paper, 28)} ${numbered(count, "theorem")}, ` +
      `${numbered(stated.length, "claim")}, ${numbered(own.length - stated.length, "rival")}` +
      (bad.length === 0 ? "" : `: ${bad.length} not as expected`)
    );
  });
  const good = results.filter(({ asExpected }) => asExpected).length;
  const missing = wanted - results.length;
  return [
    ...(lines.length > 1 ? lines : []),
    `${good} as expected, ${results.length - good} not${missing > 0 ? `, ${missing} not reached` : ""}`,
  ];
}
