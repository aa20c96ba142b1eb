import type { Side } from "./capital.js";
import { checkRange, type Range, toUnit } from "./range.js";
import { refuseUnknownKeys } from "./unknown-keys.js";

export type { Range } from "./range.js";

/**
 * What is claimed of the mean of a stream of draws, in the draws' own units.
 *
 * - `atMost`: mean ≤ bound. Decided wrongly with bounded probability outside (bound, bound + slack), where nothing is
 *   promised.
 * - `atLeast`: mean ≥ bound; nothing is promised in (bound − slack, bound).
 * - `equals`: |mean − target| < within. There is no slack: at the two edges themselves a stream stays undecided for
 *   ever.
 */
export type Hypothesis =
  | { readonly form: "atMost" | "atLeast"; readonly bound: number; readonly slack: number }
  | { readonly form: "equals"; readonly target: number; readonly within: number };

const keys = {
  atMost: ["form", "bound", "slack"],
  atLeast: ["form", "bound", "slack"],
  equals: ["form", "target", "within"],
} as const;

/** @throws RangeError on an unknown form, a key that its form does not have, or a value that is not a number. */
export function checkHypothesis(hypothesis: Hypothesis): void {
  const { form, ...numbers } = (hypothesis ?? {}) as unknown as Record<string, unknown>;
  if (!(typeof form === "string" && Object.hasOwn(keys, form))) {
    throw new RangeError(`a claim's form is one of ${Object.keys(keys).join(", ")}, got ${JSON.stringify(form)}`);
  }
  refuseUnknownKeys(`a claim of the form ${form}`, hypothesis, keys[form as Hypothesis["form"]]);
  for (const name of keys[form as Hypothesis["form"]].slice(1)) {
    if (typeof numbers[name] === "number") continue;
    throw new RangeError(`a claim of the form ${form} needs a number as its ${name}, got ${String(numbers[name])}`);
  }
}

/** What a capital bets: that the mean of the draws, rescaled to [0, 1], lies on that side of `mean`. */
export interface Bet {
  readonly side: Side;
  readonly mean: number;
}

/** The hypothesis in words, as in "mean <= 0.1 (slack 0.02)". */
export function describeHypothesis(hypothesis: Hypothesis): string {
  if (hypothesis.form === "equals") return `mean within ${hypothesis.within} of ${hypothesis.target}`;
  return `mean ${hypothesis.form === "atMost" ? "<=" : ">="} ${hypothesis.bound} (slack ${hypothesis.slack})`;
}

/**
 * The bets that decide a hypothesis: it is refuted by the average capital of `against`, supported once every capital of
 * `inFavour` has won (two one-sided tests, for `equals`). An edge of `equals` beyond the range needs no bet.
 * @throws RangeError on an empty range, a NaN, a negative slack, or a claim that no draws in the range could refute, or
 * none support.
 */
export function betsOn(hypothesis: Hypothesis, range: Range): { against: readonly Bet[]; inFavour: readonly Bet[] } {
  checkRange(range);
  checkHypothesis(hypothesis);
  const [lo, hi] = range;
  if (hypothesis.form === "equals") {
    const { target, within } = hypothesis;
    if (!(target >= lo && target <= hi && within > 0 && within < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `"${describeHypothesis(hypothesis)}" needs a target in [${lo}, ${hi}] and a finite within > 0`,
      );
    }
    const lower = rescale(target - within, range, Math.max(Math.abs(target), within));
    const upper = rescale(target + within, range, Math.max(Math.abs(target), within));
    if (!(lower < upper && lower < 1 && upper > 0)) throw unsupportable(hypothesis, range);
    const edges: Bet[] = [];
    if (lower >= 0) edges.push({ side: "above", mean: lower });
    if (upper <= 1) edges.push({ side: "below", mean: upper });
    // Only a mean beyond an edge refutes: an edge at the very end of the range leaves none.
    const against = edges
      .filter(({ mean }) => mean > 0 && mean < 1)
      .map(({ side, mean }) => ({ side: opposite[side], mean }));
    if (against.length === 0) throw irrefutable(hypothesis, range);
    return { against, inFavour: edges };
  }
  const { form, bound, slack } = hypothesis;
  if (!(Number.isFinite(bound) && slack >= 0 && slack < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`"${describeHypothesis(hypothesis)}" needs a finite bound and a finite slack >= 0`);
  }
  const side: Side = form === "atMost" ? "below" : "above";
  const refutedBeyond = rescale(bound, range, Math.abs(bound));
  const supportedWithin = rescale(
    side === "below" ? bound + slack : bound - slack,
    range,
    Math.max(Math.abs(bound), slack),
  );
  const [refutedEnd, supportedEnd] = side === "below" ? [1, 0] : [0, 1];
  if (refutedBeyond === refutedEnd) throw irrefutable(hypothesis, range);
  if (supportedWithin === supportedEnd) throw unsupportable(hypothesis, range);
  for (const edge of [refutedBeyond, supportedWithin]) {
    if (edge >= 0 && edge <= 1) continue;
    throw new RangeError(`"${describeHypothesis(hypothesis)}" needs its bound, with the slack, inside [${lo}, ${hi}]`);
  }
  return { against: [{ side: opposite[side], mean: refutedBeyond }], inFavour: [{ side, mean: supportedWithin }] };
}

/**
 * The bets where the draws have no sure range, in their own units: the same edges, each of which can be won and lost.
 * @throws RangeError on an unknown form or key, or a bound, slack or tolerance that is not finite, or a slack that is
 * not above 0.
 */
export function unboundedBetsOn(hypothesis: Hypothesis): { against: readonly Bet[]; inFavour: readonly Bet[] } {
  checkHypothesis(hypothesis);
  const [centre, gap] =
    hypothesis.form === "equals" ? [hypothesis.target, hypothesis.within] : [hypothesis.bound, hypothesis.slack];
  if (!(Number.isFinite(centre) && gap > 0 && Number.isFinite(gap))) {
    throw new RangeError(`"${describeHypothesis(hypothesis)}" needs finite numbers, and a slack or tolerance above 0`);
  }
  if (hypothesis.form === "equals") {
    const edges: Bet[] = [
      { side: "above", mean: centre - gap },
      { side: "below", mean: centre + gap },
    ];
    return { against: edges.map(({ side, mean }) => ({ side: opposite[side], mean })), inFavour: edges };
  }
  const side: Side = hypothesis.form === "atMost" ? "below" : "above";
  const edge = side === "below" ? centre + gap : centre - gap;
  return { against: [{ side: opposite[side], mean: centre }], inFavour: [{ side, mean: edge }] };
}

/**
 * An edge in units of the range. Sums such as 0.1 + 0.2 must not fall beyond its end by rounding: an edge within 4 ulps
 * of an end is put on it, ulps of the largest number it was computed from (`size`) or of the end itself. A wider margin
 * would move honest edges: 1e-12 of the range makes "mean <= 4" in [0, 1e13] into "mean <= 0".
 */
function rescale(edge: number, range: Range, size: number): number {
  for (const [unit, end] of range.entries()) {
    if (Math.abs(edge - end) <= 4 * Number.EPSILON * Math.max(size, Math.abs(end))) return unit;
  }
  return toUnit(edge, range);
}

const opposite = { above: "below", below: "above" } as const;

function irrefutable(hypothesis: Hypothesis, [lo, hi]: Range): RangeError {
  return new RangeError(
    `"${describeHypothesis(hypothesis)}" cannot be refuted: every mean of draws in [${lo}, ${hi}] satisfies it`,
  );
}

function unsupportable(hypothesis: Hypothesis, [lo, hi]: Range): RangeError {
  return new RangeError(
    `"${describeHypothesis(hypothesis)}" cannot be supported: ` +
      `no mean of draws in [${lo}, ${hi}] lies strictly inside it`,
  );
}
