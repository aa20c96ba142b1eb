// Elementwise functions in f32; their f64 twins are the plain ones, which checks alone use.

/** eˣ to 2 units of the last place: x = n log 2 + r, a polynomial in r (Cephes), 2ⁿ by its exponent bits. */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(88));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

// @ts-ignore: decorator
@inline
function expOne(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

export function softmaxRowsF32(x: usize, rows: usize, cols: usize, stride: usize, scale: f32): void {
  const vectors = cols & ~3;
  const scales = f32x4.splat(scale);
  for (let i: usize = 0; i < rows; i++) {
    const at = x + 4 * i * stride;
    let most = -f32.MAX_VALUE;
    let highest = f32x4.splat(most);
    let j: usize = 0;
    for (; j < vectors; j += 4) highest = f32x4.max(highest, v128.load(at + 4 * j));
    most = max(
      max(f32x4.extract_lane(highest, 0), f32x4.extract_lane(highest, 1)),
      max(f32x4.extract_lane(highest, 2), f32x4.extract_lane(highest, 3)),
    );
    for (; j < cols; j++) most = max(most, load<f32>(at + 4 * j));
    highest = f32x4.splat(most);
    let sums = f32x4.splat(0);
    for (j = 0; j < vectors; j += 4) {
      const e = exp(f32x4.mul(f32x4.sub(v128.load(at + 4 * j), highest), scales));
      sums = f32x4.add(sums, e);
      v128.store(at + 4 * j, e);
    }
    let sum = sumOf(sums);
    for (; j < cols; j++) {
      const e = expOne((load<f32>(at + 4 * j) - most) * scale);
      sum += e;
      store<f32>(at + 4 * j, e);
    }
    const inverse: f32 = 1 / sum;
    sums = f32x4.splat(inverse);
    for (j = 0; j < vectors; j += 4) v128.store(at + 4 * j, f32x4.mul(v128.load(at + 4 * j), sums));
    for (; j < cols; j++) store<f32>(at + 4 * j, load<f32>(at + 4 * j) * inverse);
  }
}

export function softmaxRowsBackF32(p: usize, g: usize, rows: usize, cols: usize, stride: usize, scale: f32): void {
  const vectors = cols & ~3;
  const scales = f32x4.splat(scale);
  for (let i: usize = 0; i < rows; i++) {
    const pAt = p + 4 * i * stride;
    const gAt = g + 4 * i * stride;
    let sums = f32x4.splat(0);
    let j: usize = 0;
    for (; j < vectors; j += 4) sums = f32x4.add(sums, f32x4.mul(v128.load(pAt + 4 * j), v128.load(gAt + 4 * j)));
    let sum = sumOf(sums);
    for (; j < cols; j++) sum += load<f32>(pAt + 4 * j) * load<f32>(gAt + 4 * j);
    sums = f32x4.splat(sum);
    for (j = 0; j < vectors; j += 4) {
      const change = f32x4.sub(v128.load(gAt + 4 * j), sums);
      v128.store(gAt + 4 * j, f32x4.mul(f32x4.mul(scales, v128.load(pAt + 4 * j)), change));
    }
    for (; j < cols; j++) store<f32>(gAt + 4 * j, scale * load<f32>(pAt + 4 * j) * (load<f32>(gAt + 4 * j) - sum));
  }
}

/** Φ(−|x|) = ½ t(a₁ + … + a₅t⁴)e^{−x²/2}, t = 1/(1 + .3275911|x|/√2), to 8e-8 (Abramowitz & Stegun 7.1.26). */
// @ts-ignore: decorator
@inline
function geluAt(x: usize, slope: usize): void {
  const value = v128.load(x);
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911 * 0.70710678), f32x4.abs(value))));
  const e = exp(f32x4.mul(f32x4.mul(value, value), f32x4.splat(-0.5)));
  let q = f32x4.splat(1.061405429 / 2);
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-1.453152027 / 2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(1.421413741 / 2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-0.284496736 / 2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.254829592 / 2));
  q = f32x4.mul(f32x4.mul(q, t), e);
  const cdf = v128.bitselect(q, f32x4.sub(one, q), f32x4.lt(value, f32x4.splat(0)));
  v128.store(slope, f32x4.add(cdf, f32x4.mul(f32x4.mul(value, e), f32x4.splat(0.39894228))));
  v128.store(x, f32x4.mul(value, cdf));
}

/** `count` is read up to a whole vector: callers pad. */
export function geluF32(x: usize, slope: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) geluAt(x + 4 * i, slope + 4 * i);
}
