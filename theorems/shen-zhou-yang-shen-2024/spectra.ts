import { identity, type Matrix, row, transpose } from "../../src/linalg/matrix.js";
import { multiply } from "../../src/linalg/products.js";
import { dot } from "../../src/linalg/vector.js";
import { diagonalCovariance } from "../../src/mixture/classes/covariance.js";

/** diag(values)·x. */
export const stretched = (values: Float64Array) => (x: Float64Array) => x.map((value, a) => value * values[a]!);
/** Ax. */
export const applied = (A: Matrix) => (x: Float64Array) => x.map((_, a) => dot(row(A, a), x));

/**
 * A = Λ̃^{1/2}Λ⁻¹Λ̃^{1/2} for a Λ turned by so many degrees in the plane of its two extreme directions.
 * @throws RangeError at d = 1.
 */
export function turned(d: number, degrees: number, condition: number): Matrix {
  if (d < 2) throw new RangeError(`a turn needs d >= 2, got ${d}`);
  const [cosine, sine] = [Math.cos((Math.PI / 180) * degrees), Math.sin((Math.PI / 180) * degrees)];
  const rotation = identity(d);
  rotation.data.set([cosine, -sine]);
  rotation.data.set([sine, cosine], d);
  const root = (power: number) => {
    const diagonal = identity(d);
    diagonal.data[0] = condition ** -power;
    diagonal.data[d + 1] = condition ** power;
    return diagonal;
  };
  // Λ = D², Λ̃^{1/2} = RDRᵀ.
  const half = multiply(multiply(rotation, root(1 / 4)), transpose(rotation));
  return multiply(multiply(half, root(-1 / 2)), half);
}

/** The eigenvalues of Λ⁻¹Λ̃. */
export function spectrum(d: number, mismatch: number, scale: number): Float64Array {
  const { matrix: lambda } = diagonalCovariance(d, mismatch);
  return Float64Array.from({ length: d }, (_, a) => scale * lambda.data[a * (d + 1)]!);
}

/** The eigenvalues of that A: two of product 1, whose sum is the trace of Λ⁻¹Λ̃ in the plane, and 1 for the others. */
export function spectrumOfTurn(d: number, degrees: number, condition: number): Float64Array {
  const sine = Math.sin((Math.PI / 180) * degrees);
  const sum = 2 + (condition + 1 / condition - 2) * sine ** 2;
  const most = (sum + Math.sqrt(sum ** 2 - 4)) / 2;
  return Float64Array.from({ length: d }, (_, a) => (a === 0 ? 1 / most : a === 1 ? most : 1));
}
