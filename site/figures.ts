import { existsSync, readFileSync } from "node:fs";
import type { Row } from "../src/figure/figure.js";
import { settingsWith } from "../src/figure/figure.js";
import { figures } from "../src/figure/figures/index.js";
import { specification, toSvg } from "../src/figure/picture.js";
import { fromCsv } from "../src/figure/rows.js";
import { html, type Markup, raw } from "./markup.js";
import { short } from "./page/plot.js";

/** A committed figure, ready for a page. */
export interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** The picture and the table of its numbers. */
  readonly picture: Markup;
  readonly command: string;
  readonly theorems: readonly string[];
}

/** Which theorems a figure is about. */
const subjects: Readonly<Record<string, readonly string[]>> = {
  "1": ["near-optimality", "learner-ordering", "single-task-lower-bound", "early-stopping"],
  "2": ["monotonicity", "error-floor"],
  "benign-d": ["benign-overfitting"],
  "benign-b": ["benign-overfitting"],
  threshold: ["task-threshold"],
  direction: ["max-margin-direction"],
  scaling: ["sample-complexity", "strength-shift"],
  lda: ["lda-limit", "lda-equivalence", "inference-error"],
  training: ["prompt-training"],
  "explore-trade-off": ["task-threshold"],
  "explore-direction": ["subspace-alignment", "law-of-the-limit"],
};

const folder = new URL("../figures/", import.meta.url);

/** Every figure whose numbers are committed, drawn from them. */
export async function drawnFigures(): Promise<Drawn[]> {
  const there = figures.filter(({ id }) => existsSync(new URL(`${id}.csv`, folder)));
  return Promise.all(
    there.map(async (figure) => {
      const { rows, about } = fromCsv(readFileSync(new URL(`${figure.id}.csv`, folder), "utf8"));
      const settings = settingsWith(figure.settings, about.settings ?? "");
      const spec = withTips(specification(figure, settings, rows));
      const svg = themed(await toSvg(spec), figure.title);
      return {
        ...{ id: figure.id, title: figure.title, caption: figure.caption(settings) },
        picture: html`${raw(svg)}${tableOf(rows, figure.x.title, figure.y.title)}`,
        command: `npx tsx src/cli.ts figure ${figure.id}`,
        theorems: subjects[figure.id] ?? [],
      };
    }),
  );
}

type Specification = Parameters<typeof toSvg>[0];

/** The same picture without its title, which the page has, and with every point's value and interval in words. */
function withTips(given: Specification): Specification {
  // A picture's specification is plain data; its points are the layers whose mark is a point.
  const spec = structuredClone(given) as unknown as {
    title?: unknown;
    background: unknown;
    data: { values: (Row & { tip?: string })[] };
    spec: { layer: { mark: { type: string }; encoding: Record<string, unknown> }[] };
  };
  delete spec.title;
  spec.background = null;
  for (const row of spec.data.values) {
    const interval = row.kind === "measured" ? ` [${short(row.low)}, ${short(row.high)}]` : "";
    const kind = row.kind === "measured" ? "" : `, ${row.kind}`;
    row.tip = `${row.panel}, ${row.series}${kind}: ${short(row.value)}${interval} at ${short(row.x)}`;
  }
  for (const { mark, encoding } of spec.spec.layer) {
    if (mark.type === "point") encoding.description = { field: "tip", type: "nominal" };
  }
  return spec as unknown as Specification;
}

/** Vega's SVG in the page's ink, with a title for each point and no other name. */
function themed(svg: string, title: string): string {
  return svg
    .replace(/<path aria-label="([^"]*)"([^>]*)\/?>(?:<\/path>)?/g, (_, label: string, rest: string) =>
      rest.includes('aria-roledescription="point"')
        ? `<path class="tip"${clean(rest)}><title>${label}</title></path>`
        : `<path${clean(rest)}/>`,
    )
    .replace(/ (aria-[a-z]+|role)="[^"]*"/g, "")
    .replace(/ font-family="[^"]*"/g, "")
    .replace(/="#(000|000000|333|222222)"/g, '="currentColor"')
    .replace(/stroke="#(ddd|e4e4e4|888)"/g, 'stroke="currentColor" stroke-opacity="0.18"')
    .replace(
      /<svg([^>]*) width="(\d+)" height="\d+"/,
      (_, rest: string, width: string) =>
        `<svg${rest} class="chart" style="--natural:${width}px" role="img" aria-label="${title}" tabindex="0"`,
    );
}

function clean(attributes: string): string {
  return attributes.replace(/ (aria-[a-z]+|role)="[^"]*"/g, "").replace(/\/$/, "");
}

/** The numbers of a picture, for whoever cannot see it or wants them. */
function tableOf(rows: readonly Row[], x: string, y: string): Markup {
  return html`<details><summary>The numbers</summary><div class="wide"><table class="numbers">
<thead><tr><th scope="col">panel</th><th scope="col">series</th><th scope="col">${x}</th><th scope="col">${y}</th>
<th scope="col">95% interval</th></tr></thead>
<tbody>${rows.map(
    ({ panel, series, kind, x: at, value, low, high }) =>
      html`<tr><td>${panel}</td><td>${series}${
        kind === "measured" ? "" : `, ${kind}`
      }</td><td>${short(at)}</td><td>${short(value)}</td><td>${
        kind === "measured" ? `[${short(low)}, ${short(high)}]` : ""
      }</td></tr>`,
  )}</tbody></table></div></details>`;
}
