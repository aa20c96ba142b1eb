import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { multinomial } from "../../random/counts.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { colour, drawWishart } from "./covariance.js";
import { drawClass, type GaussianMixture } from "./law.js";

/** All that the softmax transformer and discriminant analysis with known Λ keep of N labelled examples. */
export interface ClassContext {
  /** N; infinite for the limit, where shares are the priors and heads are π_jμ_j. */
  readonly examples: number;
  /** N_j/N for each of the c classes. */
  readonly shares: Float64Array;
  /** c × d: h_j = (1/N) Σ_{i: class j} x_i. The mean of class j is h_j divided by its share. */
  readonly heads: Matrix;
}

/** Labelled examples one by one: labels 0 … c−1 and an N × d matrix of inputs. */
export interface LabelledExamples {
  readonly labels: Int32Array;
  readonly inputs: Matrix;
}

/**
 * The context of N examples by its sufficient statistics: counts are multinomial and, given them, the class sums
 * independent N(N_jμ_j, N_jΛ). Exactly the law of `summarise(drawExamples(…))`, for c·d normals in place of N·d. The
 * noise is drawn before the counts, so equal streams give equal noise at every N.
 * @throws RangeError unless N is an integer ≥ 1 and < 2^31, or infinite.
 */
export function drawContext(stream: Stream, mixture: GaussianMixture, N: number): ClassContext {
  const { covariance, means, priors } = mixture;
  const noise = colour(covariance, fillNormal(stream, new Float64Array(means.data.length)));
  const shares = drawShares(stream, priors, N);
  const heads = matrix(means.rows, means.cols);
  fillHeads(heads.data, 0, { means, noise, N }, (j) => shares[j]!);
  return { examples: N, shares, heads };
}

/**
 * The class shares N_j/N of N examples; the priors themselves when N is infinite.
 * @throws RangeError unless N is an integer ≥ 1 and < 2^31 (counts are 32-bit), or infinite.
 */
export function drawShares(stream: Stream, priors: Float64Array, N: number): Float64Array {
  if (N === Number.POSITIVE_INFINITY) return priors;
  checkCount("N", N);
  if (N >= 2 ** 31) throw new RangeError(`N must be below 2^31, or infinite, got ${N}`);
  const shares = multinomial(stream, N, priors);
  for (let j = 0; j < shares.length; j++) shares[j] = shares[j]! / N;
  return shares;
}

/**
 * h_j = share_j·μ_j + √(share_j/N)·noise_j of every class, one after the other into `out` from `at` on; noise_j ~
 * N(0, Λ), or its negative for an antithetic partner.
 */
export function fillHeads(
  out: Float64Array,
  at: number,
  { means, noise, N }: { readonly means: Matrix; readonly noise: Float64Array; readonly N: number },
  shareOf: (j: number) => number,
  sign = 1,
): void {
  const [c, d] = [means.rows, means.cols];
  for (let j = 0; j < c; j++) {
    const share = shareOf(j);
    const spread = sign * Math.sqrt(share / N);
    for (let i = j * d; i < (j + 1) * d; i++) out[at + i] = share * means.data[i]! + spread * noise[i]!;
  }
}

/** N examples one by one, for N·d normals. @throws RangeError unless N is an integer ≥ 1. */
export function drawExamples(stream: Stream, mixture: GaussianMixture, N: number): LabelledExamples {
  checkCount("N", N);
  const { covariance, means, priors } = mixture;
  const inputs = matrix(N, means.cols, colour(covariance, fillNormal(stream, new Float64Array(N * means.cols))));
  const labels = Int32Array.from({ length: N }, () => drawClass(stream, priors));
  for (let i = 0; i < N; i++) addTo(row(inputs, i), row(means, labels[i]!));
  return { labels, inputs };
}

/**
 * The sufficient statistics of examples. @throws RangeError on no example, or a label that is not one of 0 … classes −
 * 1.
 */
export function summarise(examples: LabelledExamples, classes: number): ClassContext {
  const { labels, inputs } = examples;
  checkExamples(examples, classes);
  const N = labels.length;
  const shares = new Float64Array(classes);
  const heads = matrix(classes, inputs.cols);
  labels.forEach((label, i) => {
    shares[label] = shares[label]! + 1;
    addTo(row(heads, label), row(inputs, i), 1 / N);
  });
  return { examples: N, shares: shares.map((count) => count / N), heads };
}

/**
 * The pooled covariance of examples, Σ_i (x_i − x̄_{y_i})(x_i − x̄_{y_i})ᵀ/(N − c), c counting the classes seen. Cost:
 * N·d².
 * @throws RangeError unless N exceeds the number of classes seen.
 */
export function pooledCovariance(examples: LabelledExamples, classes: number): Matrix {
  const { shares, heads } = summarise(examples, classes);
  const { labels, inputs } = examples;
  const freedom = pooledFreedom(labels.length, shares);
  const d = inputs.cols;
  const pooled = matrix(d, d);
  labels.forEach((label, i) => {
    const x = row(inputs, i);
    const head = row(heads, label);
    for (let a = 0; a < d; a++) {
      const deviation = (x[a]! - head[a]! / shares[label]!) / freedom;
      const target = row(pooled, a);
      for (let b = 0; b < d; b++) target[b] = target[b]! + deviation * (x[b]! - head[b]! / shares[label]!);
    }
  });
  return pooled;
}

/**
 * The pooled covariance that goes with a context drawn by its sufficient statistics: Wishart with N − c degrees of
 * freedom, c counting the classes seen, and independent of counts and means (Cochran). Λ itself when N is infinite.
 * Cost: d² normals.
 * @throws RangeError unless N − c ≥ d, below which it is singular.
 */
export function drawPooledCovariance(stream: Stream, mixture: GaussianMixture, context: ClassContext): Matrix {
  if (context.examples === Number.POSITIVE_INFINITY) return mixture.covariance.matrix;
  return drawWishart(stream, mixture.covariance, pooledFreedom(context.examples, context.shares));
}

function pooledFreedom(N: number, shares: Float64Array): number {
  const freedom = N - shares.filter((share) => share > 0).length;
  if (freedom < 1) throw new RangeError(`a pooled covariance needs more examples than classes seen, got ${N} examples`);
  return freedom;
}

function checkExamples({ labels, inputs }: LabelledExamples, classes: number): void {
  if (labels.length < 1 || labels.length !== inputs.rows) {
    throw new RangeError(`examples need a label each, at least 1: got ${labels.length} labels, ${inputs.rows} inputs`);
  }
  const stray = labels.find((label) => !(label >= 0 && label < classes));
  if (stray !== undefined) throw new RangeError(`labels must be 0 ... ${classes - 1}, got ${stray}`);
}

function addTo(target: Float64Array, values: Float64Array, weight = 1): void {
  for (let a = 0; a < target.length; a++) target[a] = target[a]! + weight * values[a]!;
}
