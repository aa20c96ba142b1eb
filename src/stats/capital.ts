/** Where the bettor says the mean lies. "above" m tests "mean <= m"; "below" m tests "mean >= m". */
export type Side = "above" | "below";

/**
 * A larger bet is valid only while 1/m or 1/(1−m) allows it; beyond 2^300 it is cut, a smaller bet being as valid. So m
 * = 0 and m = 1 need no exception: one draw above 1e-6 drives the capital against "mean <= 0" to 1e80.
 */
const largestStake = 2 ** 300;

/**
 * Constant bets as fractions of the largest that cannot go bankrupt, in (0, 1), with the weights they start with,
 * summing to 1.
 */
export interface Bets {
  readonly fractions: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The bets of every judge: f_j = 1/(1 + exp(−z_j)), z_j = −8 + 14 (j − ½)/24, j = 1…24, with weights ∝ √(f_j (1 −
 * f_j)). Evenly spaced in the logit, so that from 1/2200 of the largest bet to 299/300 of it some bet is within a
 * factor 1.35 of the best, which costs at most a few per cent of its growth; a gap far below the draws' spread wants a
 * small bet (about gap/variance), and an even grid j/21 has none below 1/21: it never decides Bernoulli(.12) against
 * "mean <= .10".
 */
export const logisticBets: Bets = weighted(
  Float64Array.from({ length: 24 }, (_, j) => 1 / (1 + Math.exp(8 - (14 * (j + 0.5)) / 24))),
  (fraction) => Math.sqrt(fraction * (1 - fraction)),
);

function weighted(fractions: Float64Array, weight: (fraction: number) => number): Bets {
  const total = fractions.reduce((sum, fraction) => sum + weight(fraction), 0);
  return { fractions, weights: fractions.map((fraction) => weight(fraction) / total) };
}

/**
 * D bets j/(D+1), j = 1…D, of equal weight: the even grid, as other implementations have it.
 * @throws RangeError unless D is an integer >= 1.
 */
export function evenBets(count: number): Bets {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`a grid needs an integer number of bets >= 1, got ${count}`);
  }
  return weighted(
    Float64Array.from({ length: count }, (_, j) => (j + 1) / (count + 1)),
    () => 1,
  );
}

/**
 * The capital of a gambler who bets that the mean of draws in [0, 1] lies above (or below) m.
 *
 * If it does not, the capital is a non-negative supermartingale started at 1 whenever each draw's mean, given the past,
 * is on m's other side: it ever reaches 1/α with probability at most α, whenever one stops looking (Ville 1939).
 * Capital 10^6 is therefore evidence at level 10^-6, at any time and after any number of looks.
 *
 * The stake is a mixture of constant bets, each a fraction f_j of the largest that cannot go bankrupt (`logisticBets`):
 * bet j multiplies by 1 + λ_j (x − m), λ_j = f_j/m, against "mean <= m", and by 1 + λ_j (m − x), λ_j = f_j/(1−m),
 * against "mean >= m" (Waudby-Smith & Ramdas 2024, betting martingales). A draw enters through `push` alone, one at a
 * time, so that no bet can depend on the draw it is settled by. The order of the draws does not matter.
 *
 * @example
 * const capital = new Capital("above", 0.5);   // against "this coin lands heads at most half of the time"
 * while (!capital.reaches(Math.log(1e6))) capital.push(toss());
 */
export class Capital {
  readonly side: Side;
  readonly mean: number;
  /** The largest bet, negative for "below". */
  readonly #stake: number;
  readonly #fractions: Float64Array;
  readonly #weights: Float64Array;
  /**
   * Log capital of each bet when last settled, its weighted capital relative to the richest then, and its growth since.
   */
  readonly #logs: Float64Array;
  readonly #shares: Float64Array;
  readonly #growth: Float64Array;
  readonly #patience: number;
  #pending = 0;
  #base = 0;
  #total = 1;

  /** @throws RangeError unless 0 ≤ mean ≤ 1. */
  constructor(side: Side, mean: number, { fractions, weights }: Bets = logisticBets) {
    if (!(mean >= 0 && mean <= 1)) throw new RangeError(`a capital needs a mean in [0, 1], got ${mean}`);
    this.side = side;
    this.mean = mean;
    const stake = largestBet(side, mean);
    this.#stake = side === "above" ? stake : -stake;
    this.#fractions = fractions;
    this.#weights = weights;
    this.#logs = new Float64Array(fractions.length);
    this.#shares = weights.slice();
    this.#growth = new Float64Array(fractions.length).fill(1);
    // A push multiplies by at least 1 − the largest fraction and at most 1 + stake: so many keep a product within
    // 2^±450.
    this.#patience = Math.floor(450 / Math.log2(Math.max(1 / (1 - Math.max(...fractions)), 1 + stake)));
  }

  /**
   * Settles every bet with one draw. Cost: 24 multiplications, no logarithm.
   * @throws RangeError unless 0 ≤ x ≤ 1.
   */
  push(x: number): void {
    if (!(x >= 0 && x <= 1)) throw new RangeError(`a capital needs draws in [0, 1], got ${x}`);
    const gain = this.#stake * (x - this.mean);
    const fractions = this.#fractions;
    const growth = this.#growth;
    const shares = this.#shares;
    let total = 0;
    for (let j = 0; j < growth.length; j++) {
      const grown = growth[j]! * (1 + fractions[j]! * gain);
      growth[j] = grown;
      total += shares[j]! * grown;
    }
    this.#total = total;
    if (++this.#pending === this.#patience) this.#settle();
  }

  /** Natural log of the capital. The evidence is at level α once it reaches log(1/α). */
  get log(): number {
    return this.#base + Math.log(this.#total);
  }

  /** Whether `log` has reached a threshold; mostly without a logarithm, since log t < t. */
  reaches(threshold: number): boolean {
    return this.#base + this.#total >= threshold && this.log >= threshold;
  }

  /**
   * Moves the growth into the logs before a product can leave the range of a double. A bet that fell behind by 2^500
   * counts as 0 until the next settlement, which is below rounding and spares the slow subnormal products; its log
   * remains, and it counts again if its luck returns.
   */
  #settle(): void {
    const logs = this.#logs;
    const bets = logs.length;
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < bets; j++) {
      logs[j] = logs[j]! + Math.log(this.#growth[j]!);
      top = Math.max(top, logs[j]!);
    }
    let total = 0;
    for (let j = 0; j < bets; j++) {
      const share = Math.exp(logs[j]! - top);
      this.#shares[j] = share < 2 ** -500 ? 0 : share * this.#weights[j]!;
      total += this.#shares[j]!;
    }
    this.#growth.fill(1);
    this.#base = top;
    this.#total = total;
    this.#pending = 0;
  }
}

/** The bet λ that loses everything on the worst draw in [0, 1]: 1/m above m, 1/(1−m) below it, cut at 2^300. */
export function largestBet(side: Side, mean: number): number {
  return Math.min(1 / (side === "above" ? mean : 1 - mean), largestStake);
}

/**
 * Log of the average of capitals given by their logs: evidence against "every one of these claims holds", whatever the
 * dependence between them, since the mean of expectations at most 1 is at most 1.
 * @throws RangeError on an empty list or a NaN.
 */
export function averageLogCapital(logs: ArrayLike<number>): number {
  if (logs.length === 0) throw new RangeError("an average of capitals needs at least one, got none");
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) {
    if (Number.isNaN(logs[i]!)) throw new RangeError(`log capital ${i} is NaN`);
    top = Math.max(top, logs[i]!);
  }
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let i = 0; i < logs.length; i++) total += Math.exp(logs[i]! - top);
  return top + Math.log(total / logs.length);
}
