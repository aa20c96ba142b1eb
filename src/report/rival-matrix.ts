import type { SuiteResult } from "../claim/suite.js";
import { type Claim, coinFlips, rivalName, type Theorem } from "../claim/theorem.js";
import type { Verdict } from "../stats/verdict.js";
import { lineWidth, wrapped } from "./columns.js";

const marks: Readonly<Record<Verdict, string>> = { supported: "✓", refuted: "x", undecided: "?", vacuous: "–" };

/** What the marks of a matrix mean. */
export const matrixLegend = [
  "✗ refuted, as it must be; = true of the rival too, as the claim says; of rivals that a claim does not name:",
  "x refuted, ✓ supported, ? undecided; – not judged; ! not as expected, and said below.",
];

/**
 * The claims of a theorem against its rivals as Markdown, at most 100 columns wide: the rivals with their letters, a
 * table of marks (`matrixLegend`; several, where there are too many rivals), and why some claims are true of a rival.
 */
export function rivalMatrix(theorem: Theorem, results: readonly SuiteResult[]): string[] {
  const worlds = [...Object.keys(theorem.rivals), coinFlips];
  const cell = (claim: Claim, world: string): string => {
    const found = results.find(({ judgement }) => judgement.claim === claim.id && judgement.world === world);
    if (!found) return "–";
    if (!found.asExpected) return "!";
    const listed = claim.rivals.find((rival) => rivalName(rival) === world);
    if (listed === undefined) return marks[found.judgement.verdict];
    return typeof listed === "string" ? "✗" : "=";
  };
  const told = theorem.claims.filter(({ expect }) => !expect);
  const letters = worlds.map((_, i) => String.fromCodePoint(97 + i));
  const longest = Math.max(...told.map(({ id }) => id.length), 5);
  const each = Math.max(1, Math.floor((lineWidth - longest - 5) / 4));
  const tables = Array.from({ length: Math.ceil(worlds.length / each) }, (_, part) => {
    const shown = worlds.slice(part * each, (part + 1) * each);
    const names = letters.slice(part * each, (part + 1) * each);
    return [
      "",
      `| ${"claim".padEnd(longest)} | ${names.join(" | ")} |`,
      `|${"-".repeat(longest + 2)}|${"---|".repeat(shown.length)}`,
      ...told.map((claim) => {
        return `| ${claim.id.padEnd(longest)} | ${shown.map((world) => cell(claim, world)).join(" | ")} |`;
      }),
    ];
  });
  const reasons = told.flatMap((claim) =>
    claim.rivals.flatMap((rival) =>
      typeof rival === "string"
        ? []
        : wrapped(`- ${claim.id} is true of *${rival.rival}* too: ${rival.trueOfItToo}.`, 2),
    ),
  );
  const meanings = Object.entries(theorem.rivals).flatMap(([name, { says }], i) =>
    wrapped(`- ${letters[i]} *${name}*: ${says}.`, 2),
  );
  return [
    "",
    `## ${theorem.id}`,
    "",
    ...meanings,
    `- ${letters.at(-1)} *${coinFlips}*.`,
    ...tables.flat(),
    ...(reasons.length > 0 ? ["", ...reasons] : []),
  ];
}
