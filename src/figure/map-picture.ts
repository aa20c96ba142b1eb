import type { TopLevelSpec } from "vega-lite";
import { configurationText } from "../claim/configurations.js";
import { assumptionEdge, type MapCell, type MapQuestion } from "../claim/map.js";
import type { Theorem } from "../claim/theorem.js";

/** A colour and a mark for each verdict, so that neither carries the meaning alone. */
const looks = {
  supported: { colour: "#0072B2", mark: "✓" },
  refuted: { colour: "#D55E00", mark: "✗" },
  undecided: { colour: "#F0E442", mark: "?" },
  vacuous: { colour: "#BBBBBB", mark: "–" },
} as const;

/**
 * A map as a Vega-Lite specification: a rectangle for each judged cell, none where none was judged, and a line for each
 * assumption where its slack is 1.
 */
export function mapSpecification(theorem: Theorem, question: MapQuestion, cells: readonly MapCell[]): TopLevelSpec {
  const { claim, configuration, x, y } = question;
  const [xs, ys] = [edgesOf(x.values), edgesOf(y.values)];
  const boxes = cells.map(({ column, row, verdict, estimate }) => ({
    ...{ x: xs[column], x2: xs[column + 1], y: ys[row], y2: ys[row + 1], verdict, estimate },
    ...{ midX: x.values[column], midY: y.values[row], mark: looks[verdict].mark },
  }));
  const lines = theorem.assumptions.flatMap(({ expression }, number) =>
    expression.includes("==")
      ? []
      : assumptionEdge(theorem, question, number).map((point, order) => ({ ...point, order, assumption: expression })),
  );
  const axis = (name: string, values: readonly number[], edges: readonly number[]) =>
    ({
      type: "quantitative",
      title: name,
      scale: { type: "log", domain: [edges[0]!, edges.at(-1)!], nice: false },
      axis: { values: ticksOf(values), grid: false, format: "," },
    }) as const;
  const [horizontal, vertical] = [axis(x.name, x.values, xs), axis(y.name, y.values, ys)];
  const fixed = Object.entries(configuration).filter(([name]) => name !== x.name && name !== y.name);
  const verdicts = Object.keys(looks) as (keyof typeof looks)[];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: {
      text: `${theorem.id}: ${claim}`,
      subtitle: [configurationText(Object.fromEntries(fixed)), "cells left white were not judged"],
    },
    width: 460,
    height: 400,
    background: "white",
    layer: [
      {
        data: { values: boxes },
        mark: { type: "rect", stroke: "white", strokeWidth: 0.5, opacity: 0.85 },
        encoding: {
          x: { field: "x", ...horizontal },
          x2: { field: "x2" },
          y: { field: "y", ...vertical },
          y2: { field: "y2" },
          color: {
            field: "verdict",
            type: "nominal",
            scale: { domain: verdicts, range: verdicts.map((verdict) => looks[verdict].colour) },
            legend: { title: null, orient: "bottom", symbolOpacity: 0.85 },
          },
        },
      },
      {
        data: { values: boxes },
        mark: { type: "text", fontSize: 9, color: "#222222" },
        encoding: {
          x: { field: "midX", ...horizontal },
          y: { field: "midY", ...vertical },
          text: { field: "mark", type: "nominal" },
        },
      },
      ...(lines.length === 0
        ? []
        : [
            {
              data: { values: lines },
              mark: { type: "line", clip: true, color: "black", strokeWidth: 1.6 },
              encoding: {
                x: { field: "x", ...horizontal },
                y: { field: "y", ...vertical },
                order: { field: "order", type: "quantitative" },
                strokeDash: {
                  field: "assumption",
                  type: "nominal",
                  legend: { title: "slack 1", orient: "bottom", labelLimit: 0 },
                },
              },
            },
          ]),
    ],
    config: {
      title: { anchor: "start", fontSize: 14, subtitleFontSize: 11, offset: 10 },
      axis: { labelFontSize: 11, titleFontSize: 12 },
      legend: { labelFontSize: 11, layout: { bottom: { direction: "vertical", anchor: "start" } } },
    },
  } as unknown as TopLevelSpec;
}

/** The bounds of cells about these values, half-way between neighbours in the logarithm. */
function edgesOf(values: readonly number[]): number[] {
  const middles = values.slice(1).map((value, i) => Math.sqrt(value * values[i]!));
  const [first, last] = [values[0]! ** 2 / middles[0]!, values.at(-1)! ** 2 / middles.at(-1)!];
  return [first, ...middles, last];
}

/** At most seven of the values, evenly, the first among them. */
function ticksOf(values: readonly number[]): number[] {
  const every = Math.ceil((values.length - 1) / 6);
  return values.filter((_, i) => i % every === 0);
}
