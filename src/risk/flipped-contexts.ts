import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { multiply } from "../linalg/products.js";
import { dot, norm } from "../linalg/vector.js";
import { examplesAt, type NoisyContexts } from "../mixture/signed/flipped-contexts.js";
import { normalCdf } from "./normal.js";

/** How a W does on contexts with flipped labels, a number each. */
export interface NoisyScores {
  /** The error on clean queries given the context, exactly: Φ(−mᵀWμ/‖Wᵀm‖). */
  readonly errors: Float64Array;
  /** The share of the context's labels, flips included, that W predicts: `memorisation`. */
  readonly memorised: Float64Array;
}

/**
 * Clean error and memorisation of W at strength R ≥ 0, all contexts at once: with rows m and m̂ (the mean of unit
 * examples), MW and M̂W are two matrix products, and a context's M predictions inner products with a row. Cost: 4Td² +
 * 6TMd.
 * @throws RangeError on a W that is not d × d.
 */
export function scoreNoisyContexts(W: Matrix, contexts: NoisyContexts, R: number): NoisyScores {
  const { directions, labels, flips, M } = contexts;
  const { rows: T, cols: d } = directions;
  if (W.rows !== d || W.cols !== d) throw new RangeError(`W must be ${d} x ${d}, got ${W.rows} x ${W.cols}`);
  const x = examplesAt(contexts, R);
  const means = matrix(T, d);
  const unitMeans = matrix(T, d);
  for (let i = 0; i < x.rows; i++) {
    const example = row(x, i);
    const t = Math.floor(i / M);
    const mean = row(means, t);
    const unitMean = row(unitMeans, t);
    const seen = (labels[i]! * flips[i]!) / M;
    const length = norm(example) || 1;
    for (let a = 0; a < d; a++) {
      mean[a]! += seen * example[a]!;
      unitMean[a]! += (seen / length) * example[a]!;
    }
  }
  const projected = multiply(means, W);
  const unitProjected = multiply(unitMeans, W);
  return {
    errors: Float64Array.from({ length: T }, (_, t) => {
      const weights = row(projected, t);
      const length = norm(weights);
      return length > 0 ? normalCdf((-R * dot(weights, row(directions, t))) / length) : 0.5;
    }),
    memorised: Float64Array.from({ length: T }, (_, t) => {
      let agreed = 0;
      for (let i = t * M; i < (t + 1) * M; i++) {
        const predicted = dot(row(unitProjected, t), row(x, i)) > 0 ? 1 : -1;
        if (predicted === labels[i]! * flips[i]!) agreed++;
      }
      return agreed / M;
    }),
  };
}
