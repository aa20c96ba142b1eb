import { confidenceInterval, type Interval } from "../stats/confidence.js";
import type { Hypothesis, Range } from "../stats/hypothesis.js";
import { Judge } from "../stats/judge.js";
import type { Rates, Verdict } from "../stats/verdict.js";
import type { Case } from "./configurations.js";
import { type AlwaysClaim, type Claim, type Configuration, valueAt } from "./theorem.js";

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
  /** The slack of a bound, or what an equality holds within; 0 for a certificate. */
  readonly slack: number;
  /** Share of the draws on an end of the range. */
  readonly onEnds: number;
  /** Natural logs of the capitals; absent for a certificate, which is no bet. */
  readonly logCapitalFor?: number;
  readonly logCapitalAgainst?: number;
}

/** The largest share of draws that a clip may make look better than they are, in a claim that is to be supported. */
export const largestClippedShare = 0.1;

/** Where a claim stands at a configuration after its draws so far. */
export interface Standing extends Pick<CaseResult, "draws" | "estimate" | "logCapitalFor" | "logCapitalAgainst"> {
  /** Whether it takes no more draws. */
  readonly decided: boolean;
}

/** A claim at one configuration. */
export interface CaseTrial {
  readonly decided: boolean;
  readonly standing: Standing;
  /** Absent for a certificate. */
  readonly logCapitalAgainst?: number;
  /** Of a certificate: whether a draw has gone beyond the tolerance. */
  readonly counterexample?: boolean;
  push(value: number): void;
  result(): Omit<CaseResult, keyof Case>;
}

export class CertificateTrial implements CaseTrial {
  readonly #claim: AlwaysClaim<Configuration, unknown, unknown, string>;
  readonly #seeds: number;
  #worst = Number.NEGATIVE_INFINITY;
  #draws = 0;
  /** Whether a draw was no number, which proves nothing, either way. */
  #unknown = false;

  constructor(claim: AlwaysClaim<Configuration, unknown, unknown, string>, seeds: number) {
    this.#claim = claim;
    this.#seeds = seeds;
  }

  get decided(): boolean {
    return this.#draws >= this.#seeds;
  }

  get standing(): Standing {
    return { draws: this.#draws, estimate: this.#worst, decided: this.decided };
  }

  get counterexample(): boolean {
    return this.#worst > this.#claim.tolerance;
  }

  push(value: number): void {
    if (this.decided) return;
    this.#draws++;
    if (Number.isNaN(value)) this.#unknown = true;
    else this.#worst = Math.max(this.#worst, value);
  }

  result() {
    const { tolerance: bound } = this.#claim;
    const draws = this.#draws;
    const refuted = this.counterexample;
    const verdict: Verdict = refuted ? "refuted" : this.#unknown ? "undecided" : "supported";
    const estimate = this.#unknown && !refuted ? Number.NaN : this.#worst;
    return { verdict, draws, estimate, bound, slack: 0, onEnds: 0 };
  }
}

export class MeanTrial implements CaseTrial {
  readonly #claim: Exclude<Claim, { form: "always" }>;
  readonly #range: Range;
  readonly #judge: Judge;
  readonly #where: string;
  readonly #budget: number;
  readonly #asked: boolean;
  /** Whether a draw was no number where no verdict is asked for: there is none then. */
  #lost = false;
  readonly #seen: number[] = [];

  constructor(
    claim: Exclude<Claim, { form: "always" }>,
    at: Configuration,
    rates: Rates,
    where: string,
    budget: number,
    asked: boolean,
  ) {
    this.#claim = claim;
    this.#where = where;
    this.#budget = budget;
    this.#asked = asked;
    this.#range = [valueAt(claim.range[0], at), valueAt(claim.range[1], at)];
    this.#judge = this.#named(() => new Judge({ hypothesis: hypothesisAt(claim, at), range: this.#range, ...rates }));
  }

  get decided(): boolean {
    return this.#lost || this.#judge.verdict !== undefined;
  }

  get logCapitalAgainst(): number {
    return this.#judge.logCapitalAgainst;
  }

  get standing(): Standing {
    const { draws, estimate, logCapitalFor, logCapitalAgainst } = this.#judge;
    return { draws, estimate, logCapitalFor, logCapitalAgainst, decided: this.decided };
  }

  push(value: number): void {
    // A simulation made for another claim's sake comes to nothing here.
    if (this.decided || this.#seen.length >= this.#budget) return;
    if (Number.isNaN(value) && !this.#asked) {
      this.#lost = true;
      return;
    }
    this.#named(() => this.#judge.push(value));
    this.#seen.push(value);
  }

  result() {
    const judge = this.#judge;
    const { hypothesis } = judge.trial;
    const equals = hypothesis.form === "equals";
    const supported = judge.verdict === "supported" && this.#flattered() > largestClippedShare;
    return {
      verdict: supported ? ("undecided" as const) : (judge.verdict ?? ("undecided" as const)),
      draws: judge.draws,
      estimate: judge.estimate,
      interval: confidenceInterval(this.#seen, this.#range, 0.05),
      bound: equals ? hypothesis.target : hypothesis.bound,
      slack: equals ? hypothesis.within : hypothesis.slack,
      onEnds: this.#share((value) => value === this.#range[0] || value === this.#range[1]),
      logCapitalFor: judge.logCapitalFor,
      logCapitalAgainst: judge.logCapitalAgainst,
    };
  }

  /** Share of the draws on an end where the clip may have made the claim look better than it is. */
  #flattered(): number {
    const { clip } = this.#claim;
    const { form } = this.#judge.trial.hypothesis;
    const above = (clip === "above" || clip === "both") && form !== "atLeast";
    const below = (clip === "below" || clip === "both") && form !== "atMost";
    return this.#share((value) => (above && value === this.#range[1]) || (below && value === this.#range[0]));
  }

  #share(on: (value: number) => boolean): number {
    return this.#seen.length === 0 ? 0 : this.#seen.filter(on).length / this.#seen.length;
  }

  /**
   * A claim that its range leaves, or that its range does not let judge, is a defect of the theorem; at a configuration
   * that was typed, which may lie beyond all that the theorem knows, it is the configuration that is refused (`cause`).
   */
  #named<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw new Error(`${this.#where}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** The claim as a hypothesis about the mean of its measures. */
export function hypothesisAt(claim: Exclude<Claim, { form: "always" }>, at: Configuration): Hypothesis {
  if (claim.form === "equals") {
    return { form: "equals", target: valueAt(claim.equals, at), within: valueAt(claim.within, at) };
  }
  const slack = valueAt(claim.slack, at);
  return claim.atMost === undefined
    ? { form: "atLeast", bound: valueAt(claim.atLeast!, at), slack }
    : { form: "atMost", bound: valueAt(claim.atMost, at), slack };
}
