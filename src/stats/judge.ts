import { averageLogCapital, Capital } from "./capital.js";
import { betsOn, describeHypothesis, type Hypothesis, type Range } from "./hypothesis.js";
import { checkRates, type Rates } from "./verdict.js";

/** What a judge is told before the first draw. */
export interface Trial extends Rates {
  readonly hypothesis: Hypothesis;
  /** Every draw lies in it; a narrow one decides sooner. */
  readonly range: Range;
  /**
   * Bets in each capital, 20 unless told. The smallest is 1/(bets + 1) of the largest, too bold for a mean nearer to the edge
   * m than about variance/(2 (bets + 1) m): `drawsNeeded` then says "undecided", and more bets help, at a cost in proportion.
   */
  readonly bets?: number;
}

/**
 * A sequential judge of one stream of draws. It stops by itself, and may be stopped at any time for any reason: the two
 * error rates hold over all stopping rules (Ville 1939), for draws whose mean given the past stays on one side of the edge.
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
  readonly #against: readonly Capital[];
  readonly #inFavour: readonly Capital[];
  readonly #lo: number;
  readonly #hi: number;
  readonly #alarm: number;
  readonly #pass: number;
  #verdict: "supported" | "refuted" | undefined;
  #draws = 0;
  #sum = 0;

  /** @throws RangeError on rates outside (0, 1), an empty range, or a claim the range leaves nothing to decide about. */
  constructor(trial: Trial) {
    checkRates(trial);
    const { against, inFavour } = betsOn(trial.hypothesis, trial.range);
    this.trial = trial;
    [this.#lo, this.#hi] = trial.range;
    this.#against = against.map(({ side, mean }) => new Capital(side, mean, trial.bets));
    this.#inFavour = inFavour.map(({ side, mean }) => new Capital(side, mean, trial.bets));
    this.#alarm = -Math.log(trial.falseAlarm);
    this.#pass = -Math.log(trial.falsePass);
  }

  /**
   * Judges one draw more, and returns the verdict if there is one. A draw after the verdict is ignored.
   * @throws RangeError on a draw outside the range, or NaN.
   */
  push(draw: number): "supported" | "refuted" | undefined {
    if (this.#verdict !== undefined) return this.#verdict;
    const lo = this.#lo;
    const hi = this.#hi;
    if (!(draw >= lo && draw <= hi)) {
      throw new RangeError(
        `draw ${this.#draws} is ${draw}, outside the declared range [${lo}, ${hi}] of "${describeHypothesis(this.trial.hypothesis)}"`,
      );
    }
    this.#draws++;
    this.#sum += draw;
    // A quotient, not a product with 1/(hi − lo): it cannot exceed 1 by rounding.
    const x = (draw - lo) / (hi - lo);
    let supported = true;
    for (const capital of this.#inFavour) {
      // An edge that is won stays won: a capital stopped at its crossing is as valid, and the other edge may take its time.
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
    return this.#sum / this.#draws;
  }

  /** Evidence for refuting: the natural log of the (average) capital against the hypothesis. */
  get logCapitalAgainst(): number {
    return averageLogCapital(this.#against.map((capital) => capital.log));
  }

  /** Evidence for supporting: the natural log of the capital, of the poorer one for `equals`. */
  get logCapitalFor(): number {
    return Math.min(...this.#inFavour.map((capital) => capital.log));
  }
}
