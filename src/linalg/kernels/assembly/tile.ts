/**
 * One 4 × 4 tile of a bᵀ: c[i][j] = Σ_k a[i][k] b[j][k], for two packed groups of four rows, stored with that row
 * stride.
 *
 * A packed group interleaves its rows by SIMD vectors (row 0, 1, 2, 3, then the next vector of each), so that a tile
 * reads two streams. The tile is computed in two halves of eight accumulators: sixteen do not fit the registers.
 */
export function tile<T>(a: usize, b: usize, inner: usize, c: usize, stride: usize): void {
  half<T>(a, b, inner, c, stride);
  half<T>(a, b + 32, inner, c + 2 * sizeof<T>(), stride);
}

// @ts-ignore: decorator
@inline
function half<T>(a: usize, b: usize, inner: usize, c: usize, stride: usize): void {
  let s00 = v128.splat<T>(0);
  let s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  const end = a + 4 * inner * sizeof<T>();
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load(a);
    s00 = v128.add<T>(s00, v128.mul<T>(a0, b0));
    s01 = v128.add<T>(s01, v128.mul<T>(a0, b1));
    const a1 = v128.load(a, 16);
    s10 = v128.add<T>(s10, v128.mul<T>(a1, b0));
    s11 = v128.add<T>(s11, v128.mul<T>(a1, b1));
    const a2 = v128.load(a, 32);
    s20 = v128.add<T>(s20, v128.mul<T>(a2, b0));
    s21 = v128.add<T>(s21, v128.mul<T>(a2, b1));
    const a3 = v128.load(a, 48);
    s30 = v128.add<T>(s30, v128.mul<T>(a3, b0));
    s31 = v128.add<T>(s31, v128.mul<T>(a3, b1));
    a += 64;
    b += 64;
  }
  storePair<T>(c, s00, s01);
  storePair<T>(c + stride, s10, s11);
  storePair<T>(c + 2 * stride, s20, s21);
  storePair<T>(c + 3 * stride, s30, s31);
}

/** The sums over the lanes of two vectors, side by side. */
// @ts-ignore: decorator
@inline
function storePair<T>(at: usize, s: v128, t: v128): void {
  if (sizeof<T>() == 8) {
    v128.store(at, v128.add<f64>(v128.shuffle<f64>(s, t, 0, 2), v128.shuffle<f64>(s, t, 1, 3)));
  } else {
    const pairs = v128.add<f32>(v128.shuffle<f32>(s, t, 0, 4, 1, 5), v128.shuffle<f32>(s, t, 2, 6, 3, 7));
    const sums = v128.add<f32>(pairs, v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3));
    v128.store64_lane(at, sums, 0);
  }
}
