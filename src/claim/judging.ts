import { combinedLogCapital } from "../stats/combined.js";
import { configurationRates, overallVerdict, type Rates, type Verdict } from "../stats/verdict.js";
import { type CaseResult, type CaseTrial, CertificateTrial, MeanTrial, type Standing } from "./case-trial.js";
import { type Case, type CaseList, casesOf, casesOnly, configurationText, type MissedCase } from "./configurations.js";
import { type Drawing, findClaim, rootOf } from "./drawing.js";
import { drawRound, nextLength } from "./round.js";
import { type Claim, type Configuration, coinFlips, statedWorld, type Theorem } from "./theorem.js";

/** The theorem's quick configurations, or those of its paper's own figures and tables. */
export type Scale = "quick" | "paper";

/** How to judge: the rates of one claim, what moves the streams, and the budgets. */
export interface Judging extends Rates {
  readonly draw: Drawing;
  readonly seed: number;
  /** Draws a configuration may take; a claim's or a theorem's own `maxDraws` goes before it. */
  readonly maxDraws: number;
  /** Configurations to judge at; a theorem's own number goes before it. */
  readonly configurations: number;
  readonly scale?: Scale;
  /** Told of every draw as it is judged. */
  readonly watch?: (step: Step) => void;
}

/** Where a claim stands at a configuration after a draw, for whoever watches. */
export interface Step extends Standing {
  readonly claim: string;
  readonly configuration: Configuration;
}

/** What came out of judging a claim in the stated world or a rival's. */
export interface Judgement {
  readonly theorem: string;
  readonly claim: string;
  readonly world: string;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly cases: readonly CaseResult[];
  /** Named examples that miss an assumption, and were not judged. */
  readonly missed: readonly MissedCase[];
  /** Why no draw could be made, where that was asked for all the same: the verdict is vacuous. */
  readonly refusal?: string;
  /** log₁₀ of the e-value that decided: the combined capital against it, or the poorest case's capital for it. */
  readonly log10Evidence?: number;
  readonly draws: number;
  /**
   * Its share of the time that the simulations took, on whatever threads; all that differs between runs of one seed.
   */
  readonly seconds: number;
}

/** Where a judgement's streams come from. */
export interface Stem {
  readonly theorem: string;
  readonly world: string;
  readonly seed: number;
  readonly purpose: string;
}

/**
 * Judges claims of a theorem in one of its worlds, at the theorem's examples and at configurations drawn from its
 * regime (or at the paper's own), from one set of simulations: each simulation is measured for all the claims that are
 * not yet decided. A claim's evidence is valid whatever the others see; the rates are split over claims by a union
 * bound.
 *
 * Statistical claims: each configuration has a sequential judge of its own, and simulations are made in rounds of
 * growing length, in the order of their index. Support needs every configuration; refutation the combined capital, so
 * in a rival's world the configurations take turns. Draws past a verdict are discarded, and not made where that can be
 * helped. Certificates (`always`): every draw of every configuration must stay within the
 * tolerance; one that does not is a counterexample.
 * @param only replaces the theorem's cases; of it, too, the ones that miss an assumption are left out, and with none
 * left the claims are vacuous.
 * @throws RangeError on an unknown claim or world; Error naming the draw when a draw throws or falls outside its range.
 */
export async function judge(
  theorem: Theorem,
  claims: readonly string[],
  world: string,
  judging: Judging,
  only?: readonly Case[],
): Promise<Judgement[]> {
  const stem = { theorem: theorem.id, world, seed: judging.seed, purpose: "judge" };
  // Every world is judged at the stated one's configurations, so that one thing differs between them.
  const stream = rootOf({ ...stem, world: statedWorld }).derive("cases");
  const count = theorem.configurations ?? judging.configurations;
  const cases = only ? casesOnly(theorem, only) : casesOf(theorem, stream, count, judging.scale ?? "quick");
  return judgeAt(theorem, claims, stem, cases, judging);
}

/** The same at given configurations, with streams for a purpose of their own. */
export async function judgeAt(
  theorem: Theorem,
  claims: readonly string[],
  stem: Stem,
  { cases, missed }: CaseList,
  judging: Judging,
): Promise<Judgement[]> {
  const trials = claims.map((id) => new ClaimTrial(theorem, findClaim(theorem, id), stem, cases, judging));
  const together = (numbers: readonly number[], from: number, until: number) =>
    judgeTogether(trials, stem, cases, numbers, judging, from, until);
  const all = cases.map((_, number) => number);
  if (stem.world === statedWorld) await together(all, 0, Number.POSITIVE_INFINITY);
  else {
    // Where refutation is looked for one configuration is enough, so each has a turn; then all go on together.
    for (const number of all) await together([number], 0, endOfATurn);
    await together(all, endOfATurn, Number.POSITIVE_INFINITY);
  }
  return trials.map((trial) => trial.judgement(missed));
}

/** Draws a configuration may take to refute a claim before the next has its turn: the end of a round. */
const endOfATurn = [...Array(100).keys()].reduce((to) => (to < 100 ? to + nextLength(to) : to), 0);

/**
 * Draws at some of the configurations, in common rounds, from one draw's index to another, or until every claim is
 * decided there or has had its draws.
 */
async function judgeTogether(
  trials: readonly ClaimTrial[],
  stem: Stem,
  cases: readonly Case[],
  numbers: readonly number[],
  judging: Judging,
  start: number,
  end: number,
): Promise<void> {
  // Undefined until a draw has been timed.
  const secondsPerDraw = new Map<number, number>();
  for (let from = start; from < end; from += nextLength(from)) {
    const to = from + nextLength(from);
    const rounds = numbers.map(async (number) => {
      const wanting = trials.filter((trial) => trial.wants(number, from));
      if (wanting.length === 0) return false;
      const last = Math.min(to, Math.max(...wanting.map((trial) => trial.budget)));
      const { configuration } = cases[number]!;
      const job = { ...stem, claims: wanting.map(({ claim }) => claim.id), configuration, from, to: last };
      const { drawn, seconds } = await drawRound(judging.draw, job, secondsPerDraw.get(number), (values, until) => {
        wanting.forEach((trial, c) => {
          trial.take(number, values[c]!);
        });
        return wanting.some((trial) => trial.wants(number, until));
      });
      secondsPerDraw.set(number, seconds / drawn);
      for (const trial of wanting) trial.seconds += seconds / wanting.length;
      return true;
    });
    if (!(await Promise.all(rounds)).some((drawn) => drawn)) break;
    for (const trial of trials) trial.endRound();
  }
}

/** Draws a configuration may take in the world of a rival that the claim need not refute: undecided will do there. */
const drawsOfTheUnnamed = 150;

/** Whether a verdict is asked for: as stated, and in the worlds of the rivals that the claim must refute. */
function mustDecide(claim: Claim, world: string): boolean {
  return world === statedWorld || world === coinFlips || claim.rivals.some((rival) => rival === world);
}

/** One claim under judgement, at all of its configurations. */
class ClaimTrial {
  readonly claim: Claim;
  readonly budget: number;
  seconds = 0;
  #refuted = false;
  readonly #stem: Stem;
  readonly #cases: readonly Case[];
  readonly #falseAlarm: number;
  readonly #watch: Judging["watch"];
  /** Undefined where the claim does not speak of the configuration. */
  readonly #trials: readonly (CaseTrial | undefined)[];

  constructor(theorem: Theorem, claim: Claim, stem: Stem, cases: readonly Case[], judging: Judging) {
    this.claim = claim;
    this.#stem = stem;
    this.#cases = cases;
    this.#falseAlarm = judging.falseAlarm;
    this.#watch = judging.watch;
    const own = claim.maxDraws ?? theorem.maxDraws ?? judging.maxDraws;
    const draws = mustDecide(claim, stem.world) ? own : Math.min(own, drawsOfTheUnnamed);
    this.budget = claim.form === "always" ? (claim.seeds ?? 3) : draws;
    const spoken = cases.filter(({ configuration }) => claim.where?.(configuration) ?? true);
    const rates = configurationRates(judging, Math.max(1, spoken.length));
    this.#trials = cases.map(({ configuration }) => {
      if (!spoken.some((item) => item.configuration === configuration)) return undefined;
      if (claim.form === "always") return new CertificateTrial(claim, this.budget);
      const at = `${stem.theorem}/${claim.id} (${stem.world}) at ${configurationText(configuration)}`;
      return new MeanTrial(claim, configuration, rates, at, this.budget, mustDecide(claim, stem.world));
    });
  }

  /** Whether draw `from` of that configuration is wanted. */
  wants(number: number, from: number): boolean {
    const trial = this.#trials[number];
    return trial !== undefined && from < this.budget && !trial.decided && !this.#refuted;
  }

  /**
   * All configurations together may refute the claim before any does alone: looked at between rounds. Of a certificate
   * one counterexample does.
   */
  endRound(): void {
    if (this.claim.form === "always") {
      this.#refuted = this.#trials.some((trial) => trial?.counterexample === true);
      return;
    }
    const logs = this.#trials.flatMap((trial) => trial?.logCapitalAgainst ?? []);
    this.#refuted = logs.length > 0 && combinedLogCapital(logs) >= -Math.log(this.#falseAlarm);
  }

  take(number: number, values: Float64Array): void {
    const trial = this.#trials[number]!;
    const { configuration } = this.#cases[number]!;
    for (const value of values) {
      if (trial.decided) return;
      trial.push(value);
      this.#watch?.({ claim: this.claim.id, configuration, ...trial.standing });
    }
  }

  judgement(missed: readonly MissedCase[]): Judgement {
    const cases = this.#trials.flatMap((trial, i) => (trial ? [{ ...this.#cases[i]!, ...trial.result() }] : []));
    const logsAgainst = cases.flatMap((result) => result.logCapitalAgainst ?? []);
    const logsFor = cases.flatMap((result) => result.logCapitalFor ?? []);
    const verdict = this.#verdict(cases);
    const log =
      logsFor.length === 0 ? undefined : verdict === "refuted" ? combinedLogCapital(logsAgainst) : Math.min(...logsFor);
    return {
      theorem: this.#stem.theorem,
      claim: this.claim.id,
      world: this.#stem.world,
      seed: this.#stem.seed,
      verdict,
      // A refuted claim was perhaps not looked at everywhere.
      cases: verdict === "refuted" ? cases.filter(({ draws }) => draws > 0) : cases,
      missed,
      ...(log === undefined ? {} : { log10Evidence: log / Math.LN10 }),
      draws: cases.reduce((sum, result) => sum + result.draws, 0),
      seconds: this.seconds,
    };
  }

  #verdict(cases: readonly CaseResult[]): Verdict {
    if (cases.length === 0) return "vacuous";
    if (this.claim.form === "always") {
      if (cases.some((result) => result.verdict === "refuted")) return "refuted";
      return cases.some((result) => result.verdict === "undecided") ? "undecided" : "supported";
    }
    const parts = cases.map((result) => ({ verdict: result.verdict, logCapitalAgainst: result.logCapitalAgainst! }));
    return overallVerdict(parts, this.#falseAlarm);
  }
}
