import { matrix, row } from "../../linalg/matrix.js";
import { dot } from "../../linalg/vector.js";
import { discriminantProbabilities } from "./discriminant.js";
import type { GaussianMixture } from "./law.js";

/**
 * The true probabilities of the classes at x: ∝ π_j exp(μ_jᵀΛ⁻¹x − ½μ_jᵀΛ⁻¹μ_j), since the quadratic term of x is
 * shared (standard: Hastie, Tibshirani & Friedman 2009, Eq. 4.10). Cost: (c + 1)d².
 * @throws RangeError unless x is finite and of length d.
 */
export function posterior(mixture: GaussianMixture, x: Float64Array): Float64Array {
  const { covariance, means, priors } = mixture;
  const directions = matrix(means.rows, means.cols);
  for (let j = 0; j < means.rows; j++) {
    const mean = row(means, j);
    row(directions, j).forEach((_, a, direction) => {
      direction[a] = dot(row(covariance.precision, a), mean);
    });
  }
  return discriminantProbabilities(means, directions, x, (j) => Math.log(priors[j]!));
}
