import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { identity, type Matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { exactRisk } from "../../src/risk/exact.js";
import { exactSampleComplexity, sampleComplexity } from "../../src/risk/sample-complexity.js";
import { weightsFrom } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/**
 * `R_test` and `M` are a test task's strength and examples; `perTask` = 1 gives every training task a subspace of its
 * own.
 */
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

/** The error that M* is asked for. */
const epsilon = 0.1;

const testTasks = (c: C, stream: Stream) =>
  drawTestTasks(stream.derive("test"), taskLaw({ d: c.d, k: c.k, R: c.R_test, N: 1 }), 50);

/** A million examples stand for never. */
const logM = (c: C, W: Matrix, stream: Stream): number =>
  Math.log(Math.min(1e6, sampleComplexity(taskScalars(W, testTasks(c, stream)), epsilon)));

function trained({ d, k, R, N, B, perTask }: C, stream: Stream): Matrix {
  const tasks = drawTasks(
    stream.derive("training"),
    taskLaw({ d, k, R, N, ...(perTask ? { subspace: "per-task" } : {}) }),
    B,
  );
  return weightsFrom(maxMargin(gramProduct(tasks.m, tasks.u).dense()).alpha, tasks);
}

const clamp = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));

/** The slope of log M* in log d, from d/2 to d at fixed k, of the learner that `learn` makes. */
function slopeInD(c: C, stream: Stream, learn: (c: C, stream: Stream) => Matrix): number {
  const half = { ...c, d: Math.max(c.k, Math.round(c.d / 2)), R: c.R / Math.SQRT2 };
  return clamp(
    (logM(c, learn(c, stream), stream) - logM(half, learn(half, stream), stream)) / Math.log(c.d / half.d),
    [0, 1.6],
  );
}

/**
 * log of how many times fewer examples the trained W needs than W = I, less the same of PPᵀ by the exact formula: 0
 * when it wins all there is.
 */
function gainOverSingleTask(c: C, stream: Stream, learn: (c: C, stream: Stream) => Matrix): number {
  const [single, known] = [c.d, c.k].map((k) => exactSampleComplexity({ R: c.R_test, k, epsilon }));
  const measured = logM(c, identity(c.d), stream) - logM(c, learn(c, stream), stream);
  return clamp(measured - Math.log(single! / known!), [-1, 0.6]);
}

/** The mean error of W = I at M examples over its exact value at dimension `of`. */
function overExact(c: C, stream: Stream, of: number): number {
  const test = testTasks(c, stream);
  const error = taskScalars(identity(c.d), test).reduce((sum, task) => sum + riskAt(task, c.M), 0) / test.mu.rows;
  return clamp(error / exactRisk({ R: c.R_test, M: c.M, k: of }), [0.7, 1.3]);
}

export const singleTaskLowerBound = theorem<C>({
  id: "single-task-lower-bound",
  title: "Without other tasks, Ω(d/R̃⁴) examples are needed; trained on them, d/k times fewer",
  source: { paper: magenVardi2025, locus: "§1, the single-task lower bound", status: "stated as rate" },
  // For μ uniform on the sphere of ℝ^d, W = I is Bayes-optimal (its posterior is von Mises–Fisher about m), so no
  // learner from the context alone has a smaller M* on average: a statement about W = I is one about all of them.
  statement: String.raw`M^*(I) = \Omega(d/\tilde R^4), \quad M^*(I)/M^*(W) \approx d/k`,
  regime: fc.record({
    d: fc.integer({ min: 24, max: 36 }),
    k: fc.integer({ min: 2, max: 5 }),
    R: fc.integer({ min: 22, max: 30 }),
    N: fc.integer({ min: 8, max: 20 }),
    B: fc.integer({ min: 56, max: 64 }),
    R_test: fc.constant(1.5),
    M: fc.integer({ min: 5, max: 40 }),
    perTask: fc.constant(0),
  }),
  examples: {
    "one line in 36 dimensions": { d: 36, k: 1, R: 30, N: 10, B: 48, R_test: 1.5, M: 10, perTask: 0 },
    "a fifth of the dimensions": { d: 30, k: 6, R: 27, N: 10, B: 72, R_test: 1.5, M: 40, perTask: 0 },
  },
  assumptions: [
    assume<C>("perTask == 0", { why: "one subspace for all training tasks", drop: (c) => ({ ...c, perTask: 1 }) }),
    assume<C>("B >= c_B * k", {
      why: "tasks enough to learn the subspace",
      constants: {
        c_B: { value: 10, from: "calibrated: the trained M* is then within a quarter of that of PPᵀ at R = 3√d" },
      },
      drop: (c) => ({ ...c, B: 1, k: Math.max(2, c.k) }),
    }),
    assume<C>("R >= c_R * sqrt(d)", {
      why: "training signal above the noise",
      constants: { c_R: { value: 3, from: "calibrated, with c_B" } },
      drop: (c) => ({ ...c, R: 0.2 * Math.sqrt(c.d) }),
    }),
  ],
  claims: [
    {
      id: "slope-in-d",
      says: "log M* of W = I has slope 1 ± 0.2 in log d, from d/2 to d",
      form: "equals",
      range: [0, 1.6],
      equals: 1,
      within: 0.2,
      draw: (c, stream) => slopeInD(c, stream, ({ d }) => identity(d)),
      control: { name: "trained on other tasks", draw: (c, stream) => slopeInD(c, stream, trained) },
    },
    {
      id: "exact-error",
      says: "the error of W = I is the exact risk in d dimensions, on average to 5%",
      form: "equals",
      range: [0.7, 1.3],
      equals: 1,
      within: 0.05,
      draw: (c, stream) => overExact(c, stream, c.d),
      control: {
        name: "the exact risk in d/2 dimensions",
        draw: (c, stream) => overExact(c, stream, Math.ceil(c.d / 2)),
      },
    },
    {
      id: "trained-beats-it-by-d-over-k",
      says: "training on other tasks saves the factor M*(d)/M*(k) ~ d/k, on a log scale to ±0.35",
      form: "equals",
      range: [-1, 0.6],
      equals: 0,
      within: 0.35,
      draw: (c, stream) => gainOverSingleTask(c, stream, trained),
      control: {
        name: "one subspace per training task",
        draw: (c, stream) => gainOverSingleTask({ ...c, perTask: 1 }, stream, trained),
      },
    },
  ],
});
