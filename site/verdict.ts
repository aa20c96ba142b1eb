import type { SuiteResult } from "../src/claim/suite.js";
import type { Verdict } from "../src/stats/verdict.js";
import { html, type Markup, raw } from "./markup.js";

/** A shape for each verdict, so that neither colour nor word carries it alone. */
const marks: Readonly<Record<Verdict, string>> = { supported: "✓", refuted: "✗", undecided: "?", vacuous: "–" };

/** A verdict as a chip of a shape and a word. */
export function chip(verdict: Verdict, note = ""): Markup {
  return html`<span class="chip ${verdict}"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}${note}</span>`;
}

/** The chip of a result, which says where a refutation was expected, and where a verdict was not. */
export function resultChip({ judgement, expected, asExpected }: SuiteResult): Markup {
  const note = !asExpected ? `, expected ${expected}` : judgement.verdict === "refuted" ? ", as expected" : "";
  return chip(judgement.verdict, note);
}

/** A line to copy. */
export function command(text: string): Markup {
  return html`<span class="command"><code>${text}</code><button type="button" class="copy" data-copy="${text}" hidden
 aria-label="Copy the command ${text}">Copy</button></span>`;
}

/** A natural logarithm as a power of ten. */
export function evidenceText(logOfTen: number | undefined): Markup {
  if (logOfTen === undefined || !Number.isFinite(logOfTen)) return raw("");
  return html`10<sup>${logOfTen.toFixed(1)}</sup>`;
}
