import { normals } from "../random/normal.js";
import { Stream } from "../random/stream.js";
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
 * Woźniakowski 1992). p is evaluated by its recurrence, so that no Ritz value but the largest is ever computed. Every
 * vector is orthogonalised against all before it, twice. Cost: a product with K and 8nj operations at step j, and some
 * 500j at steps 8, 16, 24 ….
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
      const largest = largestRitzValue(diagonal, off);
      // The quotient of unit vectors rounds by some n·eps: from above all the same.
      const rounding = 1 + 1e-14 * Math.sqrt(n);
      if (whole) return Math.max(0, largest) * rounding;
      bound = Math.min(bound, upperBound(largest, diagonal, off, n) * rounding);
      if (bound <= largest * (1 + 1e-9)) return bound;
    }
    x = y.map((value) => value / left);
  }
  return bound;
}

/**
 * log p(λ) of the tridiagonal matrix's characteristic polynomial, as the sum of logs of the pivots of λ − T: δ₁ = λ −
 * a₁, δ_i = λ − a_i − β²_{i−1}/δ_{i−1}. NaN unless all are positive, which they are just where λ is above every Ritz
 * value (Sylvester).
 */
function logCharacteristic(lambda: number, diagonal: readonly number[], off: readonly number[]): number {
  let [sum, pivot] = [0, 1];
  for (let i = 0; i < diagonal.length; i++) {
    pivot = lambda - diagonal[i]! - (i === 0 ? 0 : off[i - 1]! ** 2 / pivot);
    if (!(pivot > 0)) return Number.NaN;
    sum += Math.log(pivot);
  }
  return sum;
}

/** To rounding, by bisection between the largest diagonal entry and Gershgorin's bound. */
function largestRitzValue(diagonal: readonly number[], off: readonly number[]): number {
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((a, i) => a + (off[i - 1] ?? 0) + (i + 1 < diagonal.length ? off[i]! : 0)));
  for (let halving = 0; halving < 60 && high - low > Number.EPSILON * high; halving++) {
    const middle = (low + high) / 2;
    if (Number.isNaN(logCharacteristic(middle, diagonal, off))) low = middle;
    else high = middle;
  }
  return high;
}

/** The root of log p(λ) = Σ log β_i − log(δ√(π/(2n))) above the largest Ritz value, by bisection. */
function upperBound(largest: number, diagonal: readonly number[], off: readonly number[], n: number): number {
  const level = off.reduce((sum, value) => sum + Math.log(value), 0) - Math.log(failure * Math.sqrt(Math.PI / (2 * n)));
  const below = (gap: number) => !(logCharacteristic(largest + Math.exp(gap), diagonal, off) >= level);
  // In the logarithm of the gap, which spans all magnitudes.
  let low = Math.log(largest * Number.EPSILON);
  let high = low;
  while (below(high)) high += 4;
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return largest + Math.exp(high);
}
