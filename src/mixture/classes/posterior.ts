import { row } from "../../linalg/matrix.js";
import { softmax } from "../../linalg/softmax.js";
import { dot } from "../../linalg/vector.js";
import type { GaussianMixture } from "./law.js";

/**
 * The true probabilities of the classes at x: ∝ π_j exp(μ_jᵀΛ⁻¹x − ½μ_jᵀΛ⁻¹μ_j), since the quadratic term of x is
 * shared (standard: Hastie, Tibshirani & Friedman 2009, Eq. 4.10). Cost: (c + 1)d².
 * @throws RangeError unless x has length d.
 */
export function posterior(mixture: GaussianMixture, x: Float64Array): Float64Array {
  const { covariance, means, priors } = mixture;
  if (x.length !== means.cols) throw new RangeError(`x must have length ${means.cols}, got ${x.length}`);
  const { precision } = covariance;
  const logits = new Float64Array(means.rows);
  for (let j = 0; j < means.rows; j++) {
    const mean = row(means, j);
    let logit = Math.log(priors[j]!);
    // μᵀΛ⁻¹(x − μ/2): one product with Λ⁻¹ instead of two.
    for (let a = 0; a < x.length; a++) logit += (x[a]! - mean[a]! / 2) * dot(row(precision, a), mean);
    logits[j] = logit;
  }
  softmax(logits);
  return logits;
}
