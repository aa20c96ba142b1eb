import { combinedLogCapital } from "./combined.js";

/**
 * What is said of a claim. "undecided": the draws ran out before either error rate was met. "vacuous": nothing was
 * judged, no configuration meeting the claim's assumptions.
 */
export type Verdict = "supported" | "refuted" | "undecided" | "vacuous";

/** Bounds on the probabilities of the two errors. */
export interface Rates {
  /** Of refuting a true claim. */
  readonly falseAlarm: number;
  /** Of supporting a claim that is false by its slack or more. */
  readonly falsePass: number;
}

/** The smallest rate a judge takes: far below any use, and far above where 1/rate leaves the doubles. */
export const smallestRate = 1e-100;

/** @throws RangeError unless both rates are numbers in [1e-100, 1). */
export function checkRates({ falseAlarm, falsePass }: Rates, smallest = smallestRate): void {
  for (const [name, rate] of Object.entries({ falseAlarm, falsePass })) {
    if (!(typeof rate === "number" && rate > 0 && rate < 1)) {
      throw new RangeError(`${name} must lie strictly between 0 and 1, got ${String(rate)}`);
    }
    if (rate < smallest) throw new RangeError(`${name} must be at least ${smallest}, got ${rate}`);
  }
}

/**
 * The verdict on a claim judged in several configurations on independent streams: refuted when their combined e-value
 * (`combinedLogCapital`) reaches 1/falseAlarm; supported when each of them is, for a claim that is false anywhere then
 * passes only if it passes there; vacuous when there is none.
 *
 * Judge each with `configurationRates`, or a stream that stops at its own verdict will stop too early to refute the
 * claim alone.
 *
 * @example
 * const rates = configurationRates({ falseAlarm: 1e-6, falsePass: 1e-6 }, configurations.length);
 * overallVerdict(configurations.map((c) => judged(c, rates)), 1e-6);
 */
export function overallVerdict(
  parts: readonly { readonly verdict: Verdict | undefined; readonly logCapitalAgainst: number }[],
  falseAlarm: number,
): Verdict {
  checkRates({ falseAlarm, falsePass: 0.5 });
  if (parts.length === 0) return "vacuous";
  if (combinedLogCapital(parts.map((part) => part.logCapitalAgainst)) >= -Math.log(falseAlarm)) return "refuted";
  return parts.every((part) => part.verdict === "supported") ? "supported" : "undecided";
}

/**
 * The rates of the judge of each of K configurations. The false passes are not split, since support needs every one. A
 * judge may stop at "refuted" only where its capital E refutes the whole claim whatever the other capitals are, even 0:
 * the combined e-value is then E/(2K) + (1 + E)/2^(K+1), so E is held to 1/falseAlarm ÷ (1/(2K) + 2^−(K+1)). Between
 * that and 1/falseAlarm it goes on, and the combined e-value, asked after each round, decides as a rule before it does.
 *
 * @throws RangeError unless configurations is an integer ≥ 1 and the rates lie in (0, 1).
 */
export function configurationRates(rates: Rates, configurations: number): Rates {
  checkRates(rates);
  if (!(Number.isSafeInteger(configurations) && configurations >= 1)) {
    throw new RangeError(`rates are split over an integer number of configurations >= 1, got ${configurations}`);
  }
  const share = configurations === 1 ? 1 : 1 / (2 * configurations) + 2 ** -(configurations + 1);
  return { falseAlarm: rates.falseAlarm * share, falsePass: rates.falsePass };
}
