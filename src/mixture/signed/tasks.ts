import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { binomial } from "../../random/counts.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { fillSignal, type TaskLaw } from "./task-law.js";

/**
 * B tasks, reduced to what the linear transformer sees of them. Row τ of `m` is the context mean (1/N) Σ yᵢxᵢ; row τ of
 * `u` is y·x of the query; row τ of `mu` the task's μ (not visible to a learner).
 */
export interface Tasks {
  readonly m: Matrix;
  readonly u: Matrix;
  readonly mu: Matrix;
  /** Tasks in reduced coordinates (dimension-free.ts) are no tasks of ℝ^d: only inner products mean anything there. */
  readonly reduced?: undefined;
}

/**
 * B tasks by their sufficient statistics, N-fold cheaper than examples and of exactly the same law.
 *
 * yᵢxᵢ = μ + z′ᵢ with z′ᵢ ~ N(0, I_d), since y·z has the law of z; so m = μ + ζ/√N with ζ ~ N(0, I_d), and u = μ + z.
 * When F ~ Binomial(N, p) of the context's labels are flipped, m = ((N − 2F)/N) μ + ζ/√N. Queries keep their true
 * labels. Cost: 2Bd normals.
 * @throws RangeError unless B is an integer at least 1.
 */
export function drawTasks(stream: Stream, law: TaskLaw, B: number): Tasks {
  checkCount("B", B);
  const { d, N, p, contextNoise, queryNoise } = law;
  const tasks = { m: matrix(B, d), u: matrix(B, d), mu: matrix(B, d) };
  fillNormal(stream, tasks.m.data, contextNoise / Math.sqrt(N));
  fillNormal(stream, tasks.u.data, queryNoise);
  for (let t = 0; t < B; t++) {
    const mu = fillSignal(stream, law, row(tasks.mu, t));
    const m = row(tasks.m, t);
    const u = row(tasks.u, t);
    const signal = p > 0 ? (N - 2 * binomial(stream, N, p)) / N : 1;
    for (let a = 0; a < d; a++) {
      m[a] = m[a]! + signal * mu[a]!;
      u[a] = u[a]! + mu[a]!;
    }
  }
  return tasks;
}

/**
 * Test tasks, before the number of their examples is chosen: row τ of `zeta` is the standard normal noise of the
 * context mean, so that m = μ + ζ/√M at every M from one draw.
 */
export interface TestTasks {
  readonly mu: Matrix;
  readonly zeta: Matrix;
  /** As in `Tasks`. */
  readonly reduced?: undefined;
}

/** `count` test tasks without label flips. @throws RangeError unless `count` is an integer at least 1. */
export function drawTestTasks(stream: Stream, law: TaskLaw, count: number): TestTasks {
  checkCount("count", count);
  const tasks = { mu: matrix(count, law.d), zeta: matrix(count, law.d) };
  fillNormal(stream, tasks.zeta.data);
  for (let t = 0; t < count; t++) fillSignal(stream, law, row(tasks.mu, t));
  return tasks;
}
