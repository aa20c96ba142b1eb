import { haarFrame } from "../random/haar.js";
import type { Stream } from "../random/stream.js";

/** The column space of P ∈ ℝ^{d×k}: Pᵀ as k orthonormal rows of length d, row after row. */
export interface Subspace {
  readonly d: number;
  readonly k: number;
  readonly basis: Float64Array;
  /** Set where the basis is the first k coordinate axes, so that nothing need be multiplied. */
  readonly coordinate?: true;
}

/**
 * The span of the first k coordinate axes. Every law here is invariant under rotations of ℝ^d, so this loses nothing.
 * @throws RangeError unless 1 ≤ k ≤ d, both integers.
 */
export function coordinateSubspace(k: number, d: number): Subspace {
  checkDimensions(k, d);
  let made: Float64Array | undefined;
  return {
    d,
    k,
    // Made when asked for: at d = 10⁶ no one who uses inner products alone wants k·d numbers.
    get basis() {
      if (made === undefined) {
        made = new Float64Array(k * d);
        for (let i = 0; i < k; i++) made[i * d + i] = 1;
      }
      return made;
    },
    coordinate: true,
  };
}

/** A k-dimensional subspace of ℝ^d, uniform on the Grassmannian. @throws RangeError unless 1 ≤ k ≤ d, both integers. */
export function haarSubspace(stream: Stream, k: number, d: number): Subspace {
  checkDimensions(k, d);
  return { d, k, basis: haarFrame(stream, k, d) };
}

/** @throws RangeError unless 1 ≤ k ≤ d, both integers. */
export function checkDimensions(k: number, d: number): void {
  if (!(Number.isSafeInteger(d) && d >= 1)) throw new RangeError(`d must be an integer at least 1, got ${d}`);
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new RangeError(`k must be an integer at least 1, got ${k}`);
  if (k > d) throw new RangeError(`k must not exceed d, got k = ${k}, d = ${d}`);
}
