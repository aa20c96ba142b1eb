import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { type TaskParameters, taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, type Tasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace } from "../../src/mixture/subspace.js";
import type { Stream } from "../../src/random/stream.js";
import { alignment, oneStepAlignmentLaw, singularSubspaceAngles } from "../../src/transformer/alignment.js";
import { smoothness, trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { trainingMinimiser } from "../../src/transformer/training-minimiser.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/** `perTask` = 1 gives every task a subspace of its own. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly perTask: number;
};

type World = Pick<TaskParameters, "d" | "k" | "R" | "N"> & { readonly perTask: number };

/** The same stream gives the same directions and noise at every R, and nested tasks in `first`. */
function tasksOf(c: World, stream: Stream, B: number): Tasks {
  return drawTasks(stream, taskLaw({ ...c, ...(c.perTask ? { subspace: "per-task" } : {}) }), B);
}

/** Tasks from·B … from·B + B − 1. */
function block({ m, u, mu }: Tasks, B: number, from = 0): Tasks {
  const rows = ({ cols, data }: Matrix) => matrix(B, cols, data.slice(from * B * cols, (from + 1) * B * cols));
  return { m: rows(m), u: rows(u), mu: rows(mu) };
}

/** Gradient descent, 100 steps at η = 1/β. */
function trained(tasks: Tasks): Matrix {
  const K = gramProduct(tasks.m, tasks.u);
  return weightsFrom(trainDual(K, { stepSize: 1 / smoothness(K), at: [100] })[0]!.alpha, tasks);
}

function maxMarginWeights(tasks: Tasks): Matrix {
  return weightsFrom(maxMargin(gramProduct(tasks.m, tasks.u).dense()).alpha, tasks);
}

/** All that should be small: minus the cosine, the energy outside P, and the largest principal angle on either side. */
function misalignment(W: Matrix, { k, d }: World): number[] {
  const subspace = coordinateSubspace(k, d);
  const { cosine, energyInside } = alignment(W, subspace);
  const { left, right } = singularSubspaceAngles(W, subspace);
  return [-cosine, 1 - energyInside, left[k - 1]!, right[k - 1]!];
}

/** The share of the four measures that are smaller in the second W than in the first. */
function improved(c: World, before: Matrix, after: Matrix): number {
  const [from, to] = [misalignment(before, c), misalignment(after, c)];
  return to.filter((value, i) => value < from[i]!).length / to.length;
}

/** cos² of one step of gradient descent less its law, both for 8B tasks. */
function lawError(c: C, stream: Stream): number {
  const tasks = tasksOf(c, stream, 8 * c.B);
  const step = weightsFrom(new Float64Array(8 * c.B).fill(1), tasks);
  const error = alignment(step, coordinateSubspace(c.k, c.d)).cosine ** 2 - oneStepAlignmentLaw(c, 8 * c.B);
  return Math.max(-0.15, Math.min(0.15, error));
}

function moreTasks(c: C, stream: Stream, factor = 8): number {
  const tasks = tasksOf(c, stream, 8 * c.B);
  return improved(c, trained(block(tasks, c.B)), trained(block(tasks, Math.max(1, Math.round(factor * c.B)))));
}

function strongerSignal(c: C, stream: Stream, factor = 2): number {
  const weights = (R: number) => maxMarginWeights(tasksOf({ ...c, R }, stream, c.B));
  return improved(c, weights(c.R), weights(factor * c.R));
}

/**
 * The slope of log tan ∠(W, PPᵀ) in log B between B = 64 and 1024 tasks in d = 2, k = 1, R = 0.7, where B ≫ d² and no W
 * separates them, W minimising the training loss. The left end is the mean over four blocks of the 1024 tasks.
 */
function rateOfTangent(c: C, stream: Stream): number {
  const world = { d: 2, k: 1, R: 0.7, N: c.N, perTask: c.perTask };
  const tasks = tasksOf(world, stream, 1024);
  const logTangent = (some: Tasks) => {
    const W = trainingMinimiser(some);
    // Separable by a rare accident: no minimiser, and a draw that speaks against the claim.
    const { cosine } = W ? alignment(W, coordinateSubspace(world.k, world.d)) : { cosine: Number.NaN };
    return Math.log(Math.sqrt(1 / cosine ** 2 - 1));
  };
  let left = 0;
  for (let i = 0; i < 4; i++) left += logTangent(block(tasks, 64, i)) / 4;
  const slope = (logTangent(tasks) - left) / Math.log(16);
  return slope < 0 ? Math.max(-0.8, slope) : 0;
}

/** cos² with PPᵀ of the max-margin solution of `B` tasks at R = strength·√d, values above 0.4 counted as 0.4. */
function squaredCosine(c: C, stream: Stream, strength: number, B: number): number {
  const tasks = tasksOf({ ...c, R: strength * Math.sqrt(c.d) }, stream, B);
  return Math.min(0.4, alignment(maxMarginWeights(tasks), coordinateSubspace(c.k, c.d)).cosine ** 2);
}

export const subspaceAlignment = theorem<C>({
  id: "subspace-alignment",
  title: "The trained weights align with the projector on the tasks' subspace",
  source: {
    paper: magenVardi2025,
    locus: "Remark 4.1, which states similarity; the laws are derived",
    status: "derived",
  },
  statement: String.raw`\cos^2\angle(W, PP^\top) \approx \Bigl(1 + \tfrac{k}{B}\bigl(1 + \tfrac{d}{R^2}\bigr)\bigl(1 + \tfrac{d}{NR^2}\bigr)\Bigr)^{-1}`,
  regime: fc.record({
    d: fc.integer({ min: 16, max: 24 }),
    k: fc.integer({ min: 1, max: 3 }),
    R: fc.integer({ min: 5, max: 12 }),
    N: fc.integer({ min: 4, max: 20 }),
    B: fc.integer({ min: 8, max: 12 }),
    perTask: fc.constant(0),
  }),
  examples: {
    "signal as strong as the noise": { d: 25, k: 2, R: 5, N: 10, B: 12, perTask: 0 },
    "strong signal": { d: 24, k: 2, R: 24, N: 20, B: 8, perTask: 0 },
    "short contexts": { d: 16, k: 3, R: 8, N: 1, B: 12, perTask: 0 },
  },
  assumptions: [
    assume<C>("perTask == 0", { why: "one subspace for all tasks", drop: (c) => ({ ...c, perTask: 1 }) }),
    assume<C>("R >= c_R * sqrt(d)", {
      why: "signal above the noise, at which few tasks are enough",
      constants: {
        c_R: { value: 1, from: "calibrated: the alignment law exceeds 1/2 from B = 4k on, for long contexts" },
      },
      drop: (c) => ({ ...c, R: 0.2 * Math.sqrt(c.d) }),
    }),
    assume<C>("B >= c_B * k", {
      why: "tasks to span the subspace with",
      constants: {
        c_B: { value: 2, from: "calibrated: the angles of fewer tasks are not yet ordered by B in every draw" },
      },
      drop: (c) => ({ ...c, B: 1, k: Math.max(c.k, 2) }),
    }),
  ],
  claims: [
    {
      id: "one-step-law",
      says: "after one step on 8B tasks the squared cosine is the law's, on average to ±0.06 (errors above 0.15 count as 0.15)",
      form: "equals",
      range: [-0.15, 0.15],
      equals: 0,
      within: 0.06,
      draw: lawError,
      control: { name: "one subspace per task", draw: (c, stream) => lawError({ ...c, perTask: 1 }, stream) },
    },
    {
      id: "rises-with-tasks",
      says: "8 times the tasks: cosine up, energy outside P and both largest angles down, in 3 of 4 measures at least on average",
      form: "mean",
      range: [0, 1],
      atLeast: 0.75,
      slack: 0.25,
      draw: (c, stream) => moreTasks(c, stream),
      control: { name: "a single task", draw: (c, stream) => moreTasks(c, stream, 1 / c.B) },
    },
    {
      id: "rises-with-signal",
      says: "twice the signal: the same four measures of the max-margin solution improve, 3 of 4 at least on average",
      form: "mean",
      range: [0, 1],
      atLeast: 0.75,
      slack: 0.25,
      draw: (c, stream) => strongerSignal(c, stream),
      control: { name: "half the signal", draw: (c, stream) => strongerSignal(c, stream, 0.5) },
    },
    {
      id: "rate-of-the-risk-minimiser",
      says: "the tangent of the angle between the risk minimiser and PPᵀ falls like B^(-1/2): slope −½ to ±0.2 from B = 64 to 1024 at d = 2, k = 1, R = 0.7",
      form: "equals",
      range: [-0.8, 0],
      equals: -0.5,
      within: 0.2,
      draw: (c, stream) => rateOfTangent(c, stream),
      control: { name: "one subspace per task", draw: (c, stream) => rateOfTangent({ ...c, perTask: 1 }, stream) },
    },
    {
      id: "weak-signal-few-tasks",
      says: "at R = √d/4 and B = k the max-margin solution has not found the subspace: cos² at most 0.15 on average",
      form: "mean",
      range: [0, 0.4],
      atMost: 0.15,
      slack: 0.15,
      draw: (c, stream) => squaredCosine(c, stream, 0.25, c.k),
      control: {
        name: "R = 2√d and B tasks",
        draw: (c, stream) => squaredCosine(c, stream, 2, Math.max(c.B, 4 * c.k)),
      },
    },
  ],
});
