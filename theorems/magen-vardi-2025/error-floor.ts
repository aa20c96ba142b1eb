import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { projectedWeights } from "../../src/learners/projected.js";
import { identity, type Matrix, matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace } from "../../src/mixture/subspace.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { normalCdf } from "../../src/risk/normal.js";
import { smoothness, trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/** `R_test` is the strength of the test tasks. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly R_test: number;
};

/** W of max-margin and of 300 steps of gradient descent, trained on the same tasks. */
function trained({ d, k, R, N, B }: C, stream: Stream): Matrix[] {
  const tasks = drawTasks(stream.derive("training"), taskLaw({ d, k, R, N }), B);
  const K = gramProduct(tasks.m, tasks.u);
  const steps = trainDual(K, { stepSize: 1 / smoothness(K), at: [300] })[0]!.alpha;
  return [maxMargin(K.dense()).alpha, steps].map((alpha) => weightsFrom(alpha, tasks));
}

/** The two trained ones, one with random weights, and the two that know what they know without training: PPᵀ and I. */
function everyLearner(c: C, stream: Stream): Matrix[] {
  const random = matrix(c.d, c.d, normals(stream.derive("weights"), c.d * c.d));
  return [...trained(c, stream), random, projectedWeights(coordinateSubspace(c.k, c.d)), identity(c.d)];
}

/** Errors, one for each of 20 test tasks of strength R̃, at context length M. */
function errors(c: C, stream: Stream, W: Matrix, M: number): number[] {
  const test = drawTestTasks(stream.derive("test"), taskLaw({ d: c.d, k: c.k, R: c.R_test, N: 1 }), 20);
  return taskScalars(W, test).map((task) => riskAt(task, M));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lengths = [1, 10, 1000, Number.POSITIVE_INFINITY];

/** By how much the smallest error of any learner, task and length is below Φ(−R̃). */
function belowFloor(c: C, stream: Stream, R_test = c.R_test): number {
  const all = everyLearner(c, stream).flatMap((W) => lengths.flatMap((M) => errors({ ...c, R_test }, stream, W, M)));
  return normalCdf(-c.R_test) - Math.min(...all);
}

/** How far the errors of PPᵀ and I at M = ∞ are from Φ(−R̃), at most. */
function missOfFloor(c: C, stream: Stream, M: number): number {
  const known = [projectedWeights(coordinateSubspace(c.k, c.d)), identity(c.d)];
  return Math.max(
    ...known.flatMap((W) => errors(c, stream, W, M)).map((error) => Math.abs(error - normalCdf(-c.R_test))),
  );
}

/**
 * The largest |½ − error| of any learner at strength R̃, less what the floor leaves, R̃/√(2π), at strength `allowed`.
 */
function edgeOverChance(c: C, stream: Stream, R_test: number, allowed: number): number {
  const all = everyLearner(c, stream).flatMap((W) => lengths.flatMap((M) => errors({ ...c, R_test }, stream, W, M)));
  return Math.max(...all.map((error) => Math.abs(0.5 - error))) - allowed / Math.sqrt(2 * Math.PI);
}

/** The mean error at M = ∞ of the two trained learners over Φ(−R̃), less 1; above 0.5 counted as 0.5. */
function excessOverFloor(c: C, stream: Stream): number {
  const error = mean(trained(c, stream).flatMap((W) => errors(c, stream, W, Number.POSITIVE_INFINITY)));
  return Math.max(0, Math.min(0.5, error / normalCdf(-c.R_test) - 1));
}

/**
 * The mean error at M = ∞ of gradient descent on tasks of one dimension, k = 1, less `allowed`; clamped to [−0.05,
 * 0.1].
 */
function errorOnALine(c: C, stream: Stream, allowed: number): number {
  const line = { ...c, k: 1 };
  const error = mean(errors(line, stream, trained(line, stream)[1]!, Number.POSITIVE_INFINITY));
  return Math.max(-0.05, Math.min(0.1, error - allowed));
}

export const errorFloor = theorem<C>({
  id: "error-floor",
  title: "No context is long enough for an error below Φ(−R̃), whatever the learner",
  source: { paper: magenVardi2025, locus: "§1; the floor is derived", status: "derived" },
  // Given m, the error of sign(mᵀWx) is Φ(−mᵀWμ/‖Wᵀm‖), and mᵀWμ ≤ ‖Wᵀm‖‖μ‖ = ‖Wᵀm‖R̃ (Cauchy–Schwarz): for every W, m
  // and M. Likewise it is at most Φ(R̃), so |½ − error| ≤ R̃/√(2π). At M = ∞, m = μ, and Wᵀμ = aμ attains the floor.
  statement: String.raw`\mathrm{err}(W, M) \ge \Phi(-\tilde R), \quad |\mathrm{err} - \tfrac12| \le \tilde R/\sqrt{2\pi}`,
  regime: fc.record({
    d: fc.integer({ min: 12, max: 24 }),
    k: fc.integer({ min: 1, max: 4 }),
    R: fc.integer({ min: 20, max: 30 }),
    N: fc.integer({ min: 5, max: 20 }),
    B: fc.integer({ min: 48, max: 64 }),
    R_test: fc.constantFrom(0.5, 1, 1.5),
  }),
  examples: {
    "one line": { d: 12, k: 1, R: 20, N: 10, B: 48, R_test: 1 },
    "signal as strong as the noise of one coordinate": { d: 24, k: 4, R: 24, N: 10, B: 64, R_test: 1 },
  },
  assumptions: [
    assume<C>("R_test <= c", {
      why: "a test signal weak enough for the floor to be seen: Φ(−1.5) = 0.067",
      constants: {
        c: { value: 1.5, from: "chosen: the floor is then three times the 0.02 that near-perfect stands for" },
      },
      drop: (c) => ({ ...c, R_test: 4 }),
    }),
    assume<C>("B >= c_B * k", {
      why: "tasks enough to learn the subspace",
      constants: {
        c_B: {
          value: 10,
          from: "calibrated: the trained error at M = ∞ is then within a tenth of the floor at R = 3√d",
        },
      },
      drop: (c) => ({ ...c, k: Math.max(2, c.k), B: 1 }),
    }),
    assume<C>("R >= c_R * sqrt(d)", {
      why: "training signal above the noise",
      constants: { c_R: { value: 3, from: "calibrated, with c_B" } },
      drop: (c) => ({ ...c, R: 0.2 * Math.sqrt(c.d) }),
    }),
  ],
  claims: [
    {
      id: "no-learner-below",
      says: "no learner, task or context length has an error below Φ(−R̃): perfect accuracy is out of reach",
      form: "always",
      tolerance: 1e-9,
      because:
        "rounding: Φ's argument is right to 1e-16, but to 1e-16 R̃²/a² where chance leaves only a of μ in a context's mean",
      draw: (c, stream) => belowFloor(c, stream),
      control: { name: "test tasks a tenth stronger", draw: (c, stream) => belowFloor(c, stream, 1.1 * c.R_test) },
    },
    {
      id: "floor-attained",
      says: "PPᵀ and I attain it at M = ∞",
      form: "always",
      tolerance: 1e-14,
      because: "rounding of Φ",
      draw: (c, stream) => missOfFloor(c, stream, Number.POSITIVE_INFINITY),
      control: { name: "M = 100", draw: (c, stream) => missOfFloor(c, stream, 100) },
    },
    {
      id: "trained-reaches-it",
      says: "the trained transformer's error at M = ∞ is at most a tenth above it",
      form: "mean",
      range: [0, 0.5],
      atMost: 0.1,
      slack: 0.1,
      draw: excessOverFloor,
      control: {
        name: "trained without a signal to speak of",
        draw: (c, stream) => excessOverFloor({ ...c, R: 0.1 * Math.sqrt(c.d) }, stream),
      },
    },
    {
      id: "chance-without-signal",
      says: "at R̃ = 0.01 no learner, task or context length is further than R̃/√(2π) from an error of ½",
      form: "always",
      tolerance: 1e-9,
      because: "rounding, as for the floor",
      draw: (c, stream) => edgeOverChance(c, stream, 0.01, 0.01),
      control: { name: "R̃ = 0.02", draw: (c, stream) => edgeOverChance(c, stream, 0.02, 0.01) },
    },
    {
      id: "near-perfect-once-k-is-small",
      says: "at k = 1 and M = ∞ the trained transformer's error is at most 0.02",
      form: "mean",
      range: [-0.05, 0.1],
      atMost: 0.02,
      slack: 0.02,
      draw: (c, stream) => errorOnALine(c, stream, 0),
      expect: { verdict: "refuted", because: "the floor Φ(−R̃) does not depend on k" },
      control: {
        name: "its excess over Φ(−R̃) is at most 0.02",
        draw: (c, stream) => errorOnALine(c, stream, normalCdf(-c.R_test)),
      },
    },
  ],
});
