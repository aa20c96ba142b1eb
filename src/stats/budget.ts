import { checkRates, type Rates } from "./verdict.js";

/** The smallest rate of a suite: its share for a configuration of a claim stays above the smallest a judge takes. */
const smallestSuiteRate = 1e-50;

/**
 * The rates of a whole suite: one run in a million refutes a true claim somewhere, one in a million supports a false
 * one. At a hundred runs a day that is one false alarm in 27 years.
 */
export const suiteRates: Rates = { falseAlarm: 1e-6, falsePass: 1e-6 };

/**
 * The rates of each of `claims` claims, so that the suite as a whole keeps to its rates whatever the dependence between
 * claims (Bonferroni): an even split.
 *
 * @example
 * splitRates(20); // { falseAlarm: 5e-8, falsePass: 5e-8 }
 * @throws RangeError unless claims is an integer ≥ 1 and the suite's rates lie in [1e-50, 1): their shares must be
 * rates too.
 */
export function splitRates(claims: number, suite: Rates = suiteRates): Rates {
  checkRates(suite, smallestSuiteRate);
  if (!(Number.isSafeInteger(claims) && claims >= 1)) {
    throw new RangeError(`rates are split over an integer number of claims >= 1, got ${claims}`);
  }
  return { falseAlarm: suite.falseAlarm / claims, falsePass: suite.falsePass / claims };
}
