import type { RealArray } from "./matrix.js";

/** xᵀy. Lengths are the caller's to match: this is an inner loop. */
export function dot(x: RealArray, y: RealArray): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** ‖x‖₂; for a matrix's data, its Frobenius norm. */
export function norm(x: RealArray): number {
  return Math.sqrt(dot(x, x));
}

/** The least entry. */
export function minimum(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  return least;
}

/**
 * The power of two 2^e ≤ max |x_i| < 2^{e+1} over all the arrays, 1 where they are 0: dividing by it loses nothing, and
 * what is left may be squared. ∞ or NaN where an entry is.
 */
export function magnitude(...arrays: readonly RealArray[]): number {
  let largest = 0;
  for (const x of arrays) for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  return largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
}
