import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { multiply, multiplyTransposed } from "../linalg/products.js";
import { dot, magnitude } from "../linalg/vector.js";
import type { ReducedRankOneSum, ReducedTestTasks } from "../mixture/signed/dimension-free.js";
import type { TestTasks } from "../mixture/signed/tasks.js";
import { normalCdf } from "./normal.js";

/**
 * W = Σ α_τ m_τ u_τᵀ, kept as its factors (rows of `m` and `u`, both B × d): what gradient descent from zero learns, as
 * `{ alpha, ...tasks }`, and what a projector is, with m = u = Pᵀ and α = 1.
 */
export interface RankOneSum {
  readonly alpha: Float64Array;
  readonly m: Matrix;
  readonly u: Matrix;
  /** Factors in reduced coordinates are a `ReducedRankOneSum`. */
  readonly reduced?: undefined;
}

/** Five numbers of a test task (μ, ζ) under W that give its error at every context length M, since m = μ + ζ/√M. */
export interface TaskScalars {
  /** μᵀWμ */
  readonly signal: number;
  /** ζᵀWμ */
  readonly noise: number;
  /** ‖Wᵀμ‖² */
  readonly signalSquared: number;
  /** μᵀWWᵀζ */
  readonly cross: number;
  /** ‖Wᵀζ‖² */
  readonly noiseSquared: number;
}

/**
 * The error of sign(mᵀWx) over the query, exactly, given the task and its context: with u = y·x = μ + z, z ~ N(0, I),
 * the margin mᵀWu is N(mᵀWμ, ‖Wᵀm‖²), so it is negative with probability Φ(−mᵀWμ / ‖Wᵀm‖). Where Wᵀm = 0 every query is
 * a tie: ½.
 *
 * Averaging this in place of 0/1 predictions is Rao–Blackwell's gain: no query is drawn. Cost: 2d².
 * @param W d × d. @param mu μ ∈ ℝ^d. @param m the context's mean, in ℝ^d.
 * @throws RangeError on shapes that do not fit, or numbers that are not finite.
 */
export function conditionalRisk(W: Matrix, mu: Float64Array, m: Float64Array): number {
  const d = mu.length;
  if (m.length !== d) throw new RangeError(`mu and m must have one length, got ${d} and ${m.length}`);
  checkSquare(W, d);
  // In units of W and m, and then of Wᵀm: powers of two, so that no square leaves the range of doubles.
  const [unit, shrink] = [magnitude(W.data), magnitude(m)];
  const projected = new Float64Array(d);
  for (let a = 0; a < d; a++) {
    const weights = row(W, a);
    const weight = m[a]! / shrink;
    for (let b = 0; b < d; b++) projected[b] = projected[b]! + weight * (weights[b]! / unit);
  }
  const own = magnitude(projected);
  const direction = projected.map((value) => value / own);
  return errorOf(dot(direction, mu), dot(direction, direction));
}

/**
 * The five scalars of every test task (rows of mu and zeta), by matrix products: 4nd² operations for n tasks from W
 * itself, 8nBd from its factors, which is less when B < d/2 and never forms W. Reduced test tasks take a W in their own
 * coordinates only. They are those of 2^e·W, which has W's errors, where W's own squares might leave the range of
 * doubles (e = 0 for Wᵀμ and Wᵀζ between 2^±400).
 * @throws RangeError on shapes that do not fit.
 */
export function taskScalars(W: ReducedRankOneSum, tests: ReducedTestTasks): TaskScalars[];
export function taskScalars(W: Matrix | RankOneSum, tests: TestTasks): TaskScalars[];
export function taskScalars(
  W: Matrix | RankOneSum | ReducedRankOneSum,
  tests: TestTasks | ReducedTestTasks,
): TaskScalars[] {
  const { mu, zeta } = tests;
  if (mu.rows !== zeta.rows || mu.cols !== zeta.cols) {
    throw new RangeError(
      `mu and zeta must have one shape, got ${mu.rows} x ${mu.cols} and ${zeta.rows} x ${zeta.cols}`,
    );
  }
  const n = mu.rows;
  // Row i is Wᵀμ of test task i, row n + i its Wᵀζ.
  const images = "alpha" in W ? imagesByFactors(W, tests) : imagesBy(W, tests);
  const unit = magnitude(images.data);
  if (unit > 2 ** 400 || unit < 2 ** -400) {
    for (let i = 0; i < images.data.length; i++) images.data[i] = images.data[i]! / unit;
  }
  return Array.from({ length: n }, (_, i) => {
    const fromMu = row(images, i);
    const fromZeta = row(images, n + i);
    return {
      signal: dot(fromMu, row(mu, i)),
      noise: dot(fromZeta, row(mu, i)),
      signalSquared: dot(fromMu, fromMu),
      cross: dot(fromMu, fromZeta),
      noiseSquared: dot(fromZeta, fromZeta),
    };
  });
}

/**
 * A task's error at context length M: `conditionalRisk` at m = signal·μ + ζ/√M. The signal is 1, or (M − 2F)/M when F
 * of the context's M labels are flipped.
 * @param M any real > 0; at `Infinity` the noise is gone.
 * @throws RangeError unless M > 0 and the scalars are finite.
 */
export function riskAt(scalars: TaskScalars, M: number, signal = 1): number {
  if (!(M > 0)) throw new RangeError(`the context length M must be > 0, got ${M}`);
  const sd = 1 / Math.sqrt(M);
  return errorOf(
    signal * scalars.signal + sd * scalars.noise,
    signal * signal * scalars.signalSquared + sd * (2 * signal * scalars.cross + sd * scalars.noiseSquared),
  );
}

/** P(N(mean, variance) < 0), and ½ where both are 0. Rounding may leave a variance of 0 just below it. */
function errorOf(mean: number, variance: number): number {
  if (!(Number.isFinite(mean) && Number.isFinite(variance))) {
    throw new RangeError(`W, mu and m must be finite, got a margin of mean ${mean} and variance ${variance}`);
  }
  return variance > 0 ? normalCdf(-mean / Math.sqrt(variance)) : 0.5;
}

function imagesBy(W: Matrix, { mu, zeta }: TestTasks | ReducedTestTasks): Matrix {
  checkSquare(W, mu.cols);
  return multiply(stacked(mu, zeta), W);
}

/** xᵀW = Σ_τ α_τ(xᵀm_τ)u_τᵀ. Where μ is zero beyond its first coordinates, so much of m is not read. */
function imagesByFactors({ alpha, m, u }: RankOneSum | ReducedRankOneSum, tests: TestTasks | ReducedTestTasks): Matrix {
  const { mu, zeta } = tests;
  const B = alpha.length;
  if (m.rows !== B || u.rows !== B || m.cols !== mu.cols || u.cols !== mu.cols) {
    throw new RangeError(
      `m and u must be ${B} x ${mu.cols}, got ${m.rows} x ${m.cols} and ${u.rows} x ${u.cols} for ${B} weights`,
    );
  }
  const signal = tests.reduced ? tests.reduced.k : mu.cols;
  const weights = stacked(
    multiplyTransposed(firstColumns(mu, signal), firstColumns(m, signal)),
    multiplyTransposed(zeta, m),
  );
  for (let i = 0; i < weights.rows; i++) {
    const target = row(weights, i);
    for (let t = 0; t < B; t++) target[t] = target[t]! * alpha[t]!;
  }
  return multiply(weights, u);
}

function stacked(above: Matrix, below: Matrix): Matrix {
  const both = matrix(above.rows + below.rows, above.cols);
  both.data.set(above.data);
  both.data.set(below.data, above.data.length);
  return both;
}

function firstColumns(a: Matrix, count: number): Matrix {
  if (count === a.cols) return a;
  const first = matrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) row(first, i).set(row(a, i).subarray(0, count));
  return first;
}

function checkSquare(W: Matrix, d: number): void {
  if (W.rows !== d || W.cols !== d) throw new RangeError(`W must be ${d} x ${d}, got ${W.rows} x ${W.cols}`);
}
