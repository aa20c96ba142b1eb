import { checkCount } from "../argument.js";
import { type ClassContext, drawContext } from "../mixture/classes/context.js";
import { colour } from "../mixture/classes/covariance.js";
import { drawMixture, type GaussianMixture, type MixtureLaw } from "../mixture/classes/law.js";
import { posteriorRule } from "../mixture/classes/posterior.js";
import { fillNormal } from "../random/normal.js";
import type { Stream } from "../random/stream.js";

/** Class probabilities for a query x after a context; the mixture is there for learners that know part of it. */
export type ClassPredictor = (context: ClassContext, x: Float64Array, mixture: GaussianMixture) => Float64Array;

/** How far predicted probabilities are from the true ones at one query. */
export type Departure = (predicted: Float64Array, truth: Float64Array) => number;

/** ½ Σ_j |p_j − q_j|, in [0, 1]. */
export const totalVariation: Departure = (predicted, truth) => {
  let sum = 0;
  for (let j = 0; j < truth.length; j++) sum += Math.abs(predicted[j]! - truth[j]!);
  return sum / 2;
};

/**
 * What predicting the most probable class costs in 0/1 error beyond the Bayes rule: max_j P(j|x) − P(predicted|x), in
 * [0, 1].
 */
export const excessError: Departure = (predicted, truth) => {
  let best = 0;
  for (let j = 1; j < truth.length; j++) if (predicted[j]! > predicted[best]!) best = j;
  return Math.max(...truth) - truth[best]!;
};

/** A Monte-Carlo mean with its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * The expected departure of a predictor from the true posterior after M examples (or infinitely many), over `tasks`
 * draws of means, context and query noise; exactly averaged over the query's class, which costs c predictions a task.
 * Task t has a stream of its own that gives means, query and context noise before the counts: equal streams compare
 * predictors, and values of M, on the same draws.
 * @throws RangeError unless tasks ≥ 2 and M ≥ 1 are integers (M may be infinite).
 */
export function expectedDeparture(
  stream: Stream,
  law: MixtureLaw,
  M: number,
  tasks: number,
  predict: ClassPredictor,
  departure: Departure = totalVariation,
): Estimate {
  checkCount("tasks", tasks);
  if (tasks < 2) throw new RangeError("a standard error needs at least 2 tasks, got 1");
  const x = new Float64Array(law.covariance.matrix.rows);
  // Welford's recurrence: a sum of squares less the square of the sum would leave rounding where nothing varies.
  let mean = 0;
  let squares = 0;
  for (let t = 0; t < tasks; t++) {
    const own = stream.derive(t);
    const mixture = drawMixture(own, law);
    const noise = colour(law.covariance, fillNormal(own, new Float64Array(x.length)));
    const context = drawContext(own, mixture, M);
    const truth = posteriorRule(mixture);
    let value = 0;
    for (let j = 0; j < law.priors.length; j++) {
      for (let a = 0; a < x.length; a++) x[a] = mixture.means.data[j * x.length + a]! + noise[a]!;
      value += law.priors[j]! * departure(predict(context, x, mixture), truth(x));
    }
    const departed = value - mean;
    mean += departed / (t + 1);
    squares += departed * (value - mean);
  }
  return { mean, standardError: Math.sqrt(squares / tasks / (tasks - 1)) };
}
