import type { Stream } from "./stream.js";

/** The odd multiples of half of it are what a coordinate is drawn from; no power to compute a draw. */
const unit = 2 ** -31;

/**
 * Fills `out` with independent N(mean, sd²) draws and returns it.
 *
 * Marsaglia's polar method (Marsaglia & Bray 1964): exact, no table, about 1.27 candidate pairs a pair of normals. An
 * odd length throws its last partner away, so that a stream has no hidden state.
 */
export function fillNormal(stream: Stream, out: Float64Array, sd = 1, mean = 0): Float64Array {
  const length = out.length;
  for (let i = 0; i < length; i += 2) {
    let u: number;
    let v: number;
    let s: number;
    do {
      // Odd multiples of 2^-32: symmetric about 0, never 0.
      u = (stream.int32() + 0.5) * unit;
      v = (stream.int32() + 0.5) * unit;
      s = u * u + v * v;
    } while (s >= 1);
    const scale = sd * Math.sqrt((-2 * Math.log(s)) / s);
    out[i] = mean + u * scale;
    if (i + 1 < length) out[i + 1] = mean + v * scale;
  }
  return out;
}

/** `length` independent standard normals. */
export function normals(stream: Stream, length: number): Float64Array {
  return fillNormal(stream, new Float64Array(length));
}

/** Written before it is read, always: an array for each normal would cost as much as the normal. */
const one = new Float64Array(1);

/** One standard normal. Drawing many at once with `fillNormal` costs half as much. */
export function normal(stream: Stream): number {
  return fillNormal(stream, one)[0]!;
}
