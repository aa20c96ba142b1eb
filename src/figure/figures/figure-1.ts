import { mleWeights } from "../../learners/mle.js";
import { projectedFactors } from "../../learners/projected.js";
import type { Matrix } from "../../linalg/matrix.js";
import { drawSignedContext } from "../../mixture/signed/gram-context.js";
import { type TaskLaw, taskLaw } from "../../mixture/signed/task-law.js";
import { drawTestTasks } from "../../mixture/signed/tasks.js";
import { coordinateSubspace } from "../../mixture/subspace.js";
import { Stream } from "../../random/stream.js";
import { type RankOneSum, type TaskScalars, taskScalars } from "../../risk/conditional.js";
import { errorCurve } from "../../risk/curve.js";
import { exactRisk } from "../../risk/exact.js";
import { momentLaw } from "../../risk/moment-law.js";
import { supportVectorRisk } from "../../risk/support-vector.js";
import { weightsFrom } from "../../transformer/descent/dual.js";
import { certifyTasks, maxMargin } from "../../transformer/max-margin.js";
import { combinations, exactly, type Figure, listOf, measured, numberOf, type Row, type Settings } from "../figure.js";
import { publishedPoints } from "../published.js";
import { trainPart } from "../training.js";

const transformer = "linear transformer";
const limit = "max-margin limit";
/** In the CSV and the table, beside the limit's accuracies: how far ‖W‖ is at most above the least one. */
const gap = "max-margin limit, certified gap";
const mle = "MLE";
const projected = "MLE that knows P";
const svm = "SVM";

const panelOf = (R: number) => `R = ${R}`;

/** Test tasks scored together: their two n × d matrices and products stay below 100 MB. */
const chunk = 4000;

/**
 * Magen & Vardi's Figure 1: accuracy against context length, of the trained transformer and three learners of one task.
 */
export const figure1: Figure = {
  id: "1",
  title: "Accuracy after M examples",
  caption: (s) =>
    `Transformer after ${numberOf(s, "steps")} steps and in the limit, trained on ` +
    `${numberOf(s, "B").toLocaleString("en")} tasks (d = ${numberOf(s, "d")}, k = ` +
    `${numberOf(s, "k")}, N = ${numberOf(s, "N")}), tested at the training strength R. Dashed: ` +
    "the moment law, and the exact accuracy of both MLEs.",
  settings: {
    ...{ d: 500, k: 30, R: [2, 3], N: 40, B: 20_000, stepSize: 0.01, steps: 300 },
    ...{ M: [1, 5, 10, 20, 30, 40, 50, 100], tests: 12_000, svmTests: 2000 },
  },
  quick: { d: 100, k: 6, B: 800, tests: 4000, svmTests: 200 },
  x: { title: "in-context examples M", scale: "log", ticks: [1, 2, 5, 10, 20, 50, 100] },
  y: { title: "accuracy", scale: "linear" },
  series: () => [transformer, projected, mle, svm, limit],
  tabled: [gap],
  parts: (settings) => combinations(settings, ["R"]),
  compute: (part, surroundings) => {
    const { d, k, N, R } = world(part);
    const B = numberOf(part, "B");
    const Ms = listOf(part, "M");
    const law = taskLaw({ d, k, R, N });
    const stream = Stream.root("figure 1", surroundings.seed).derive(R);
    const training = { B, stepSize: numberOf(part, "stepSize"), steps: numberOf(part, "steps") };
    const trained = trainPart(stream, law, training, surroundings, 0.6);
    const solution = maxMargin(trained.K);
    if (!solution.separable)
      throw new RangeError(`no W separates the ${B} training tasks at R = ${R}: there is no limit`);
    surroundings.progress(0.75);
    const certificate = certifyTasks(solution.alpha, trained);
    surroundings.progress(0.8);
    const learners: readonly [string, Matrix | RankOneSum][] = [
      [transformer, 2 * B < d ? trained : weightsFrom(trained.alpha, trained)],
      [projected, projectedFactors(coordinateSubspace(k, d))],
      [mle, mleWeights(d)],
      [limit, weightsFrom(solution.alpha, trained)],
    ];
    const scalars = scalarsOf(stream.derive("tests"), law, learners, numberOf(part, "tests"));
    surroundings.progress(0.9);
    const panel = panelOf(R);
    const rows = learners.flatMap(([series], i) =>
      errorCurve(scalars[i]!, Ms).map(({ M, error, standardError }) =>
        measured(panel, series, M, 1 - error, standardError),
      ),
    );
    const svmErrors = errorsOfSvm(stream.derive("svm"), law, Ms, numberOf(part, "svmTests"));
    return [
      ...rows,
      ...svmErrors.map(({ M, error, standardError }) => measured(panel, svm, M, 1 - error, standardError)),
      ...Ms.flatMap((M) => [
        exactly("computed", panel, transformer, M, 1 - momentLaw({ d, k, R, N, B, testR: R, M })),
        exactly("computed", panel, gap, M, certificate.gap),
        exactly("computed", panel, projected, M, 1 - exactRisk({ R, M, k })),
        exactly("computed", panel, mle, M, 1 - exactRisk({ R, M, k: d })),
      ]),
    ];
  },
  published: (settings) =>
    isPublished(settings) ? listOf(settings, "R").flatMap((R) => publishedRows(panelOf(R), R)) : [],
};

function world(part: Settings) {
  return { d: numberOf(part, "d"), k: numberOf(part, "k"), N: numberOf(part, "N"), R: numberOf(part, "R") };
}

/** The five scalars of `count` test tasks under each learner, the same tasks for all. */
function scalarsOf(
  stream: Stream,
  law: TaskLaw,
  learners: readonly (readonly [string, Matrix | RankOneSum])[],
  count: number,
): TaskScalars[][] {
  const scalars: TaskScalars[][] = learners.map(() => []);
  for (let first = 0; first < count; first += chunk) {
    const tasks = drawTestTasks(stream.derive(first), law, Math.min(chunk, count - first));
    learners.forEach(([, W], i) => {
      for (const task of taskScalars(W, tasks)) scalars[i]!.push(task);
    });
  }
  return scalars;
}

/** The machine's mean error at each M: every context serves all of them, by its leading blocks. */
function errorsOfSvm(stream: Stream, law: TaskLaw, Ms: readonly number[], count: number) {
  const longest = Math.max(...Ms);
  const contexts = Array.from({ length: count }, (_, i) => drawSignedContext(stream.derive(i), law, longest));
  return Ms.map((M) => {
    const errors = contexts.map((context) => supportVectorRisk(context, M));
    const error = errors.reduce((sum, value) => sum + value, 0) / count;
    const squares = errors.reduce((sum, value) => sum + (value - error) ** 2, 0);
    return { M, error, standardError: Math.sqrt(squares / (count - 1) / count) };
  });
}

/** Whether these are the settings of the published figure, whose points then belong beside ours. */
function isPublished(settings: Settings): boolean {
  return ["d", "k", "N", "B", "stepSize", "steps"].every((name) => settings[name] === figure1.settings[name]);
}

function publishedRows(panel: string, R: number): Row[] {
  const keys = [
    [transformer, "linearTransformer"],
    [projected, "projectedMle"],
    [mle, "mle"],
    [svm, "svm"],
  ] as const;
  return keys.flatMap(([series, key]) =>
    publishedPoints("figure1", `R=${R}`, key).map(({ M, accuracy }) =>
      exactly("published", panel, series, M, accuracy),
    ),
  );
}
