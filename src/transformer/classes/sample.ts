import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { drawShares, fillHeads } from "../../mixture/classes/context.js";
import { colour } from "../../mixture/classes/covariance.js";
import { drawClass, type MixtureLaw } from "../../mixture/classes/law.js";
import { meansInto } from "../../mixture/classes/means.js";
import { posterior } from "../../mixture/classes/posterior.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";

/**
 * A fixed sample of tasks that stands for the expectation in the loss: common random numbers for every W. Each task has
 * one query, its true posterior in place of a label (the conditional expectation of the one-hot label: same expected
 * loss, less variance), and several contexts.
 */
export interface PopulationSample {
  readonly classes: number;
  /** Contexts per task. */
  readonly contexts: number;
  /** S × d, a task's query a row. */
  readonly queries: Matrix;
  /** S × c. */
  readonly posteriors: Matrix;
  /** (S · contexts · c) × d: the heads h_j, j running fastest, then the contexts of a task. */
  readonly heads: Matrix;
}

/**
 * A sample of S tasks with contexts of N examples.
 *
 * The contexts of a task are antithetic: each noise of the class sums appears with both signs and, when the priors are
 * equal and the counts so exchangeable, each vector of counts in all its c cyclic shifts. Every context has the right
 * law, and their average is free of the terms linear in the noise or in the counts, which alone are of order N^{−1/2}:
 * the error of the sample minimiser falls like 1/N, as W*'s own distance from its limit does. One context when N is
 * infinite. Task t has a stream of its own, read for means, query and noise before the counts: equal streams give the
 * same tasks and noise at every N. Memory: 16·S·c²·d bytes, equal priors.
 * @throws RangeError unless S is an integer ≥ 1, and N too (below 2^31) or infinite.
 */
export function drawPopulationSample(stream: Stream, law: MixtureLaw, N: number, S: number): PopulationSample {
  checkCount("S", S);
  const c = law.priors.length;
  const d = law.covariance.matrix.rows;
  const shifts = N < Number.POSITIVE_INFINITY && law.priors.every((prior) => prior === law.priors[0]) ? c : 1;
  const signs = N < Number.POSITIVE_INFINITY ? [1, -1] : [1];
  const contexts = shifts * signs.length;
  const queries = matrix(S, d);
  const posteriors = matrix(S, c);
  const heads = matrix(S * contexts * c, d);
  const noise = new Float64Array(c * d);
  const means = matrix(c, d);
  const drawTask = meansInto(means, law.meansLaw, law.covariance, law.norms);
  const mixture = { covariance: law.covariance, priors: law.priors, means };
  let at = 0;
  for (let t = 0; t < S; t++) {
    const own = stream.derive(t);
    drawTask(own);
    const mean = d * drawClass(own, law.priors);
    const query = colour(law.covariance, fillNormal(own, row(queries, t)));
    for (let a = 0; a < d; a++) query[a] = query[a]! + means.data[mean + a]!;
    row(posteriors, t).set(posterior(mixture, query));
    colour(law.covariance, fillNormal(own, noise));
    const shares = drawShares(own, law.priors, N);
    for (let shift = 0; shift < shifts; shift++) {
      for (const sign of signs) {
        fillHeads(heads.data, at, { means, noise, N }, (j) => shares[(j + shift) % c]!, sign);
        at += c * d;
      }
    }
  }
  return { classes: c, contexts, queries, posteriors, heads };
}

/**
 * The first half of a sample's tasks and the second, without a copy; of an odd number the second has one more. A
 * bias of order 1/S in a minimiser is twice as large in theirs, and so known. @throws RangeError unless S ≥ 2.
 */
export function halvesOfSample(sample: PopulationSample): readonly [PopulationSample, PopulationSample] {
  const S = sample.queries.rows;
  if (S < 2) throw new RangeError(`a sample of ${S} task has no halves`);
  const tasks = (from: number, to: number): PopulationSample => {
    const part = ({ rows, cols, data }: Matrix) => {
      const perTask = rows / S;
      return matrix((to - from) * perTask, cols, data.subarray(from * perTask * cols, to * perTask * cols));
    };
    return {
      ...sample,
      queries: part(sample.queries),
      posteriors: part(sample.posteriors),
      heads: part(sample.heads),
    };
  };
  return [tasks(0, S >> 1), tasks(S >> 1, S)];
}

/**
 * The same sample seen in a space of more dimensions, all data zero in the new ones: what a singular Λ gives. The loss
 * does not depend on the new rows and columns of W. @throws RangeError unless dimension is an integer ≥ d.
 */
export function embedSample(sample: PopulationSample, dimension: number): PopulationSample {
  if (!(Number.isSafeInteger(dimension) && dimension >= sample.queries.cols)) {
    throw new RangeError(`the dimension must be an integer >= ${sample.queries.cols}, got ${dimension}`);
  }
  const widen = (narrow: Matrix): Matrix => {
    const wide = matrix(narrow.rows, dimension);
    for (let i = 0; i < narrow.rows; i++) row(wide, i).set(row(narrow, i));
    return wide;
  };
  return { ...sample, queries: widen(sample.queries), heads: widen(sample.heads) };
}

/**
 * Whether a sample is large enough for its minimiser to speak of the law. A task contributes at most c − 1 directions a
 * context, so S·c must be well above the d² unknowns: 16 tasks of five classes at d = 10 have a "minimiser" .8‖W*‖
 * away. Directions in which all data are zero (`embedSample`) are no unknowns.
 * @throws RangeError unless S·c ≥ 2d².
 */
export function checkDetermined({ classes, queries }: PopulationSample): void {
  const { rows: S, cols, data } = queries;
  let d = 0;
  for (let a = 0; a < cols; a++) if (data.some((value, i) => i % cols === a && value !== 0)) d++;
  if (S * classes < 2 * d * d) {
    throw new RangeError(
      `${S} tasks of ${classes} classes cannot determine ${d * d} unknowns: S*c must be at ` +
        `least ${2 * d * d}, is ${S * classes}`,
    );
  }
}
