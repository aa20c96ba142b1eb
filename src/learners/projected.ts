import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { dot } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";
import type { Subspace } from "../mixture/subspace.js";
import type { Learner } from "./mle.js";

/**
 * The learner that knows the subspace: sign(mᵀPPᵀx), the maximum-likelihood learner of the projected context.
 * Bayes-optimal for μ uniform on a sphere of the subspace: the posterior of μ is von Mises–Fisher about Pᵀm, so the
 * odds of a label rise with xᵀPPᵀm. Ties, of probability 0, go to 1. Cost: Nd + 2kd.
 * @throws RangeError on shapes that do not fit.
 */
export function projectedMle({ k, d, basis }: Subspace): Learner {
  return (x, y, queryX) => {
    if (x.cols !== d || queryX.length !== d) {
      throw new RangeError(`context and query must have ${d} coordinates, got ${x.cols} and ${queryX.length}`);
    }
    const mean = contextMean(x, y);
    let logit = 0;
    for (let i = 0; i < k; i++) {
      const direction = basis.subarray(i * d, (i + 1) * d);
      logit += dot(mean, direction) * dot(queryX, direction);
    }
    return logit >= 0 ? 1 : -1;
  };
}

/** The same learner as a W for mᵀWx: the d × d projector PPᵀ. Cost: kd². */
export function projectedWeights({ k, d, basis }: Subspace): Matrix {
  const W = matrix(d, d);
  for (let i = 0; i < k; i++) {
    const direction = basis.subarray(i * d, (i + 1) * d);
    for (let a = 0; a < d; a++) {
      const weight = direction[a]!;
      const target = row(W, a);
      for (let b = 0; b < d; b++) target[b] = target[b]! + weight * direction[b]!;
    }
  }
  return W;
}

/** PPᵀ as its factors Σ 1·pᵢpᵢᵀ over the k basis vectors: scores a test task in O(kd) instead of O(d²). */
export function projectedFactors({ k, d, basis }: Subspace): { alpha: Float64Array; m: Matrix; u: Matrix } {
  const P = matrix(k, d, basis);
  return { alpha: new Float64Array(k).fill(1), m: P, u: P };
}
