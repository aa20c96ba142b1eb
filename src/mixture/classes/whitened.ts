import { checkCount, checkPositive } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import type { Pieces } from "../../linalg/pieces.js";
import { softmax } from "../../linalg/softmax.js";
import { fillNormal } from "../../random/normal.js";
import { fillSphere } from "../../random/sphere.js";
import type { Stream } from "../../random/stream.js";
import { type ClassContext, drawShares } from "./context.js";

/**
 * A law of tasks in the coordinates where the shared Λ is I, whose class 0 may stand out. Heads and queries enter the
 * transformer as h_jᵀWx and the posterior as μ_jᵀΛ⁻¹x, so with W = aΛ⁻¹ a common Λ cancels: every law of spherical
 * means is one of these, whatever Λ.
 */
export interface WhitenedLaw {
  readonly d: number;
  /** Λ⁻¹-norm ρ_j of each class mean, a uniform direction each. */
  readonly norms: Float64Array;
  readonly priors: Float64Array;
  /** s_j of the covariance s_j²Λ of class j; 1 where the classes share Λ. */
  readonly spreads: Float64Array;
}

/** What `whitenedLaw` takes. The last three are of class 0, in units of the other classes'; 1 unless given. */
export interface WhitenedParameters {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly priors?: number;
  readonly norms?: number;
  readonly spread?: number;
}

/** @throws RangeError unless classes ≥ 2 and d are integers, and norms, weights and spreads finite and above 0. */
export function whitenedLaw(parameters: WhitenedParameters): WhitenedLaw {
  const { classes, d, rho, priors = 1, norms = 1, spread = 1 } = parameters;
  checkCount("classes", classes, 2);
  checkCount("d", d);
  for (const [name, value] of Object.entries({ rho, priors, norms, spread })) checkPositive(name, value);
  const first = (value: number, others: number) =>
    Float64Array.from({ length: classes }, (_, j) => (j === 0 ? value : others));
  const total = priors + classes - 1;
  return { d, norms: first(rho * norms, rho), priors: first(priors / total, 1 / total), spreads: first(spread, 1) };
}

/**
 * A task with the normals of its context and of its query: the same at every number of examples and for every class.
 */
export interface WhitenedTask {
  readonly law: WhitenedLaw;
  /** c × d. */
  readonly means: Matrix;
  /** c × d standard normals: the mean of N_j examples of class j is μ_j + s_j·noise_j/√N_j. */
  readonly noise: Matrix;
  /** The query of class y is μ_y + s_y·query. */
  readonly query: Float64Array;
}

/** An array of its own for each, where there are few. */
const separate: Pieces = (length) => new Float64Array(length);

/** How many numbers a task and so many of its queries are, for who keeps many in pieces of one array. */
export function numbersOf({ d, norms: { length: c } }: WhitenedLaw, queries: number): number {
  return (2 * c + 1) * d + queries * (d + 3 * c);
}

/** Cost: (2c + 1)d normals. @param piece what makes the arrays. */
export function drawWhitenedTask(stream: Stream, law: WhitenedLaw, piece = separate): WhitenedTask {
  const { d, norms } = law;
  const [c, cd] = [norms.length, norms.length * d];
  const means = matrix(c, d, piece(cd));
  norms.forEach((norm, j) => {
    fillSphere(stream, row(means, j), norm);
  });
  const noise = matrix(c, d, fillNormal(stream, piece(cd)));
  return { law, means, noise, query: fillNormal(stream, piece(d)) };
}

/** A query x of a task: what it makes of the means and of the noise of the context, and the true posterior. */
export interface WhitenedQuery {
  readonly task: WhitenedTask;
  /** Its class. */
  readonly label: number;
  /** The probability of that class, or of all others: weights add up to 1 over a task's queries. */
  readonly weight: number;
  readonly x: Float64Array;
  /** μ_jᵀx, with the image of x where there is one. */
  readonly means: Float64Array;
  /** s_j·noise_jᵀx. */
  readonly noise: Float64Array;
  /** P(j|x). */
  readonly posterior: Float64Array;
}

/**
 * The queries over which a task's expectation is an exact average: one of class 0 and one of class 1, weighed by the
 * priors of class 0 and of the other classes, which are exchangeable. Cost: 6cd each.
 */
export function queriesOf(task: WhitenedTask, options: QueryOptions = {}): WhitenedQuery[] {
  const first = task.law.priors[0]!;
  return [queryOf(task, { ...options, weight: first }), queryOf(task, { ...options, label: 1, weight: 1 - first })];
}

/** What queries of a task have in common. */
export interface QueryOptions {
  /** What W makes of x beyond the common factor, where that is not x itself: the products are then with image(x). */
  readonly image?: ((x: Float64Array) => Float64Array) | undefined;
  /** What makes the arrays. */
  readonly piece?: Pieces;
}

/** The query of class 0 alone, enough where class 0 does not stand out, unless another is asked for. */
export function queryOf(
  task: WhitenedTask,
  {
    label = 0,
    weight = 1,
    image,
    piece = separate,
  }: QueryOptions & { readonly label?: number; readonly weight?: number } = {},
): WhitenedQuery {
  const { law, means, noise } = task;
  const { d, priors, spreads } = law;
  const x = piece(d);
  for (let a = 0; a < d; a++) x[a] = means.data[label * d + a]! + spreads[label]! * task.query[a]!;
  const posterior = piece(priors.length);
  for (let j = 0; j < posterior.length; j++) {
    let squared = 0;
    for (let a = 0; a < d; a++) squared += (x[a]! - means.data[j * d + a]!) ** 2;
    posterior[j] = Math.log(priors[j]!) - d * Math.log(spreads[j]!) - squared / (2 * spreads[j]! ** 2);
  }
  softmax(posterior);
  const seen = image ? image(x) : x;
  const products = { means: fillProducts(means, seen, piece), noise: fillProducts(noise, seen, piece) };
  for (let j = 0; j < spreads.length; j++) products.noise[j]! *= spreads[j]!;
  return { task, label, weight, x, ...products, posterior };
}

/** The inner products of the rows with x. */
function fillProducts(rows: Matrix, x: Float64Array, piece: Pieces): Float64Array {
  const [result, d] = [piece(rows.rows), rows.cols];
  for (let j = 0; j < result.length; j++) {
    let sum = 0;
    for (let a = 0; a < d; a++) sum += rows.data[j * d + a]! * x[a]!;
    result[j] = sum;
  }
  return result;
}

/** How a context is summed up; the first is right, the others are what a slip makes of it. */
export type Summing = "1/N" | "1/N_j" | "one class off" | "counts that never vary";

/** A context's class shares N_j/N, and 1/N; both as they enter the heads. */
export interface Shares {
  readonly of: Float64Array;
  readonly N: number;
}

/**
 * Class shares of a context of N examples. @throws RangeError unless N is an integer ≥ 1 and < 2^31, or infinite.
 */
export function sharesOf(stream: Stream, law: WhitenedLaw, N: number, summing: Summing = "1/N"): Shares {
  if (summing === "counts that never vary") return { of: law.priors, N };
  const shares = drawShares(stream, law.priors, N);
  return { of: summing === "one class off" ? shares.map((_, j) => shares[(j + 1) % shares.length]!) : shares, N };
}

/**
 * h_jᵀx = share_j μ_jᵀx ± √(share_j/N) s_j noise_jᵀx, into `out` and returned. With sums divided by N_j, an average
 * over the class in place of a sum, it is the class mean, divided by c so that the scale of W stays what it is.
 */
export function headProducts(
  query: WhitenedQuery,
  { of, N }: Shares,
  summing: Summing = "1/N",
  sign = 1,
  out: Float64Array = new Float64Array(of.length),
): Float64Array {
  for (let j = 0; j < out.length; j++) {
    const share = of[j]!;
    const value = share * query.means[j]! + sign * Math.sqrt(share / N) * query.noise[j]!;
    out[j] = summing !== "1/N_j" ? value : share > 0 ? value / (share * out.length) : 0;
  }
  return out;
}

/** The context itself, for learners that want it. */
export function contextOf({ law, means, noise }: WhitenedTask, { of, N }: Shares): ClassContext {
  const heads = matrix(means.rows, means.cols);
  for (let j = 0; j < means.rows; j++) {
    const spread = Math.sqrt(of[j]! / N) * law.spreads[j]!;
    for (let i = j * means.cols; i < (j + 1) * means.cols; i++) {
      heads.data[i] = of[j]! * means.data[i]! + spread * noise.data[i]!;
    }
  }
  return { examples: N, shares: of, heads };
}
