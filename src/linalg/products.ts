import { type Backend, defaultBackend, type Precision } from "./kernels/backend.js";
import { withMemory } from "./kernels/kept-memory.js";
import { pack, packedShape, packingFor } from "./kernels/packing.js";
import { type Matrix, matrix, type RealArray, row } from "./matrix.js";
import { dot } from "./vector.js";

/**
 * a b, in a's precision. Cost: 2·rows·inner·cols operations. Like all products here it runs on the kernels from a
 * measured size on (or on the backend asked for, whatever the size), rounds each entry by at most about
 * inner·eps·Σ|a||b|, and passes NaN on.
 * @throws RangeError when a's columns are not b's rows, or the two differ in precision.
 */
export function multiply<T extends RealArray>(a: Matrix<T>, b: Matrix<T>, backend?: Backend): Matrix<T> {
  requireInner("multiply", a, b, b.rows);
  return productOf(a, b, b.cols, 1, b.cols, backend);
}

/**
 * a bᵀ. As `multiply`, cheaper by a transposition. @throws RangeError when the columns differ in number, or the
 * precision.
 */
export function multiplyTransposed<T extends RealArray>(a: Matrix<T>, b: Matrix<T>, backend?: Backend): Matrix<T> {
  requireInner("multiplyTransposed", a, b, b.cols);
  return productOf(a, b, b.rows, b.cols, 1, backend);
}

/** a aᵀ, symmetric to the bit. Cost: rows²·cols operations. */
export function gram<T extends RealArray>(a: Matrix<T>, asked?: Backend): Matrix<T> {
  const n = a.rows;
  const result = emptyLike(a, n, n);
  if (asked === undefined && n * n * a.cols < smallest) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const value = dot(row(a, i), row(a, j));
        result.data[i * n + j] = value;
        result.data[j * n + i] = value;
      }
    }
    return result;
  }
  const backend = asked ?? defaultBackend;
  const packing = packingFor(backend, precisionOf(a.data));
  const { groups, inner, bytes } = packedShape(n, a.cols, packing);
  withMemory(bytes + 16 * groups ** 2 * a.data.BYTES_PER_ELEMENT, backend, ({ kernels, buffer }) => {
    pack(buffer, 0, packing, a.data, n, a.cols, a.cols, 1);
    kernels[precisionOf(a.data)].gram(0, inner, bytes, groups, 0, groups);
    unpad(buffer, bytes, 4 * groups, result);
  });
  return result;
}

/**
 * a x, summed in f64. Cost: 2·rows·cols operations; reading a dominates, so no kernel pays for its copy. @throws
 * RangeError on a wrong length.
 */
export function matvec(a: Matrix<RealArray>, x: RealArray): Float64Array {
  if (x.length !== a.cols) throw new RangeError(`matvec needs a vector of length ${a.cols}, got ${x.length}`);
  return Float64Array.from({ length: a.rows }, (_, i) => dot(row(a, i), x));
}

/** The entrywise product a ∘ b. @throws RangeError when shape or precision differ. */
export function hadamard<T extends RealArray>(a: Matrix<T>, b: Matrix<T>): Matrix<T> {
  if (a.rows !== b.rows) {
    throw new RangeError(`hadamard needs equal shapes, got ${a.rows} x ${a.cols} and ${b.rows} x ${b.cols}`);
  }
  requireInner("hadamard", a, b, b.cols);
  const result = emptyLike(a, a.rows, a.cols);
  for (let i = 0; i < result.data.length; i++) result.data[i] = a.data[i]! * b.data[i]!;
  return result;
}

/**
 * Multiplications below which packing and copying cost more than the kernels save (measured: bench/kernels.bench.ts).
 */
const smallest = 1024;

/** a times a matrix of `cols` columns whose entry (k, j) is b.data[k·innerStride … j·colStride]. */
function productOf<T extends RealArray>(
  a: Matrix<T>,
  b: Matrix<T>,
  cols: number,
  colStride: number,
  innerStride: number,
  asked: Backend | undefined,
): Matrix<T> {
  const result = emptyLike(a, a.rows, cols);
  if (asked === undefined && a.rows * cols * a.cols < smallest) {
    for (let i = 0; i < a.rows; i++) {
      for (let j = 0; j < cols; j++) {
        let sum = 0;
        for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * innerStride + j * colStride]!;
        result.data[i * cols + j] = sum;
      }
    }
    return result;
  }
  const backend = asked ?? defaultBackend;
  const packing = packingFor(backend, precisionOf(a.data));
  const left = packedShape(a.rows, a.cols, packing);
  const right = packedShape(cols, a.cols, packing);
  const output = left.bytes + right.bytes;
  const bytes = output + 16 * left.groups * right.groups * a.data.BYTES_PER_ELEMENT;
  withMemory(bytes, backend, ({ kernels, buffer }) => {
    pack(buffer, 0, packing, a.data, a.rows, a.cols, a.cols, 1);
    pack(buffer, left.bytes, packing, b.data, cols, a.cols, colStride, innerStride);
    const { product } = kernels[precisionOf(a.data)];
    product(0, left.bytes, left.inner, output, right.groups, 0, left.groups);
    unpad(buffer, output, 4 * right.groups, result);
  });
  return result;
}

/**
 * Copies the result out of the memory, where its rows are `stride` elements apart. A view of a row costs as much as
 * copying some thirty numbers one by one.
 */
function unpad(buffer: ArrayBufferLike, offset: number, stride: number, result: Matrix<RealArray>): void {
  const { rows, cols, data } = result;
  const memory = precisionOf(data) === "f64" ? new Float64Array(buffer, offset) : new Float32Array(buffer, offset);
  if (cols >= 32) {
    for (let i = 0; i < rows; i++) data.set(memory.subarray(i * stride, i * stride + cols), i * cols);
  } else if (memory instanceof Float64Array && data instanceof Float64Array) {
    copyRows64(memory, stride, data, rows, cols);
  } else {
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = memory[i * stride + j]!;
  }
}

/** Apart, for a loop that meets both kinds of typed array runs three times slower. */
function copyRows64(memory: Float64Array, stride: number, data: Float64Array, rows: number, cols: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = memory[i * stride + j]!;
}

function precisionOf(data: RealArray): Precision {
  return data instanceof Float64Array ? "f64" : "f32";
}

function emptyLike<T extends RealArray>(a: Matrix<T>, rows: number, cols: number): Matrix<T> {
  const data = a.data instanceof Float64Array ? new Float64Array(rows * cols) : new Float32Array(rows * cols);
  return matrix(rows, cols, data as T);
}

function requireInner(name: string, a: Matrix<RealArray>, b: Matrix<RealArray>, inner: number): void {
  if (a.cols !== inner) {
    throw new RangeError(`${name} cannot join ${a.rows} x ${a.cols} and ${b.rows} x ${b.cols}`);
  }
  if (precisionOf(a.data) !== precisionOf(b.data)) throw new RangeError(`${name} needs both matrices in one precision`);
}
