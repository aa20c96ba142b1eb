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
  const { shares, heads } = context;
  const d = heads.cols;
  if (x.length !== d || lambda.rows !== d) {
    throw new RangeError(`x and the covariance must have dimension ${d}, got ${x.length} and ${lambda.rows}`);
  }
  const means = matrix(heads.rows, d);
  shares.forEach((share, j) => {
    if (share > 0) row(means, j).set(row(heads, j).map((sum) => sum / share));
  });
  const directions = solveSymmetric(lambda, means);
  return discriminantProbabilities(means, directions, x, (j) => {
    if (shares[j] === 0) return Number.NEGATIVE_INFINITY;
    return priors === "equal" ? 0 : Math.log(shares[j]!);
  });
}
