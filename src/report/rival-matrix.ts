import type { SuiteResult } from "../claim/suite.js";
import { type Claim, coinFlips, rivalName, type Theorem } from "../claim/theorem.js";

/**
 * The claims of a theorem against its rivals, as a Markdown table: "refuted", as it must be where the claim names the
 * rival (in bold there); "true too" where the claim says why; else what was found of a rival that the claim does not
 * name.
 */
export function rivalMatrix(theorem: Theorem, results: readonly SuiteResult[]): string[] {
  const worlds = [...Object.keys(theorem.rivals), coinFlips];
  const cell = (claim: Claim, world: string): string => {
    const found = results.find(({ judgement }) => judgement.claim === claim.id && judgement.world === world);
    if (!found) return "–";
    const listed = claim.rivals.find((rival) => rivalName(rival) === world);
    const { verdict } = found.judgement;
    if (!found.asExpected) return `**${verdict}, expected ${found.expected}**`;
    if (listed === undefined) return verdict;
    return typeof listed === "string" ? `**${verdict}**` : `true too${verdict === "supported" ? "" : ` (${verdict})`}`;
  };
  const told = theorem.claims.filter(({ expect }) => !expect);
  const rows = told.map((claim) => `| ${claim.id} | ${worlds.map((world) => cell(claim, world)).join(" | ")} |`);
  const reasons = told.flatMap((claim) =>
    claim.rivals.flatMap((rival) =>
      typeof rival === "string" ? [] : [`- ${claim.id} is true of *${rival.rival}* too: ${rival.trueOfItToo}.`],
    ),
  );
  const meanings = Object.entries(theorem.rivals).map(([name, { says }]) => `- *${name}*: ${says}.`);
  return [
    "",
    `## ${theorem.id}`,
    "",
    ...meanings,
    "",
    `| claim | ${worlds.join(" | ")} |`,
    `|${"---|".repeat(worlds.length + 1)}`,
    ...rows,
    ...(reasons.length > 0 ? ["", ...reasons] : []),
  ];
}
