import { Capital } from "./capital.js";
import type { Sampler } from "./forms.js";
import { shortNumber } from "./number-text.js";
import { type Answer, type Asking, asked, askingKeys, type Question } from "./simulation.js";
import { refuseUnknownKeys } from "./unknown-keys.js";
import { checkRates, type Rates } from "./verdict.js";

/**
 * A sequential judge of "two samplers have one law", on pairs of independent draws, one of each.
 *
 * Refuted by betting (Shekhar & Ramdas 2023): the witness, the threshold u at which the two empirical distribution
 * functions seen so far differ most, with its sign, bets on the next pairs. Its payoff ±(1{x ≤ u} − 1{y ≤ u}) was
 * chosen before they were drawn and has mean 0 if the laws are one, so the capital is fair. Measured at 1e-6 it takes a
 * third of the pairs that confidence bands take (333 against 994 at a Kolmogorov distance of .2).
 *
 * Supported by bands: at the j-th look both empirical distribution functions are within √(log(4 j(j+1)/α)/(2n)) of
 * theirs (Dvoretzky–Kiefer–Wolfowitz with Massart's constant, α/(j(j+1)) for a look), so that their distance is below
 * the tolerance once the empirical distance and both bands together are. Looks come whenever the pairs have grown by an
 * eighth.
 *
 * Between distance 0 and the tolerance nothing is promised. For laws on the line, with or without ties.
 */
export class SameLawJudge {
  readonly within: number;
  readonly #alarm: number;
  readonly #falsePass: number;
  readonly #capital = new Capital("above", 0.5);
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  #witness: { readonly at: number; readonly sign: number } | undefined;
  #looks = 0;
  #nextLook = 8;
  #verdict: "supported" | "refuted" | undefined;
  #distance = 1;
  #margin = 1;

  /** @throws RangeError on rates outside [1e-100, 1) or a tolerance outside (0, 1). */
  constructor({ within, ...rates }: Rates & { readonly within: number }) {
    checkRates(rates);
    if (!(typeof within === "number" && within > 0 && within < 1)) {
      throw new RangeError(
        `the tolerance of a distance of laws must lie strictly between 0 and 1, got ${String(within)}`,
      );
    }
    this.within = within;
    this.#alarm = -Math.log(rates.falseAlarm);
    this.#falsePass = rates.falsePass;
  }

  /** Judges a pair more. @throws RangeError on NaN or what is no number. */
  push(a: number, b: number): "supported" | "refuted" | undefined {
    if (this.#verdict !== undefined) return this.#verdict;
    for (const x of [a, b]) {
      if (typeof x !== "number" || Number.isNaN(x))
        throw new RangeError(`pair ${this.draws} has a draw of ${String(x)}`);
    }
    if (this.#witness) {
      const { at, sign } = this.#witness;
      this.#capital.push((1 + sign * (Number(a <= at) - Number(b <= at))) / 2);
      if (this.#capital.reaches(this.#alarm)) this.#verdict = "refuted";
    }
    this.#a.push(a);
    this.#b.push(b);
    if (this.#a.length >= this.#nextLook && this.#verdict === undefined) this.#look();
    return this.#verdict;
  }

  get verdict(): "supported" | "refuted" | undefined {
    return this.#verdict;
  }

  /** Pairs judged. */
  get draws(): number {
    return this.#a.length;
  }

  /** The Kolmogorov distance of the two samples at the last look, and how far the true one may be above it. */
  get distance(): { readonly estimate: number; readonly margin: number } {
    return { estimate: this.#distance, margin: this.#margin };
  }

  /** Natural log of the capital against one law. */
  get logCapitalAgainst(): number {
    return this.#capital.log;
  }

  #look(): void {
    const n = this.#a.length;
    this.#looks++;
    this.#nextLook = n + Math.max(4, n >> 3);
    const [a, b] = [Float64Array.from(this.#a).sort(), Float64Array.from(this.#b).sort()];
    let [i, j, widest] = [0, 0, 0];
    while (i < n && j < n) {
      const at = Math.min(a[i]!, b[j]!);
      while (i < n && a[i]! <= at) i++;
      while (j < n && b[j]! <= at) j++;
      if (Math.abs(i - j) > Math.abs(widest)) {
        widest = i - j;
        this.#witness = { at, sign: Math.sign(i - j) };
      }
    }
    this.#distance = Math.abs(widest) / n;
    const allowance = Math.log((4 * this.#looks * (this.#looks + 1)) / this.#falsePass);
    this.#margin = 2 * Math.sqrt(allowance / (2 * n));
    if (this.#distance + this.#margin < this.within) this.#verdict = "supported";
  }
}

/**
 * "The two samplers have one law", to be asked by a matcher: refuted when they have not, supported when their
 * distribution functions are nowhere further apart than `within`, with the rates of `SameLawJudge`. At 1e-6 a tolerance
 * of .1 takes some 5,000 pairs.
 *
 * @example
 * await expect(sameLaw({ a: fastNormal, b: referenceNormal, within: 0.1 })).toBeSupported();
 */
export function sameLaw(of: Asking & { readonly a: Sampler; readonly b: Sampler; readonly within: number }): Question {
  refuseUnknownKeys("a comparison of laws", of, ["a", "b", "within", ...askingKeys]);
  return { ...(of.name === undefined ? {} : { name: of.name }), ask: (name) => askSameLaw(of, name) };
}

async function askSameLaw(of: Parameters<typeof sameLaw>[0], name: string): Promise<Answer> {
  const { rates, maxDraws, seed, root } = asked(of, name);
  const judge = new SameLawJudge({ within: of.within, ...rates });
  while (judge.verdict === undefined && judge.draws < maxDraws) {
    const pair = root.derive(judge.draws);
    judge.push(await of.a(pair.derive("a")), await of.b(pair.derive("b")));
  }
  const verdict = judge.verdict ?? "undecided";
  const { estimate, margin } = judge.distance;
  const enough = Math.ceil(judge.draws * (margin / Math.max(of.within - estimate, of.within / 4)) ** 2);
  const report = [
    `Kolmogorov distance ${shortNumber(estimate)}, at most ${shortNumber(estimate + margin)}, ` +
      `over ${judge.draws} pairs; claimed: below ${of.within}`,
    `log10 e against one law ${shortNumber(judge.logCapitalAgainst / Math.LN10)} ` +
      `of ${shortNumber(-Math.log10(rates.falseAlarm))} needed`,
    verdict === "undecided"
      ? `remedy: about ${enough} pairs, or a wider tolerance`
      : "remedy: more draws will not change it; mend what is simulated, or claim something else",
    `streams of "${name}", seed ${seed}`,
  ];
  return { verdict, draws: judge.draws, report };
}
