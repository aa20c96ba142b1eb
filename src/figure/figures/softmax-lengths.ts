import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { taskScalars } from "../../risk/conditional.js";
import { exactSampleComplexity, sampleComplexity } from "../../risk/sample-complexity.js";
import { softmaxHeadComplexity } from "../../risk/softmax-head.js";
import { trainDual, weightsFrom } from "../../transformer/descent/dual.js";
import { openDeep } from "../../transformer/softmax/deep.js";
import { headErrors, headStart, trainHead } from "../../transformer/softmax/head-training.js";
import { emptyPrompts } from "../../transformer/softmax/prompts.js";
import { initialParameters } from "../../transformer/softmax/shape.js";
import { signedSource } from "../../transformer/softmax/sources.js";
import { exactly, type Figure, listOf, measured, numberOf, type Row, type Settings } from "../figure.js";
import { onPrompts, overTrainings, type Training, trainSeveral } from "../prompt-training.js";

const names = ["linear, 300 steps", "softmax, one head", "softmax, 2 layers"] as const;
const knowsP = "knows P";
const headLaw = "one head, law";

/** Context lengths at which an error is measured; M* is read between them. */
const lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/** Where log error in log M first crosses log ε; the shortest length, or infinity, where it is not between them. */
function crossing(errors: ArrayLike<number>, epsilon: number): number {
  let before = Number.NaN;
  for (const [i, M] of lengths.entries()) {
    const here = Math.log(Math.max(errors[i]!, 1e-6) / epsilon);
    if (here <= 0) {
      if (i === 0) return M;
      const share = before / (before - here);
      return lengths[i - 1]! * (M / lengths[i - 1]!) ** share;
    }
    before = here;
  }
  return Number.POSITIVE_INFINITY;
}

interface Place {
  readonly k: number;
  readonly d: number;
}

function shapeOf(part: Settings, d: number) {
  const [width, heads, hidden] = [numberOf(part, "width"), numberOf(part, "heads"), numberOf(part, "hidden")];
  return { inputs: d, classes: 2, layers: 2, heads, width, hidden };
}

/** log M* of each training on fresh tasks of the same law. */
function logLengths(part: Settings, { k, d }: Place, surroundings: Parameters<Figure["compute"]>[1]): number[] {
  const [learner, R, N] = [numberOf(part, "learner"), numberOf(part, "R"), numberOf(part, "N")];
  const [epsilon, trainings, tests] = [numberOf(part, "epsilon"), numberOf(part, "trainings"), numberOf(part, "tests")];
  const law = taskLaw({ d, k, R, N });
  const stream = Stream.root("softmax-lengths", surroundings.seed).derive(learner, k, d);
  if (learner === 0) {
    return Array.from({ length: trainings }, (_, i) => {
      const own = stream.derive(i);
      const tasks = drawTasks(own.derive("tasks"), law, numberOf(part, "B"));
      const [end] = trainDual(gramProduct(tasks.m, tasks.u, "f32"), { stepSize: 0.01, at: [300] });
      surroundings.progress((i + 1) / trainings);
      const test = drawTestTasks(own.derive("tests"), law, 4 * tests);
      return Math.log(sampleComplexity(taskScalars(weightsFrom(end!.alpha, tasks), test), epsilon));
    });
  }
  const [prompts, queries] = [numberOf(part, "prompts"), numberOf(part, "queries")];
  const [rate, steps] = (learner === 1 ? ["headRate", "headSteps"] : ["rate", "steps"]).map((name) =>
    numberOf(part, name),
  ) as [number, number];
  const schedule = { rate, steps, warmup: Math.min(100, Math.floor(steps / 10)) };
  const errorsOf = (errors: Float64Array) => Math.log(crossing(errors, epsilon));
  if (learner === 1) {
    // As many queries, each with a context of its own: that costs nothing here.
    const options = { prompts: prompts * queries, schedule };
    const head = {
      ...{ start: () => headStart(d), steps },
      train: (...[own, from, visit]: Parameters<Training["train"]>) => trainHead(own, law, options, from, visit),
    };
    return trainSeveral(stream, head, trainings, surroundings, 0.8).map((theta, i) =>
      errorsOf(headErrors(stream.derive("tests", i), law, theta, lengths, 16 * tests)),
    );
  }
  const [source, shape] = [signedSource(law), shapeOf(part, d)];
  const model = openDeep(shape, { prompts, examples: N, queries }, "f32");
  const start = (own: Stream) => initialParameters(own, shape);
  const trained = trainSeveral(stream, onPrompts({ model, d, source, start, schedule }), trainings, surroundings, 0.8);
  return trained.map((parameters, i) => {
    const errors = new Float64Array(lengths.length).fill(Number.NaN);
    for (const [at, M] of lengths.entries()) {
      const test = { prompts: 1, examples: M, queries: 16 };
      const own = openDeep(shape, test, "f32");
      const batch = emptyPrompts(test, d);
      let wrong = 0;
      for (let t = 0; t < tests; t++) {
        source(stream.derive("tests", i, M, t), batch);
        const logits = own.logits(parameters, batch).data;
        batch.queryY.forEach((label, q) => {
          const said = logits[2 * q + 1]! - logits[2 * q]!;
          wrong += said === 0 ? 0.5 : said > 0 === (label === 1) ? 0 : 1;
        });
      }
      errors[at] = wrong / (tests * 16);
      if (errors[at]! <= epsilon) break;
    }
    return errorsOf(errors);
  });
}

/** Least squares of log M* in log x with its interval, from the rows' own intervals. */
function slopeText(rows: readonly Row[]): string {
  const x = rows.map((row) => Math.log(row.x));
  const y = rows.map((row) => row.value);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const weights = x.map((value) => (value - mean) / squares);
  const slope = weights.reduce((sum, weight, i) => sum + weight * y[i]!, 0);
  const half = Math.sqrt(rows.reduce((sum, { low, high }, i) => sum + (weights[i]! * ((high - low) / 2)) ** 2, 0));
  return `${slope.toFixed(3)} ± ${half.toFixed(3)}`;
}

/**
 * Magen & Vardi's third open question: does a trained softmax head, or a deeper softmax transformer, need a context in
 * proportion to k and whatever d, as the linear transformer does? At a fixed strength R the signal-to-noise ratio of
 * the training tasks falls with d, so that the number of tasks counts. The full figure costs some 10 CPU minutes, most
 * of them for two layers, whose loss has not levelled after so many steps, and for B = 6000, and 400 MB a worker.
 */
export const softmaxLengths: Figure = {
  id: "softmax-lengths",
  title: "Context that softmax transformers need, in the dimension of the subspace and of the space",
  caption: (s) =>
    `log M*: the context at which the error is ${numberOf(s, "epsilon")}, at R = R̃ = ` +
    `${numberOf(s, "R")}. Two layers: ${numberOf(s, "steps")} steps of Adam on ` +
    `${numberOf(s, "prompts")} fresh prompts of N = ${numberOf(s, "N")} and ` +
    `${numberOf(s, "queries")} queries; one head: ${numberOf(s, "headSteps")} on as many queries, each with a ` +
    "context of its own; " +
    `linear: 300 steps on B = ${numberOf(s, "B")} tasks. No point: some training did not get there in ` +
    `${lengths.at(-1)} examples. ` +
    `Student intervals over ${numberOf(s, "trainings")} trainings.`,
  settings: {
    ...{ learner: [0, 1, 2], k: [4, 16, 64], d: [16, 64, 256], atK: 16, atD: 64, R: 2, N: 40 },
    ...{ epsilon: 0.05, B: 6000, headRate: 5e-3, headSteps: 2000 },
    ...{ width: 32, heads: 4, hidden: 64, prompts: 16, queries: 8, rate: 1e-2, steps: 1000, trainings: 3, tests: 300 },
  },
  quick: {
    ...{ learner: [0, 1], k: [2, 8], d: [8, 16], atK: 4, atD: 16, B: 400, headRate: 0.02, headSteps: 300 },
    ...{ trainings: 2, tests: 50 },
  },
  x: { title: "k or d", scale: "log" },
  y: { title: "log M*", scale: "linear" },
  ownScales: true,
  series: () => [...names, knowsP, headLaw],
  parts: (settings) => {
    const [atK, atD] = [numberOf(settings, "atK"), numberOf(settings, "atD")];
    const places = [
      ...listOf(settings, "k").map((k) => ({ k, d: atD })),
      ...listOf(settings, "d").flatMap((d) =>
        d === atD && listOf(settings, "k").includes(atK) ? [] : [{ k: atK, d }],
      ),
    ];
    // The most expensive first.
    return [...listOf(settings, "learner")]
      .reverse()
      .flatMap((learner) => [...places].reverse().map((place) => ({ ...settings, learner, ...place })));
  },
  compute: (part, surroundings) => {
    const place = { k: numberOf(part, "k"), d: numberOf(part, "d") };
    const found = logLengths(part, place, surroundings);
    const { mean, standardError } = overTrainings(found);
    const reached = { R: numberOf(part, "R"), k: place.k, epsilon: numberOf(part, "epsilon") };
    const name = names[numberOf(part, "learner")]!;
    const at = (panel: string, x: number) => [
      ...(found.every(Number.isFinite) ? [measured(panel, name, x, mean, standardError)] : []),
      // Once is enough.
      ...(name === names[0]
        ? [
            exactly("computed", panel, knowsP, x, Math.log(exactSampleComplexity(reached))),
            exactly("computed", panel, headLaw, x, Math.log(softmaxHeadComplexity(reached).M)),
          ]
        : []),
    ];
    return [
      ...(place.d === numberOf(part, "atD") ? at(`in k, at d = ${place.d}`, place.k) : []),
      ...(place.k === numberOf(part, "atK") ? at(`in d, at k = ${place.k}`, place.d) : []),
    ];
  },
  remarks: (rows) => [
    "",
    ...[...new Set(rows.map(({ panel }) => panel))].flatMap((panel) =>
      [...names, knowsP, headLaw].flatMap((series) => {
        const own = rows.filter((row) => row.panel === panel && row.series === series);
        return own.length < 2 ? [] : [`slope of log M* ${panel}: ${series} ${slopeText(own)}`];
      }),
    ),
  ],
};
