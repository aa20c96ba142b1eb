import { checkCount } from "../../argument.js";
import { matrix, row } from "../../linalg/matrix.js";
import { multiply, multiplyTransposed } from "../../linalg/products.js";
import { softmax } from "../../linalg/softmax.js";
import { dot, norm } from "../../linalg/vector.js";
import { fillSignal, type TaskLaw } from "../../mixture/signed/task-law.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { type AdamSchedule, type AdamState, adamStart, continueAdam } from "../descent/adam.js";
import { logisticLoss, logisticWeight } from "../logistic.js";

/**
 * Trains the one-head smoother (parameters as `openSmoother`'s) by Adam on fresh prompts of Magen & Vardi's law, N
 * examples and one query each, without drawing the examples: an exact reduction from Nd numbers a prompt to N + d.
 * Turn signs so that the query's label is 1 and its input u = μ + z. With r = Wu/√d the scores are xᵢᵀr = yᵢμᵀr +
 * ‖r‖gᵢ, gᵢ independent normals, and what is left of each example's noise across r is independent of them. So of
 * weights cᵢ made from the scores, as the loss's slopes by them, Σ cᵢxᵢ has the law of (Σ cᵢyᵢ)μ + (Σ cᵢgᵢ)e + √(Σ
 * cᵢ²)(ζ − eeᵀζ), e = r/‖r‖, ζ ~ N(0, I_d). A step's loss and gradient are drawn from exactly the law that whole
 * prompts give them. Step t reads `stream.derive(t)`. Cost: prompts·(4d² + N exponentials) a step.
 * @throws RangeError on tasks with flips, other noise or fresh subspaces; as `continueAdam`.
 */
export function trainHead(
  stream: Stream,
  law: TaskLaw,
  { prompts, schedule }: { readonly prompts: number; readonly schedule: AdamSchedule },
  start: Float64Array | AdamState = headStart(law.d),
  visit?: (loss: number, state: () => AdamState) => void,
): AdamState {
  checkCount("prompts", prompts);
  const state = start instanceof Float64Array ? adamStart(start) : start;
  const draw = headGradient(law, prompts);
  if (state.parameters.length !== law.d ** 2 + 1) {
    throw new RangeError(`the smoother has ${law.d ** 2 + 1} parameters, got ${state.parameters.length}`);
  }
  return continueAdam(state, schedule, (theta, t, out) => draw(stream.derive(t), theta, out), visit);
}

/** W = 0 and v = 4. */
export function headStart(d: number): Float64Array {
  const theta = new Float64Array(d * d + 1);
  theta[d * d] = 4;
  return theta;
}

/** The mean loss and its gradient on fresh prompts, as `trainHead` draws them. */
export function headGradient(
  law: TaskLaw,
  prompts: number,
): (stream: Stream, theta: Float64Array, out: Float64Array) => number {
  const { d, N, p, subspace, contextNoise, queryNoise } = law;
  if (p > 0 || contextNoise !== 1 || queryNoise !== 1 || subspace === "per-task") {
    throw new RangeError("a head is trained on tasks without flips, of unit noise and one subspace");
  }
  const [signals, queries, sums] = [matrix(prompts, d), matrix(prompts, d), matrix(d, prompts)];
  const [noise, weights, labels] = [new Float64Array(N), new Float64Array(N), new Float64Array(N)];
  const across = new Float64Array(d);
  return (stream, theta, out) => {
    const v = theta[d * d]!;
    for (let b = 0; b < prompts; b++) {
      const mu = fillSignal(stream, law, row(signals, b));
      const u = fillNormal(stream, row(queries, b));
      for (let a = 0; a < d; a++) u[a] = u[a]! + mu[a]!;
    }
    const directions = multiplyTransposed(queries, matrix(d, d, theta.subarray(0, d * d)));
    let [loss, byV] = [0, 0];
    for (let b = 0; b < prompts; b++) {
      const [mu, r] = [row(signals, b), row(directions, b)];
      for (let a = 0; a < d; a++) r[a] = r[a]! / Math.sqrt(d);
      const [along, length] = [dot(mu, r), norm(r)];
      fillNormal(stream, noise);
      for (let i = 0; i < N; i++) {
        labels[i] = stream.sign();
        weights[i] = labels[i]! * along + length * noise[i]!;
      }
      softmax(weights);
      const mean = dot(weights, labels);
      loss += logisticLoss(v * mean) / prompts;
      const slope = -logisticWeight(v * mean) / prompts;
      byV += slope * mean;
      let [signed, inLine, squares] = [0, 0, 0];
      for (let i = 0; i < N; i++) {
        const weight = (slope * v * weights[i]! * (labels[i]! - mean)) / Math.sqrt(d);
        signed += weight * labels[i]!;
        inLine += weight * noise[i]!;
        squares += weight * weight;
      }
      fillNormal(stream, across);
      const spread = Math.sqrt(squares);
      const rest = length > 0 ? (inLine - (spread * dot(across, r)) / length) / length : 0;
      for (let a = 0; a < d; a++) sums.data[a * prompts + b] = signed * mu[a]! + rest * r[a]! + spread * across[a]!;
    }
    out.set(multiply(sums, queries).data);
    out[d * d] = byV;
    return loss;
  };
}

/**
 * The share of queries that a smoother gets wrong after the first M examples of their contexts, for each of the lengths
 * (rising): `tests` tasks of the law with a query each, by the same reduction. The first M of a longer context, so that
 * lengths share their luck. Cost: d² and the longest length's exponentials a task.
 */
export function headErrors(
  stream: Stream,
  law: TaskLaw,
  theta: Float64Array,
  lengths: readonly number[],
  tests: number,
): Float64Array {
  const { d } = law;
  const W = matrix(d, d, theta.subarray(0, d * d));
  const mu = new Float64Array(d);
  const wrong = new Float64Array(lengths.length);
  for (let t = 0; t < tests; t++) {
    fillSignal(stream, law, mu);
    const u = fillNormal(stream, new Float64Array(d)).map((value, a) => value + mu[a]!);
    const r = multiplyTransposed(matrix(1, d, u), W).data;
    const along = dot(mu, r) / Math.sqrt(d);
    const said = headSums(stream, { along, length: norm(r) / Math.sqrt(d) }, lengths);
    for (let i = 0; i < lengths.length; i++) wrong[i]! += said[i]! > 0 ? 0 : said[i]! < 0 ? 1 : 0.5;
  }
  return wrong.map((count) => count / tests);
}

/**
 * Σ yᵢ exp(yᵢ·along + length·gᵢ) over the first M examples, up to a common factor, at each of the lengths (rising).
 * Cost: a normal and an exponential for each of the longest.
 */
export function headSums(
  stream: Stream,
  { along, length }: { readonly along: number; readonly length: number },
  lengths: readonly number[],
): Float64Array {
  const noise = fillNormal(stream, new Float64Array(lengths.at(-1) ?? 0));
  const said = new Float64Array(lengths.length);
  let sum = 0;
  let i = 0;
  for (let at = 0; at < lengths.length; at++) {
    for (const end = lengths[at]!; i < end; i++) {
      const label = stream.sign();
      // Below the mean score, so that it overflows later than any head of use.
      sum += label * Math.exp(label * along + length * noise[i]! - length * length);
    }
    said[at] = sum;
  }
  return said;
}
