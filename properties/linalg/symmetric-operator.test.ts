import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Backend, openWorkspace, type Precision, wasmAvailable } from "../../src/linalg/kernels/backend.js";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { matvec } from "../../src/linalg/products.js";
import { gramProduct, type SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { dot, norm } from "../../src/linalg/vector.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";

const backends: Backend[] = wasmAvailable ? ["ts", "wasm"] : ["ts"];
const kinds = backends.flatMap((backend) => (["f64", "f32"] as const).map((precision) => ({ backend, precision })));
const eps = (precision: Precision) => (precision === "f64" ? 2 ** -53 : 2 ** -24);

const gaussian = (seed: number, rows: number, cols: number) =>
  matrix(rows, cols, normals(Stream.root("operator", seed, rows, cols), rows * cols));

/**
 * The largest gap of entries to (m_i·m_j)(u_i·u_j), in units of the rounding bound: inner products of that many terms,
 * one product, and inputs rounded to the precision, relative to |m_i||m_j||u_i||u_j|; once for K, once for the
 * reference.
 */
function entryMiss(K: SymmetricOperator, m: Matrix, u: Matrix): number {
  let worst = 0;
  for (let i = 0; i < K.n; i++) {
    for (let j = 0; j < K.n; j++) {
      const exact = dot(row(m, i), row(m, j)) * dot(row(u, i), row(u, j));
      const size = norm(row(m, i)) * norm(row(m, j)) * norm(row(u, i)) * norm(row(u, j));
      const gap = Math.abs(K.entry(i, j) - exact);
      // A gap of NaN is the worst of all.
      if (gap !== 0) worst = Math.max(worst, gap / (2 * (m.cols + u.cols + 8) * eps(K.precision) * size));
    }
  }
  return worst;
}

/**
 * The largest gap of K x to the dense product, in units of its rounding bound in f64, which is the precision of every
 * `apply`.
 */
function applyMiss(K: SymmetricOperator, x: Float64Array, y: Float64Array): number {
  const dense = K.dense();
  const expected = matvec(dense, x);
  let worst = 0;
  for (let i = 0; i < K.n; i++) {
    const absolute = row(dense, i).reduce((sum, value, j) => sum + Math.abs(value * x[j]!), 0);
    const gap = Math.abs(y[i]! - expected[i]!);
    if (gap !== 0) worst = Math.max(worst, gap / (2 * (K.n + 2) * eps("f64") * absolute));
  }
  return worst;
}

const applied = (K: SymmetricOperator, x: Float64Array) => {
  const y = new Float64Array(K.n).fill(Number.NaN);
  K.apply(x, y);
  return y;
};

const shapes = fc.record({
  seed: fc.nat(1000),
  n: fc.integer({ min: 0, max: 27 }),
  dm: fc.integer({ min: 0, max: 13 }),
  du: fc.integer({ min: 0, max: 13 }),
});
const settings = { seed: 1, numRuns: 60 };

describe.each(kinds)("gramProduct in $precision on $backend", ({ backend, precision }) => {
  test("has the entries of (mmᵀ) ∘ (uuᵀ), in all its views, and multiplies by them", () => {
    fc.assert(
      fc.property(shapes, ({ seed, n, dm, du }) => {
        const m = gaussian(seed, n, dm);
        const u = gaussian(seed + 1, n, du);
        const K = gramProduct(m, u, precision, backend);
        expect([K.n, K.precision]).toEqual([n, precision]);
        expect(entryMiss(K, m, u)).toBeLessThan(1);
        const dense = K.dense();
        for (let i = 0; i < n; i++) {
          expect(K.diagonal()[i]).toBe(K.entry(i, i));
          for (let j = 0; j < n; j++) expect(row(dense, i)[j]).toBe(K.entry(i, j));
        }
        for (const name of [2, 3]) {
          const x = gaussian(seed + name, 1, n).data;
          expect(applyMiss(K, x, applied(K, x))).toBeLessThan(1);
        }
      }),
      settings,
    );
  });

  test("…, and twins without u, with a row moved, or with one input of K x off by 1e-9 fail it", () => {
    const m = gaussian(1, 11, 7);
    const u = gaussian(2, 11, 5);
    const ones = matrix(11, 1, new Float64Array(11).fill(1));
    expect(entryMiss(gramProduct(m, ones, precision, backend), m, u)).toBeGreaterThan(1e3);
    const moved = matrix(11, 7, m.data.slice().copyWithin(0, 7));
    expect(entryMiss(gramProduct(moved, u, precision, backend), m, u)).toBeGreaterThan(1e3);
    const K = gramProduct(m, u, precision, backend);
    const x = gaussian(3, 1, 11).data;
    const wrong = x.map((value, i) => (i === 10 ? value + 1e-9 : value));
    expect(applyMiss(K, x, applied(K, wrong))).toBeGreaterThan(1e3);
  });

  test("K is the Gram matrix of the m uᵀ: K α holds the margins of Σ α m uᵀ, and αᵀKα its squared norm", () => {
    const [n, d] = [300, 40];
    const m = gaussian(4, n, d);
    const u = gaussian(5, n, d);
    const alpha = gaussian(6, 1, n).data;
    const W = matrix(d, d);
    for (let t = 0; t < n; t++) {
      for (let a = 0; a < d; a++)
        for (let b = 0; b < d; b++) row(W, a)[b]! += alpha[t]! * row(m, t)[a]! * row(u, t)[b]!;
    }
    const q = applied(gramProduct(m, u, precision, backend), alpha);
    const gaps = q.map((value, t) => value - dot(row(m, t), matvec(W, row(u, t))));
    // Entrywise rounding errors are as good as independent: 10 eps of the norm, 1e-6 in f32, where the bound above
    // would allow 90 eps.
    expect(norm(gaps)).toBeLessThan(16 * eps(precision) * norm(q));
    expect(Math.abs(dot(alpha, q) - norm(W.data) ** 2)).toBeLessThan(16 * eps(precision) * norm(W.data) ** 2);
  });

  test("the same bits every time, also when out is x", () => {
    const m = gaussian(7, 50, 9);
    const [first, second] = [1, 2].map(() => gramProduct(m, m, precision, backend));
    expect(first!.dense()).toEqual(second!.dense());
    const x = gaussian(8, 1, 50).data;
    const y = applied(first!, x);
    expect(applied(first!, x)).toEqual(y);
    second!.apply(x, x);
    expect(x).toEqual(y);
  });

  test("tile rows may be shared out: fillings compose to the whole, and contributions add up to K x", () => {
    const { buffer, kernels } = openWorkspace(2 ** 17, backend);
    const values = precision === "f64" ? new Float64Array(buffer) : new Float32Array(buffer);
    const doubles = new Float64Array(buffer);
    const kernel = kernels[precision];
    const [k, x, y, scratch] = [2 ** 14, 2 ** 15, 2 ** 15 + 512, 2 ** 16];
    const tiles = () => values.slice(k / values.BYTES_PER_ELEMENT, k / values.BYTES_PER_ELEMENT + 15 * 16);
    // Inputs as they come: 5 groups of 4 rows of 8, in whatever layout the backend reads.
    const inputs = normals(Stream.root("tiles"), 160);
    if (backend === "ts") doubles.set(inputs);
    else values.set(inputs);
    kernel.gramProduct(0, 8, 0, 8, k, scratch, 0, 5);
    const whole = tiles();
    values.fill(0, k / values.BYTES_PER_ELEMENT, k / values.BYTES_PER_ELEMENT + 15 * 16);
    kernel.gramProduct(0, 8, 0, 8, k, scratch, 2, 5);
    expect(tiles()).not.toEqual(whole);
    kernel.gramProduct(0, 8, 0, 8, k, scratch, 0, 2);
    expect(tiles()).toEqual(whole);

    doubles.set(normals(Stream.root("x"), 20), x / 8);
    const product = (begin: number, end: number) => {
      doubles.fill(Number.NaN, y / 8, y / 8 + 4 * end);
      kernel.symmetricMatvec(k, x, y, begin, end);
      return doubles.slice(y / 8, y / 8 + 4 * end);
    };
    const full = product(0, 5);
    const parts = [product(0, 2), product(2, 4), product(4, 5)];
    const sums = full.map((_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0), 0));
    expect(norm(full.map((value, i) => value - sums[i]!))).toBeLessThan(20 * eps("f64") * norm(full));
    expect(norm(full.map((value, i) => value - (parts[2]![i] ?? 0)))).toBeGreaterThan(1e-3 * norm(full));
  });
});

describe.skipIf(!wasmAvailable)("the two backends", () => {
  test("agree to rounding where rows outgrow a cache block", () => {
    const m = gaussian(9, 130, 1501);
    const u = gaussian(10, 130, 1499);
    for (const precision of ["f64", "f32"] as const) {
      const [ts, wasm] = (["ts", "wasm"] as const).map((backend) => gramProduct(m, u, precision, backend).dense());
      const scale = dot(row(m, 0), row(m, 0)) * dot(row(u, 0), row(u, 0));
      const worst = Math.max(...ts!.data.map((value, at) => Math.abs(value - wasm!.data[at]!)));
      expect(worst).toBeLessThan(2 * 3008 * eps(precision) * scale);
    }
  });
});

test("bad input is a RangeError that says what is wrong", () => {
  const m = gaussian(11, 3, 2);
  expect(() => gramProduct(m, matrix(4, 2))).toThrow(/equally many rows, got 3 and 4/);
  expect(() => gramProduct(m, matrix(3, 1, Float64Array.of(1, Number.NaN, 1)))).toThrow(/K of row 1 is not/);
  const large = matrix(
    3,
    2,
    m.data.map((value) => 1e11 * value),
  );
  expect(() => gramProduct(large, large, "f32")).toThrow(/gramProduct in f32 needs finite entries/);
  expect(() => gramProduct(large, large)).not.toThrow();
  expect(() => gramProduct(matrix(100_000, 0), matrix(100_000, 0))).toThrow(/holds at most/);
  const K = gramProduct(m, m);
  expect(() => K.apply(new Float64Array(3), new Float64Array(4))).toThrow(/length 3, got 3 and 4/);
  for (const [i, j] of [
    [-1, 0],
    [0, 3],
    [3, 0],
    [0, -1],
    [0.5, 0],
    [0, Number.NaN],
  ]) {
    expect(() => K.entry(i!, j!)).toThrow(/integers 0 <= i, j < 3/);
  }
});
