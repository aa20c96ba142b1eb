import { fillNormal } from "./normal.js";
import type { Stream } from "./stream.js";

/**
 * Fills `out` with a point uniform on the sphere of that radius in its dimension and returns it: a Gaussian vector,
 * whose direction is uniform, scaled to the radius (Muller 1959).
 * @throws RangeError unless the dimension is at least 1 and the radius finite and ≥ 0.
 */
export function fillSphere(stream: Stream, out: Float64Array, radius = 1): Float64Array {
  if (out.length < 1) throw new RangeError("a sphere needs dimension at least 1, got 0");
  if (!(radius >= 0 && radius < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a sphere's radius must be finite and at least 0, got ${radius}`);
  }
  fillNormal(stream, out);
  let squared = 0;
  for (const value of out) squared += value * value;
  const scale = radius / Math.sqrt(squared);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * scale;
  return out;
}
