import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveSymmetric } from "../../src/linalg/decompositions.js";
import { factor, solveFactored } from "../../src/linalg/factor.js";
import { type Backend, wasmAvailable } from "../../src/linalg/kernels/backend.js";
import { withMemory } from "../../src/linalg/kernels/kept-memory.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { gram } from "../../src/linalg/products.js";
import { norm } from "../../src/linalg/vector.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";

const backends: Backend[] = wasmAvailable ? ["ts", "wasm"] : ["ts"];

/** AAᵀ/cols of that rank, plus `ridge` on the diagonal. */
function kernel(seed: number, n: number, rank: number, ridge: number): Matrix {
  const K = gram(matrix(n, rank, normals(Stream.root("factor", seed), n * rank)));
  return matrix(
    n,
    n,
    K.data.map((value, at) => value / rank + (at % (n + 1) === 0 ? ridge : 0)),
  );
}

/** K_FF as a matrix. */
const block = (K: Matrix, rows: readonly number[]) =>
  matrix(rows.length, rows.length, Float64Array.from(rows.flatMap((i) => rows.map((j) => K.data[i * K.cols + j]!))));

describe.each(backends)("the factor on %s", (backend) => {
  it("solves on any subset of rows as the plain decomposition does", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 4 }), (seed, n, step) => {
        const K = kernel(seed, n, n + 3, 0.1);
        const rows = [...Array(n).keys()].filter((i) => (i + seed) % step === 0);
        const b = normals(Stream.root("right", seed), rows.length);
        const { lost, solve } = factor(K, rows, backend);
        expect(lost).toEqual([]);
        const x = solve(b);
        // Once, in a memory full of what is no number, to the bit.
        withMemory(2 ** 16, backend, ({ buffer }) => new Float64Array(buffer).fill(Number.NaN));
        expect(solveFactored(K, rows, b, backend)).toEqual({ lost, values: x });
        const truth = solveSymmetric(block(K, rows), matrix(1, rows.length, b)).data;
        // Condition below 100, sums of at most 70 terms.
        expect(norm(x.map((value, i) => value - truth[i]!))).toBeLessThanOrEqual(1e-12 * norm(truth));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("…, which a solve with one entry of K off by 1e-9 does not", () => {
    const K = kernel(1, 40, 43, 0.1);
    const rows = [...K.data.subarray(0, 40).keys()];
    const b = normals(Stream.root("right"), 40);
    const truth = solveSymmetric(K, matrix(1, 40, b)).data;
    K.data[30 * 40 + 7]! += 1e-9;
    const x = factor(K, rows, backend).solve(b);
    expect(norm(x.map((value, i) => value - truth[i]!))).toBeGreaterThan(1e-12 * norm(truth));
  });

  it("crosses its panels right: 700 rows, where groups no longer fit the cache", () => {
    const K = kernel(2, 700, 703, 0.1);
    const rows = [...Array(700).keys()];
    const b = normals(Stream.root("right"), 700);
    const truth = solveSymmetric(K, matrix(1, 700, b)).data;
    const x = factor(K, rows, backend).solve(b);
    expect(norm(x.map((value, i) => value - truth[i]!))).toBeLessThanOrEqual(1e-11 * norm(truth));
  });

  it("loses the rows that are combinations of earlier ones, and leaves them out", () => {
    const K = kernel(3, 30, 12, 0);
    const rows = [...Array(30).keys()];
    const { lost, solve } = factor(K, rows, backend);
    expect(lost).toEqual(rows.slice(12));
    for (const unit of [2 ** -60, 2 ** 60]) {
      const scaled = matrix(
        30,
        30,
        K.data.map((value) => unit * value),
      );
      expect(factor(scaled, rows, backend).lost).toEqual(lost);
    }
    const x = solve(new Float64Array(30).fill(1));
    expect(x.subarray(12).every((value) => value === 0)).toBe(true);
    const kept = rows.slice(0, 12);
    const truth = solveSymmetric(block(K, kept), matrix(1, 12, new Float64Array(12).fill(1))).data;
    expect(norm(x.subarray(0, 12).map((value, i) => value - truth[i]!))).toBeLessThanOrEqual(1e-9 * norm(truth));
  });

  it("takes no rows at all, and refuses what is not square or of another length", () => {
    const K = kernel(1, 4, 7, 0.1);
    expect(factor(K, [], backend).solve(new Float64Array(0))).toEqual(new Float64Array(0));
    expect(() => factor(matrix(2, 3), [0], backend)).toThrow(/square matrix, got 2 x 3/);
    expect(() => factor(K, [0, 1], backend).solve(new Float64Array(3))).toThrow(
      /of 2 rows needs a vector of that length, got 3/,
    );
  });
});
