import { solveSymmetric } from "../linalg/decompositions.js";
import { type Matrix, matrix, row } from "../linalg/matrix.js";
import type { ClassContext } from "../mixture/classes/context.js";
import { discriminantProbabilities } from "../mixture/classes/discriminant.js";

/**
 * Class probabilities at x by linear discriminant analysis: class means from the context, priors equal, or N_j/N when
 * `priors` is "empirical"; ∝ π_j exp(μ̂_jᵀΛ⁻¹(x − μ̂_j/2)) (Hastie, Tibshirani & Friedman 2009, §4.3). Λ is the known
 * covariance, or the pooled one of the context. A class the context does not show gets probability 0. Cost: d³/3 +
 * 2cd².
 * @throws RangeError unless x is finite and of length d, and Λ is d × d positive definite.
 */
export function linearDiscriminant(
  context: ClassContext,
  lambda: Matrix,
  x: Float64Array,
  priors: "equal" | "empirical" = "equal",
): Float64Array {
  return linearDiscriminantRule(context, lambda, priors)(x);
}

/** The same as a function of x, for many queries after one context: 2cd each, once Λ is factorised. */
export function linearDiscriminantRule(
  { shares, heads }: ClassContext,
  lambda: Matrix,
  priors: "equal" | "empirical" = "equal",
): (x: Float64Array) => Float64Array {
  const d = heads.cols;
  if (lambda.rows !== d) throw new RangeError(`the covariance must have dimension ${d}, got ${lambda.rows}`);
  const means = matrix(heads.rows, d);
  shares.forEach((share, j) => {
    if (share > 0) row(means, j).set(row(heads, j).map((sum) => sum / share));
  });
  const directions = solveSymmetric(lambda, means);
  const logPrior = (j: number) => {
    if (shares[j] === 0) return Number.NEGATIVE_INFINITY;
    return priors === "equal" ? 0 : Math.log(shares[j]!);
  };
  return (x) => discriminantProbabilities(means, directions, x, logPrior);
}
