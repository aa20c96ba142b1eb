import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks, type Tasks, type TestTasks } from "../../src/mixture/signed/tasks.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { momentLaw } from "../../src/risk/moment-law.js";
import { normalCdf } from "../../src/risk/normal.js";
import { exactSampleComplexity, sampleComplexity } from "../../src/risk/sample-complexity.js";
import { trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/** `R_test` and `M` are a test task's strength and examples; `perTask` = 1 gives every task a subspace of its own. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly R_test: number;
  readonly M: number;
  readonly perTask: number;
};

const lawOf = ({ d, k, N, perTask }: C, R: number) =>
  taskLaw({ d, k, R, N, ...(perTask ? { subspace: "per-task" } : {}) });
const trainingTasks = (c: C, stream: Stream) => drawTasks(stream.derive("training"), lawOf(c, c.R), c.B);
const testTasks = (c: C, stream: Stream, count = 50) => drawTestTasks(stream.derive("test"), lawOf(c, c.R_test), count);
const clamp = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));

type Training = (tasks: Tasks) => Matrix;
const oneStep: Training = (tasks) => weightsFrom(new Float64Array(tasks.m.rows).fill(1), tasks);
const by300Steps: Training = (tasks) =>
  weightsFrom(trainDual(gramProduct(tasks.m, tasks.u), { stepSize: 0.01, at: [300] })[0]!.alpha, tasks);

function errorOf(W: Matrix, test: TestTasks, M: number): number {
  return taskScalars(W, test).reduce((sum, task) => sum + riskAt(task, M), 0) / test.mu.rows;
}

/** The error over its law at the configuration `of`. */
function overLaw(c: C, stream: Stream, train: Training, of = c): number {
  const law = momentLaw({ ...of, testR: of.R_test });
  return clamp(errorOf(train(trainingTasks(c, stream)), testTasks(c, stream), c.M) / law, [0.7, 1.5]);
}

/** log of the error at 2d over that at d, R/√d, k, N and B the same unless told. */
function changeWithD(c: C, stream: Stream, R = c.R * Math.SQRT2): number {
  const log = (some: C, name: string) =>
    Math.log(errorOf(oneStep(trainingTasks(some, stream.derive(name))), testTasks(some, stream.derive(name)), c.M));
  return clamp(log({ ...c, d: 2 * c.d, R }, "2d") - log(c, "d"), [-0.4, 0.5]);
}

/**
 * log B*: the tasks after which one step's error at context length M is down to the oracle's with its variance a
 * quarter up, Φ(−R̃²/√(1.25(R̃² + k/M))); between the lengths of a grid of ratio √2 it is interpolated. The tasks are
 * nested, W their running sum. 2048 stand for never.
 */
export function logThreshold(c: C, stream: Stream): number {
  const target = Math.log(normalCdf(-(c.R_test ** 2) / Math.sqrt(1.25 * (c.R_test ** 2 + c.k / c.M))));
  const test = testTasks(c, stream, 12);
  const law = lawOf(c, c.R);
  const W = matrix(c.d, c.d);
  let before = { log: 0, excess: Number.NaN };
  let drawn = 0;
  for (let level = 4; level <= 22; level++) {
    const B = Math.round(2 ** (level / 2));
    const more = drawTasks(stream.derive("training", level), law, B - drawn);
    drawn = B;
    const sum = oneStep(more).data;
    for (let e = 0; e < sum.length; e++) W.data[e]! += sum[e]!;
    const excess = Math.log(errorOf(W, test, c.M)) - target;
    if (excess <= 0) {
      const share = level === 4 ? 1 : before.excess / (before.excess - excess);
      return before.log + share * (Math.log(B) - before.log);
    }
    before = { log: Math.log(B), excess };
  }
  return Math.log(2048);
}

/** The slope of log B* between two configurations whose x has that ratio. */
function slope(from: C, to: C, ratio: number, stream: Stream): number {
  return clamp((logThreshold(to, stream) - logThreshold(from, stream)) / Math.log(ratio), [0.2, 1.6]);
}

/** log B*(N) − log B*(N without limit) at d/R² = 9, where the law has it at log(1 + 9k/(dN)). */
function extraTasks(c: C, stream: Stream, N: number): number {
  const weak = { ...c, R: Math.sqrt(c.d) / 3, M: Number.POSITIVE_INFINITY };
  return clamp(logThreshold({ ...weak, N }, stream) - logThreshold({ ...weak, N: 1e6 }, stream), [-0.3, 1.5]);
}

const floor = (c: C): C => ({ ...c, M: Number.POSITIVE_INFINITY, N: 4 * c.N });
const fewer = (c: C) => Math.max(1, Math.round(c.k / 4));

/**
 * How log M* of one step lies between log M*(k), at 0, and log M*(d), at 1, the exact values of the learners with W =
 * PPᵀ and W = I.
 */
function positionOfSampleComplexity(c: C, stream: Stream): number {
  const W = oneStep(trainingTasks(c, stream));
  const own = sampleComplexity(taskScalars(W, testTasks(c, stream)), 0.1);
  const [known, single] = [c.k, c.d].map((k) => Math.log(exactSampleComplexity({ R: c.R_test, k, epsilon: 0.1 })));
  return clamp((Math.log(own) - known!) / (single! - known!), [-0.5, 1.5]);
}

/** Tasks in units of the threshold k(1 + d/R²). */
const timesThreshold = (c: C, factor: number): C => ({ ...c, B: Math.ceil(factor * c.k * (1 + c.d / c.R ** 2)) });

export const taskThreshold = theorem<C>({
  id: "task-threshold",
  title: "k/SNR² tasks of 1/SNR² examples teach the subspace, whatever d",
  source: {
    paper: magenVardi2025,
    locus: "Theorem 3.1, up to logarithms; the moment law is derived",
    status: "stated as rate",
  },
  // The law is Φ(−R̃²/√v) with v the exact mean of ‖Wᵀm‖² after one step: see momentLaw.
  statement: String.raw`B = \tilde O\Bigl(\frac{k}{\mathrm{SNR}^2}\Bigr),\; N = \tilde O\Bigl(\frac{1}{\mathrm{SNR}^2}\Bigr), \quad \mathrm{SNR} = R/\sqrt d`,
  regime: fc.record({
    d: fc.integer({ min: 24, max: 36 }),
    k: fc.constant(8),
    R: fc.integer({ min: 3, max: 5 }),
    N: fc.integer({ min: 10, max: 20 }),
    B: fc.integer({ min: 64, max: 96 }),
    R_test: fc.constant(2),
    M: fc.integer({ min: 10, max: 40 }),
    perTask: fc.constant(0),
  }),
  examples: {
    "signal as strong as the noise": { d: 25, k: 8, R: 5, N: 10, B: 64, R_test: 2, M: 20, perTask: 0 },
    "half as strong": { d: 36, k: 8, R: 3, N: 20, B: 96, R_test: 2, M: 10, perTask: 0 },
  },
  assumptions: [
    assume<C>("perTask == 0", { why: "one subspace for all tasks", drop: (c) => ({ ...c, perTask: 1 }) }),
    assume<C>("B >= c_B * k", {
      why: "tasks enough for W's numerator to be near its mean",
      constants: { c_B: { value: 4, from: "calibrated: the law is then within a tenth" } },
      drop: (c) => ({ ...c, B: 1 }),
    }),
    assume<C>("M >= 10", { why: "contexts long enough for mᵀWμ to be near its mean", drop: (c) => ({ ...c, M: 1 }) }),
  ],
  claims: [
    {
      id: "law-after-one-step",
      says: "the error after one step is the moment law's on average, to 12%",
      form: "equals",
      range: [0.7, 1.5],
      equals: 1,
      within: 0.12,
      draw: (c, stream) => overLaw(c, stream, oneStep),
      control: {
        name: "the law of 4 times the tasks",
        draw: (c, stream) => overLaw(c, stream, oneStep, { ...c, B: 4 * c.B }),
      },
    },
    {
      id: "law-after-300-steps",
      says: "so is the error after 300 steps of η = 0.01, to 15%",
      form: "equals",
      range: [0.7, 1.5],
      equals: 1,
      within: 0.15,
      draw: (c, stream) => overLaw(c, stream, by300Steps),
      control: {
        name: "one subspace per task",
        draw: (c, stream) => overLaw({ ...c, perTask: 1 }, stream, by300Steps),
      },
    },
    {
      id: "no-dimension",
      says: "at fixed R/√d, k, N and B, twice d changes log error by 0 ± 0.2",
      form: "equals",
      range: [-0.4, 0.5],
      equals: 0,
      within: 0.2,
      draw: (c, stream) => changeWithD(c, stream),
      control: { name: "as R falls by √2", draw: (c, stream) => changeWithD(c, stream, c.R / Math.SQRT2) },
    },
    {
      id: "few-tasks-do-not-help",
      says: "with a quarter of the threshold's tasks M* is no less than the single-task learner's (position at least 1, slack 0.4, at most 1.5)",
      form: "mean",
      range: [-0.5, 1.5],
      atLeast: 1,
      slack: 0.4,
      draw: (c, stream) => positionOfSampleComplexity(timesThreshold(c, 1 / 4), stream),
      control: {
        name: "16 times the threshold",
        draw: (c, stream) => positionOfSampleComplexity(timesThreshold(c, 16), stream),
      },
    },
    {
      id: "enough-tasks-reach-k",
      says: "with 16 times the threshold's tasks log M* is within 0.2 of the way from k to d",
      form: "mean",
      range: [-0.5, 1.5],
      atMost: 0.2,
      slack: 0.2,
      draw: (c, stream) => positionOfSampleComplexity(timesThreshold(c, 16), stream),
      control: {
        name: "half the threshold's tasks",
        draw: (c, stream) => positionOfSampleComplexity(timesThreshold(c, 0.5), stream),
      },
    },
    {
      id: "tasks-in-proportion-to-k",
      says: "at d/R² = 4, log B* has slope 1 ± 0.3 in log k, from k/4 to k",
      form: "equals",
      range: [0.2, 1.6],
      equals: 1,
      within: 0.3,
      draw: (c, stream) => {
        const weak = floor({ ...c, R: Math.sqrt(c.d) / 2 });
        return slope({ ...weak, k: fewer(c) }, weak, c.k / fewer(c), stream);
      },
      control: {
        name: "in log d, from d/2 to d, at fixed R/√d",
        draw: (c, stream) => {
          const weak = floor({ ...c, R: Math.sqrt(c.d) / 2 });
          return slope({ ...weak, d: Math.round(c.d / 2), R: weak.R / Math.SQRT2 }, weak, 2, stream);
        },
      },
    },
    {
      id: "stronger-signal-fewer-tasks",
      says: "log B* has slope 1 ± 0.3 in log(1/SNR²), from d/R² = 4 to 16",
      form: "equals",
      range: [0.2, 1.6],
      equals: 1,
      within: 0.3,
      draw: (c, stream) => {
        const at = (s: number) => floor({ ...c, k: fewer(c), R: Math.sqrt(c.d / s) });
        return slope(at(4), at(16), 4, stream);
      },
      control: {
        name: "in log 1/R̃², the strength of the test tasks",
        draw: (c, stream) => slope(floor({ ...c, R_test: 2 }), floor({ ...c, R_test: 1 }), 4, stream),
      },
    },
    {
      id: "examples-threshold",
      says: "at d/R² = 9, N = 1/SNR² examples ask for at most twice the tasks that N = ∞ does",
      form: "mean",
      range: [-0.3, 1.5],
      atMost: Math.LN2,
      slack: 0.1,
      draw: (c, stream) => extraTasks(c, stream, 9),
      control: { name: "N = 1", draw: (c, stream) => extraTasks(c, stream, 1) },
    },
  ],
});
