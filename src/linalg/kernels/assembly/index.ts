// The exported kernels, in both precisions; backend.ts says what each computes. Offsets are in bytes, `inner` in
// elements.
import { cholesky } from "./cholesky";
import { multiplyAdd } from "./multiply";
import { gram, gramProduct, product } from "./products";
import { symmetricMatvec } from "./matvec";

export { geluF32, softmaxRowsBackF32, softmaxRowsF32 } from "./elementwise";

export function productF64(a: usize, b: usize, inner: usize, c: usize, cols: usize, begin: usize, end: usize): void {
  product<f64>(a, b, inner, c, cols, begin, end);
}

export function productF32(a: usize, b: usize, inner: usize, c: usize, cols: usize, begin: usize, end: usize): void {
  product<f32>(a, b, inner, c, cols, begin, end);
}

export function gramF64(a: usize, inner: usize, c: usize, rows: usize, begin: usize, end: usize): void {
  gram<f64>(a, inner, c, rows, begin, end);
}

export function gramF32(a: usize, inner: usize, c: usize, rows: usize, begin: usize, end: usize): void {
  gram<f32>(a, inner, c, rows, begin, end);
}

export function gramProductF64(
  m: usize, mInner: usize, u: usize, uInner: usize, k: usize, scratch: usize, begin: usize, end: usize,
): void {
  gramProduct<f64>(m, mInner, u, uInner, k, scratch, begin, end);
}

export function gramProductF32(
  m: usize, mInner: usize, u: usize, uInner: usize, k: usize, scratch: usize, begin: usize, end: usize,
): void {
  gramProduct<f32>(m, mInner, u, uInner, k, scratch, begin, end);
}

export function symmetricMatvecF64(k: usize, x: usize, y: usize, begin: usize, end: usize): void {
  symmetricMatvec<f64>(k, x, y, begin, end);
}

export function symmetricMatvecF32(k: usize, x: usize, y: usize, begin: usize, end: usize): void {
  symmetricMatvec<f32>(k, x, y, begin, end);
}

export function choleskyF64(
  l: usize, inner: usize, inverse: usize, scratch: usize, groups: usize, tolerance: f64,
): void {
  cholesky(l, inner, inverse, scratch, groups, tolerance);
}

export function multiplyAddF64(
  a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, c: usize, cRow: usize,
  m: usize, n: usize, k: usize, add: bool,
): void {
  multiplyAdd<f64>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, add);
}

export function multiplyAddF32(
  a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, c: usize, cRow: usize,
  m: usize, n: usize, k: usize, add: bool,
): void {
  multiplyAdd<f32>(a, aRow, aCol, b, bRow, c, cRow, m, n, k, add);
}
