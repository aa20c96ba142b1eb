import { Capital, type Side } from "./capital.js";
import type { Range } from "./hypothesis.js";

/** A closed interval for a mean, in the draws' own units. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The confidence sequence for the mean, at the time the given draws were seen: all means m that neither the capital
 * betting above m nor the one betting below m has refuted at level error/2 (Waudby-Smith & Ramdas 2024). With probability
 * 1 − error it covers the mean at all times together, so one may look after every draw and stop when one likes.
 *
 * Each one-sided set is an interval: every factor 1 + f (x/m − 1) falls as m grows, so the capital above m falls, and
 * likewise the capital below m rises. Neither exceeds 1 on the far side of the sample mean (log is concave), so the sample
 * mean is always inside: the interval is never empty. Without draws it is [lo, hi]. The ends are rounded outwards, by a
 * thousandth of their distance to the sample mean at most (or 10^-15 of the range). Cost: about 20 capitals of n pushes, 3 ms for n = 2,000.
 *
 * @example
 * confidenceInterval(losses, [0, 1], 1e-6); // { lower: 0.081, upper: 0.127 }
 * @throws RangeError on an empty range, an error outside (0, 1), or a draw outside the range or NaN.
 */
export function confidenceInterval(draws: ArrayLike<number>, range: Range, error: number): Interval {
  const [lo, hi] = range;
  if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo < hi)) {
    throw new RangeError(`a range needs finite lo < hi, got [${lo}, ${hi}]`);
  }
  if (!(error > 0 && error < 1)) {
    throw new RangeError(`the error of a confidence sequence must lie strictly between 0 and 1, got ${error}`);
  }
  if (draws.length === 0) return { lower: lo, upper: hi };
  const unit = new Float64Array(draws.length);
  let sum = 0;
  for (let i = 0; i < unit.length; i++) {
    const draw = draws[i]!;
    if (!(draw >= lo && draw <= hi)) {
      throw new RangeError(`draw ${i} is ${draw}, outside the declared range [${lo}, ${hi}]`);
    }
    unit[i] = (draw - lo) / (hi - lo);
    sum += unit[i]!;
  }
  const mean = Math.min(1, sum / unit.length);
  const threshold = Math.log(2 / error);
  return {
    lower: lo + (hi - lo) * limit("above", unit, mean, threshold),
    upper: lo + (hi - lo) * limit("below", unit, mean, threshold),
  };
}

/**
 * The means covered by every one of several intervals of one confidence sequence, taken at any times: they cover the mean
 * together, so their intersection does. Undefined when it is empty: then no one mean fits the draws, which happens with
 * probability at most the error unless their mean was drifting.
 * @throws RangeError on an empty list.
 */
export function intersection(intervals: readonly Interval[]): Interval | undefined {
  if (intervals.length === 0) throw new RangeError("an intersection needs at least one interval, got none");
  const lower = Math.max(...intervals.map((interval) => interval.lower));
  const upper = Math.min(...intervals.map((interval) => interval.upper));
  return lower <= upper ? { lower, upper } : undefined;
}

/**
 * A refuted mean, within a thousandth of the last on the way from the sample mean to the end of [0, 1]; that end if none is.
 * A normal approximation gives the first step, doubled until it refutes; false position (Illinois) closes the bracket.
 */
function limit(side: Side, draws: Float64Array, mean: number, threshold: number): number {
  const excess = (m: number): number => {
    const capital = new Capital(side, m);
    for (const x of draws) capital.push(x);
    return capital.log - threshold;
  };
  const end = side === "above" ? 0 : 1;
  const towards = Math.sign(end - mean);
  let squares = 0;
  for (const x of draws) squares += (x - mean) ** 2;
  let step = (Math.sqrt(2 * squares * threshold) + threshold) / draws.length;
  let inside = mean;
  let insideExcess = -threshold;
  let outside = mean + towards * Math.min(step, Math.abs(end - mean));
  let outsideExcess = excess(outside);
  while (outsideExcess < 0) {
    if (outside === end) return end;
    [inside, insideExcess] = [outside, outsideExcess];
    step *= 2;
    outside = mean + towards * Math.min(step, Math.abs(end - mean));
    outsideExcess = excess(outside);
  }
  // The constant ends a bracket that has shrunk to neighbouring doubles.
  while (Math.abs(outside - inside) > 1e-3 * Math.abs(outside - mean) + 1e-15) {
    const share = Math.min(0.9, Math.max(0.1, insideExcess / (insideExcess - outsideExcess)));
    const between = inside + share * (outside - inside);
    const betweenExcess = excess(between);
    // The end that stays counts half, so that both ends move.
    if (betweenExcess >= 0) {
      [outside, outsideExcess] = [between, betweenExcess];
      insideExcess /= 2;
    } else {
      [inside, insideExcess] = [between, betweenExcess];
      outsideExcess /= 2;
    }
  }
  return outside;
}
