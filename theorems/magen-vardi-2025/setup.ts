import { type Assumption, assume } from "../../src/claim/assumption.js";
import type { Configuration } from "../../src/claim/theorem.js";
import { cholesky } from "../../src/linalg/decompositions.js";
import { row } from "../../src/linalg/matrix.js";
import { gramProduct, type SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { dot } from "../../src/linalg/vector.js";
import {
  drawReducedTasks,
  drawReducedTestTasks,
  type ReducedRankOneSum,
  type ReducedTasks,
  reducedProjector,
} from "../../src/mixture/signed/dimension-free.js";
import { type TaskLaw, taskLaw } from "../../src/mixture/signed/task-law.js";
import { gamma } from "../../src/random/gamma.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, type TaskScalars, taskScalars } from "../../src/risk/conditional.js";
import { type DualStart, smoothness, trainDual } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";

/** What the theorems of this paper train on: B tasks of N examples, SNR = R/√d. */
export type Setting = { readonly d: number; readonly k: number; readonly R: number; readonly N: number };

/** The parts of the tasks' law that a wrong theory gets wrong, and the learner. */
export interface TaskWorld {
  readonly means: TaskLaw["means"];
  /** The context mean's noise is contextNoise·N^(−contextNoiseExponent) a coordinate. */
  readonly contextNoise: number;
  readonly contextNoiseExponent: number;
  readonly queryNoise: number;
}

export const statedTasks: TaskWorld = {
  means: "sphere",
  contextNoise: 1,
  contextNoiseExponent: 0.5,
  queryNoise: 1,
};

/** What is trained: so many steps of gradient descent from zero, or the max-margin limit of them. */
export type Learner = "300 steps" | "one step" | "limit";

/** The law of training tasks at a configuration in a world. */
export function lawIn({ d, k, R, N }: Setting, world: TaskWorld): TaskLaw {
  const { means, queryNoise, contextNoise, contextNoiseExponent } = world;
  return taskLaw({ d, k, R, N, means, queryNoise, contextNoise: contextNoise * N ** (0.5 - contextNoiseExponent) });
}

/** B training tasks by their inner products: d costs nothing. */
export function trainingTasks(at: Setting & { readonly B: number }, stream: Stream, world: TaskWorld): ReducedTasks {
  return drawReducedTasks(stream, lawIn(at, world), at.B);
}

/**
 * The inner products of the tasks' m uᵀ; from 2,000 tasks on, where memory is what limits, stored in f32, which moves
 * no error of Figure 1's by more than 1e-10.
 */
export function gramOf({ m, u }: ReducedTasks): SymmetricOperator {
  return gramProduct(m, u, m.rows >= 2000 ? "f32" : "f64");
}

/**
 * W of a learner, as factors. @param K what `gramOf` makes of the tasks, where several learners share it. @param
 * stepSize of the 300 steps; 1/β unless given.
 */
export function trained(
  tasks: ReducedTasks,
  learner: Learner,
  { K = () => gramOf(tasks), stepSize }: { K?: () => SymmetricOperator; stepSize?: number | undefined } = {},
): ReducedRankOneSum {
  if (learner === "one step") return withMultipliers(tasks, new Float64Array(tasks.m.rows).fill(1));
  return withMultipliers(tasks, learner === "limit" ? limitMultipliers(K()) : descentMultipliers(K(), 300, stepSize));
}

/** The multipliers of W_MM. @throws RangeError when no W separates the tasks. */
export function limitMultipliers(K: SymmetricOperator): Float64Array {
  const solution = maxMargin(K);
  if (!solution.separable) throw new RangeError("no W separates the tasks: there is no max-margin solution");
  return solution.alpha;
}

/** The multipliers after so many steps of η = 1/β, the largest at which the loss is sure to fall, unless given. */
export function descentMultipliers(K: SymmetricOperator, steps: number, stepSize = 1 / smoothness(K)): Float64Array {
  return trainDual(K, { stepSize, at: [steps] })[0]!.alpha;
}

export function withMultipliers({ m, u, reduced }: ReducedTasks, alpha: Float64Array): ReducedRankOneSum {
  return { alpha, m, u, reduced };
}

/**
 * The start from a Gaussian W₀ of ‖W₀‖_F ≈ size in ℝ^{d×d}, known by what training sees of it: its margins are N(0,
 * w²K), w = size/d, and of ‖W₀‖²/w² the part outside span{m_τu_τᵀ} is χ² with d² − B degrees of freedom, independent of
 * them.
 */
export function gaussianStart(stream: Stream, K: SymmetricOperator, d: number, size: number): DualStart {
  const w = size / d;
  const L = cholesky(K.dense());
  const z = normals(stream, K.n);
  const margins = Float64Array.from({ length: K.n }, (_, t) => w * dot(row(L, t), z));
  return { margins, normSquared: w * w * (dot(z, z) + 2 * gamma(stream, (d * d - K.n) / 2)) };
}

/** Where test tasks are drawn: of strength R̃. */
type TestSetting = { readonly d: number; readonly k: number; readonly Rtest: number };

/** `count` test tasks in the coordinates of the training tasks. */
export function testTasks(stream: Stream, { d, k, Rtest }: TestSetting, tasks: ReducedTasks, count: number) {
  return drawReducedTestTasks(stream, taskLaw({ d, k, R: Rtest, N: 1 }), tasks, count);
}

/** The scalars of `count` test tasks under each W of the same training tasks, then under PPᵀ. */
export function testScalars(
  stream: Stream,
  at: TestSetting,
  tasks: ReducedTasks,
  weights: readonly ReducedRankOneSum[],
  count: number,
): TaskScalars[][] {
  const test = testTasks(stream, at, tasks, count);
  return [...weights, reducedProjector(tasks)].map((W) => taskScalars(W, test));
}

/** The mean error of test tasks at context length M. */
export function meanError(scalars: readonly TaskScalars[], M: number): number {
  return scalars.reduce((sum, task) => sum + riskAt(task, M), 0) / scalars.length;
}

/** tan²∠(W, PPᵀ) = k‖W‖²_F/(tr PᵀWP)² − 1 of W = Σ α_τ m_τ u_τᵀ, by inner products alone: W is not formed. */
export function tangentSquared({ m, u, reduced }: ReducedTasks, K: SymmetricOperator, alpha: Float64Array): number {
  const { k } = reduced;
  const q = new Float64Array(K.n);
  K.apply(alpha, q);
  let trace = 0;
  for (let t = 0; t < K.n; t++) {
    trace += alpha[t]! * dot(row(m, t).subarray(0, k), row(u, t).subarray(0, k));
  }
  return (k * dot(alpha, q)) / trace ** 2 - 1;
}

/** Tasks enough to see every direction of k × k matrices. */
export function tasksPerDirection<C extends Configuration & { readonly k: number; readonly B: number }>(
  atLeast: number,
  from: string,
): Assumption<C> {
  return assume<C>("B >= c_B * k^2", {
    why: "tasks enough to see every direction of k × k matrices",
    constants: { c_B: { value: atLeast, from } },
    drop: (at) => ({ ...at, B: Math.max(1, Math.floor((atLeast * at.k ** 2) / 4)) }),
  });
}
