import { multiply } from "../../linalg/products.js";
import { discriminantProbabilities } from "./discriminant.js";
import type { GaussianMixture } from "./law.js";

/**
 * The true probabilities of the classes at x: ∝ π_j exp(μ_jᵀΛ⁻¹x − ½μ_jᵀΛ⁻¹μ_j), since the quadratic term of x is
 * shared (standard: Hastie, Tibshirani & Friedman 2009, Eq. 4.10). Cost: (c + 1)d².
 * @throws RangeError unless x is finite and of length d.
 */
export function posterior(mixture: GaussianMixture, x: Float64Array): Float64Array {
  return posteriorRule(mixture)(x);
}

/** The same as a function of x, for many queries of one task: 2cd each, after the cd² that the means cost. */
export function posteriorRule({ covariance, means, priors }: GaussianMixture): (x: Float64Array) => Float64Array {
  const directions = multiply(means, covariance.precision);
  const logs = priors.map(Math.log);
  return (x) => discriminantProbabilities(means, directions, x, (j) => logs[j]!);
}
