import { normals } from "../random/normal.js";
import { Stream } from "../random/stream.js";
import { symmetricEigen } from "./decompositions.js";
import { matrix } from "./matrix.js";
import type { SymmetricOperator } from "./symmetric-operator.js";
import { dot, norm } from "./vector.js";

/** The chance that the start misleads the bound. */
const failure = 1e-9;

/**
 * λ_max of a symmetric positive semi-definite operator, from above with probability at least 1 − 1e-9 and otherwise to
 * 1e-9 where 128 Lanczos steps suffice for that (isolated leading eigenvalues take some 20); else as close as they get.
 *
 * The start x is uniform on the sphere, drawn from a stream named by this function and n: the same bits every time, and
 * the probability is over it, for any K chosen without it. After j steps with Ritz values θ_i and recurrence
 * coefficients β_i, the characteristic polynomial p of the Lanczos matrix has ‖p(K)x‖ = β₁ ⋯ β_j, so along the leading
 * eigenvector v |vᵀx|·Π|λ_max − θ_i| ≤ β₁ ⋯ β_j; and |vᵀx| ≥ δ√(π/(2n)) with probability at least 1 − δ. The root above
 * the largest θ of equality there is the bound (van Dorsselaer, Hochstenbach & van der Vorst 2000, after Kuczyński &
 * Woźniakowski 1992). Every vector is orthogonalised against all before it, twice. Cost: a product with K and 8nj
 * operations at step j, and 9j³ at steps 8, 16, 24 ….
 * @throws RangeError when a product is not finite.
 */
export function largestEigenvalue(K: SymmetricOperator): number {
  const n = K.n;
  if (n === 0) return 0;
  let x = normals(Stream.root("largest eigenvalue", n), n);
  const length = norm(x);
  x = x.map((value) => value / length);
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const off: number[] = [];
  const steps = Math.min(n, 128);
  let bound = Number.POSITIVE_INFINITY;
  for (let j = 1; j <= steps; j++) {
    basis.push(x);
    const y = new Float64Array(n);
    K.apply(x, y);
    const along = dot(x, y);
    if (!Number.isFinite(along)) throw new RangeError(`the largest eigenvalue needs finite products, got ${along}`);
    diagonal.push(along);
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) {
        const inner = dot(earlier, y);
        for (let i = 0; i < n; i++) y[i]! -= inner * earlier[i]!;
      }
    }
    const left = norm(y);
    off.push(left);
    // What is left of y is rounding: the start's Krylov space is whole, and holds every eigenvalue with probability 1.
    const whole = j === n || left <= 1e-13 * Math.abs(diagonal[0]!);
    if (whole || j % 8 === 0 || j === steps) {
      const { values } = symmetricEigen(tridiagonal(diagonal, off));
      const largest = values[j - 1]!;
      // The quotient of unit vectors rounds by some n·eps: from above all the same.
      const rounding = 1 + 1e-14 * Math.sqrt(n);
      if (whole) return Math.max(0, largest) * rounding;
      bound = Math.min(bound, upperBound(values, off, n) * rounding);
      if (bound <= largest * (1 + 1e-9)) return bound;
    }
    x = y.map((value) => value / left);
  }
  return bound;
}

/** The root above every Ritz value of Σ log(λ − θ_i) = Σ log β_i − log(δ√(π/(2n))), by bisection. */
function upperBound(ritz: Float64Array, off: readonly number[], n: number): number {
  const largest = ritz[ritz.length - 1]!;
  const level = off.reduce((sum, value) => sum + Math.log(value), 0) - Math.log(failure * Math.sqrt(Math.PI / (2 * n)));
  const excess = (gap: number) => ritz.reduce((sum, value) => sum + Math.log(largest - value + gap), 0) - level;
  // In the logarithm of the gap, which spans all magnitudes.
  let low = Math.log(largest * 1e-17);
  let high = low;
  while (excess(Math.exp(high)) < 0) high += 4;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (excess(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return largest + Math.exp(high);
}

function tridiagonal(diagonal: readonly number[], off: readonly number[]) {
  const n = diagonal.length;
  const result = matrix(n, n);
  diagonal.forEach((value, i) => {
    result.data[i * n + i] = value;
    if (i + 1 === n) return;
    result.data[i * n + i + 1] = off[i]!;
    result.data[(i + 1) * n + i] = off[i]!;
  });
  return result;
}
