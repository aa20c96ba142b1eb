/**
 * What tile rows [begin, end) of a symmetric matrix, stored as `gramProduct` stores it, contribute to y = K x, in y[0,
 * 4·end). Each tile below the diagonal is read once and used twice, for its own rows and, transposed, for its columns'.
 * All sums are in f64.
 */
export function symmetricMatvec<T>(k: usize, x: usize, y: usize, begin: usize, end: usize): void {
  memory.fill(y, 0, begin * 32);
  let at = k + ((begin * (begin + 1)) / 2) * 16 * sizeof<T>();
  for (let g = begin; g < end; g++) {
    const xg = x + g * 32;
    const x0 = v128.load64_splat(xg);
    const x1 = v128.load64_splat(xg, 8);
    const x2 = v128.load64_splat(xg, 16);
    const x3 = v128.load64_splat(xg, 24);
    let s0 = v128.splat<f64>(0);
    let s1 = s0, s2 = s0, s3 = s0;
    let xh = x;
    let yh = y;
    while (xh < xg) {
      const left = v128.load(xh);
      const right = v128.load(xh, 16);
      let yLeft = v128.load(yh);
      let yRight = v128.load(yh, 16);
      let l = low<T>(at, 0);
      let r = high<T>(at, 0);
      s0 = f64x2.add(s0, f64x2.add(f64x2.mul(l, left), f64x2.mul(r, right)));
      yLeft = f64x2.add(yLeft, f64x2.mul(l, x0));
      yRight = f64x2.add(yRight, f64x2.mul(r, x0));
      l = low<T>(at, 1);
      r = high<T>(at, 1);
      s1 = f64x2.add(s1, f64x2.add(f64x2.mul(l, left), f64x2.mul(r, right)));
      yLeft = f64x2.add(yLeft, f64x2.mul(l, x1));
      yRight = f64x2.add(yRight, f64x2.mul(r, x1));
      l = low<T>(at, 2);
      r = high<T>(at, 2);
      s2 = f64x2.add(s2, f64x2.add(f64x2.mul(l, left), f64x2.mul(r, right)));
      yLeft = f64x2.add(yLeft, f64x2.mul(l, x2));
      yRight = f64x2.add(yRight, f64x2.mul(r, x2));
      l = low<T>(at, 3);
      r = high<T>(at, 3);
      s3 = f64x2.add(s3, f64x2.add(f64x2.mul(l, left), f64x2.mul(r, right)));
      yLeft = f64x2.add(yLeft, f64x2.mul(l, x3));
      yRight = f64x2.add(yRight, f64x2.mul(r, x3));
      v128.store(yh, yLeft);
      v128.store(yh, yRight, 16);
      at += 16 * sizeof<T>();
      xh += 32;
      yh += 32;
    }
    const left = v128.load(xg);
    const right = v128.load(xg, 16);
    s0 = f64x2.add(s0, f64x2.add(f64x2.mul(low<T>(at, 0), left), f64x2.mul(high<T>(at, 0), right)));
    s1 = f64x2.add(s1, f64x2.add(f64x2.mul(low<T>(at, 1), left), f64x2.mul(high<T>(at, 1), right)));
    s2 = f64x2.add(s2, f64x2.add(f64x2.mul(low<T>(at, 2), left), f64x2.mul(high<T>(at, 2), right)));
    s3 = f64x2.add(s3, f64x2.add(f64x2.mul(low<T>(at, 3), left), f64x2.mul(high<T>(at, 3), right)));
    at += 16 * sizeof<T>();
    v128.store(yh, f64x2.add(v128.shuffle<f64>(s0, s1, 0, 2), v128.shuffle<f64>(s0, s1, 1, 3)));
    v128.store(yh, f64x2.add(v128.shuffle<f64>(s2, s3, 0, 2), v128.shuffle<f64>(s2, s3, 1, 3)), 16);
  }
}

/** The first two entries of that row of the tile, as doubles. */
// @ts-ignore: decorator
@inline
function low<T>(tile: usize, row: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(tile + row * 32);
  return f64x2.promote_low_f32x4(v128.load64_zero(tile + row * 16));
}

/** The last two. */
// @ts-ignore: decorator
@inline
function high<T>(tile: usize, row: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(tile + row * 32 + 16);
  return f64x2.promote_low_f32x4(v128.load64_zero(tile + row * 16 + 8));
}
