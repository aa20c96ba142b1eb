import { betFractions, largestBet, type Side } from "./capital.js";
import { type Bet, betsOn, type Range } from "./hypothesis.js";
import type { Trial } from "./judge.js";
import { checkRates } from "./verdict.js";

/** The verdict to expect and the draws it takes; Infinity draws when it never comes. */
export interface Plan {
  readonly verdict: "supported" | "refuted" | "undecided";
  readonly draws: number;
}

/** What is known of the draws: their mean and, if also known, variance; or a pilot sample, which plans best. */
export type DrawLaw = { readonly mean: number; readonly variance?: number } | { readonly pilot: ArrayLike<number> };

/**
 * About how many draws a judge will need, and for which verdict, if the draws follow this law. A planning aid: the validity
 * of a verdict does not rest on it. For Bernoulli draws and from a pilot sample it is within a fifth of the median over
 * streams, for means away from the edges; from a variance it is an upper estimate, up to twice the median.
 *
 * Bet j grows on average by g_j = E log(1 + λ_j (x − m)) a draw, so the mixture reaches 1/rate near the n where the average of
 * exp(n g_j) does. Of all laws with one mean and variance, g_j is least under that of two atoms, one at the end of the
 * range where the bet loses most (as in Bennett's inequality: the log's third derivative has one sign). A variance stands
 * for that law. It is the Bernoulli law at the largest possible variance, (mean − lo)(hi − mean), the default.
 *
 * @example
 * drawsNeeded(
 *   { hypothesis: { form: "atMost", bound: 0.1, slack: 0.02 }, range: [0, 1], falseAlarm: 1e-6, falsePass: 1e-6 },
 *   { mean: 0.05 },
 * ); // { verdict: "supported", draws: 532 }
 * @throws RangeError on a trial no judge would take, a mean or a draw outside its range, or an impossible variance.
 */
export function drawsNeeded(trial: Trial, law: DrawLaw): Plan {
  checkRates(trial);
  const { against, inFavour } = betsOn(trial.hypothesis, trial.range);
  const atoms = "pilot" in law ? pilotAtoms(law.pilot, trial.range) : momentAtoms(law.mean, law.variance, trial.range);
  const growth = (bet: Bet) =>
    Array.from(betFractions(trial.bets ?? 20), (fraction) => {
      const stake = (bet.side === "above" ? fraction : -fraction) * largestBet(bet.side, bet.mean);
      let rate = 0;
      for (const { x, chance } of atoms(bet.side)) rate += chance * Math.log1p(stake * (x - bet.mean));
      return rate;
    });
  const refuted = crossing(against.flatMap(growth), -Math.log(trial.falseAlarm));
  const supported = Math.max(...inFavour.map((bet) => crossing(growth(bet), -Math.log(trial.falsePass))));
  if (Math.min(refuted, supported) === Number.POSITIVE_INFINITY) return { verdict: "undecided", draws: refuted };
  return refuted <= supported ? { verdict: "refuted", draws: refuted } : { verdict: "supported", draws: supported };
}

/** Values in [0, 1] with their probabilities. */
type Atoms = readonly { readonly x: number; readonly chance: number }[];

function pilotAtoms(pilot: ArrayLike<number>, [lo, hi]: Range): () => Atoms {
  if (pilot.length === 0) throw new RangeError("a pilot sample needs at least one draw, got none");
  const atoms = Array.from(pilot, (draw, i) => {
    if (!(draw >= lo && draw <= hi)) throw new RangeError(`pilot draw ${i} is ${draw}, outside [${lo}, ${hi}]`);
    return { x: (draw - lo) / (hi - lo), chance: 1 / pilot.length };
  });
  return () => atoms;
}

/** The slowest law of that mean and variance for a bet on that side: an atom at its losing end, and one beyond the mean. */
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
    if (gap === 0) return [{ x: (losing - lo) / (hi - lo), chance: 1 }];
    const other = Math.min(hi, Math.max(lo, mean + spread / gap));
    const chance = gap / (other - losing);
    return [
      { x: (losing - lo) / (hi - lo), chance: 1 - chance },
      { x: (other - lo) / (hi - lo), chance },
    ];
  };
}

/** The least n at which the average of exp(n g) reaches exp(threshold); its log is convex in n, 0 at n = 0. */
function crossing(rates: readonly number[], threshold: number): number {
  if (Math.max(...rates) <= 0) return Number.POSITIVE_INFINITY;
  const top = Math.max(...rates);
  const reached = (n: number) => {
    let total = 0;
    for (const rate of rates) total += Math.exp(n * (rate - top));
    return n * top + Math.log(total / rates.length) >= threshold;
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
