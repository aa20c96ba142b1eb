/**
 * What a certificate that held at n independent seeds proves: with probability 1 − error the share of seeds at which it
 * fails is below 1 − error^(1/n). If it failed at a share q or more, n seeds in a row would pass with probability (1 −
 * q)^n at most, which is below `error` for any larger q. Three seeds prove less than 63%, 59 less than 5%.
 *
 * @throws RangeError unless seeds is an integer ≥ 1 and error lies in (0, 1).
 */
export function certifiedFailureShare(seeds: number, error = 0.05): number {
  if (!(Number.isSafeInteger(seeds) && seeds >= 1)) {
    throw new RangeError(`a certificate needs an integer number of seeds >= 1, got ${seeds}`);
  }
  if (!(error > 0 && error < 1)) throw new RangeError(`an error must lie strictly between 0 and 1, got ${error}`);
  return -Math.expm1(Math.log(error) / seeds);
}
