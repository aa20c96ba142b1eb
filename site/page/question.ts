import { auditConclusion, conclusionOf } from "../../src/claim/audit.js";
import { meetsAssumptions } from "../../src/claim/configurations.js";
import { type Drawing, findClaim, findTheorem } from "../../src/claim/drawing.js";
import { type Judging, judge, type Step } from "../../src/claim/judging.js";
import { expectation, firstRival, meets, ratesOfOne, type SuiteResult, suiteItems } from "../../src/claim/suite.js";
import { type Configuration, rivalName, statedWorld, type Theorem } from "../../src/claim/theorem.js";
import { certifiedOf, estimateOf, targetOf, tellingCase } from "../../src/claim/wording.js";
import { suiteRates } from "../../src/stats/budget.js";
import type { Rates } from "../../src/stats/verdict.js";
import { theorems } from "../../theorems/index.js";

/** What is to be judged in a page. */
export interface Question {
  readonly theorem: string;
  /** `statedWorld` or a rival's name. */
  readonly world: string;
  readonly seed: number;
  /** This configuration in place of the theorem's own. */
  readonly at?: Configuration;
}

/** How the command line asks the same: which command it is, of which claims, at which rates. */
export interface Asked {
  readonly command: string;
  readonly claims: readonly string[];
  readonly rates: Rates;
  readonly maxDraws: number;
  /** Whether it is an audit, which judges also where an assumption is broken. */
  readonly audit: boolean;
}

/** A result with its numbers as the command line prints them. */
export interface Found {
  readonly result: SuiteResult;
  readonly estimate: string;
  readonly target: string;
}

/**
 * How the command line asks a question. The stated world is `verify`'s; where an assumption is broken `verify` judges
 * nothing, and it is `audit`'s. A rival is judged by the claims that name it first, at `verify`'s rates; one that none
 * names first by those that name it at all, at the rates of the whole matrix.
 * @throws RangeError on a theorem, a world or a configuration that there is none of.
 */
export function commandOf({ theorem: id, world, seed, at }: Question): Asked {
  const theorem = findTheorem(theorems, id);
  const set = at ? ` --set ${Object.entries(at).map(([name, value]) => `${name}=${value}`)}` : "";
  const command = (verb: string, more = "") => `npx tsx src/cli.ts ${verb} ${id}${set} --seed ${seed}${more}`;
  if (at && !meetsAssumptions(theorem, at)) {
    if (world !== statedWorld) throw new RangeError("a rival is judged where the assumptions hold");
    return { command: command("audit"), claims: conclusionOf(theorem), rates: suiteRates, maxDraws: 300, audit: true };
  }
  const plain = { rates: ratesOfOne(theorems), maxDraws: 4000, audit: false };
  const item = suiteItems([theorem]).find((candidate) => candidate.world === world);
  if (item) return { command: command("verify"), claims: item.claims, ...plain };
  const claims = namedBy(theorem, world);
  if (claims.length === 0) throw new RangeError(`no claim of ${id} names the rival "${world}"`);
  const rates = ratesOfOne(theorems, suiteRates, { matrix: true });
  return { command: command("verify", " --rivals --json"), claims, ...plain, rates };
}

function namedBy(theorem: Theorem, world: string): string[] {
  return theorem.claims.filter(({ rivals }) => rivals.some((rival) => rivalName(rival) === world)).map(({ id }) => id);
}

/** Whether a claim names this rival before all others. */
export { firstRival };

/**
 * Judges it, as the command line does: the same draws, the same verdicts.
 * @param watch hears of every draw as it is judged.
 */
export async function askAll(question: Question, draw: Drawing, watch: (step: Step) => void): Promise<Found[]> {
  const { world, seed, at } = question;
  const theorem = findTheorem(theorems, question.theorem);
  const { claims, rates, maxDraws, audit } = commandOf(question);
  const judging: Judging = { ...rates, draw, seed, maxDraws, configurations: audit ? 1 : 8, watch };
  const judgements = audit
    ? await auditConclusion(theorem, at!, claims, judging)
    : await judge(theorem, claims, world, judging, at && [{ configuration: at }]);
  return judgements.map((judgement) => {
    const claim = findClaim(theorem, judgement.claim);
    const expected = expectation(claim, world);
    const telling = tellingCase(judgement);
    const supported = judgement.verdict === "supported";
    return {
      result: { judgement, expected, asExpected: meets(expected, judgement.verdict) },
      estimate: telling ? estimateOf(telling) : "",
      target: telling ? (supported ? certifiedOf(claim, telling) : targetOf(claim, telling)) : "",
    };
  });
}
