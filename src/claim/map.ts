import { Stream } from "../random/stream.js";
import type { Judging } from "./judging.js";
import { judgeWherever } from "./one-place.js";
import { configurationProblem } from "./setting.js";
import type { Configuration, Theorem } from "./theorem.js";

/** One axis of a map: a parameter and its values, rising, one for each column or row of the finest grid. */
export interface MapAxis {
  readonly name: string;
  readonly values: readonly number[];
}

/** What is mapped: one claim over two parameters, the others fixed. */
export interface MapQuestion {
  readonly claim: string;
  readonly configuration: Configuration;
  readonly x: MapAxis;
  readonly y: MapAxis;
}

/**
 * A judged cell. "vacuous" where there is no such configuration, such as k > d, or nothing to measure; assumptions may
 * hold there or not.
 */
export interface MapCell {
  readonly column: number;
  readonly row: number;
  readonly verdict: "supported" | "refuted" | "undecided" | "vacuous";
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly draws: number;
}

/** A share of one in this many cells is judged wherever it lies, against islands that no edge leads to. */
const oneIn = 12;

/**
 * Where a claim holds, over two parameters. A coarse grid comes first, its corners among it; then the grid is halved,
 * and a new cell is judged only where its neighbours of the grid before disagree, so that the edge is sharp and the
 * plain is cheap; besides, a share of the cells elsewhere, chosen by hashing their place. No cell is filled that was
 * not judged. The rates are to be split over the finest grid, whose cells are all that can be asked.
 * @param known cells of an earlier run of the same question, which are not judged again.
 * @param tell hears of each cell as it is judged, with the share of the work that is done, as far as it can be
 * foreseen.
 */
export async function mapClaim(
  theorem: Theorem,
  question: MapQuestion,
  judging: Judging,
  known: readonly MapCell[] = [],
  tell: (cell: MapCell, share: number) => void = () => undefined,
): Promise<MapCell[]> {
  const { x, y } = question;
  const [columns, rows] = [x.values.length, y.values.length];
  const cells = new Map(known.map((cell) => [cell.row * columns + cell.column, cell]));
  const judged = new Map<number, MapCell>();
  const judgeAll = async (wanted: readonly (readonly [number, number])[], begun: number, until: number) => {
    let done = 0;
    await Promise.all(
      wanted.map(async ([column, row]) => {
        const place = row * columns + column;
        const before = cells.get(place);
        const cell = before ?? (await mapCell(theorem, question, column, row, judging));
        judged.set(place, cell);
        if (!before) tell(cell, begun + ((until - begun) * ++done) / wanted.length);
      }),
    );
  };
  const first = largestStride(Math.max(columns, rows));
  const on = (stride: number) => {
    const places: [number, number][] = [];
    for (const row of positions(rows, stride)) {
      for (const column of positions(columns, stride)) places.push([column, row]);
    }
    return places;
  };
  const levels = 1 + Math.log2(first);
  await judgeAll(on(first), 0, 1 / levels);
  for (let stride = first / 2, level = 1; stride >= 1; stride /= 2, level++) {
    const wanted = on(stride).filter(([column, row]) => {
      if (judged.has(row * columns + column)) return false;
      const around = neighbours(column, row, 2 * stride, columns, rows).map(([c, r]) => judged.get(r * columns + c));
      const verdicts = new Set(around.map((cell) => cell?.verdict ?? "not judged"));
      // Where the grid before has holes, that is where it saw a plain.
      verdicts.delete("not judged");
      return verdicts.size > 1 || sampled(theorem, question, column, row);
    });
    await judgeAll(wanted, level / levels, (level + 1) / levels);
  }
  return [...judged.values()].sort((a, b) => a.row - b.row || a.column - b.column);
}

async function mapCell(
  theorem: Theorem,
  { claim, configuration, x, y }: MapQuestion,
  column: number,
  row: number,
  judging: Judging,
): Promise<MapCell> {
  const there = { ...configuration, [x.name]: x.values[column]!, [y.name]: y.values[row]! };
  const nothing = { column, row, estimate: Number.NaN, lower: Number.NaN, upper: Number.NaN, draws: 0 };
  if (configurationProblem(there) !== undefined) return { ...nothing, verdict: "vacuous" };
  const [judgement] = await judgeWherever(theorem, [claim], { configuration: there, purpose: "map" }, judging);
  const [result] = judgement!.cases;
  if (!result) return { ...nothing, verdict: "vacuous" };
  const { estimate, interval, draws } = result;
  const { lower, upper } = interval ?? { lower: estimate, upper: estimate };
  return { column, row, verdict: judgement!.verdict, estimate, lower, upper, draws };
}

/** The coarse grid has about five cells a side. */
function largestStride(length: number): number {
  let stride = 1;
  while ((length - 1) / (2 * stride) >= 3) stride *= 2;
  return stride;
}

/** 0, stride, 2·stride, … and the last place. */
function positions(length: number, stride: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < length - 1; at += stride) places.push(at);
  return [...places, length - 1];
}

/** The places of the grid of that stride which surround a place: those next to it on either side, along both axes. */
function neighbours(column: number, row: number, stride: number, columns: number, rows: number): [number, number][] {
  const around = (at: number, length: number) => {
    const places = positions(length, stride);
    const below = places.filter((place) => place <= at).at(-1)!;
    const above = places.find((place) => place >= at)!;
    return [...new Set([below, above])];
  };
  return around(row, rows).flatMap((r) => around(column, columns).map((c): [number, number] => [c, r]));
}

function sampled(theorem: Theorem, { claim, x, y }: MapQuestion, column: number, row: number): boolean {
  return Stream.root("icl-claims", "map", theorem.id, claim, x.name, y.name, column, row).uniform() < 1 / oneIn;
}

/**
 * Where an assumption's slack is 1, along the grid's columns and rows, in grid places; empty where the map has no edge.
 */
export function assumptionEdge(
  theorem: Theorem,
  { configuration, x, y }: Pick<MapQuestion, "configuration" | "x" | "y">,
  number: number,
): { readonly x: number; readonly y: number }[] {
  const slack = (column: number, row: number) => {
    const at = { ...configuration, [x.name]: x.values[column]!, [y.name]: y.values[row]! };
    return Math.log(theorem.assumptions[number]!.at(at).slack);
  };
  const points: { x: number; y: number }[] = [];
  const between = (low: number, high: number) => low / (low - high);
  const mix = (values: readonly number[], at: number, share: number) =>
    values[at]! * (values[at + 1]! / values[at]!) ** share;
  for (let column = 0; column < x.values.length; column++) {
    for (let row = 0; row + 1 < y.values.length; row++) {
      const [low, high] = [slack(column, row), slack(column, row + 1)];
      if (low < 0 === high < 0 || !Number.isFinite(low - high)) continue;
      points.push({ x: x.values[column]!, y: mix(y.values, row, between(low, high)) });
    }
  }
  for (let row = 0; row < y.values.length; row++) {
    for (let column = 0; column + 1 < x.values.length; column++) {
      const [low, high] = [slack(column, row), slack(column + 1, row)];
      if (low < 0 === high < 0 || !Number.isFinite(low - high)) continue;
      points.push({ x: mix(x.values, column, between(low, high)), y: y.values[row]! });
    }
  }
  return points.sort((a, b) => a.x - b.x || a.y - b.y);
}
