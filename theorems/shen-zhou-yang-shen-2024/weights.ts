import { type Matrix, matrix, transpose } from "../../src/linalg/matrix.js";
import { multiply } from "../../src/linalg/products.js";
import { covarianceOf } from "../../src/mixture/classes/covariance.js";
import type { MixtureLaw } from "../../src/mixture/classes/law.js";

/** The same law with the variance of the first coordinate `times` as large. */
export function stretched(law: MixtureLaw, times: number): MixtureLaw {
  const { matrix: lambda } = law.covariance;
  const d = lambda.rows;
  const factor = (a: number) => (a === 0 ? Math.sqrt(times) : 1);
  const longer = lambda.data.map((value, i) => value * factor(i % d) * factor(Math.floor(i / d)));
  return { ...law, covariance: covarianceOf(matrix(d, d, longer)) };
}

/** Ŵ = Λ^{1/2}WΛ^{1/2}: its scale tr Ŵ/d, and Ŵ/scale − I. */
export interface Whitened {
  readonly scale: number;
  readonly departure: Float64Array;
}

export function inWhitened({ covariance: { factor } }: MixtureLaw, W: Matrix): Whitened {
  const { data, rows: d } = multiply(transpose(factor), multiply(W, factor));
  let trace = 0;
  for (let a = 0; a < d; a++) trace += data[a * d + a]!;
  const scale = trace / d;
  return { scale, departure: data.map((value, i) => value / scale - (i % (d + 1) === 0 ? 1 : 0)) };
}

/** ‖G‖_max, W = c(Λ⁻¹ + G). */
export function deviation(classes: number, { covariance: { precision } }: MixtureLaw, W: Matrix): number {
  return W.data.reduce((most, value, i) => Math.max(most, Math.abs(value / classes - precision.data[i]!)), 0);
}

/**
 * The exponent over a factor of 64; noise may make a departure negative by a rare accident: then the end of the range.
 */
export function slope([from, to]: readonly number[]): number {
  return from! > 0 && to! > 0 ? Math.log(to! / from!) / Math.log(64) : Number.NEGATIVE_INFINITY;
}
