import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Axis, Figure, Row, Settings } from "./figure.js";
import { type DrawnRow, drawable, logTicks } from "./log-axis.js";

/** Okabe & Ito's palette, which the colour-blind can tell apart, without its yellow, too pale for a line. */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

const font = "DejaVu Sans";
const require = createRequire(import.meta.url);
const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) =>
  require.resolve(`dejavu-fonts-ttf/ttf/${name}`),
);

/**
 * Without a canvas Vega guesses .8 em a character, which leaves margins blank; this font's mean is .52 em in our
 * titles.
 */
const metrics = (vega as unknown as { textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number } })
  .textMetrics;
metrics.width = ({ fontSize = 11 }, text) => 0.56 * fontSize * String(text).length;

/**
 * A figure as a Vega-Lite specification: panels side by side; measured values as points with their 95% interval, joined
 * by lines; computed ones as dashed lines; published ones as hollow diamonds. The legend stands under the panels, where
 * no data are.
 */
export function specification(figure: Figure, settings: Settings, given: readonly Row[]): TopLevelSpec {
  const rows = given.filter((row) => !figure.tabled?.includes(row.series));
  const present = new Set(rows.map(({ series }) => series));
  const series = figure.series(settings).filter((name) => present.has(name));
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const colour = {
    field: "series",
    type: "nominal",
    scale: { domain: series, range: series.map((_, i) => palette[i % palette.length]!) },
    legend: { title: null, columns: Math.min(4, series.length), symbolType: "stroke", symbolStrokeWidth: 3 },
  } as const;
  const drawn = drawable(rows, figure.x, figure.y);
  const cuts = drawn.some(({ cut }) => cut);
  const x = { field: "x", type: "quantitative", ...channel(figure.x, drawn, (row) => [row.x]) } as const;
  const heights = (row: DrawnRow) => [row.value ?? row.low, row.low, row.high];
  const y = { field: "value", type: "quantitative", ...channel(figure.y, drawn, heights) } as const;
  const caption = figure.caption(settings) + (cuts ? " ▾: it reaches 0." : "");
  const measuredOnly = { filter: 'datum.kind === "measured"' };
  const known = (domain: readonly string[], field: string) =>
    domain.filter((name) => rows.some((row) => named[row.kind][field as "line"] === name));
  const lines = known([named.measured.line, named.computed.line], "line");
  const dashes = {
    field: "line",
    type: "nominal",
    scale: { domain: lines, range: lines.map((_, i) => (i === 0 ? [1, 0] : [5, 3])) },
    legend: lines.length > 1 ? { title: null, symbolType: "stroke", symbolSize: 300 } : null,
  } as const;
  const points = known([named.measured.point, named.published.point], "point");
  const shape = {
    field: "point",
    type: "nominal",
    scale: { domain: points, range: points.map((name) => (name === named.measured.point ? "circle" : "diamond")) },
    legend: points.length > 1 ? { title: null, symbolFillColor: "transparent", symbolSize: 70 } : null,
  } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: { text: figure.title, subtitle: wrapped(caption, 62 * Math.min(panels.length, 2)) },
    data: { values: drawn.map((row) => ({ ...row, ...named[row.kind] })) },
    facet: { field: "panel", type: "nominal", sort: panels, header: { title: null, labelFontSize: 13 } },
    columns: Math.min(3, panels.length),
    spec: {
      width: panels.length > 2 ? 250 : panels.length > 1 ? 370 : 480,
      height: 300,
      layer: [
        {
          transform: [{ filter: `datum.kind !== "published"${cuts ? " && datum.value !== null" : ""}` }],
          mark: { type: "line", strokeWidth: 1.4 },
          encoding: { x, y, color: colour, strokeDash: dashes },
        },
        {
          transform: [measuredOnly],
          mark: { type: "rule", strokeWidth: 1.4 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
        },
        {
          transform: [measuredOnly, ...(cuts ? [{ filter: "datum.value !== null" }] : [])],
          mark: { type: "point", size: 26, filled: true, opacity: 1 },
          encoding: { x, y, color: colour, shape },
        },
        {
          transform: [{ filter: 'datum.kind === "published"' }],
          mark: { type: "point", size: 60, filled: false, strokeWidth: 1.6, opacity: 1 },
          encoding: { x, y, color: colour, shape },
        },
        ...(cuts
          ? [
              {
                transform: [{ filter: "datum.cut" }],
                mark: { type: "point", shape: "triangle-down", size: 40, filled: true, opacity: 1 },
                encoding: { x, y: { ...y, field: "low" }, color: colour },
              },
            ]
          : []),
      ],
    },
    resolve: { scale: figure.ownScales ? { x: "independent", y: "independent" } : { x: "shared", y: "shared" } },
    background: "white",
    padding: 14,
    config: {
      font,
      title: { fontSize: 15, subtitleFontSize: 11, anchor: "start", offset: 12 },
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", gridColor: "#e4e4e4" },
      legend: {
        orient: "bottom",
        direction: "horizontal",
        labelFontSize: 12,
        labelLimit: 0,
        offset: 16,
        rowPadding: 4,
        layout: { bottom: { direction: "vertical", anchor: "start", margin: 8 } },
      },
    },
  } as unknown as TopLevelSpec;
}

/** What the legend calls a kind's line and its points. */
const named = {
  measured: { line: "measured", point: "measured, with 95% interval" },
  computed: { line: "computed", point: "" },
  published: { line: "", point: "published" },
} as const;

/** The picture as SVG text, drawn without a browser. */
export async function toSvg(specification: TopLevelSpec): Promise<string> {
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** The SVG as PNG bytes at twice its size, in a font from the package: none need be installed. */
export function toPng(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: font },
  });
  return image.render().asPng();
}

function channel({ title, scale, from, to, ticks }: Axis, rows: readonly DrawnRow[], of: (row: DrawnRow) => number[]) {
  const values = scale === "log" && ticks ? ticksOf(rows, of, ticks) : ticks;
  const numbers = rows.flatMap(of);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  // A logarithmic axis over a single number would have no length.
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const point = panels.some((panel) => new Set(rows.filter((row) => row.panel === panel).flatMap(of)).size === 1);
  return {
    title,
    scale: {
      type: scale,
      ...(scale === "log" && (point || low === high) ? { domainMin: low / 2, domainMax: high * 2 } : {}),
      ...(scale === "linear" ? { zero: false } : {}),
      nice: from === undefined && to === undefined && scale === "linear",
      ...(from === undefined ? {} : { domainMin: from }),
      ...(to === undefined ? {} : { domainMax: to }),
    },
    axis: values ? { values, labelFlush: false, labelExpr: compact } : { tickCount: 6, labelOverlap: true },
  };
}

/** The ticks that give every panel its own, were the scales its own. */
function ticksOf(rows: readonly DrawnRow[], of: (row: DrawnRow) => number[], wanted: readonly number[]) {
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const ticks = panels.map((panel) => logTicks(rows.filter((row) => row.panel === panel).flatMap(of), wanted));
  return ticks.every((own) => own === wanted) ? wanted : [...new Set(ticks.flat())].sort((a, b) => a - b);
}

/**
 * Vega's expression for a tick's label: 100k for 100,000, so that wide axes stand apart, and powers for what has many
 * zeros.
 */
const compact =
  "datum.value >= 1e5 && datum.value < 1e9 ? format(datum.value, '~s') : " +
  "datum.value !== 0 && (abs(datum.value) < 1e-4 || datum.value >= 1e9) ? format(datum.value, '.6~e') : " +
  "datum.label === '' ? format(datum.value, ',.6~g') : datum.label";

/** Lines of at most `width` characters, broken at spaces, but not about an equals sign. */
function wrapped(text: string, width: number): string[] {
  return text
    .replaceAll(" = ", "\u00a0=\u00a0")
    .split(" ")
    .reduce<string[]>((lines, word) => {
      const last = lines.at(-1);
      if (last === undefined || last.length + word.length >= width) lines.push(word);
      else lines[lines.length - 1] = `${last} ${word}`;
      return lines;
    }, []);
}
