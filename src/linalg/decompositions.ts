import { EigenvalueDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from "ml-matrix";
import { type Matrix, matrix, row } from "./matrix.js";
import { dot } from "./vector.js";

/** a = Σ_i values[i] · left_i right_iᵀ: vector i is row i of `left` and of `right`, values descending. */
export interface SingularValues {
  readonly values: Float64Array;
  /** min(rows, cols) orthonormal rows, of length a.rows. */
  readonly left: Matrix;
  /** min(rows, cols) orthonormal rows, of length a.cols. */
  readonly right: Matrix;
}

/**
 * The thin singular value decomposition of any matrix. The first k rows of `left` and `right` span its top-k singular
 * subspaces. Cost: about 12·rows·cols·min(rows, cols) operations (ml-matrix, Golub–Kahan).
 * @throws RangeError when an entry is not finite.
 */
export function svd(a: Matrix): SingularValues {
  requireFinite(a, "svd");
  const rank = Math.min(a.rows, a.cols);
  if (rank === 0) return { values: new Float64Array(0), left: matrix(0, a.rows), right: matrix(0, a.cols) };
  const found = new SingularValueDecomposition(toMl(a), { autoTranspose: true });
  return {
    values: Float64Array.from(found.diagonal.slice(0, rank)),
    left: columnsAsRows(found.leftSingularVectors, rank),
    right: columnsAsRows(found.rightSingularVectors, rank),
  };
}

/** The min(rows, cols) singular values alone, descending: a third of the cost of `svd`. @throws RangeError as `svd`. */
export function singularValues(a: Matrix): Float64Array {
  requireFinite(a, "singularValues");
  const rank = Math.min(a.rows, a.cols);
  if (rank === 0) return new Float64Array(0);
  const options = { computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true };
  return Float64Array.from(new SingularValueDecomposition(toMl(a), options).diagonal.slice(0, rank));
}

/** a = Σ_i values[i] · v_i v_iᵀ: eigenvector i is row i of `vectors`, values ascending. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix. Cost: about 9n³ operations (ml-matrix, tridiagonal
 * QL).
 * @throws RangeError unless a is square, finite and symmetric (to 1e-8 of its largest entry: rounding passes, a wrong
 * matrix does not).
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  requireSymmetric(a, "symmetricEigen");
  if (a.rows === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const found = new EigenvalueDecomposition(toMl(a), { assumeSymmetric: true });
  return {
    values: Float64Array.from(found.realEigenvalues),
    vectors: columnsAsRows(found.eigenvectorMatrix, a.rows),
  };
}

/**
 * The lower triangular L with a = LLᵀ and a positive diagonal. Cost: n³/3 operations.
 * @throws RangeError unless a is square, finite, symmetric (as for `symmetricEigen`) and, to rounding, positive
 * definite.
 */
export function cholesky(a: Matrix): Matrix {
  requireSymmetric(a, "cholesky");
  const n = a.rows;
  const lower = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const target = row(lower, i);
    for (let j = 0; j < i; j++) {
      const other = lower.data.subarray(j * n, j * n + j);
      target[j] = (a.data[i * n + j]! - dot(other, target)) / lower.data[j * n + j]!;
    }
    const diagonal = a.data[i * n + i]!;
    const pivot = diagonal - dot(target, target);
    // A pivot within the rounding of its own sum says nothing about its sign.
    if (!(pivot > n * Number.EPSILON * diagonal)) {
      throw new RangeError(`cholesky needs a positive definite matrix; pivot ${i} of ${n} is ${pivot}`);
    }
    target[i] = Math.sqrt(pivot);
  }
  return lower;
}

/**
 * The x with a x = b, a symmetric positive definite: each *row* of b is a right-hand side, each row of the result its
 * solution. Cost: n³/3 operations, and 2n² a right-hand side.
 * @throws RangeError as `cholesky`, or when b's rows are not of a's size.
 */
export function solveSymmetric(a: Matrix, b: Matrix): Matrix {
  const lower = cholesky(a);
  const n = a.rows;
  if (b.cols !== n) throw new RangeError(`solveSymmetric needs right-hand sides of length ${n}, got ${b.cols}`);
  requireFinite(b, "solveSymmetric");
  const result = matrix(b.rows, n, b.data.slice());
  for (let r = 0; r < b.rows; r++) {
    const x = row(result, r);
    for (let i = 0; i < n; i++) {
      const before = lower.data.subarray(i * n, i * n + i);
      x[i] = (x[i]! - dot(before, x)) / lower.data[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      x[i] = x[i]! / lower.data[i * n + i]!;
      for (let j = 0; j < i; j++) x[j] = x[j]! - lower.data[i * n + j]! * x[i]!;
    }
  }
  return result;
}

/**
 * a⁻¹ of a symmetric positive definite matrix, symmetric to the bit. Cost: about 2n³ operations. @throws RangeError as
 * `cholesky`.
 */
export function inverseSymmetric(a: Matrix): Matrix {
  const n = a.rows;
  const unit = matrix(n, n);
  for (let i = 0; i < n; i++) unit.data[i * n + i] = 1;
  const inverse = solveSymmetric(a, unit).data;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (inverse[i * n + j]! + inverse[j * n + i]!) / 2;
      inverse[i * n + j] = mean;
      inverse[j * n + i] = mean;
    }
  }
  return matrix(n, n, inverse);
}

function requireFinite(a: Matrix, name: string): void {
  const at = a.data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new RangeError(`${name} needs finite entries, got ${a.data[at]} in row ${Math.floor(at / a.cols)}`);
}

function requireSymmetric(a: Matrix, name: string): void {
  if (a.rows !== a.cols) throw new RangeError(`${name} needs a square matrix, got ${a.rows} x ${a.cols}`);
  requireFinite(a, name);
  const n = a.rows;
  const largest = a.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const gap = a.data[i * n + j]! - a.data[j * n + i]!;
      if (Math.abs(gap) <= 1e-8 * largest) continue;
      throw new RangeError(`${name} needs a symmetric matrix; entries (${i}, ${j}) and (${j}, ${i}) differ by ${gap}`);
    }
  }
}

function toMl(a: Matrix): MlMatrix {
  return MlMatrix.from1DArray(a.rows, a.cols, a.data);
}

/** The first `count` columns of a decomposition's factor, as rows. */
function columnsAsRows(factor: MlMatrix, count: number): Matrix {
  const result = matrix(count, factor.rows);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < factor.rows; j++) result.data[i * factor.rows + j] = factor.get(j, i);
  }
  return result;
}
