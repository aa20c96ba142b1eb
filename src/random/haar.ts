import { fillNormal } from "./normal.js";
import type { Stream } from "./stream.js";

/**
 * k orthonormal vectors of ℝ^d, uniform on the Stiefel manifold (Haar measure; a Haar orthogonal matrix when k = d).
 *
 * Gram–Schmidt on a Gaussian matrix is Haar exactly, since it is the QR decomposition with R's diagonal positive
 * (Mezzadri 2007). Each vector is orthogonalised twice, which brings ‖QᵀQ − I‖ to rounding ("twice is enough",
 * Kahan–Parlett). Cost: 4dk² operations.
 * @returns k rows of length d, row after row.
 * @throws RangeError unless 1 ≤ k ≤ d, both integers.
 */
export function haarFrame(stream: Stream, k: number, d: number): Float64Array {
  if (!(Number.isInteger(k) && Number.isInteger(d) && k >= 1 && k <= d)) {
    throw new RangeError(`a frame needs integers 1 <= k <= d, got k = ${k}, d = ${d}`);
  }
  const frame = fillNormal(stream, new Float64Array(k * d));
  for (let i = 0; i < k; i++) {
    const vector = frame.subarray(i * d, (i + 1) * d);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(vector, frame.subarray(j * d, (j + 1) * d));
    }
    let squared = 0;
    for (let a = 0; a < d; a++) squared += vector[a]! ** 2;
    const scale = 1 / Math.sqrt(squared);
    for (let a = 0; a < d; a++) vector[a] = vector[a]! * scale;
  }
  return frame;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let inner = 0;
  for (let a = 0; a < vector.length; a++) inner += vector[a]! * unit[a]!;
  for (let a = 0; a < vector.length; a++) vector[a] = vector[a]! - inner * unit[a]!;
}
