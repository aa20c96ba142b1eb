import { combinedLogCapital } from "../stats/combined.js";
import { type Evidence, largestLogGain, multiplyEvidence, parseEvidence, verdictOf } from "../stats/evidence.js";
import type { Rates, Verdict } from "../stats/verdict.js";
import type { Judgement } from "./judging.js";
import { statedWorld, type Theorem } from "./theorem.js";

/**
 * What a judgement adds to the evidence of other seeds: one record for the claim at all its configurations together.
 * Against it stands their combined e-value, so that however many seeds and configurations are multiplied, a true claim
 * is refuted with probability at most the rate; for it the poorest configuration's capital, so that what is supported
 * over seeds was not false, by its slack, at a configuration that every seed judges (a theorem's examples; one that a
 * single seed drew has that seed's word alone). Certificates and rivals leave none: the first are no bets, the second
 * no claims.
 * @param code what was run, such as a commit.
 */
export function evidenceOf(judgement: Judgement, code: string): Evidence[] {
  if (judgement.world !== statedWorld) return [];
  const against = judgement.cases.flatMap((result) => result.logCapitalAgainst ?? []);
  const inFavour = judgement.cases.flatMap((result) => result.logCapitalFor ?? []);
  if (against.length === 0 || judgement.draws === 0) return [];
  const most = judgement.draws * largestLogGain;
  return [
    {
      claim: `${judgement.theorem}/${judgement.claim}`,
      code,
      seeds: [[judgement.seed, judgement.seed]],
      draws: judgement.draws,
      logCapitalAgainst: Math.min(most, combinedLogCapital(against)),
      logCapitalFor: Math.min(most, ...inFavour),
    },
  ];
}

/** The text of a file of evidence. */
export interface EvidenceFile {
  readonly name: string;
  readonly text: string;
}

/** Every record of a file, a line each. @throws RangeError naming the file and the line of a malformed one. */
export function evidenceIn({ name, text }: EvidenceFile): { readonly where: string; readonly record: Evidence }[] {
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    const where = `${name}:${i + 1}`;
    try {
      return [{ where, record: parseEvidence(line) }];
    } catch (error) {
      throw new RangeError(`${where}: ${(error as Error).message}`);
    }
  });
}

/**
 * The text of an evidence file with a run's records appended, to be written whole: what was there stays, and a run that
 * is interrupted before this adds nothing.
 * @throws RangeError when the file's own records are malformed, come from other code, or have a claim at one of these
 * seeds already.
 */
export function withEvidence(file: EvidenceFile, records: readonly Evidence[]): string {
  groupByClaim([
    ...evidenceIn(file),
    ...records.map((record) => ({
      where: `this run (seed ${record.seeds.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ")})`,
      record,
    })),
  ]);
  const kept = file.text === "" || file.text.endsWith("\n") ? file.text : `${file.text}\n`;
  return kept + records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/**
 * Whether a run's records can be appended, asked before it: they are what they will be but for the capitals.
 * @throws RangeError as `withEvidence` would once the run is over.
 */
export function checkEvidence(
  file: EvidenceFile,
  theorems: readonly Theorem[],
  { seed, code }: { seed: number; code: string },
): void {
  const nothing = { draws: 1, logCapitalAgainst: 0, logCapitalFor: 0 };
  const bets = theorems.flatMap(({ id, claims }) =>
    claims.filter(({ form }) => form !== "always").map((claim) => `${id}/${claim.id}`),
  );
  withEvidence(
    file,
    bets.map((claim) => ({ claim, code, seeds: [[seed, seed]] as const, ...nothing })),
  );
}

/** One claim's records of several runs, multiplied, and what they say together. */
export interface Merged {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly expected: Verdict;
}

/**
 * Runs on fresh seeds of unchanged code, as one: for each claim the product of its records, judged at these rates, in
 * the order of the theorems.
 * @param rates of one claim.
 * @throws RangeError, naming file and line, on a malformed record, a claim that no theorem has, a second code, or a
 * seed twice; and when there is no record.
 */
export function mergeEvidence(files: readonly EvidenceFile[], theorems: readonly Theorem[], rates: Rates): Merged[] {
  const known = new Map(
    theorems.flatMap((theorem) =>
      theorem.claims.map(({ id, expect }): [string, Verdict] => [
        `${theorem.id}/${id}`,
        expect?.verdict ?? "supported",
      ]),
    ),
  );
  const lines = files.flatMap(evidenceIn);
  if (lines.length === 0) {
    throw new RangeError(`there is no evidence in ${files.map(({ name }) => name).join(", ") || "no file"}`);
  }
  for (const { where, record } of lines) {
    if (known.has(record.claim)) continue;
    throw new RangeError(
      `${where}: there is no claim "${record.claim}" in this version; \`list\` names those there are`,
    );
  }
  const groups = groupByClaim(lines);
  return [...known].flatMap(([claim, expected]) => {
    const group = groups.get(claim);
    if (!group) return [];
    const evidence = multiplyEvidence(group.map(({ record }) => record));
    return [{ evidence, verdict: verdictOf(evidence, rates), expected }];
  });
}

/** The worst of the outcomes that are not as expected, as `verify` orders them; "as expected" when there is none. */
export function mergedOutcome(merged: readonly Merged[]): "as expected" | "refuted" | "undecided" {
  const wrong = merged.filter(({ verdict, expected }) => verdict !== expected);
  if (wrong.some(({ verdict }) => verdict !== "undecided")) return "refuted";
  return wrong.length > 0 ? "undecided" : "as expected";
}

type Line = ReturnType<typeof evidenceIn>[number];

function groupByClaim(lines: readonly Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  const [first] = lines;
  for (const line of lines) {
    if (line.record.code !== first!.record.code) {
      throw new RangeError(
        `${line.where}: its code is "${line.record.code}", that of ${first!.where} ` +
          `"${first!.record.code}": evidence about other code is none about this`,
      );
    }
    const group = groups.get(line.record.claim) ?? [];
    const twice = group.find(({ record }) =>
      record.seeds.some(([from, to]) => line.record.seeds.some((other) => other[0] <= to && from <= other[1])),
    );
    if (twice) {
      throw new RangeError(
        `${line.where}: "${line.record.claim}" has a seed of ${twice.where} again: a product needs fresh seeds`,
      );
    }
    group.push(line);
    groups.set(line.record.claim, group);
  }
  return groups;
}
