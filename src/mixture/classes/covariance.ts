import { checkCount } from "../../argument.js";
import { cholesky, inverseSymmetric } from "../../linalg/decompositions.js";
import { identity, type Matrix, matrix, row } from "../../linalg/matrix.js";
import { dot } from "../../linalg/vector.js";
import { gamma } from "../../random/gamma.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";

/**
 * A covariance Λ with what sampling and discriminants need of it. The Cholesky factor stands for Λ^{1/2} everywhere:
 * the two differ by a rotation of the whitened coordinates, which no law here notices.
 */
export interface Covariance {
  /** Λ, d × d, symmetric positive definite. */
  readonly matrix: Matrix;
  /** L lower triangular, Λ = LLᵀ. */
  readonly factor: Matrix;
  /** Λ⁻¹. */
  readonly precision: Matrix;
}

/**
 * Λ factorised and inverted. Cost: about 2d³ operations. @throws RangeError unless Λ is symmetric positive definite.
 */
export function covarianceOf(lambda: Matrix): Covariance {
  return { matrix: lambda, factor: cholesky(lambda), precision: inverseSymmetric(lambda) };
}

/** Λ = I. @throws RangeError unless d is an integer ≥ 1. */
export function identityCovariance(d: number): Covariance {
  return diagonalCovariance(d, 1);
}

/**
 * Λ diagonal, its entries geometric from κ^{−1/2} to κ^{1/2}: condition number κ, determinant 1.
 * @throws RangeError unless κ is finite and ≥ 1, and 1 when d = 1.
 */
export function diagonalCovariance(d: number, conditionNumber: number): Covariance {
  checkCount("d", d);
  if (!(conditionNumber >= 1 && conditionNumber < Number.POSITIVE_INFINITY) || (d === 1 && conditionNumber !== 1)) {
    throw new RangeError(
      `a condition number is finite and at least 1 (1 when d = 1), got ${conditionNumber}, d = ${d}`,
    );
  }
  const lambda = identity(d);
  for (let i = 0; i < d; i++) lambda.data[i * d + i] = d === 1 ? 1 : conditionNumber ** (i / (d - 1) - 0.5);
  return covarianceOf(lambda);
}

/**
 * Λ_ij = φ^{|i−j|}, the covariance of a stationary AR(1) process of unit variance. @throws RangeError unless |φ| < 1.
 */
export function autoregressiveCovariance(d: number, phi: number): Covariance {
  checkCount("d", d);
  if (!(Math.abs(phi) < 1)) throw new RangeError(`an AR(1) coefficient lies in (-1, 1), got ${phi}`);
  const lambda = matrix(d, d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) lambda.data[i * d + j] = phi ** Math.abs(i - j);
  return covarianceOf(lambda);
}

/** A random Λ, Wishart(freedom, I)/freedom: mean I. @throws RangeError unless freedom is an integer ≥ d. */
export function wishartCovariance(stream: Stream, d: number, freedom: number): Covariance {
  return covarianceOf(drawWishart(stream, identityCovariance(d), freedom));
}

/**
 * (1/n) Σ zᵢzᵢᵀ for n = `freedom` draws zᵢ ~ N(0, Λ), by Bartlett's decomposition (Bartlett 1933): LAAᵀLᵀ/n with A
 * lower triangular, normals below its diagonal and χ_{n−i} on it. Cost: d²/2 normals, whatever n.
 * @throws RangeError unless freedom is an integer ≥ d, below which the matrix is singular.
 */
export function drawWishart(stream: Stream, covariance: Covariance, freedom: number): Matrix {
  const d = covariance.matrix.rows;
  if (!(Number.isSafeInteger(freedom) && freedom >= d)) {
    throw new RangeError(`a Wishart matrix needs integer degrees of freedom >= d = ${d}, got ${freedom}`);
  }
  // Column i of A, as row i.
  const bartlett = matrix(d, d);
  for (let i = 0; i < d; i++) {
    fillNormal(stream, row(bartlett, i).subarray(i));
    bartlett.data[i * d + i] = Math.sqrt(2 * gamma(stream, (freedom - i) / 2));
  }
  colour(covariance, bartlett.data);
  const result = matrix(d, d);
  for (let i = 0; i < d; i++) {
    const column = row(bartlett, i);
    for (let a = 0; a < d; a++) {
      const weight = column[a]! / freedom;
      for (let b = 0; b < d; b++) result.data[a * d + b] = result.data[a * d + b]! + weight * column[b]!;
    }
  }
  return result;
}

/** Lz into `out`, which may be z itself: a standard normal z becomes N(0, Λ). Cost: d²/2. */
export function fillColoured(covariance: Covariance, z: Float64Array, out: Float64Array): Float64Array {
  const { data, rows: d } = covariance.factor;
  // From the last coordinate down: row a of L reads z up to a only.
  for (let a = d - 1; a >= 0; a--) {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += data[a * d + b]! * z[b]!;
    out[a] = sum;
  }
  return out;
}

/** Colours many vectors of ℝ^d in place, one after the other in `data`, and returns `data`. */
export function colour(covariance: Covariance, data: Float64Array): Float64Array {
  const d = covariance.matrix.rows;
  for (let at = 0; at < data.length; at += d) {
    const vector = data.subarray(at, at + d);
    fillColoured(covariance, vector, vector);
  }
  return data;
}

/** √(xᵀΛ⁻¹x), the norm that the theory weighs class means with. @throws RangeError unless x has length d. */
export function mahalanobis(covariance: Covariance, x: Float64Array): number {
  const { precision } = covariance;
  if (x.length !== precision.rows) throw new RangeError(`x must have length ${precision.rows}, got ${x.length}`);
  let squared = 0;
  for (let a = 0; a < x.length; a++) squared += x[a]! * dot(row(precision, a), x);
  return Math.sqrt(squared);
}
