import { identity, type Matrix } from "../linalg/matrix.js";
import { dot } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";

/** Predicts a query's label, 1 or −1, from a raw context alone: x is N × d, y its ±1 labels. */
export type Learner = (x: Matrix, y: ArrayLike<number>, queryX: Float64Array) => 1 | -1;

/**
 * The maximum-likelihood learner of one task: sign(mᵀx) with m = (1/N) Σ yᵢxᵢ, the estimate of μ from the context
 * alone. Bayes-optimal for an isotropic prior on μ. Ties, of probability 0, go to 1. Cost: Nd.
 * @throws RangeError on shapes that do not fit.
 */
export const mle: Learner = (x, y, queryX) => {
  if (queryX.length !== x.cols) {
    throw new RangeError(`the query must have ${x.cols} coordinates like the context, got ${queryX.length}`);
  }
  return dot(contextMean(x, y), queryX) >= 0 ? 1 : -1;
};

/** The same learner as a W for mᵀWx: the d × d identity. */
export function mleWeights(d: number): Matrix {
  return identity(d);
}
