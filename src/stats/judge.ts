import { averageLogCapital, Capital, type Side } from "./capital.js";
import { betsOn, describeHypothesis, type Hypothesis, type Range, unboundedBetsOn } from "./hypothesis.js";
import { toUnit } from "./range.js";
import { refuseUnknownKeys } from "./unknown-keys.js";
import { VarianceCapital } from "./variance-capital.js";
import { checkRates, type Rates } from "./verdict.js";

/**
 * What is known of the draws before the first: an interval that holds them all, or a bound on their standard deviation.
 */
export type Spread =
  | {
      /** Every draw lies in it; a narrow one decides sooner. */
      readonly range: Range;
      readonly deviation?: never;
    }
  | {
      /** For draws without a sure range: their standard deviation, given the past, is at most this. */
      readonly deviation: number;
      readonly range?: never;
    };

/** What a judge is told before the first draw. */
export type Trial = Rates & Spread & { readonly hypothesis: Hypothesis };

interface Bettor {
  push(x: number): void;
  reaches(threshold: number): boolean;
  readonly log: number;
}

/**
 * A sequential judge of one stream of draws. It stops by itself, and may be stopped at any time for any reason: the two
 * error rates hold over all stopping rules (Ville 1939), for draws whose mean given the past stays on one side of the
 * edge.
 *
 * - "refuted" once the capital against the hypothesis reaches 1/falseAlarm. For `equals`: the average of the capitals
 *   against its two edges, which does so whenever one of them reaches 2/falseAlarm.
 * - "supported" once the capital against its being false by the slack reaches 1/falsePass. For `equals`: once both
 *   one-sided capitals have, each at the full falsePass, for one of the two nulls must hold if the mean is outside.
 *
 * The first of the two decides (refuted, if both at one draw). Later draws are ignored. Cost: about 0.1 µs a draw.
 *
 * @example
 * const judge = new Judge({
 *   hypothesis: { form: "atMost", bound: 0.1, slack: 0.02 }, range: [0, 1], falseAlarm: 1e-6, falsePass: 1e-6,
 * });
 * while (judge.verdict === undefined && judge.draws < 20_000) judge.push(simulatedLoss());
 * console.log(judge.verdict ?? "undecided", judge.estimate);
 */
export class Judge {
  readonly trial: Trial;
  readonly #against: readonly Bettor[];
  readonly #inFavour: readonly Bettor[];
  readonly #range: Range | undefined;
  readonly #alarm: number;
  readonly #pass: number;
  #verdict: "supported" | "refuted" | undefined;
  #draws = 0;
  #sum = 0;
  /** Keeps sums of draws near the largest double in the doubles: a power of two, so that nothing is rounded. */
  readonly #shrink: number;
  #atLower = 0;
  #atUpper = 0;

  /**
   * @throws RangeError on rates outside [1e-100, 1), an unknown key or form, an empty range, a deviation that is not a
   * number above 0, or a claim the range leaves nothing to decide about.
   */
  constructor(trial: Trial) {
    checkRates(trial);
    refuseUnknownKeys("a trial", trial, ["hypothesis", "range", "deviation", "falseAlarm", "falsePass"]);
    const { hypothesis, range, deviation } = trial;
    if ((range === undefined) === (deviation === undefined)) {
      throw new RangeError("a trial needs a range of its draws or a bound on their deviation, and not both");
    }
    const { against, inFavour } = range ? betsOn(hypothesis, range) : unboundedBetsOn(hypothesis);
    const bettor = ({ side, mean }: { side: Side; mean: number }): Bettor =>
      range ? new Capital(side, mean) : new VarianceCapital(side, mean, deviation!);
    this.trial = trial;
    this.#range = range;
    this.#shrink = range && Math.max(Math.abs(range[0]), Math.abs(range[1])) > 1e270 ? 2 ** -200 : 1;
    this.#against = against.map(bettor);
    this.#inFavour = inFavour.map(bettor);
    this.#alarm = -Math.log(trial.falseAlarm);
    this.#pass = -Math.log(trial.falsePass);
  }

  /**
   * Judges one draw more, and returns the verdict if there is one. A draw after the verdict is ignored.
   * @throws RangeError on a draw that is no number, NaN, or outside the range.
   */
  push(draw: number): "supported" | "refuted" | undefined {
    if (this.#verdict !== undefined) return this.#verdict;
    const range = this.#range;
    if (typeof draw !== "number" || !(range ? draw >= range[0] && draw <= range[1] : Number.isFinite(draw))) {
      throw this.#refusal(draw);
    }
    this.#draws++;
    this.#sum += draw * this.#shrink;
    let x = draw;
    if (range) {
      if (draw === range[0]) this.#atLower++;
      if (draw === range[1]) this.#atUpper++;
      x = toUnit(draw, range);
    }
    let supported = true;
    for (const capital of this.#inFavour) {
      // An edge that is won stays won: a capital stopped at its crossing is as valid, and the other edge may take its
      // time.
      if (capital.reaches(this.#pass)) continue;
      capital.push(x);
      supported = capital.reaches(this.#pass) && supported;
    }
    let alarmed = false;
    for (const capital of this.#against) {
      capital.push(x);
      alarmed = capital.reaches(this.#alarm) || alarmed;
    }
    // The average reaches the threshold only if some capital does.
    if (alarmed && this.logCapitalAgainst >= this.#alarm) {
      this.#verdict = "refuted";
    } else if (supported) {
      this.#verdict = "supported";
    }
    return this.#verdict;
  }

  /** Undefined while the stream runs: one that is stopped so is "undecided". */
  get verdict(): "supported" | "refuted" | undefined {
    return this.#verdict;
  }

  /** Draws judged so far; it stands still after the verdict. */
  get draws(): number {
    return this.#draws;
  }

  /** The mean of the draws judged, NaN before the first. */
  get estimate(): number {
    return this.#sum / this.#draws / this.#shrink;
  }

  /**
   * The shares of the draws judged that lie exactly on the lower and the upper end of the range: a clamp leaves its
   * trace there. Zeros before the first draw, and for draws without a range.
   */
  get shareAtEnds(): { readonly lower: number; readonly upper: number } {
    const draws = Math.max(1, this.#draws);
    return { lower: this.#atLower / draws, upper: this.#atUpper / draws };
  }

  /** Evidence for refuting: the natural log of the (average) capital against the hypothesis. */
  get logCapitalAgainst(): number {
    return averageLogCapital(this.#against.map((capital) => capital.log));
  }

  /** Evidence for supporting: the natural log of the capital, of the poorer one for `equals`. */
  get logCapitalFor(): number {
    return Math.min(...this.#inFavour.map((capital) => capital.log));
  }

  #refusal(draw: unknown): RangeError {
    const about = `of "${describeHypothesis(this.trial.hypothesis)}"`;
    const got = typeof draw === "number" ? draw : `${typeof draw} ${String(draw)}`;
    if (typeof draw !== "number") return new RangeError(`draw ${this.#draws} ${about} must be a number, got ${got}`);
    if (!this.#range) return new RangeError(`draw ${this.#draws} ${about} must be finite, got ${got}`);
    const [lo, hi] = this.#range;
    return new RangeError(`draw ${this.#draws} is ${got}, outside the declared range [${lo}, ${hi}] ${about}`);
  }
}
