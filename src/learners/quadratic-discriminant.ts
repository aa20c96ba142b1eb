import { cholesky, inverseSymmetric } from "../linalg/decompositions.js";
import { type Matrix, row } from "../linalg/matrix.js";
import { softmax } from "../linalg/softmax.js";
import { dot } from "../linalg/vector.js";

/** A class with a covariance of its own. */
export interface GaussianClass {
  readonly prior: number;
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * Quadratic discriminant analysis as a function of x: ∝ π_j |Λ_j|^{−1/2} exp(−½(x − μ_j)ᵀΛ_j⁻¹(x − μ_j)) (Hastie,
 * Tibshirani & Friedman 2009, Eq. 4.12): the posterior where the classes are the true ones, a plug-in rule where they
 * are estimates. A class of prior 0 gets probability 0. Cost: d³ a class, then cd² a query.
 * @throws RangeError unless each covariance is symmetric positive definite, and x has their dimension.
 */
export function quadraticDiscriminant(classes: readonly GaussianClass[]): (x: Float64Array) => Float64Array {
  const parts = classes.map(({ prior, mean, covariance }) => {
    const factor = cholesky(covariance);
    let constant = Math.log(prior);
    for (let a = 0; a < mean.length; a++) constant -= Math.log(factor.data[a * (mean.length + 1)]!);
    return { constant, mean, precision: inverseSymmetric(covariance) };
  });
  return (x) => {
    const logits = Float64Array.from(parts, ({ constant, mean, precision }) => {
      if (x.length !== mean.length) throw new RangeError(`x must have dimension ${mean.length}, got ${x.length}`);
      const from = x.map((value, a) => value - mean[a]!);
      let squared = 0;
      for (let a = 0; a < from.length; a++) squared += from[a]! * dot(row(precision, a), from);
      return constant - squared / 2;
    });
    softmax(logits);
    return logits;
  };
}
