import { mleWeights } from "../../learners/mle.js";
import type { Matrix } from "../../linalg/matrix.js";
import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { type RankOneSum, taskScalars } from "../../risk/conditional.js";
import { exactSampleComplexity, sampleComplexity, sharpenedSampleComplexity } from "../../risk/sample-complexity.js";
import { trainDual, weightsFrom } from "../../transformer/descent/dual.js";
import { exactly, type Figure, listOf, measured, numberOf, type Row, type Settings } from "../figure.js";

const trained = "transformer";
const knows = "knows P";
const single = "single task";
const law = "sharpened law";

/** The world at which the two other parameters stand while one varies. */
const axes = ["k", "d", "testR"] as const;
const panels = { k: "against k", d: "against d", testR: "against R̃" } as const;

/** M*, the least context that reaches the error ε, against each of k, d and R̃ on log scales. */
export const scaling: Figure = {
  id: "scaling",
  title: "Examples needed for an error ε",
  caption: (s) =>
    `M* for ε = ${numberOf(s, "epsilon")}; where they do not vary, k = ${numberOf(s, "k0")}, d ` +
    `= ${numberOf(s, "d0")}, R̃ = ${numberOf(s, "testR0")}. Transformer trained at R = 5√d on B ` +
    `= 8k + 40 tasks of N = ${numberOf(s, "N")}. Computed: the exact M* of both learners ` +
    "without training, and the sharpened law c²k/(R̃⁴ − c²R̃²).",
  settings: {
    ...{ k: [4, 8, 16, 32, 64, 128], d: [160, 240, 320, 480], testR: [1.5, 1.75, 2, 2.5, 3], epsilon: 0.1 },
    ...{ k0: 32, d0: 240, testR0: 2, N: 10, stepSize: 0.01, steps: 300, trainings: 8, tests: 500 },
  },
  quick: { k: [4, 16, 64], d: [160, 240], testR: [1.5, 2, 3], k0: 16, d0: 160, trainings: 3, tests: 200 },
  x: { title: "k, d or R̃", scale: "log", ticks: [1.5, 2, 2.5, 3, 4, 8, 16, 32, 64, 128, 160, 240, 320, 480] },
  y: { title: "examples needed, M*", scale: "log", ticks: [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500] },
  ownScales: true,
  series: () => [trained, single, knows, law],
  parts: (settings) =>
    axes.flatMap((axis, i) => listOf(settings, axis).map((value) => ({ ...settings, axis: i, [axis]: value }))),
  compute: (part, { seed, progress }) => {
    const axis = axes[numberOf(part, "axis")]!;
    const value = (name: (typeof axes)[number]) => numberOf(part, name === axis ? name : `${name}0`);
    const [k, d, testR, epsilon] = [value("k"), value("d"), value("testR"), numberOf(part, "epsilon")];
    const x = value(axis);
    const stream = Stream.root("scaling", seed).derive(axis, x);
    const trainings = numberOf(part, "trainings");
    const logs = { [trained]: [] as number[], [single]: [] as number[] };
    for (let i = 0; i < trainings; i++) {
      const own = stream.derive(i);
      const tests = drawTestTasks(own.derive("tests"), taskLaw({ d, k, R: testR, N: 1 }), numberOf(part, "tests"));
      const needed = (W: Matrix | RankOneSum) => Math.log(sampleComplexity(taskScalars(W, tests), epsilon));
      logs[trained].push(needed(trainedWeights(own, part, d, k)));
      logs[single].push(needed(mleWeights(d)));
      progress((i + 1) / trainings);
    }
    const panel = panels[axis];
    return [
      ...Object.entries(logs).map(([series, values]) => logMean(panel, series, x, values)),
      exactly("computed", panel, knows, x, exactSampleComplexity({ R: testR, k, epsilon })),
      exactly("computed", panel, single, x, exactSampleComplexity({ R: testR, k: d, epsilon })),
      exactly("computed", panel, law, x, sharpenedSampleComplexity({ R: testR, k, epsilon })),
    ];
  },
};

function trainedWeights(stream: Stream, part: Settings, d: number, k: number): Matrix | RankOneSum {
  const law = taskLaw({ d, k, R: 5 * Math.sqrt(d), N: numberOf(part, "N") });
  const { m, u } = drawTasks(stream.derive("tasks"), law, 8 * k + 40);
  const [end] = trainDual(gramProduct(m, u), {
    stepSize: numberOf(part, "stepSize"),
    at: [numberOf(part, "steps")],
  });
  return 2 * m.rows < d ? { alpha: end!.alpha, m, u } : weightsFrom(end!.alpha, { m, u });
}

/**
 * exp of the mean logarithm, its interval from the trainings, each with test tasks of its own.
 * @throws RangeError when a training reaches the error at no M.
 */
function logMean(panel: string, series: string, x: number, logs: readonly number[]): Row {
  if (!logs.every(Number.isFinite)) throw new RangeError(`the ${series} does not reach the error ${panel} at ${x}`);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const row = measured(panel, series, x, mean, Math.sqrt(squares / (logs.length - 1) / logs.length));
  return { ...row, value: Math.exp(row.value), low: Math.exp(row.low), high: Math.exp(row.high) };
}
