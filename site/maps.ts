import { readdirSync, readFileSync } from "node:fs";
import type { MapCell } from "../src/claim/map.js";
import { assumptionEdge } from "../src/claim/map.js";
import type { Configuration, Theorem } from "../src/claim/theorem.js";
import { csvRows } from "../src/report/csv.js";
import { html, type Markup, raw } from "./markup.js";
import { mapSvg } from "./page/map-plot.js";
import { command } from "./verdict.js";

/** A committed map, drawn. */
export interface DrawnMap {
  readonly theorem: string;
  readonly picture: Markup;
}

const folder = new URL("../figures/", import.meta.url);

/** Every committed map, from its CSV. */
export function drawnMaps(theorems: readonly Theorem[]): DrawnMap[] {
  return readdirSync(folder)
    .filter((name) => /^map-.*\.csv$/.test(name))
    .sort()
    .flatMap((name) => {
      const map = { ...mapOf(readFileSync(new URL(name, folder), "utf8")), name: name.slice(0, -".csv".length) };
      const theorem = theorems.find(({ id }) => id === map.theorem);
      // A map of a theorem that is gone is not drawn.
      return theorem ? [{ theorem: theorem.id, picture: picture(theorem, map) }] : [];
    });
}

interface MapFile {
  readonly theorem: string;
  readonly claim: string;
  readonly configuration: Configuration;
  readonly seed: string;
  readonly grid: { readonly columns: string; readonly rows: string };
  readonly x: { readonly name: string; readonly values: readonly number[] };
  readonly y: { readonly name: string; readonly values: readonly number[] };
  readonly cells: readonly MapCell[];
}

function mapOf(text: string): MapFile {
  const about: Record<string, string> = {};
  const body = text.replace(/^# ([^:\n]+): (.*)\n/gm, (_, name: string, value: string) => {
    about[name] = value;
    return "";
  });
  const [[xName, yName] = [], ...rows] = csvRows(body);
  const values = (column: number) => [...new Set(rows.map((row) => Number(row[column])))].sort((a, b) => a - b);
  const [xs, ys] = [values(0), values(1)];
  const number = (cell: string) => (cell === "" ? Number.NaN : Number(cell));
  return {
    ...{ theorem: about.theorem!, claim: about.claim!, seed: about.seed ?? "0" },
    grid: { columns: about.columns!, rows: about.rows! },
    configuration: JSON.parse(about.configuration!) as Configuration,
    x: { name: xName!, values: xs },
    y: { name: yName!, values: ys },
    cells: rows.map(([x, y, verdict, estimate, lower, upper, draws]) => ({
      ...{ column: xs.indexOf(Number(x)), row: ys.indexOf(Number(y)), verdict: verdict as MapCell["verdict"] },
      ...{ estimate: number(estimate!), lower: number(lower!), upper: number(upper!), draws: number(draws!) },
    })),
  };
}

function picture(theorem: Theorem, map: MapFile & { readonly name: string }): Markup {
  const { name, claim, configuration, grid, x, y, cells } = map;
  const edges = theorem.assumptions.flatMap(({ expression }, i) =>
    expression.includes("==") ? [] : [{ name: expression, points: assumptionEdge(theorem, map, i) }],
  );
  const says = theorem.claims.find(({ id }) => id === claim)?.says ?? claim;
  const fixed = Object.entries(configuration).filter(([each]) => each !== x.name && each !== y.name);
  const range = ({ name, values }: MapFile["x"]) => `${name}=${values[0]}..${values.at(-1)}`;
  const set = fixed.length > 0 ? ` --set ${fixed.map(([each, value]) => `${each}=${value}`).join(",")}` : "";
  const line =
    `npx tsx src/cli.ts map ${theorem.id} --claim ${claim} --x ${range(x)} --y ${range(y)}${set} ` +
    `--columns ${grid.columns} --rows ${grid.rows} --name ${name}`;
  return html`<figure class="figure" id="${name}"><figcaption><strong>Where ${claim} holds.</strong> ${says}.
At ${fixed.map(([each, value]) => `${each} = ${value}`).join(", ")}; cells left empty were not judged.</figcaption>
${raw(mapSvg({ title: `Map of ${theorem.id}, ${claim}`, x, y, cells, edges }))}
<details><summary>The numbers</summary><div class="wide"><table class="numbers"><thead><tr><th scope="col">${x.name}</th><th scope="col">${y.name}</th>
<th scope="col">Verdict</th><th scope="col">Estimate</th><th scope="col">95% interval</th><th scope="col">Draws</th></tr></thead><tbody>${cells.map(
    (
      cell,
    ) => html`<tr><td>${x.values[cell.column]!}</td><td>${y.values[cell.row]!}</td><td>${cell.verdict}</td><td>${String(cell.estimate)}</td>
<td>${cell.draws > 0 ? `[${cell.lower}, ${cell.upper}]` : ""}</td><td>${cell.draws}</td></tr>`,
  )}</tbody></table></div></details>
<p>${command(line)}</p></figure>`;
}
