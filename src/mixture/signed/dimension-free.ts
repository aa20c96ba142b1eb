import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { binomial } from "../../random/counts.js";
import { gamma } from "../../random/gamma.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { fillInnerSignal, type TaskLaw } from "./task-law.js";

/**
 * Tasks in ℝ^d known by their inner products alone, in k + min(d − k, B) coordinates, so that d = 10⁶ costs what d = k
 * + B costs.
 *
 * Derivation. Keep the k coordinates of the subspace. In the other d − k the contexts' means are a B × (d − k) matrix Z
 * of independent normals (times 1/√N), and training and risk see only ZZᵀ, and Zζ for the independent noise ζ of a test
 * task. Let Z = LQ with L lower triangular and QQᵀ = I: L_tt² ~ χ² with d − k − t degrees of freedom (t = 0 … B − 1)
 * and L_ts ~ N(0, 1) below it (Bartlett 1933), and Qζ ~ N(0, I_B) independent of L. So L's rows replace Z's wherever d
 * − k > B, a test task's noise has k + B coordinates, and the kernel (MMᵀ) ∘ (UUᵀ), margins, ‖W‖_F, tr PᵀWP, the
 * principal angles with P and the error of W = Σ α_τ m_τ u_τᵀ on fresh tasks keep exactly their law in ℝ^d. The same
 * for the queries, with an L of their own.
 *
 * The price: beyond the first k coordinates the rows of `m` and those of `u` are in two different bases. A W that is
 * not made of the tasks themselves (the identity, a random W₀) means nothing here, and neither does tr W. Hence a type
 * of its own, which functions of ℝ^d do not take.
 */
export interface Reduction {
  readonly d: number;
  readonly k: number;
  /** k + min(d − k, B), the length of a row. */
  readonly columns: number;
}

/** As `Tasks`, in reduced coordinates. Row τ of `mu` is μ, zero beyond its first k coordinates. */
export interface ReducedTasks {
  readonly m: Matrix;
  readonly u: Matrix;
  readonly mu: Matrix;
  readonly reduced: Reduction;
}

/**
 * As `TestTasks`, in the coordinates of some training tasks; `zeta` in the basis of their `m`, and `mu` zero beyond its
 * first k coordinates.
 */
export interface ReducedTestTasks {
  readonly mu: Matrix;
  readonly zeta: Matrix;
  readonly reduced: Reduction;
}

/** W = Σ α_τ m_τ u_τᵀ of reduced tasks, as `{ alpha, ...tasks }`: all that can be applied to reduced test tasks. */
export interface ReducedRankOneSum {
  readonly alpha: Float64Array;
  readonly m: Matrix;
  readonly u: Matrix;
  readonly reduced: Reduction;
}

/**
 * B tasks of the law in reduced coordinates. Whatever subspace the law names is the first k axes here: inner products
 * do not see a rotation. Nested: L's rows do not depend on later ones, so that `firstTasks` of a draw is a draw of
 * fewer tasks. Cost: B·min(d, k + B) normals, whatever d (half of them where d − k > B).
 * @throws RangeError unless B is an integer at least 1, or when each task has a subspace of its own.
 */
export function drawReducedTasks(stream: Stream, law: TaskLaw, B: number): ReducedTasks {
  checkCount("B", B);
  const { d, k, N, p, contextNoise, queryNoise } = law;
  checkShared(law);
  const columns = k + Math.min(d - k, B);
  const tasks = { m: matrix(B, columns), u: matrix(B, columns), mu: matrix(B, columns), reduced: { d, k, columns } };
  fillNoise(stream, tasks.m, law, contextNoise / Math.sqrt(N));
  fillNoise(stream, tasks.u, law, queryNoise);
  for (let t = 0; t < B; t++) {
    const mu = fillInnerSignal(stream, law, row(tasks.mu, t).subarray(0, k));
    const m = row(tasks.m, t);
    const u = row(tasks.u, t);
    const signal = p > 0 ? (N - 2 * binomial(stream, N, p)) / N : 1;
    for (let a = 0; a < k; a++) {
      m[a] = m[a]! + signal * mu[a]!;
      u[a] = u[a]! + mu[a]!;
    }
  }
  return tasks;
}

/**
 * `count` test tasks in the coordinates of training tasks, independent of them: m = μ + ζ/√M at every M. Label flips
 * need no draw of their own: `riskAt` takes their factor on μ.
 * @throws RangeError unless `count` is an integer at least 1 and the law has the training tasks' d, k and one subspace.
 */
export function drawReducedTestTasks(
  stream: Stream,
  law: TaskLaw,
  { reduced }: Pick<ReducedTasks, "reduced">,
  count: number,
): ReducedTestTasks {
  checkCount("count", count);
  checkShared(law);
  if (law.d !== reduced.d || law.k !== reduced.k) {
    throw new RangeError(
      `the training tasks have d = ${reduced.d}, k = ${reduced.k}, the test law d = ${law.d}, k = ${law.k}`,
    );
  }
  const tasks = { mu: matrix(count, reduced.columns), zeta: matrix(count, reduced.columns), reduced };
  fillNormal(stream, tasks.zeta.data);
  for (let t = 0; t < count; t++) fillInnerSignal(stream, law, row(tasks.mu, t).subarray(0, law.k));
  return tasks;
}

/**
 * The first `count` of the tasks, in the same coordinates, as views: exactly a draw of that many, to which the same
 * test tasks apply. @throws RangeError unless `count` is an integer from 1 to B.
 */
export function firstTasks({ m, u, mu, reduced }: ReducedTasks, count: number): ReducedTasks {
  checkCount("count", count);
  if (count > m.rows) throw new RangeError(`count must be at most B = ${m.rows}, got ${count}`);
  const first = (a: Matrix) => matrix(count, a.cols, a.data.subarray(0, count * a.cols));
  return { m: first(m), u: first(u), mu: first(mu), reduced };
}

/** PPᵀ as factors in the coordinates of the tasks: the learner that knows the subspace. */
export function reducedProjector({ reduced }: Pick<ReducedTasks, "reduced">): ReducedRankOneSum {
  const { k, columns } = reduced;
  const P = matrix(k, columns);
  for (let i = 0; i < k; i++) P.data[i * columns + i] = 1;
  return { alpha: new Float64Array(k).fill(1), m: P, u: P, reduced };
}

/** Rows of noise of that standard deviation: full in the first k coordinates, Bartlett's factor beyond them. */
function fillNoise(stream: Stream, noise: Matrix, { d, k }: TaskLaw, sd: number): void {
  const { rows: B, cols } = noise;
  if (d - k <= B) {
    fillNormal(stream, noise.data, sd);
    return;
  }
  for (let t = 0; t < B; t++) {
    const target = noise.data.subarray(t * cols, (t + 1) * cols);
    fillNormal(stream, target.subarray(0, k + t), sd);
    target[k + t] = sd * Math.sqrt(2 * gamma(stream, (d - k - t) / 2));
  }
}

function checkShared({ subspace }: TaskLaw): void {
  if (subspace === "per-task") {
    throw new RangeError('reduced coordinates need one subspace for all tasks, got "per-task": use drawTasks');
  }
}
