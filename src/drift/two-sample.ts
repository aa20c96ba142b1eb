import { normalQuantile } from "../risk/normal.js";
import type { Sample } from "./measurement.js";

/**
 * How far the mean of a sample may be from its law's, but with probability `rate`: for n draws in a range, the
 * empirical Bernstein bound √(2V log(3/rate)/n) + 3 (hi − lo) log(3/rate)/n (Audibert, Munos & Szepesvári 2009, Thm 1),
 * valid at every n; where only a standard error is known, a normal quantile of it, which is an approximation.
 */
export function radiusOf({ standardError, n, range }: Sample, rate: number): number {
  if (n === undefined || range === undefined) return -normalQuantile(rate / 2) * standardError;
  const log = Math.log(3 / rate);
  return Math.sqrt(2 * log) * standardError + (3 * (range[1] - range[0]) * log) / n;
}

/** What two samples say of whether their laws have one mean. */
export interface TwoSampleAnswer {
  readonly agree: boolean;
  /** The difference of the means, in standard errors. */
  readonly sigmas: number;
  /** Drifts of the mean from here on are missed with probability at most `falsePass`. */
  readonly sees: number;
}

/**
 * Whether two independent samples may have one mean. Said to have not only when they are further apart than both radii
 * at falseAlarm/2; a drift beyond those and the radii at falsePass/2 together cannot hide but with that rate.
 */
export function twoSample(
  before: Sample,
  after: Sample,
  { falseAlarm, falsePass }: { readonly falseAlarm: number; readonly falsePass: number },
): TwoSampleAnswer {
  const gap = Math.abs(before.mean - after.mean);
  const both = (rate: number) => radiusOf(before, rate / 2) + radiusOf(after, rate / 2);
  const error = Math.hypot(before.standardError, after.standardError);
  return {
    agree: gap <= both(falseAlarm),
    sigmas: error > 0 ? gap / error : gap === 0 ? 0 : Number.POSITIVE_INFINITY,
    sees: both(falseAlarm) + both(falsePass),
  };
}
