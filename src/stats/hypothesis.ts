import type { Side } from "./capital.js";

/**
 * What is claimed of the mean of a stream of draws, in the draws' own units.
 *
 * - `atMost`: mean ≤ bound. Decided wrongly with bounded probability outside (bound, bound + slack), where nothing is promised.
 * - `atLeast`: mean ≥ bound; nothing is promised in (bound − slack, bound).
 * - `equals`: |mean − target| < within. There is no slack: at the two edges themselves a stream stays undecided for ever.
 */
export type Hypothesis =
  | { readonly form: "atMost" | "atLeast"; readonly bound: number; readonly slack: number }
  | { readonly form: "equals"; readonly target: number; readonly within: number };

/** The interval [lo, hi] that every draw lies in, surely. */
export type Range = readonly [lo: number, hi: number];

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
  const [lo, hi] = range;
  if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo < hi)) {
    throw new RangeError(`a range needs finite lo < hi, got [${lo}, ${hi}]`);
  }
  if (hypothesis.form === "equals") {
    const { target, within } = hypothesis;
    if (!(target >= lo && target <= hi && within > 0 && within < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `"${describeHypothesis(hypothesis)}" needs a target in [${lo}, ${hi}] and a finite within > 0`,
      );
    }
    const lower = rescale(target - within, range);
    const upper = rescale(target + within, range);
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
  const refutedBeyond = rescale(bound, range);
  const supportedWithin = rescale(side === "below" ? bound + slack : bound - slack, range);
  const [refutedEnd, supportedEnd] = side === "below" ? [1, 0] : [0, 1];
  if (refutedBeyond === refutedEnd) throw irrefutable(hypothesis, range);
  if (supportedWithin === supportedEnd) throw unsupportable(hypothesis, range);
  for (const edge of [refutedBeyond, supportedWithin]) {
    if (edge >= 0 && edge <= 1) continue;
    throw new RangeError(`"${describeHypothesis(hypothesis)}" needs its bound, with the slack, inside [${lo}, ${hi}]`);
  }
  return { against: [{ side: opposite[side], mean: refutedBeyond }], inFavour: [{ side, mean: supportedWithin }] };
}

/** An edge in units of the range. Sums such as 0.1 + 0.2 must not fall beyond its end by rounding: they are put on it. */
function rescale(edge: number, [lo, hi]: Range): number {
  const unit = (edge - lo) / (hi - lo);
  const end = Math.round(unit);
  return (end === 0 || end === 1) && Math.abs(unit - end) < 1e-12 ? end : unit;
}

const opposite = { above: "below", below: "above" } as const;

function irrefutable(hypothesis: Hypothesis, [lo, hi]: Range): RangeError {
  return new RangeError(
    `"${describeHypothesis(hypothesis)}" cannot be refuted: every mean of draws in [${lo}, ${hi}] satisfies it`,
  );
}

function unsupportable(hypothesis: Hypothesis, [lo, hi]: Range): RangeError {
  return new RangeError(
    `"${describeHypothesis(hypothesis)}" cannot be supported: no mean of draws in [${lo}, ${hi}] lies strictly inside it`,
  );
}
