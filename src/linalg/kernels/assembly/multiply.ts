/**
 * c = a b, or c += a b where `add` is not 0: c is m × n, the inner dimension k. Entry (i, p) of a lies i·aRow + p·aCol
 * elements from its start, so that a transposed is a with its strides swapped; rows of b and c are contiguous, bRow and
 * cRow elements apart. Nothing is packed: this is for operands that stay in the first-level cache, as a layer's
 * weights.
 */
export function multiplyAdd<T>(
  a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, c: usize, cRow: usize,
  m: usize, n: usize, k: usize, add: bool,
): void {
  const bytes: usize = sizeof<T>();
  const wide: usize = 32 / bytes;
  const ar = aRow * bytes, ac = aCol * bytes, br = bRow * bytes, cr = cRow * bytes;
  const wideEnd = n - (n % wide);
  let i: usize = 0;
  for (; i + 4 <= m; i += 4) {
    for (let j: usize = 0; j < wideEnd; j += wide) {
      fourRows<T>(a + i * ar, ar, ac, b + j * bytes, br, c + i * cr + j * bytes, cr, k, add);
    }
  }
  for (; i < m; i++) {
    for (let j: usize = 0; j < wideEnd; j += wide) {
      oneRow<T>(a + i * ar, ac, b + j * bytes, br, c + i * cr + j * bytes, k, add);
    }
  }
  for (let j = wideEnd; j < n; j++) {
    for (i = 0; i < m; i++) {
      const at = c + i * cr + j * bytes;
      let sum: T = add ? load<T>(at) : <T>0;
      let left = a + i * ar;
      let right = b + j * bytes;
      for (let p: usize = 0; p < k; p++) {
        sum += load<T>(left) * load<T>(right);
        left += ac;
        right += br;
      }
      store<T>(at, sum);
    }
  }
}

// @ts-ignore: decorator
@inline
function splatAt<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at) : v128.load32_splat(at);
}

/** Four rows by two vectors: eight sums, which is what the registers hold beside their operands. */
// @ts-ignore: decorator
@inline
function fourRows<T>(
  a: usize, ar: usize, ac: usize, b: usize, br: usize, c: usize, cr: usize, k: usize, add: bool,
): void {
  let s00 = v128.splat<T>(0);
  let s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (add) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c + cr);
    s11 = v128.load(c + cr, 16);
    s20 = v128.load(c + 2 * cr);
    s21 = v128.load(c + 2 * cr, 16);
    s30 = v128.load(c + 3 * cr);
    s31 = v128.load(c + 3 * cr, 16);
  }
  let a1 = a + ar, a2 = a + 2 * ar, a3 = a + 3 * ar;
  for (let p: usize = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let t = splatAt<T>(a);
    s00 = v128.add<T>(s00, v128.mul<T>(t, b0));
    s01 = v128.add<T>(s01, v128.mul<T>(t, b1));
    t = splatAt<T>(a1);
    s10 = v128.add<T>(s10, v128.mul<T>(t, b0));
    s11 = v128.add<T>(s11, v128.mul<T>(t, b1));
    t = splatAt<T>(a2);
    s20 = v128.add<T>(s20, v128.mul<T>(t, b0));
    s21 = v128.add<T>(s21, v128.mul<T>(t, b1));
    t = splatAt<T>(a3);
    s30 = v128.add<T>(s30, v128.mul<T>(t, b0));
    s31 = v128.add<T>(s31, v128.mul<T>(t, b1));
    a += ac;
    a1 += ac;
    a2 += ac;
    a3 += ac;
    b += br;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cr, s10);
  v128.store(c + cr, s11, 16);
  v128.store(c + 2 * cr, s20);
  v128.store(c + 2 * cr, s21, 16);
  v128.store(c + 3 * cr, s30);
  v128.store(c + 3 * cr, s31, 16);
}

// @ts-ignore: decorator
@inline
function oneRow<T>(a: usize, ac: usize, b: usize, br: usize, c: usize, k: usize, add: bool): void {
  let s0 = v128.splat<T>(0);
  let s1 = s0;
  if (add) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  for (let p: usize = 0; p < k; p++) {
    const t = splatAt<T>(a);
    s0 = v128.add<T>(s0, v128.mul<T>(t, v128.load(b)));
    s1 = v128.add<T>(s1, v128.mul<T>(t, v128.load(b, 16)));
    a += ac;
    b += br;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
