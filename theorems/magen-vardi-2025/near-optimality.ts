import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { projectedFactors } from "../../src/learners/projected.js";
import { identity, type Matrix } from "../../src/linalg/matrix.js";
import { gramProduct, type SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace } from "../../src/mixture/subspace.js";
import type { Stream } from "../../src/random/stream.js";
import { taskScalars } from "../../src/risk/conditional.js";
import { sampleComplexity } from "../../src/risk/sample-complexity.js";
import { smoothness, trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/** `R_test` is the strength of the test tasks; `perTask` = 1 gives every training task a subspace of its own. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly R_test: number;
  readonly perTask: number;
};

type Solver = (K: SymmetricOperator) => Float64Array;
const toMaxMargin: Solver = (K) => maxMargin(K.dense()).alpha;
const by300Steps: Solver = (K) => trainDual(K, { stepSize: 1 / smoothness(K), at: [300] })[0]!.alpha;

function trained({ d, k, R, N, B, perTask }: C, stream: Stream, solve: Solver): Matrix {
  const tasks = drawTasks(stream, taskLaw({ d, k, R, N, ...(perTask ? { subspace: "per-task" } : {}) }), B);
  return weightsFrom(solve(gramProduct(tasks.m, tasks.u)), tasks);
}

/** log of M*(W)/M*(PPᵀ) at error 0.1, both on the same 50 test tasks, for several W; clamped to [−0.2, log 2]. */
function logRatios(c: C, stream: Stream, weights: readonly Matrix[]): number[] {
  const test = drawTestTasks(stream, taskLaw({ d: c.d, k: c.k, R: c.R_test, N: 1 }), 50);
  const known = sampleComplexity(taskScalars(projectedFactors(coordinateSubspace(c.k, c.d)), test), 0.1);
  // Where PPᵀ itself never gets there, tasks are outside its subspace and nothing is matched.
  if (known === Number.POSITIVE_INFINITY) return weights.map(() => Math.LN2);
  return weights.map((W) => {
    const log = Math.log(sampleComplexity(taskScalars(W, test), 0.1) / known);
    return Math.max(-0.2, Math.min(Math.LN2, log));
  });
}

const logRatio = (c: C, stream: Stream, solve: Solver): number =>
  logRatios(c, stream.derive("test"), [trained(c, stream.derive("training"), solve)])[0]!;

/** How much log M*(trained)/M*(knows P) falls from k tasks to B: positive when more tasks come nearer. */
function gain(c: C, stream: Stream): number {
  const weights = [c.k, c.B].map((B) => trained({ ...c, B }, stream.derive("training"), toMaxMargin));
  const [few, many] = logRatios(c, stream.derive("test"), weights);
  return few! - many!;
}

export const nearOptimality = theorem<C>({
  id: "near-optimality",
  title: "Few training tasks on, the transformer needs hardly more examples than the learner that knows the subspace",
  source: {
    paper: magenVardi2025,
    locus: '§1, "almost matches" the optimal learner with access to P',
    status: "stated as rate",
  },
  statement: String.raw`M^*(W)\,/\,M^*(PP^\top) \to 1 \quad (B \to \infty)`,
  regime: fc.record({
    d: fc.integer({ min: 20, max: 26 }),
    k: fc.integer({ min: 3, max: 5 }),
    R: fc.integer({ min: 20, max: 30 }),
    N: fc.integer({ min: 10, max: 20 }),
    B: fc.constant(64),
    R_test: fc.constant(2),
    perTask: fc.constant(0),
  }),
  examples: {
    "as published in outline": { d: 30, k: 4, R: 27, N: 10, B: 72, R_test: 2, perTask: 0 },
    "short training contexts": { d: 20, k: 4, R: 22, N: 3, B: 80, R_test: 2, perTask: 0 },
  },
  assumptions: [
    assume<C>("perTask == 0", { why: "one subspace for all tasks", drop: (c) => ({ ...c, perTask: 1 }) }),
    assume<C>("B >= c_B * k", {
      why: "tasks enough to learn the subspace",
      constants: { c_B: { value: 12, from: "calibrated: the mean ratio of M* is then below 1.2 at R = 4√d" } },
      drop: (c) => ({ ...c, B: Math.max(1, Math.round(c.k / 2)) }),
    }),
    assume<C>("R >= c_R * sqrt(d)", {
      why: "training signal above the noise",
      constants: { c_R: { value: 3, from: "calibrated, with c_B" } },
      drop: (c) => ({ ...c, R: 0.2 * Math.sqrt(c.d) }),
    }),
  ],
  claims: [
    {
      id: "max-margin-almost-matches",
      says: "M* of the max-margin solution is at most 1.2 times that of PPᵀ: mean log ratio, ratios above 2 counted as 2",
      form: "mean",
      range: [-0.2, Math.LN2],
      atMost: Math.log(1.2),
      slack: Math.log(1.2),
      draw: (c, stream) => logRatio(c, stream, toMaxMargin),
      control: {
        name: "one subspace per training task",
        draw: (c, stream) => logRatio({ ...c, perTask: 1 }, stream, toMaxMargin),
      },
    },
    {
      id: "gradient-descent-almost-matches",
      says: "so is that of 300 steps of gradient descent at η = 1/β",
      form: "mean",
      range: [-0.2, Math.LN2],
      atMost: Math.log(1.2),
      slack: Math.log(1.2),
      draw: (c, stream) => logRatio(c, stream, by300Steps),
      control: { name: "W = I", draw: (c, stream) => logRatios(c, stream, [identity(c.d)])[0]! },
    },
    {
      id: "nearer-with-more-tasks",
      says: "from k tasks to B the log ratio falls by 0.1 at least on average",
      form: "mean",
      range: [-0.9, 0.9],
      atLeast: 0.1,
      slack: 0.1,
      draw: (c, stream) => gain(c, stream),
      control: { name: "from B to k", draw: (c, stream) => -gain(c, stream) },
    },
    {
      id: "never-better",
      says: "no W needs fewer examples than PPᵀ, which is Bayes-optimal: mean log ratio at least 0, less a slack of 0.1",
      form: "mean",
      range: [-0.2, Math.LN2],
      atLeast: 0,
      slack: 0.1,
      draw: (c, stream) => logRatio(c, stream, toMaxMargin),
      control: {
        name: "the trained learner given twice the examples",
        draw: (c, stream) => Math.max(-0.2, logRatio(c, stream, by300Steps) - Math.LN2),
      },
    },
  ],
});
