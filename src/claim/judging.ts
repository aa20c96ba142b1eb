import { combinedLogCapital } from "../stats/combined.js";
import { confidenceInterval, type Interval } from "../stats/confidence.js";
import type { Hypothesis, Range } from "../stats/hypothesis.js";
import { Judge } from "../stats/judge.js";
import { configurationRates, overallVerdict, type Rates, type Verdict } from "../stats/verdict.js";
import { type Case, casesOf, keyOf, meetsAssumptions } from "./configurations.js";
import { type Drawing, type DrawJob, findClaim, rootOf, type World } from "./drawing.js";
import { type AlwaysClaim, type Claim, type Configuration, type Theorem, valueAt } from "./theorem.js";

/** How to judge: the rates of one claim, what moves the streams, and the budgets. */
export interface Judging extends Rates {
  readonly draw: Drawing;
  readonly seed: number;
  /** Draws a configuration may take; a claim's own `maxDraws` goes before it. */
  readonly maxDraws: number;
  /** Configurations to judge at. */
  readonly configurations: number;
}

/** What came out at one configuration. */
export interface CaseResult extends Case {
  readonly verdict: Verdict;
  readonly draws: number;
  /** Mean of the draws; for a certificate, the largest excess. */
  readonly estimate: number;
  /** 95% confidence sequence for the mean; absent for a certificate. */
  readonly interval?: Interval;
  /** The bound or target at this configuration, or the tolerance. */
  readonly bound: number;
  /** Natural logs of the capitals; absent for a certificate, which is no bet. */
  readonly logCapitalFor?: number;
  readonly logCapitalAgainst?: number;
}

/** What came out of judging a claim, or the same claim in its control's world. */
export interface Judgement {
  readonly theorem: string;
  readonly claim: string;
  readonly world: World;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly expected: Verdict;
  readonly cases: readonly CaseResult[];
  /** log₁₀ of the e-value that decided: the combined capital against it, or the poorest case's capital for it. */
  readonly log10Evidence?: number;
  readonly draws: number;
  /** Spent on making its draws, on whatever threads; all that differs between runs of one seed. */
  readonly seconds: number;
}

/** What the claim, or its control, has to come out as. A control shows the judge able to give the opposite answer. */
export function expectedVerdict(claim: Claim<Configuration>, world: World): "supported" | "refuted" {
  const refuted = (claim.expect?.verdict === "refuted") !== (world === "control");
  return refuted ? "refuted" : "supported";
}

/**
 * Judges one claim of a theorem, or its control, at the theorem's examples and at configurations drawn from its regime.
 *
 * Statistical claims: each configuration has a sequential judge of its own (`configurationRates`), and draws are taken in rounds of
 * growing length, in the order of their index. Support needs every configuration; refutation the combined e-value. Draws past a verdict are discarded.
 * `only` replaces those cases; of it, too, the ones that miss an assumption are left out, and with none left the claim is vacuous.
 * Certificates (`always`): every draw of every configuration must stay within the tolerance; one that does not is a counterexample.
 * @throws RangeError on an unknown claim; Error naming the draw when a draw throws or falls outside its range.
 */
export async function judge(
  theorem: Theorem,
  claimId: string,
  world: World,
  judging: Judging,
  only?: readonly Case[],
): Promise<Judgement> {
  const stem = { theorem: theorem.id, claim: claimId, world, seed: judging.seed, purpose: "judge" };
  const cases =
    only?.filter(({ configuration }) => meetsAssumptions(theorem, configuration)) ??
    casesOf(theorem, rootOf(stem).derive("cases"), judging.configurations);
  return judgeAt(theorem, stem, cases, judging);
}

/** The same at given configurations, with streams for a purpose of their own. */
export async function judgeAt(
  theorem: Theorem,
  stem: { theorem: string; claim: string; world: World; seed: number; purpose: string },
  cases: readonly Case[],
  judging: Judging,
): Promise<Judgement> {
  const claim = findClaim(theorem, stem.claim);
  let seconds = 0;
  const timed: Values = async (job) => {
    const draws = await judging.draw(job);
    seconds += draws.seconds;
    return draws.values;
  };
  const results =
    claim.form === "always"
      ? await certify(claim, stem, cases, timed)
      : await weigh(claim, stem, cases, judging, timed);
  const logsAgainst = results.flatMap((result) => result.logCapitalAgainst ?? []);
  const logsFor = results.flatMap((result) => result.logCapitalFor ?? []);
  let verdict: Verdict;
  if (claim.form === "always") {
    const failed = results.some((result) => result.verdict === "refuted");
    verdict = results.length === 0 ? "vacuous" : failed ? "refuted" : "supported";
  } else {
    const parts = results.map((result) => ({ verdict: result.verdict, logCapitalAgainst: result.logCapitalAgainst! }));
    verdict = overallVerdict(parts, judging.falseAlarm);
  }
  const log =
    logsFor.length === 0 ? undefined : verdict === "refuted" ? combinedLogCapital(logsAgainst) : Math.min(...logsFor);
  return {
    theorem: stem.theorem,
    claim: stem.claim,
    world: stem.world,
    seed: stem.seed,
    verdict,
    expected: expectedVerdict(claim, stem.world),
    cases: results,
    ...(log === undefined ? {} : { log10Evidence: log / Math.LN10 }),
    draws: results.reduce((sum, result) => sum + result.draws, 0),
    seconds,
  };
}

type Stem = Parameters<typeof judgeAt>[1];
type Values = (job: DrawJob) => Promise<Float64Array>;

async function certify(
  claim: AlwaysClaim<Configuration>,
  stem: Stem,
  cases: readonly Case[],
  draw: Values,
): Promise<CaseResult[]> {
  return Promise.all(
    cases.map(async (item) => {
      const excesses = await draw({ ...stem, configuration: item.configuration, from: 0, to: claim.seeds ?? 3 });
      // Math.max passes NaN on: an excess that is none proves nothing and counts as a counterexample.
      const worst = excesses.reduce((most, excess) => Math.max(most, excess), Number.NEGATIVE_INFINITY);
      const verdict = worst <= claim.tolerance ? "supported" : "refuted";
      return { ...item, verdict, draws: excesses.length, estimate: worst, bound: claim.tolerance };
    }),
  );
}

async function weigh(
  claim: Exclude<Claim<Configuration>, AlwaysClaim<Configuration>>,
  stem: Stem,
  cases: readonly Case[],
  judging: Judging,
  draw: Values,
): Promise<CaseResult[]> {
  const maxDraws = claim.maxDraws ?? judging.maxDraws;
  const rates = configurationRates(judging, Math.max(1, cases.length));
  const streams = cases.map(({ configuration }) => {
    const range: Range = [valueAt(claim.range[0], configuration), valueAt(claim.range[1], configuration)];
    const hypothesis = hypothesisAt(claim, configuration);
    return { configuration, range, judge: new Judge({ hypothesis, range, ...rates }), seen: [] as number[] };
  });
  const refuted = () =>
    combinedLogCapital(streams.map((stream) => stream.judge.logCapitalAgainst)) >= -Math.log(judging.falseAlarm);
  for (
    let from = 0, length = nextLength(0);
    from < maxDraws && streams.length > 0;
    from += length, length = nextLength(from)
  ) {
    const to = Math.min(maxDraws, from + length);
    const running = streams.filter((stream) => stream.judge.verdict === undefined);
    const draws = await Promise.all(running.map(({ configuration }) => draw({ ...stem, configuration, from, to })));
    running.forEach((stream, i) => {
      for (const value of draws[i]!) {
        if (stream.judge.verdict !== undefined) break;
        try {
          stream.judge.push(value);
        } catch (error) {
          // The claim declared a range that its draws leave: a defect of the theorem, not of what was typed.
          const where = `${stem.theorem}/${stem.claim} (${stem.world}) at ${keyOf(stream.configuration)}`;
          throw new Error(`${where}: ${(error as Error).message}`);
        }
        stream.seen.push(value);
      }
    });
    if (refuted() || streams.every((stream) => stream.judge.verdict !== undefined)) break;
  }
  return streams.map(({ range, judge, seen }, i) => ({
    ...cases[i]!,
    verdict: judge.verdict ?? "undecided",
    draws: judge.draws,
    estimate: judge.estimate,
    interval: confidenceInterval(seen, range, 0.05),
    bound: boundOf(judge.trial.hypothesis),
    logCapitalFor: judge.logCapitalFor,
    logCapitalAgainst: judge.logCapitalAgainst,
  }));
}

/** Rounds grow with what has been drawn: at most an eighth is drawn in vain, and few rounds are needed. */
function nextLength(drawn: number): number {
  return Math.min(512, Math.max(4, drawn >> 3));
}

/** The claim as a hypothesis about the mean of its draws. */
export function hypothesisAt(
  claim: Exclude<Claim<Configuration>, AlwaysClaim<Configuration>>,
  configuration: Configuration,
): Hypothesis {
  if (claim.form === "equals") {
    const [target, within] = [valueAt(claim.equals, configuration), valueAt(claim.within, configuration)];
    return { form: "equals", target, within };
  }
  const slack = valueAt(claim.slack, configuration);
  return claim.atMost === undefined
    ? { form: "atLeast", bound: valueAt(claim.atLeast!, configuration), slack }
    : { form: "atMost", bound: valueAt(claim.atMost, configuration), slack };
}

function boundOf(hypothesis: Hypothesis): number {
  return hypothesis.form === "equals" ? hypothesis.target : hypothesis.bound;
}
