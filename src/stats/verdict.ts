import { averageLogCapital } from "./capital.js";

/**
 * What is said of a claim. "undecided": the draws ran out before either error rate was met. "vacuous": nothing was judged,
 * no configuration meeting the claim's assumptions.
 */
export type Verdict = "supported" | "refuted" | "undecided" | "vacuous";

/** Bounds on the probabilities of the two errors. */
export interface Rates {
  /** Of refuting a true claim. */
  readonly falseAlarm: number;
  /** Of supporting a claim that is false by its slack or more. */
  readonly falsePass: number;
}

/** @throws RangeError unless both rates lie in (0, 1). */
export function checkRates({ falseAlarm, falsePass }: Rates): void {
  for (const [name, rate] of Object.entries({ falseAlarm, falsePass })) {
    if (!(rate > 0 && rate < 1)) throw new RangeError(`${name} must lie strictly between 0 and 1, got ${rate}`);
  }
}

/**
 * The verdict on a claim judged in several configurations: refuted when the average of their capitals reaches
 * 1/falseAlarm, which is valid whatever the dependence between configurations; supported when each of them is, for a claim
 * that is false anywhere then passes only if it passes there; vacuous when there is none.
 *
 * The average of K capitals reaches 1/falseAlarm as soon as one reaches K/falseAlarm: judge each with falseAlarm/K (and
 * the whole falsePass), or a stream that stops at its own verdict will stop too early to refute the claim alone.
 *
 * @example
 * const judges = configurations.map((c) => judged(c, { falseAlarm: 1e-6 / configurations.length, falsePass: 1e-6 }));
 * overallVerdict(judges, 1e-6);
 */
export function overallVerdict(
  parts: readonly { readonly verdict: Verdict | undefined; readonly logCapitalAgainst: number }[],
  falseAlarm: number,
): Verdict {
  if (!(falseAlarm > 0 && falseAlarm < 1)) {
    throw new RangeError(`falseAlarm must lie strictly between 0 and 1, got ${falseAlarm}`);
  }
  if (parts.length === 0) return "vacuous";
  if (averageLogCapital(parts.map((part) => part.logCapitalAgainst)) >= -Math.log(falseAlarm)) return "refuted";
  return parts.every((part) => part.verdict === "supported") ? "supported" : "undecided";
}
