import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { identity } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { trainDual } from "../../src/transformer/descent/dual.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/*
 * Why nothing can be gained. Without a shared subspace the prior of μ is isotropic, and W = I, which averages the context in ℝ^d, is Bayes-optimal
 * among all learners (the posterior of μ is von Mises–Fisher about m): no W errs less on average, whatever it was trained on.
 */

/** `perTask` is 1 when every task has a k-dimensional subspace of its own, 0 when they share one. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly M: number;
  readonly perTask: number;
};

/**
 * log(single-task error / trained error) on the same 100 test tasks after 300 steps of η = 0.01, the published
 * training: positive where training on other tasks paid.
 */
function gain(c: C, stream: Stream): number {
  const law = taskLaw({ ...c, ...(c.perTask ? { subspace: "per-task" } : {}) });
  const { m, u } = drawTasks(stream.derive("tasks"), law, c.B);
  const [end] = trainDual(gramProduct(m, u), { stepSize: 0.01, at: [300] });
  const test = drawTestTasks(stream.derive("test"), law, 100);
  const [single, trained] = [identity(c.d), { alpha: end!.alpha, m, u }].map((W) =>
    taskScalars(W, test).reduce((sum, scalars) => sum + riskAt(scalars, c.M), 0),
  );
  return Math.log(single! / trained!);
}

/** 1 when training gains 2% or more: what 100 test tasks leave to chance is less. */
const gains = (c: C, stream: Stream) => (gain(c, stream) > 0.02 ? 1 : 0);

export const noSharedStructure = theorem<C>({
  id: "no-shared-structure",
  title: "Without a shared subspace training on other tasks gains nothing",
  source: { paper: magenVardi2025, locus: "break conditions: k = d, or a subspace for each task", status: "derived" },
  statement: String.raw`\mu \sim \mathrm{Unif}(R\,S^{d-1}) \implies \mathrm{err}(W_t; M) \ge \mathrm{err}(I; M)`,
  regime: fc.record({
    d: fc.integer({ min: 12, max: 20 }),
    k: fc.integer({ min: 2, max: 3 }),
    R: fc.constantFrom(2, 2.5),
    N: fc.integer({ min: 10, max: 40 }),
    B: fc.integer({ min: 60, max: 100 }),
    M: fc.integer({ min: 1, max: 4 }),
    perTask: fc.constant(1),
  }),
  examples: {
    "one example": { d: 20, k: 2, R: 2, N: 40, B: 100, M: 1, perTask: 1 },
    "a few examples": { d: 16, k: 3, R: 2.5, N: 40, B: 100, M: 4, perTask: 1 },
  },
  assumptions: [
    assume<C>("perTask == 1", { why: "no subspace is shared", drop: (c) => ({ ...c, perTask: 0 }) }),
    assume<C>("M <= c_M * d", {
      why: "contexts short enough that a shared subspace would pay, so that its absence shows",
      constants: { c_M: { value: 0.5, from: "calibrated: at M of order d one task's own context says as much" } },
      drop: (c) => ({ ...c, M: 50 * c.d }),
    }),
  ],
  claims: [
    {
      id: "no-gain-from-own-subspaces",
      says: "with a subspace for each task, training gains 2% or more for 1 training set in 4 at most",
      form: "mean",
      draw: gains,
      range: [0, 1],
      atMost: 0.25,
      slack: 0.15,
      control: { name: "one shared subspace", draw: (c, stream) => gains({ ...c, perTask: 0 }, stream) },
    },
    {
      id: "no-gain-in-full-dimension",
      says: "with k = d, training gains 2% or more for 1 training set in 4 at most",
      form: "mean",
      draw: (c, stream) => gains({ ...c, k: c.d, perTask: 0 }, stream),
      range: [0, 1],
      atMost: 0.25,
      slack: 0.15,
      control: { name: "k as it is, and shared", draw: (c, stream) => gains({ ...c, perTask: 0 }, stream) },
    },
  ],
});
