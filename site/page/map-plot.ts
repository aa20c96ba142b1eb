import type { MapCell } from "../../src/claim/map.js";
import { escaped } from "../markup.js";
import { short } from "./plot.js";

/** A map to draw. */
export interface MapPlot {
  readonly title: string;
  readonly x: { readonly name: string; readonly values: readonly number[] };
  readonly y: { readonly name: string; readonly values: readonly number[] };
  readonly cells: readonly MapCell[];
  /** Where each assumption has slack 1. */
  readonly edges: readonly { readonly name: string; readonly points: readonly { x: number; y: number }[] }[];
}

const marks = { supported: "✓", refuted: "✗", undecided: "?", vacuous: "–" } as const;
const [width, height] = [620, 470];
const margin = { left: 62, right: 10, top: 10, bottom: 44 };
/** Dashes that tell the edges of assumptions apart. */
const dashes = ["none", "7 4", "2 3", "9 3 2 3"];

/** A map as SVG text: a coloured and marked cell for each that was judged, a line where each assumption has slack 1. */
export function mapSvg({ title, x, y, cells, edges }: MapPlot): string {
  const [columns, rows] = [x.values.length, y.values.length];
  const cellWidth = (width - margin.left - margin.right) / columns;
  const cellHeight = (height - margin.top - margin.bottom) / rows;
  const left = (column: number) => margin.left + column * cellWidth;
  const top = (row: number) => margin.top + (rows - 1 - row) * cellHeight;
  const boxes = cells.map(({ column, row, verdict, estimate, lower, upper, draws }) => {
    const measured = draws > 0 ? `: ${short(estimate)} [${short(lower)}, ${short(upper)}], ${draws} draws` : "";
    const tip = `${x.name} = ${place(x.values[column]!)}, ${y.name} = ${place(y.values[row]!)}: ${verdict}${measured}`;
    const [mx, my] = [left(column) + cellWidth / 2, top(row) + cellHeight / 2];
    return (
      `<g class="cell ${verdict}"><title>${escaped(tip)}</title><rect x="${left(column).toFixed(1)}" ` +
      `y="${top(row).toFixed(1)}" width="${cellWidth.toFixed(1)}" height="${cellHeight.toFixed(1)}"/>` +
      `<text x="${mx.toFixed(1)}" y="${(my + 4).toFixed(1)}" text-anchor="middle">${marks[verdict]}</text></g>`
    );
  });
  const everyX = Math.ceil(columns / 7);
  const everyY = Math.ceil(rows / 9);
  const ticks = [
    ...x.values.flatMap((value, i) =>
      i % everyX === 0
        ? [
            `<text x="${(left(i) + cellWidth / 2).toFixed(1)}" y="${height - 26}" text-anchor="middle">${place(value)}</text>`,
          ]
        : [],
    ),
    ...y.values.flatMap((value, i) =>
      i % everyY === 0
        ? [
            `<text x="${margin.left - 6}" y="${(top(i) + cellHeight / 2 + 4).toFixed(1)}" text-anchor="end">${place(value)}</text>`,
          ]
        : [],
    ),
  ];
  const at = ({ x: a, y: b }: { x: number; y: number }) => {
    const column = placeIn(x.values, a);
    const row = placeIn(y.values, b);
    return `${(left(column) + cellWidth / 2).toFixed(1)} ${(top(row) + cellHeight / 2).toFixed(1)}`;
  };
  const drawn = edges.filter(({ points }) => points.length > 1);
  const lines = drawn.map(
    ({ points }, i) =>
      `<path class="edge" stroke-dasharray="${dashes[i % dashes.length]}" d="M${points.map(at).join("L")}"/>`,
  );
  const legend = drawn
    .map(
      ({ name }, i) =>
        `<span class="key"><svg class="plot" width="26" height="10" aria-hidden="true"><path class="edge" ` +
        `stroke-dasharray="${dashes[i % dashes.length]}" d="M1 5H25"/></svg>slack 1 of ${escaped(name)}</span>`,
    )
    .join(" ");
  const verdicts = [...new Set(cells.map(({ verdict }) => verdict))]
    .map((verdict) => `<span class="key"><span class="chip ${verdict}">${marks[verdict]} ${verdict}</span></span>`)
    .join(" ");
  return (
    `<svg class="plot map chart" viewBox="0 0 ${width} ${height}" role="img" tabindex="0" aria-label="${escaped(title)}">` +
    `${boxes.join("")}${lines.join("")}${ticks.join("")}` +
    `<text class="axis" x="${width / 2}" y="${height - 6}" text-anchor="middle">${escaped(x.name)}</text>` +
    `<text class="axis" x="12" y="${height / 2}" text-anchor="middle" transform="rotate(-90 12 ${height / 2})">` +
    `${escaped(y.name)}</text></svg><p class="legend">${verdicts} ${legend}</p>`
  );
}

/** A parameter's value, as configurations write it. */
function place(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Where a value lies among the grid's, in steps of it. */
function placeIn(values: readonly number[], value: number): number {
  const above = values.findIndex((one) => one >= value);
  if (above <= 0) return 0;
  const [low, high] = [values[above - 1]!, values[above]!];
  return above - 1 + Math.log(value / low) / Math.log(high / low);
}
