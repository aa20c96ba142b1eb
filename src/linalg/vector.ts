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
