import { type Evidence, multiplyEvidence, verdictOf } from "../stats/evidence.js";
import type { Rates, Verdict } from "../stats/verdict.js";
import { keyOf } from "./configurations.js";
import type { Judgement } from "./judging.js";
import { statedWorld } from "./theorem.js";

/**
 * What a judgement adds to the evidence of other seeds: a record for each configuration, since a claim can be false at one and true at another, and capital won at
 * the one says nothing of the other. Certificates and controls leave none: the first are no bets, the second no claims.
 * @param code what was run, such as a commit.
 */
export function evidenceOf(judgement: Judgement, code: string): Evidence[] {
  if (judgement.world !== statedWorld) return [];
  return judgement.cases.flatMap(({ configuration, logCapitalAgainst, logCapitalFor }) => {
    if (logCapitalAgainst === undefined || logCapitalFor === undefined) return [];
    const claim = `${judgement.theorem}/${judgement.claim} at ${keyOf(configuration)}`;
    return [{ claim, code, seeds: [[judgement.seed, judgement.seed]], logCapitalAgainst, logCapitalFor }];
  });
}

/** The records of several runs, multiplied claim by claim, with what they say together. */
export interface Merged {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

/**
 * Runs on fresh seeds of unchanged code, as one: for each claim at each configuration the product of its records, judged at these rates.
 * @throws RangeError when two records of one claim share a seed or come from different code.
 */
export function mergeEvidence(records: readonly Evidence[], rates: Rates): Merged[] {
  const byClaim = new Map<string, Evidence[]>();
  for (const record of records) byClaim.set(record.claim, [...(byClaim.get(record.claim) ?? []), record]);
  return [...byClaim.values()].map((group) => {
    const evidence = multiplyEvidence(group);
    return { evidence, verdict: verdictOf(evidence, rates) };
  });
}
