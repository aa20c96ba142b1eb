import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTestTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { taskScalars } from "../../risk/conditional.js";
import { errorCurve } from "../../risk/curve.js";
import { momentLaw } from "../../risk/moment-law.js";
import { weightsFrom } from "../../transformer/descent/dual.js";
import {
  combinations,
  exactly,
  type Figure,
  type Kind,
  listOf,
  measured,
  numberOf,
  type Row,
  type Settings,
} from "../figure.js";
import { publishedPoints } from "../published.js";
import { type Correction, type InferredTasks, inferTasks } from "../task-inference.js";
import { trainPart } from "../training.js";

const panelOf = (R: number) => `R = ${R}`;
const seriesOf = (k: number) => `k = ${k}`;

/** Magen & Vardi's Figure 2: accuracy against context length for subspaces of many dimensions. They do not say B. */
export const figure2: Figure = {
  id: "2",
  title: "Accuracy rises with R and falls with k",
  caption: (s) =>
    `Transformer trained on B = ${numberOf(s, "B").toLocaleString("en")} tasks (d = ` +
    `${numberOf(s, "d")}, N = ${numberOf(s, "N")}), tested at the training strength R. The ` +
    "published B is not known: this one is within what the published points allow by the moment " +
    "law (computed), its own misfit corrected.",
  settings: {
    ...{ d: 2000, k: [500, 1000, 1500], R: [5, 7, 9], N: 40, B: 2000, stepSize: 0.01, steps: 300 },
    ...{ M: [1, 5, 20, 50, 150, 250, 500, 700], tests: 3000 },
  },
  quick: { d: 200, k: [50, 100, 150], R: [2, 3, 4], B: 200, tests: 500 },
  x: { title: "in-context examples M", scale: "log", ticks: [1, 5, 20, 50, 200, 700] },
  y: { title: "accuracy", scale: "linear" },
  series: (s) => listOf(s, "k").map(seriesOf),
  parts: (settings) => combinations(settings, ["R", "k"]),
  compute: (part, surroundings) => {
    const [d, k, R, N, B] = ["d", "k", "R", "N", "B"].map((name) => numberOf(part, name)) as [
      ...[number, number, number, number, number],
    ];
    const Ms = listOf(part, "M");
    const law = taskLaw({ d, k, R, N });
    const stream = Stream.root("figure 2", surroundings.seed).derive(R, k);
    const training = { B, stepSize: numberOf(part, "stepSize"), steps: numberOf(part, "steps") };
    const trained = trainPart(stream, law, training, surroundings, 0.5);
    const tests = drawTestTasks(stream.derive("tests"), law, numberOf(part, "tests"));
    const W = 2 * B < d ? trained : weightsFrom(trained.alpha, trained);
    const [panel, series] = [panelOf(R), seriesOf(k)];
    return [
      ...errorCurve(taskScalars(W, tests), Ms).map(({ M, error, standardError }) =>
        measured(panel, series, M, 1 - error, standardError),
      ),
      ...Ms.map((M) => exactly("computed", panel, series, M, 1 - momentLaw({ d, k, R, N, B, testR: R, M }))),
    ];
  },
  published: (settings) =>
    isPublished(settings)
      ? combinations(settings, ["R", "k"]).flatMap((part) => {
          const [R, k] = [numberOf(part, "R"), numberOf(part, "k")];
          return publishedPoints("figure2", `R=${R}`, `k=${k}`).map(({ M, accuracy }) =>
            exactly("published", panelOf(R), seriesOf(k), M, accuracy),
          );
        })
      : [],
  remarks: (rows, settings) => {
    const at = `measured at B = ${numberOf(settings, "B")}`;
    const words = ({ B, low, high, misfit, degrees }: InferredTasks) =>
      `${B}, 95% interval ${low} to ${high} (χ² ${misfit.toFixed(1)} on ${degrees} degrees of freedom)`;
    return [
      "",
      `B inferred from the published points with M >= 10 by the moment law: ${words(inferTasks())}`,
      ...(isPublished(settings)
        ? [`with what the law misses, ${at}, added: ${words(inferTasks(lawMisses(rows)))}`]
        : []),
    ];
  },
};

/** Measured less computed accuracy at a point of the figure. */
export function lawMisses(rows: readonly Row[]): Correction {
  const value = (kind: Kind, R: number, k: number, M: number) =>
    rows.find((row) => row.kind === kind && row.panel === panelOf(R) && row.series === seriesOf(k) && row.x === M)!
      .value;
  return (R, k, M) => value("measured", R, k, M) - value("computed", R, k, M);
}

/** Whether these are the settings of the published figure, B among them as inferred. */
function isPublished(settings: Settings): boolean {
  return ["d", "N", "B", "stepSize", "steps"].every((name) => settings[name] === figure2.settings[name]);
}
