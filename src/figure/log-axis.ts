import type { Axis, Row } from "./figure.js";

/** A row as it can be drawn: on a logarithmic axis what reaches 0 is cut at a floor, and marked there. */
export interface DrawnRow extends Omit<Row, "value"> {
  /** `null` where the value itself cannot be drawn. */
  readonly value: number | null;
  readonly cut: boolean;
}

/**
 * The rows cut for a logarithmic axis: intervals and values at 0 or below end at a floor, a factor 2 below the least
 * positive number of their panel. Where nothing is cut, nothing changes. On a linear axis all rows stay.
 * @throws RangeError on a number that is not finite, or an x at 0 or below on a logarithmic axis.
 */
export function drawable(rows: readonly Row[], x: Axis, y: Axis): DrawnRow[] {
  const floors = new Map<string, number>();
  for (const { panel, ...row } of rows) {
    for (const number of [row.x, row.value, row.low, row.high]) {
      if (!Number.isFinite(number))
        throw new RangeError(`a figure needs finite numbers, got ${number} in ${row.series}`);
    }
    if (x.scale === "log" && !(row.x > 0)) {
      throw new RangeError(`"${x.title}" has a logarithmic axis: it must be above 0, got ${row.x}`);
    }
    const least = Math.min(...[row.value, row.low, row.high].filter((number) => number > 0));
    floors.set(panel, Math.min(floors.get(panel) ?? Number.POSITIVE_INFINITY, least / 2));
  }
  return rows.map((row) => {
    const cut = y.scale === "log" && row.low <= 0;
    if (!cut) return { ...row, cut };
    const floor = floors.get(row.panel)!;
    const low = floor < Number.POSITIVE_INFINITY ? floor : 1;
    return { ...row, cut, value: row.value > 0 ? row.value : null, low, high: Math.max(row.high, low) };
  });
}

/**
 * Where a logarithmic axis over these numbers of one panel has its ticks: where the figure puts them, if at least two
 * of them lie within, else at 1, 2 and 5 times powers of ten within, or powers of ten alone where those are many, or
 * round numbers where the range is narrow.
 */
export function logTicks(numbers: readonly number[], wanted: readonly number[]): readonly number[] {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= low && tick <= high);
  if (within(wanted).length >= 2) return wanted;
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  for (const leading of [[1, 2, 5], [1]]) {
    const every = leading.length > 1 ? 1 : Math.max(1, Math.ceil((last - first) / 8));
    const ticks: number[] = [];
    for (let power = first; power <= last; power += every) {
      for (const digit of leading) ticks.push(Number(`${digit}e${power}`));
    }
    const inside = within(ticks);
    if (inside.length >= 2 && inside.length <= 9) return inside;
  }
  // Less than a factor of 10: a step of one digit gives two ticks at least, unless the range is a point.
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  if (!(step > 1e-9 * low)) return [Number(low.toPrecision(6))];
  const ticks: number[] = [];
  const every = Math.ceil((high - low) / step / 8);
  for (let i = Math.ceil(low / step); i * step <= high; i += every) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
