import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import type { RealArray } from "../matrix.js";
import type { Kernels, PrecisionKernels } from "./backend.js";

/**
 * The kernels in plain TypeScript: the reference the WebAssembly ones are tested against, and what runs where those
 * cannot.
 */
export function plainKernels(buffer: ArrayBufferLike): Kernels {
  return {
    f64: precisionKernels(new Float64Array(buffer), buffer),
    f32: precisionKernels(new Float32Array(buffer), buffer),
    cholesky: (l, inner, inverse, _scratch, groups, tolerance) => {
      cholesky(new Float64Array(buffer), l / 8, inner, inverse / 8, groups, tolerance);
    },
  };
}

function precisionKernels(values: RealArray, buffer: ArrayBufferLike): PrecisionKernels {
  const bytes = values.BYTES_PER_ELEMENT;
  const doubles = new Float64Array(buffer);
  const group = (at: number, index: number, inner: number) =>
    doubles.subarray(at / 8 + 4 * index * inner, at / 8 + 4 * (index + 1) * inner);
  return {
    product(a, b, inner, c, cols, begin, end) {
      for (let g = begin; g < end; g++) {
        const aGroup = group(a, g, inner);
        for (let h = 0; h < cols; h++) {
          tile(aGroup, group(b, h, inner), values, c / bytes + 16 * g * cols + 4 * h, 4 * cols);
        }
      }
    },
    gram(a, inner, c, rows, begin, end) {
      const stride = 4 * rows;
      for (let g = begin; g < end; g++) {
        const aGroup = group(a, g, inner);
        for (let h = 0; h <= g; h++) {
          const at = c / bytes + 4 * g * stride + 4 * h;
          const mirror = c / bytes + 4 * h * stride + 4 * g;
          tile(aGroup, group(a, h, inner), values, at, stride);
          for (let i = 0; i < 4; i++) {
            for (let j = 0; j < 4; j++) values[mirror + j * stride + i] = values[at + i * stride + j]!;
          }
        }
      }
    },
    gramProduct(m, mInner, u, uInner, k, scratch, begin, end) {
      const aside = scratch / bytes;
      for (let g = begin; g < end; g++) {
        const mGroup = group(m, g, mInner);
        const uGroup = group(u, g, uInner);
        for (let h = 0; h <= g; h++) {
          const at = k / bytes + 16 * ((g * (g + 1)) / 2 + h);
          tile(mGroup, group(m, h, mInner), values, at, 4);
          tile(uGroup, group(u, h, uInner), values, aside, 4);
          for (let i = 0; i < 16; i++) values[at + i] = values[at + i]! * values[aside + i]!;
        }
      }
    },
    symmetricMatvec(k, x, y, begin, end) {
      symmetricMatvec(values, k / bytes, doubles, x / 8, y / 8, begin, end);
    },
    multiplyAdd(a, aRow, aCol, b, bRow, c, cRow, m, n, k, add) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          const at = c / bytes + i * cRow + j;
          let left = a / bytes + i * aRow;
          let right = b / bytes + j;
          let sum = add ? values[at]! : 0;
          for (let p = 0; p < k; p++, left += aCol, right += bRow) sum += values[left]! * values[right]!;
          values[at] = sum;
        }
      }
    },
    softmaxRows(x, rows, cols, stride, scale) {
      for (let i = 0; i < rows; i++) {
        const line = values.subarray(x / bytes + i * stride, x / bytes + i * stride + cols);
        let most = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < cols; j++) if (line[j]! > most) most = line[j]!;
        let sum = 0;
        for (let j = 0; j < cols; j++) {
          const weight = Math.exp(scale * (line[j]! - most));
          line[j] = weight;
          sum += weight;
        }
        for (let j = 0; j < cols; j++) line[j] = line[j]! / sum;
      }
    },
    softmaxRowsBack(p, g, rows, cols, stride, scale) {
      for (let i = 0; i < rows; i++) {
        const weights = values.subarray(p / bytes + i * stride, p / bytes + i * stride + cols);
        const line = values.subarray(g / bytes + i * stride, g / bytes + i * stride + cols);
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += weights[j]! * line[j]!;
        for (let j = 0; j < cols; j++) line[j] = scale * weights[j]! * (line[j]! - sum);
      }
    },
    gelu(x, slope, count) {
      for (let i = 0; i < count; i++) {
        const value = values[x / bytes + i]!;
        const below = normalCdf(value, 0, 1);
        values[x / bytes + i] = value * below;
        values[slope / bytes + i] = below + (value * Math.exp((-value * value) / 2)) / Math.sqrt(2 * Math.PI);
      }
    },
  };
}

/** One 4 × 4 tile of a bᵀ from packed groups, in two halves of eight sums: sixteen do not fit the registers. */
function tile(a: Float64Array, b: Float64Array, values: RealArray, c: number, stride: number): void {
  for (let pair = 0; pair < 4; pair += 2) {
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    let s20 = 0;
    let s21 = 0;
    let s30 = 0;
    let s31 = 0;
    for (let at = 0; at < a.length; at += 4) {
      const b0 = b[at + pair]!;
      const b1 = b[at + pair + 1]!;
      const a0 = a[at]!;
      const a1 = a[at + 1]!;
      const a2 = a[at + 2]!;
      const a3 = a[at + 3]!;
      s00 += a0 * b0;
      s01 += a0 * b1;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s30 += a3 * b0;
      s31 += a3 * b1;
    }
    const at = c + pair;
    values[at] = s00;
    values[at + 1] = s01;
    values[at + stride] = s10;
    values[at + stride + 1] = s11;
    values[at + 2 * stride] = s20;
    values[at + 2 * stride + 1] = s21;
    values[at + 3 * stride] = s30;
    values[at + 3 * stride + 1] = s31;
  }
}

function symmetricMatvec(
  values: RealArray,
  k: number,
  doubles: Float64Array,
  x: number,
  y: number,
  begin: number,
  end: number,
): void {
  doubles.fill(0, y, y + 4 * begin);
  for (let g = begin; g < end; g++) {
    const tiles = values.subarray(k + 8 * g * (g + 1), k + 8 * (g + 1) * (g + 2));
    const xg = x + 4 * g;
    for (let i = 0; i < 4; i++) {
      const xi = doubles[xg + i]!;
      let sum = 0;
      for (let h = 0; h < g; h++) {
        const at = 16 * h + 4 * i;
        const xh = x + 4 * h;
        const yh = y + 4 * h;
        const [t0, t1, t2, t3] = [tiles[at]!, tiles[at + 1]!, tiles[at + 2]!, tiles[at + 3]!];
        sum += t0 * doubles[xh]! + t1 * doubles[xh + 1]! + (t2 * doubles[xh + 2]! + t3 * doubles[xh + 3]!);
        doubles[yh] = doubles[yh]! + t0 * xi;
        doubles[yh + 1] = doubles[yh + 1]! + t1 * xi;
        doubles[yh + 2] = doubles[yh + 2]! + t2 * xi;
        doubles[yh + 3] = doubles[yh + 3]! + t3 * xi;
      }
      for (let j = 0; j < 4; j++) sum += tiles[16 * g + 4 * i + j]! * doubles[xg + j]!;
      doubles[y + 4 * g + i] = sum;
    }
  }
}

/** Row by row. Packed for one lane, entry (i, j) stands at 4·inner·⌊i/4⌋ + 4j + i mod 4. */
function cholesky(
  values: Float64Array,
  l: number,
  inner: number,
  inverse: number,
  groups: number,
  tolerance: number,
): void {
  for (let i = 0; i < 4 * groups; i++) {
    const mine = l + 4 * inner * (i >> 2) + (i & 3);
    for (let j = 0; j <= i; j++) {
      const other = l + 4 * inner * (j >> 2) + (j & 3);
      let value = values[mine + 4 * j]!;
      for (let a = 0; a < 4 * j; a += 4) value -= values[mine + a]! * values[other + a]!;
      if (j < i) values[mine + 4 * j] = value * values[inverse + j]!;
      else values[inverse + i] = value > tolerance * values[mine + 4 * i]! ? 1 / Math.sqrt(value) : 0;
    }
  }
}
