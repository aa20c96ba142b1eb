import { largestBet, logisticBets, type Side } from "./capital.js";
import { type Bet, betsOn, type Hypothesis, type Range } from "./hypothesis.js";
import { toUnit } from "./range.js";
import { checkRates, type Rates } from "./verdict.js";

/** A trial of draws in a range. */
export interface RangeTrial extends Rates {
  readonly hypothesis: Hypothesis;
  readonly range: Range;
}

/** The verdict to expect and the draws it takes; Infinity draws when it never comes. */
export interface Plan {
  readonly verdict: "supported" | "refuted" | "undecided";
  readonly draws: number;
}

/** What is known of the draws: their mean and, if also known, variance; or a pilot sample, which plans best. */
export type DrawLaw = { readonly mean: number; readonly variance?: number } | { readonly pilot: ArrayLike<number> };

/**
 * About how many draws a judge will need, and for which verdict, if the draws follow this law. A planning aid: the
 * validity of a verdict does not rest on it. For Bernoulli draws and from a pilot sample it is within a fifth of the
 * median over streams, for means away from the edges; from a variance it is an upper estimate, up to twice the median.
 *
 * Bet j grows on average by g_j = E log(1 + λ_j (x − m)) a draw, so the mixture reaches 1/rate near the n where the
 * average of exp(n g_j) does. Of all laws with one mean and variance, g_j is least under that of two atoms, one at the
 * end of the range where the bet loses most (as in Bennett's inequality: the log's third derivative has one sign). A
 * variance stands for that law. It is the Bernoulli law at the largest possible variance, (mean − lo)(hi − mean), the
 * default.
 *
 * @example
 * drawsNeeded(
 *   { hypothesis: { form: "atMost", bound: 0.1, slack: 0.02 }, range: [0, 1], falseAlarm: 1e-6, falsePass: 1e-6 },
 *   { mean: 0.05 },
 * ); // { verdict: "supported", draws: 547 }
 * @throws RangeError on a trial no judge would take, a mean or a draw outside its range, or an impossible variance.
 */
export function drawsNeeded(trial: RangeTrial, law: DrawLaw): Plan {
  checkRates(trial);
  const { against, inFavour } = betsOn(trial.hypothesis, trial.range);
  const atoms = "pilot" in law ? pilotAtoms(law.pilot, trial.range) : momentAtoms(law.mean, law.variance, trial.range);
  const growth = (bet: Bet): Growth => {
    const stake = bet.side === "above" ? largestBet(bet.side, bet.mean) : -largestBet(bet.side, bet.mean);
    const law = atoms(bet.side).filter(({ chance }) => chance > 0);
    const log = (fraction: number, x: number) => Math.log1p(fraction * stake * (x - bet.mean));
    const rates = Float64Array.from(logisticBets.fractions, (fraction) =>
      law.reduce((rate, { x, chance }) => rate + chance * log(fraction, x), 0),
    );
    const best = rates.indexOf(Math.max(...rates));
    const fraction = logisticBets.fractions[best]!;
    const variance = law.reduce((sum, { x, chance }) => sum + chance * (log(fraction, x) - rates[best]!) ** 2, 0);
    return { rates, variance };
  };
  // Against `equals` bet two capitals, of which the average counts; each starts with half.
  const alarm = -Math.log(trial.falseAlarm) + Math.log(against.length);
  const refuted = Math.min(...against.map((bet) => crossing(growth(bet), alarm)));
  const supported = medianOfLast(inFavour.map(growth), -Math.log(trial.falsePass));
  if (Math.min(refuted, supported) === Number.POSITIVE_INFINITY) return { verdict: "undecided", draws: refuted };
  return refuted <= supported ? { verdict: "refuted", draws: refuted } : { verdict: "supported", draws: supported };
}

/** What the bets of a capital grow by a draw on average, and the variance of the best one's growth. */
interface Growth {
  readonly rates: Float64Array;
  readonly variance: number;
}

/**
 * The median of the draws until each of one or two capitals has won. A capital that needs n draws on average, growing
 * by g with variance v, needs n + √(nv)/g · Z of them, Z about normal; the two of `equals` live on the same draws, of
 * which one wants high and the other low ones, so that the second has −Z where the first has Z. Both at the median
 * alone would be a fifth short where both edges are equally far.
 */
function medianOfLast(growths: readonly Growth[], threshold: number): number {
  const times = growths.map((growth) => {
    const draws = crossing(growth, threshold);
    return { draws, deviation: Math.sqrt(draws * growth.variance) / Math.max(...growth.rates) };
  });
  const [one, two] = times;
  const later = Math.max(...times.map(({ draws }) => draws));
  if (two === undefined || later === Number.POSITIVE_INFINITY) return later;
  // From the later mean on, where a capital whose growth does not vary has surely won.
  const chanceBy = (n: number) => {
    const share = ({ draws, deviation }: { draws: number; deviation: number }) =>
      deviation > 0 ? normal((n - draws) / deviation) : 1;
    return share(one!) + share(two) - 1;
  };
  let few = later;
  let enough = 2 * later;
  while (chanceBy(enough) < 0.5) enough *= 2;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (chanceBy(middle) >= 0.5) enough = middle;
    else few = middle;
  }
  return chanceBy(few) >= 0.5 ? few : enough;
}

/** The normal distribution function to 1e-7, enough for planning (Abramowitz & Stegun 7.1.26). */
function normal(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (series * Math.exp(-(z * z) / 2)) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** Values in [0, 1] with their probabilities. */
type Atoms = readonly { readonly x: number; readonly chance: number }[];

function pilotAtoms(pilot: ArrayLike<number>, [lo, hi]: Range): () => Atoms {
  if (pilot.length === 0) throw new RangeError("a pilot sample needs at least one draw, got none");
  const atoms = Array.from(pilot, (draw, i) => {
    if (!(draw >= lo && draw <= hi)) throw new RangeError(`pilot draw ${i} is ${draw}, outside [${lo}, ${hi}]`);
    return { x: toUnit(draw, [lo, hi]), chance: 1 / pilot.length };
  });
  return () => atoms;
}

/**
 * The slowest law of that mean and variance for a bet on that side: an atom at its losing end, and one beyond the mean.
 */
function momentAtoms(mean: number, variance: number | undefined, [lo, hi]: Range): (side: Side) => Atoms {
  if (!(mean >= lo && mean <= hi)) throw new RangeError(`the mean must lie in [${lo}, ${hi}], got ${mean}`);
  const largest = (mean - lo) * (hi - mean);
  const spread = variance ?? largest;
  if (!(spread >= 0 && spread <= largest * (1 + 1e-12))) {
    throw new RangeError(`draws in [${lo}, ${hi}] of mean ${mean} have a variance in [0, ${largest}], got ${spread}`);
  }
  return (side) => {
    const losing = side === "above" ? lo : hi;
    const gap = mean - losing;
    if (gap === 0) return [{ x: toUnit(losing, [lo, hi]), chance: 1 }];
    const other = Math.min(hi, Math.max(lo, mean + spread / gap));
    const chance = gap / (other - losing);
    return [
      { x: toUnit(losing, [lo, hi]), chance: 1 - chance },
      { x: toUnit(other, [lo, hi]), chance },
    ];
  };
}

/** The least n at which the weighted sum of exp(n g) reaches exp(threshold); its log is convex in n, 0 at n = 0. */
function crossing({ rates }: Growth, threshold: number): number {
  const top = Math.max(...rates);
  if (top <= 0) return Number.POSITIVE_INFINITY;
  const reached = (n: number) => {
    let total = 0;
    for (let j = 0; j < rates.length; j++) total += logisticBets.weights[j]! * Math.exp(n * (rates[j]! - top));
    return n * top + Math.log(total) >= threshold;
  };
  let enough = 1;
  while (!reached(enough)) enough *= 2;
  let few = enough / 2;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (reached(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
