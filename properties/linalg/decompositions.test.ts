import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cholesky,
  inverseSymmetric,
  singularValues,
  solveSymmetric,
  svd,
  symmetricEigen,
} from "../../src/linalg/decompositions.js";
import { identity, type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { dot, norm } from "../../src/linalg/vector.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";

const gaussian = (seed: number, rows: number, cols: number) =>
  matrix(rows, cols, normals(Stream.root("decompositions", seed), rows * cols));

/** Σ_i values[i] · left_i right_iᵀ. */
function compose(values: ArrayLike<number>, left: Matrix, right: Matrix): Matrix {
  const result = matrix(left.cols, right.cols);
  for (let r = 0; r < left.rows; r++) {
    const [u, v] = [row(left, r), row(right, r)];
    for (let i = 0; i < u.length; i++)
      for (let j = 0; j < v.length; j++) row(result, i)[j]! += values[r]! * u[i]! * v[j]!;
  }
  return result;
}

const gap = (a: Matrix, b: Matrix) => norm(a.data.map((value, i) => value - b.data[i]!));

/** Rows' inner products: gram(frame) − I vanishes for an orthonormal frame. */
const gramOf = (a: Matrix) =>
  matrixOf(
    Array.from({ length: a.rows }, (_, i) => Array.from({ length: a.rows }, (_, j) => dot(row(a, i), row(a, j)))),
  );

/**
 * Backward stable: an error of a modest multiple of n · eps · ‖a‖_F (10 covers the constants of Householder and QL
 * sweeps).
 */
const rounding = (a: Matrix) => 10 * Math.max(a.rows, a.cols, 1) * Number.EPSILON * (norm(a.data) || 1);

/** AAᵀ/cols + I/10: condition number of a few hundred at most. */
const positive = (seed: number, n: number) => {
  const a = gramOf(gaussian(seed, n, n + 2));
  return matrix(
    n,
    n,
    a.data.map((value, at) => value / (n + 2) + (at % (n + 1) === 0 ? 0.1 : 0)),
  );
};

const shape = fc.record({
  seed: fc.nat(1000),
  rows: fc.integer({ min: 0, max: 14 }),
  cols: fc.integer({ min: 0, max: 14 }),
});
const size = fc.record({ seed: fc.nat(1000), n: fc.integer({ min: 0, max: 14 }) });
const settings = { seed: 1, numRuns: 60 };

describe("svd", () => {
  test("composes to the matrix from orthonormal factors, values descending, whatever the shape", () => {
    fc.assert(
      fc.property(shape, ({ seed, rows, cols }) => {
        const a = gaussian(seed, rows, cols);
        const { values, left, right } = svd(a);
        expect(gap(compose(values, left, right), a)).toBeLessThan(rounding(a));
        expect(gap(gramOf(left), identity(left.rows))).toBeLessThan(rounding(identity(left.rows)));
        expect(gap(gramOf(right), identity(right.rows))).toBeLessThan(rounding(identity(right.rows)));
        expect(values).toEqual(values.slice().sort().reverse());
        singularValues(a).forEach((value, i) => {
          expect(Math.abs(value - values[i]!)).toBeLessThan(rounding(a));
        });
      }),
      settings,
    );
  });

  test("…, and a broken twin, factors swapped, fails it", () => {
    const a = gaussian(1, 5, 5);
    const { values, left, right } = svd(a);
    expect(gap(compose(values, right, left), a)).toBeGreaterThan(1e6 * rounding(a));
  });
});

describe("symmetricEigen", () => {
  test("composes to the matrix, values ascending", () => {
    fc.assert(
      fc.property(size, ({ seed, n }) => {
        const a = positive(seed, n);
        const { values, vectors } = symmetricEigen(a);
        expect(gap(compose(values, vectors, vectors), a)).toBeLessThan(rounding(a));
        expect(values).toEqual(values.slice().sort());
      }),
      settings,
    );
  });

  test("…, and a broken twin, values in the other order, fails it", () => {
    const a = positive(1, 5);
    const { values, vectors } = symmetricEigen(a);
    expect(gap(compose(values.reverse(), vectors, vectors), a)).toBeGreaterThan(1e6 * rounding(a));
  });
});

describe("cholesky", () => {
  test("is lower triangular with LLᵀ = a; it solves and inverts", () => {
    fc.assert(
      fc.property(size, ({ seed, n }) => {
        const a = positive(seed, n);
        const lower = cholesky(a);
        expect(gap(gramOf(lower), a)).toBeLessThan(rounding(a));
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(row(lower, i)[j]).toBe(0);
        const b = gaussian(seed + 1, 3, n);
        const x = solveSymmetric(a, b);
        const inverse = inverseSymmetric(a);
        // Times the condition number, below 1e3 here by construction.
        for (let r = 0; r < 3; r++) {
          for (let i = 0; i < n; i++) {
            expect(Math.abs(dot(row(a, i), row(x, r)) - row(b, r)[i]!)).toBeLessThan(1e3 * rounding(a));
            expect(Math.abs(dot(row(inverse, i), row(b, r)) - row(x, r)[i]!)).toBeLessThan(1e4 * rounding(a));
          }
        }
      }),
      settings,
    );
  });

  test("…, and a broken twin, one entry off by 1e-9, fails it", () => {
    const a = positive(1, 5);
    const lower = cholesky(a);
    lower.data[7]! += 1e-9;
    expect(gap(gramOf(lower), a)).toBeGreaterThan(1e3 * rounding(a));
  });

  test("refuses a matrix that is singular to rounding, or indefinite, and says at which pivot", () => {
    expect(() => cholesky(gramOf(gaussian(1, 6, 4)))).toThrow(/positive definite matrix; pivot [45] of 6/);
    expect(() =>
      cholesky(
        matrixOf([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(/pivot 1 of 2 is -3/);
  });
});

test("bad input is a RangeError that names the entry or the shape", () => {
  expect(() => svd(matrixOf([[1, Number.NaN]]))).toThrow(/svd needs finite entries, got NaN in row 0/);
  expect(() => singularValues(matrixOf([[1], [Number.POSITIVE_INFINITY]]))).toThrow(/got Infinity in row 1/);
  expect(() => symmetricEigen(matrix(2, 3))).toThrow(/square matrix, got 2 x 3/);
  expect(() =>
    symmetricEigen(
      matrixOf([
        [1, 2],
        [2.1, 1],
      ]),
    ),
  ).toThrow(/symmetric matrix; entries \(1, 0\) and \(0, 1\)/);
  // In units of its largest entry, however small.
  expect(() => symmetricEigen(matrix(2, 2, Float64Array.of(1e-20, 2e-20, 2.1e-20, 1e-20)))).toThrow(/symmetric matrix/);
  expect(() => solveSymmetric(identity(2), matrix(1, 3))).toThrow(/right-hand sides of length 2, got 3/);
});
