import type { Side } from "./capital.js";

/** λ_j σ = √2 · 2^(−j/2): from 1.4 down to 5e-4, each within a factor 1.19 of some best λ, gap/σ². */
const scales = Float64Array.from({ length: 24 }, (_, j) => Math.SQRT2 * 2 ** (-j / 2));

/**
 * The capital of a gambler who bets that the mean of draws lies above (or below) m, knowing no range of theirs, only
 * that their standard deviation, given the past, is at most σ. For y = λ (x − m) a bet multiplies by (1 + y + y²/2)/(1
 * + λ²σ²/2) where y ≥ 0 and by 1/((1 − y + y²/2)(1 + λ²σ²/2)) where y < 0: a truncation that no single draw can ruin or
 * make rich.
 *
 * Both are at most (1 + y + y²/2)/(1 + λ²σ²/2), whose mean is at most 1 if E x = m; and they grow with x, so that they
 * are worth less still if E x < m. The capital is therefore a supermartingale against "mean <= m" (Catoni 2012; Wang &
 * Ramdas 2023, Catoni-style confidence sequences), for heavy tails too. Mixed over 24 values of λ with equal weights.
 * "below" mirrors.
 */
export class VarianceCapital {
  readonly side: Side;
  readonly mean: number;
  readonly #stakes: Float64Array;
  readonly #logs = new Float64Array(scales.length);

  /** @throws RangeError unless the mean is finite and the deviation finite and above 0. */
  constructor(side: Side, mean: number, deviation: number) {
    if (!Number.isFinite(mean)) throw new RangeError(`a capital needs a finite mean, got ${mean}`);
    if (!(typeof deviation === "number" && deviation > 0 && deviation < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`a deviation must be a finite number above 0, got ${String(deviation)}`);
    }
    this.side = side;
    this.mean = mean;
    this.#stakes = scales.map((scale) => (side === "above" ? scale : -scale) / deviation);
  }

  /**
   * Settles every bet with one draw, or with `count` equal ones. Cost: 24 logarithms.
   * @throws RangeError on a draw that is not finite.
   */
  push(x: number, count = 1): void {
    if (!Number.isFinite(x)) throw new RangeError(`a capital needs finite draws, got ${x}`);
    for (let j = 0; j < scales.length; j++) {
      // Past 1e150 y² would overflow: for y > 0 a smaller y is as valid a bet, for y < 0 the loss is cut at 690 nats
      // only.
      const y = Math.max(-1e150, Math.min(1e150, this.#stakes[j]! * (x - this.mean)));
      const size = Math.abs(y);
      const gain = Math.log1p(size + (size * size) / 2);
      this.#logs[j] = this.#logs[j]! + count * ((y < 0 ? -gain : gain) - Math.log1p(scales[j]! ** 2 / 2));
    }
  }

  /** Natural log of the capital. The evidence is at level α once it reaches log(1/α). */
  get log(): number {
    const top = Math.max(...this.#logs);
    let total = 0;
    for (const log of this.#logs) total += Math.exp(log - top);
    return top + Math.log(total / scales.length);
  }

  /** Whether `log` has reached a threshold: never while the richest bet has not. */
  reaches(threshold: number): boolean {
    return Math.max(...this.#logs) >= threshold && this.log >= threshold;
  }
}
