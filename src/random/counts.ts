import { checkCount } from "../argument.js";
import { gamma } from "./gamma.js";
import type { Stream } from "./stream.js";

/**
 * The number of successes in n independent trials of probability p. Exact for every n: no normal approximation.
 *
 * While many trials are left, the count is split at an order statistic: the i-th smallest of n uniforms is Beta(i,
 * n+1−i), and it says on which side of p the other trials fall (Devroye 1986, X.4.3). Each split halves n; what is left
 * is counted by inversion of the geometric gaps between successes. Cost: O(log n + 20).
 * @throws RangeError unless n is an integer ≥ 0 and 0 ≤ p ≤ 1.
 */
export function binomial(stream: Stream, n: number, p: number): number {
  if (!(Number.isSafeInteger(n) && n >= 0)) throw new RangeError(`binomial needs an integer n >= 0, got ${n}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`binomial needs a probability 0 <= p <= 1, got ${p}`);
  let count = 0;
  let trials = n;
  let chance = p;
  while (trials * Math.min(chance, 1 - chance) > 20) {
    const i = 1 + Math.floor(trials / 2);
    const x = gamma(stream, i);
    const order = x / (x + gamma(stream, trials + 1 - i));
    if (order <= chance) {
      count += i;
      trials -= i;
      chance = (chance - order) / (1 - order);
    } else {
      trials = i - 1;
      chance = chance / order;
    }
    // Rounding only: the quotients are at most 1 in exact arithmetic.
    chance = Math.min(1, Math.max(0, chance));
  }
  return (
    count + (chance <= 0.5 ? rareSuccesses(stream, trials, chance) : trials - rareSuccesses(stream, trials, 1 - chance))
  );
}

/**
 * How many of n draws fall into each class. Each class is binomial among the draws that earlier classes left, against
 * all later classes together: sums from the back, so that rare last classes keep their digits (1 less the earlier ones
 * has none, and gives draws to a class of probability 0), and the rarer of the two sides is the one counted.
 * @throws RangeError unless n is an integer ≥ 0 and the probabilities are ≥ 0 with a positive, finite sum (they are
 * divided by it).
 */
export function multinomial(stream: Stream, n: number, probabilities: ArrayLike<number>): Float64Array {
  checkCount("n", n, 0);
  const classes = probabilities.length;
  const tails = new Float64Array(classes + 1);
  for (let j = classes - 1; j >= 0; j--) {
    if (!(probabilities[j]! >= 0)) throw new RangeError(`probability ${j} must be at least 0, got ${probabilities[j]}`);
    tails[j] = tails[j + 1]! + probabilities[j]!;
  }
  if (!(tails[0]! > 0 && tails[0]! < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the probabilities must have a positive, finite sum, got ${tails[0]}`);
  }
  const counts = new Float64Array(classes);
  let trials = n;
  for (let j = 0; j < classes && trials > 0; j++) {
    const own = probabilities[j]!;
    const later = tails[j + 1]!;
    counts[j] =
      own > later ? trials - binomial(stream, trials, later / tails[j]!) : binomial(stream, trials, own / tails[j]!);
    trials -= counts[j]!;
  }
  return counts;
}

/** Successes counted by leaping over the failures between them: 1 + np leaps on average (Devroye 1986, X.4.1). */
function rareSuccesses(stream: Stream, n: number, p: number): number {
  if (p <= 0) return 0;
  const logFailure = Math.log1p(-p);
  let count = -1;
  let position = 0;
  do {
    count++;
    position += 1 + Math.floor(Math.log1p(-stream.uniform()) / logFailure);
  } while (position <= n);
  return count;
}
