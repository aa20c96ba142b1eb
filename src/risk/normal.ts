import erfcinv from "@stdlib/math-base-special-erfcinv";
import cdf from "@stdlib/stats-base-dists-normal-cdf";

/**
 * Φ(x), accurate in relative terms in the lower tail (through erfc) until it underflows near x = −38. Φ(±∞) is 1 or 0.
 */
export function normalCdf(x: number): number {
  return cdf(x, 0, 1);
}

/**
 * Φ⁻¹(p): −∞ at 0, ∞ at 1. Through erfc's inverse, because erf's (Φ⁻¹ = √2 erf⁻¹(2p − 1)) has no digits left for small
 * p: at 1e-20 its argument is −1.
 * @throws RangeError unless 0 ≤ p ≤ 1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a normal quantile needs a probability 0 <= p <= 1, got ${p}`);
  return -Math.SQRT2 * erfcinv(2 * p);
}
