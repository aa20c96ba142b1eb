/** The interval [lo, hi] that every draw lies in, surely. */
export type Range = readonly [lo: number, hi: number];

/** @throws RangeError unless it is two finite numbers, the first below the second. */
export function checkRange(range: Range): void {
  if (Array.isArray(range) && range.length === 2 && range.every(Number.isFinite) && range[0] < range[1]) return;
  throw new RangeError(`a range needs finite lo < hi, got [${[range].flat().map(String).join(", ")}]`);
}

/**
 * The draw in units of its range, (x − lo)/(hi − lo): a quotient, which cannot exceed 1 by rounding. A range whose
 * width is past the largest double is halved first.
 */
export function toUnit(x: number, [lo, hi]: Range): number {
  return hi - lo < Number.POSITIVE_INFINITY ? (x - lo) / (hi - lo) : (x / 2 - lo / 2) / (hi / 2 - lo / 2);
}

/** The value at that share of the range, kept inside it. */
export function fromUnit(unit: number, [lo, hi]: Range): number {
  const value = hi - lo < Number.POSITIVE_INFINITY ? lo + (hi - lo) * unit : lo * (1 - unit) + hi * unit;
  return Math.min(hi, Math.max(lo, value));
}
