import { escaped } from "../markup.js";

/** One axis of a plot. */
export interface PlotAxis {
  readonly label: string;
  readonly scale: "linear" | "log";
  readonly from: number;
  readonly to: number;
  /** How a tick is written; short as can be unless given. */
  readonly tick?: (value: number) => string;
}

/** A line, or points with or without intervals. */
export interface PlotSeries {
  readonly name: string;
  /** The class that gives it its colour and dash. */
  readonly look: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Ends of an interval at each point: drawn as bars with dots in place of a line. */
  readonly intervals?: readonly (readonly [low: number, high: number])[];
  /** Whether the legend leaves it out. */
  readonly unnamed?: boolean;
}

/** A straight line across, at a value of either axis, with its name beside it. */
export interface PlotRule {
  readonly name: string;
  readonly look: string;
  readonly x?: number;
  readonly y?: number;
}

/** What is drawn, in units of CSS pixels at its natural width. */
export interface Plot {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly series: readonly PlotSeries[];
  readonly rules?: readonly PlotRule[];
}

const margin = { left: 52, right: 14, top: 12, bottom: 40 };

/** A plot as SVG text: the same at build and in the page. What lies beyond an axis is cut off. */
export function plotSvg({ title, width, height, x, y, series, rules = [] }: Plot): string {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const px = placed(x, margin.left, right);
  const py = placed(y, bottom, margin.top);
  const grid = [
    ...ticksOf(x).map((value) => {
      const at = fixed(px(value));
      const text = escaped((x.tick ?? short)(value));
      return (
        `<line class="grid" x1="${at}" x2="${at}" y1="${margin.top}" y2="${bottom}"/>` +
        `<text x="${at}" y="${bottom + 16}" text-anchor="middle">${text}</text>`
      );
    }),
    ...ticksOf(y).map((value) => {
      const at = fixed(py(value));
      const text = escaped((y.tick ?? short)(value));
      return (
        `<line class="grid" x1="${margin.left}" x2="${right}" y1="${at}" y2="${at}"/>` +
        `<text x="${margin.left - 7}" y="${Number(at) + 4}" text-anchor="end">${text}</text>`
      );
    }),
  ];
  const lines = rules.flatMap((rule) => {
    const across = rule.y !== undefined;
    const value = across ? rule.y : rule.x!;
    const axis = across ? y : x;
    if (!(value >= axis.from && value <= axis.to)) return [];
    const at = fixed(across ? py(value) : px(value));
    const ends = across
      ? `x1="${margin.left}" x2="${right}" y1="${at}" y2="${at}"`
      : `x1="${at}" x2="${at}" y1="${margin.top}" y2="${bottom}"`;
    const near = !across && Number(at) > right - 90;
    const place = across
      ? `x="${right - 4}" y="${Number(at) - 4}" text-anchor="end"`
      : `x="${Number(at) + (near ? -4 : 4)}" y="${bottom - 6}" text-anchor="${near ? "end" : "start"}"`;
    return [
      `<line class="rule ${rule.look}" ${ends}/><text class="${rule.look}" ${place}>${escaped(rule.name)}</text>`,
    ];
  });
  const clip = `clip${hash(title + series.map(({ name }) => name).join())}`;
  return (
    `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">` +
    `<clipPath id="${clip}"><rect x="${margin.left}" y="${margin.top}" width="${right - margin.left}" ` +
    `height="${bottom - margin.top}"/></clipPath>${grid.join("")}${lines.join("")}` +
    `<g clip-path="url(#${clip})">${series.map((one) => seriesSvg(one, px, py)).join("")}</g>` +
    `<text class="axis" x="${(margin.left + right) / 2}" y="${height - 6}" text-anchor="middle">` +
    `${escaped(x.label)}</text><text class="axis" x="12" y="${(margin.top + bottom) / 2}" text-anchor="middle" ` +
    `transform="rotate(-90 12 ${(margin.top + bottom) / 2})">${escaped(y.label)}</text></svg>`
  );
}

type Place = (value: number) => number;

function seriesSvg({ look, points, intervals, name }: PlotSeries, px: Place, py: Place): string {
  if (!intervals) {
    const path = points.map(([a, b], i) => `${i === 0 ? "M" : "L"}${fixed(px(a))} ${fixed(py(b))}`).join("");
    return `<path class="line ${look}" d="${path}"/>`;
  }
  return points
    .map(([a, b], i) => {
      const [low, high] = intervals[i]!;
      const at = fixed(px(a));
      const tip = `${name}: ${short(b)} [${short(low)}, ${short(high)}] at ${short(a)}`;
      return (
        `<g class="mark ${look}"><title>${escaped(tip)}</title>` +
        `<line class="bar" x1="${at}" x2="${at}" y1="${fixed(py(low))}" y2="${fixed(py(high))}"/>` +
        `<circle cx="${at}" cy="${fixed(py(b))}" r="3.5"/></g>`
      );
    })
    .join("");
}

/** The legend of a plot, as HTML. */
export function legendHtml(series: readonly PlotSeries[]): string {
  return series
    .filter(({ unnamed }) => !unnamed)
    .map(
      ({ name, look, intervals }) =>
        `<span class="key"><svg class="plot" width="26" height="10" aria-hidden="true">` +
        (intervals
          ? `<g class="mark ${look}"><circle cx="13" cy="5" r="3.5"/></g>`
          : `<path class="line ${look}" d="M1 5H25"/>`) +
        `</svg>${escaped(name)}</span>`,
    )
    .join(" ");
}

function placed({ scale, from, to }: PlotAxis, start: number, end: number): Place {
  const of = scale === "log" ? Math.log : (value: number) => value;
  const [low, high] = [of(from), of(to)];
  return (value) => {
    const at = start + ((of(value) - low) / (high - low)) * (end - start);
    return Math.max(-1e4, Math.min(1e4, at));
  };
}

/** Powers of ten on a logarithmic axis, at most eight; round numbers on a linear one. */
function ticksOf({ scale, from, to }: PlotAxis): number[] {
  if (scale === "log") {
    const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
    const every = Math.max(1, Math.ceil((last - first + 1) / 8));
    const ticks = [];
    for (let power = first; power <= last; power += every) ticks.push(10 ** power);
    return ticks;
  }
  const rough = (to - from) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((times) => times * unit >= rough)!;
  const ticks = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) ticks.push(i * step);
  return ticks;
}

/** A number in few characters: 10⁶, 0.95, 1.2e-7. */
export function short(value: number): string {
  const power = Math.log10(Math.abs(value));
  if (value !== 0 && Number.isFinite(power) && Math.abs(power - Math.round(power)) < 1e-9 && Math.abs(power) >= 3.9) {
    const digits = [...String(Math.round(power))].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]));
    return `10${digits.join("")}`;
  }
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? "∞" : "−∞";
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function hash(text: string): string {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)!) | 0;
  return (sum >>> 0).toString(36);
}
