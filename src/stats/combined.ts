import { averageLogCapital } from "./capital.js";

/**
 * Log of the combined e-value E = ½ · mean_k E_k + ½ · Π_k (1 + E_k)/2 against "the claim holds in every
 * configuration", from the logs of the K capitals against it; for K = 1 just that capital.
 *
 * The configurations' streams must be independent: then every product of some of the capitals is an e-value, and the
 * second part is the average of the products over all 2^K subsets; it stays one while each capital goes on or stops as
 * it likes. The mean catches the one configuration that is false, the product the many that are each a little so. Cost:
 * K exponentials.
 *
 * @throws RangeError on an empty list or a NaN.
 */
export function combinedLogCapital(logs: readonly number[]): number {
  const mean = averageLogCapital(logs);
  if (logs.length === 1) return mean;
  let product = 0;
  for (const log of logs) product += Math.max(log, 0) + Math.log1p(Math.exp(-Math.abs(log))) - Math.LN2;
  return averageLogCapital([mean, product]);
}
