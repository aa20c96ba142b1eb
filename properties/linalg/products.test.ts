import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Backend, largestMemory, openWorkspace, wasmAvailable } from "../../src/linalg/kernels/backend.js";
import { type Matrix, matrix, type RealArray, transpose } from "../../src/linalg/matrix.js";
import { gram, hadamard, matvec, multiply, multiplyTransposed } from "../../src/linalg/products.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";

/** Whatever is chosen by size, the plain TypeScript kernels, and, where built, the WebAssembly ones. */
const backends: (Backend | undefined)[] = wasmAvailable ? [undefined, "ts", "wasm"] : [undefined, "ts"];

const gaussian = (seed: number, rows: number, cols: number) =>
  matrix(rows, cols, normals(Stream.root("products", seed, rows, cols), rows * cols));

const narrow = (a: Matrix) => matrix(a.rows, a.cols, Float32Array.from(a.data));

/**
 * The largest gap between c and a bᵀ from its definition, in units of the rounding bound of a sum of `inner` products
 * in c's precision, (inner + 2)·eps·Σ|a||b|, once for c and once for the reference (Higham 2002, §3.1).
 */
function miss(c: Matrix<RealArray>, a: Matrix<RealArray>, b: Matrix<RealArray>): number {
  const eps = c.data instanceof Float64Array ? 2 ** -53 : 2 ** -24;
  let worst = c.rows === a.rows && c.cols === b.rows ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      let absolute = 0;
      for (let k = 0; k < a.cols; k++) {
        const term = a.data[i * a.cols + k]! * b.data[j * a.cols + k]!;
        sum += term;
        absolute += Math.abs(term);
      }
      const gap = Math.abs(c.data[i * c.cols + j]! - sum);
      // A gap of NaN is the worst of all.
      if (gap !== 0) worst = Math.max(worst, gap / (2 * (a.cols + 2) * eps * absolute));
    }
  }
  return worst;
}

test.runIf(wasmAvailable)(
  "small products are summed in double, unless kernels are asked for, which sum in single",
  () => {
    // Four apart, so that one lane sums them all.
    const a = matrix(1, 9, Float32Array.of(1e8, 0, 0, 0, 1, 0, 0, 0, -1e8));
    const ones = matrix(1, 9, new Float32Array(9).fill(1));
    expect(multiplyTransposed(a, ones).data[0]).toBe(1);
    expect(multiplyTransposed(a, ones, "wasm").data[0]).toBe(0);
  },
);

const size = fc.integer({ min: 0, max: 21 });
const shapes = fc.record({ seed: fc.nat(1000), rows: size, inner: size, cols: size });
const settings = { seed: 1, numRuns: 80 };

describe.each(backends)("backend %s", (backend) => {
  test("products agree with their definition to rounding, in both precisions, whatever the shape", () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, inner, cols }) => {
        const a = gaussian(seed, rows, inner);
        const b = gaussian(seed + 1, cols, inner);
        expect(miss(multiplyTransposed(a, b, backend), a, b)).toBeLessThan(1);
        expect(miss(multiply(a, transpose(b), backend), a, b)).toBeLessThan(1);
        expect(miss(gram(a, backend), a, a)).toBeLessThan(1);
        const [a32, b32] = [narrow(a), narrow(b)];
        expect(miss(multiplyTransposed(a32, b32, backend), a32, b32)).toBeLessThan(1);
        expect(miss(multiply(a32, narrow(transpose(b)), backend), a32, b32)).toBeLessThan(1);
        expect(miss(gram(a32, backend), a32, a32)).toBeLessThan(1);
      }),
      settings,
    );
  });

  test("so they do when rows outgrow the cache block and the kept memory", () => {
    const a = gaussian(1, 67, 2003);
    const b = gaussian(2, 131, 2003);
    expect(miss(multiplyTransposed(a, b, backend), a, b)).toBeLessThan(1);
    expect(miss(gram(b, backend), b, b)).toBeLessThan(1);
    expect(gram(matrix(3001, 1, new Float64Array(3001).fill(1)), backend).data.every((value) => value === 1)).toBe(
      true,
    );
  });

  test("a Gram matrix is symmetric to the bit, and the same bits every time", () => {
    const a = gaussian(3, 37, 53);
    const first = gram(a, backend);
    expect(transpose(first)).toEqual(first);
    multiply(gaussian(4, 40, 60), gaussian(5, 60, 40), backend); // leaves its numbers in the kept memory
    expect(gram(a, backend)).toEqual(first);
  });

  test("…, and twins that drop the last column, a lane of the padding, or one row fail it", () => {
    const a = gaussian(6, 9, 31);
    const b = gaussian(7, 10, 31);
    const without = (m: Matrix, k: number) =>
      matrix(
        m.rows,
        m.cols,
        m.data.map((v, at) => (at % m.cols === k ? 0 : v)),
      );
    expect(miss(multiplyTransposed(without(a, 30), b, backend), a, b)).toBeGreaterThan(1e6);
    const shifted = multiplyTransposed(a, b, backend);
    shifted.data.copyWithin(0, b.rows);
    expect(miss(shifted, a, b)).toBeGreaterThan(1e6);
    expect(miss(multiplyTransposed(narrow(without(a, 30)), narrow(b), backend), narrow(a), narrow(b))).toBeGreaterThan(
      1e3,
    );
    // f32 passed off as f64.
    const rounded = matrix(9, 10, Float64Array.from(multiplyTransposed(narrow(a), narrow(b), backend).data));
    expect(miss(rounded, a, b)).toBeGreaterThan(1e3);
  });
});

test.skipIf(!wasmAvailable)("tile rows may be shared out: ranges compose to the whole, to the bit", () => {
  const { buffer, kernels } = openWorkspace(2 ** 16, "wasm");
  const values = new Float64Array(buffer);
  values.set(normals(Stream.root("ranges"), 5 * 4 * 6));
  const [at, output] = [0, 8 * 1000];
  const run = (ranges: number[][], call: (begin: number, end: number) => void) => {
    values.fill(0, 1000, 1400);
    for (const [begin, end] of ranges) call(begin!, end!);
    return values.slice(1000, 1400);
  };
  for (const call of [
    (begin: number, end: number) => kernels.f64.product(at, at, 6, output, 5, begin, end),
    (begin: number, end: number) => kernels.f64.gram(at, 6, output, 5, begin, end),
  ]) {
    const whole = run([[0, 5]], call);
    expect(
      run(
        [
          [3, 5],
          [0, 1],
          [1, 3],
        ],
        call,
      ),
    ).toEqual(whole);
    expect(
      run(
        [
          [3, 5],
          [0, 1],
          [2, 3],
        ],
        call,
      ),
    ).not.toEqual(whole);
  }
});

describe("matvec and hadamard", () => {
  test("agree with their definition", () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, cols }) => {
        const a = gaussian(seed, rows, cols);
        const x = gaussian(seed + 1, 1, cols);
        expect(miss(matrix(rows, 1, matvec(a, x.data)), a, x)).toBeLessThan(1);
        const b = gaussian(seed + 2, rows, cols);
        expect(hadamard(a, b).data).toEqual(a.data.map((value, at) => value * b.data[at]!));
      }),
      settings,
    );
  });

  test("…, and a twin that reads the matrix by columns fails it", () => {
    const a = gaussian(8, 6, 6);
    const x = gaussian(9, 1, 6);
    expect(miss(matrix(6, 1, matvec(transpose(a), x.data)), a, x)).toBeGreaterThan(1e6);
  });
});

test("bad input is a RangeError that names the shapes", () => {
  const a = matrix(2, 3);
  expect(() => multiply(a, a)).toThrow(/multiply cannot join 2 x 3 and 2 x 3/);
  expect(() => multiplyTransposed(a, matrix(3, 2))).toThrow(/multiplyTransposed cannot join 2 x 3 and 3 x 2/);
  expect(() => hadamard(a, matrix(2, 4))).toThrow(/hadamard cannot join/);
  expect(() => hadamard(a, matrix(1, 3))).toThrow(/hadamard needs equal shapes/);
  expect(() => multiplyTransposed<RealArray>(a, narrow(a))).toThrow(/one precision/);
  expect(() => matvec(a, new Float64Array(2))).toThrow(/vector of length 3, got 2/);
  expect(() => openWorkspace(largestMemory + 1)).toThrow(/holds at most 4294967296/);
});

describe.each(wasmAvailable ? (["ts", "wasm"] as const) : (["ts"] as const))(
  "unpacked kernels, backend %s",
  (backend) => {
    test("c = a b and c += a b, with a or its transpose, in both precisions, whatever the shape", () => {
      for (const precision of ["f64", "f32"] as const) {
        const { buffer, kernels } = openWorkspace(2 ** 17, backend);
        const values = precision === "f64" ? new Float64Array(buffer) : new Float32Array(buffer);
        const bytes = values.BYTES_PER_ELEMENT;
        fc.assert(
          fc.property(shapes, fc.boolean(), fc.boolean(), ({ seed, rows: m, inner: k, cols: n }, add, turned) => {
            const [a, b] = [gaussian(seed, m, k), gaussian(seed + 1, n, k)];
            const [A, B, C] = [512, 1024, 2048];
            values.fill(7);
            values.set((turned ? transpose(a) : a).data, A);
            for (let p = 0; p < k; p++) for (let j = 0; j < n; j++) values[B + 23 * p + j] = b.data[j * k + p]!;
            const [row, column] = turned ? [1, m] : [k, 1];
            kernels[precision].multiplyAdd(A * bytes, row!, column!, B * bytes, 23, C * bytes, 22, m, n, k, add);
            const eps = precision === "f64" ? 2 ** -53 : 2 ** -24;
            for (let i = 0; i < m; i++) {
              for (let j = 0; j < 22; j++) {
                let sum = j < n && !add ? 0 : 7;
                let absolute = 7;
                if (j < n) {
                  for (let p = 0; p < k; p++) {
                    sum += a.data[i * k + p]! * b.data[j * k + p]!;
                    absolute += Math.abs(a.data[i * k + p]! * b.data[j * k + p]!);
                  }
                }
                // Higham 2002, §3.1, and the rounding of both operands to c's precision. Beyond n nothing is written.
                expect(Math.abs(values[C + 22 * i + j]! - sum)).toBeLessThanOrEqual((k + 5) * eps * absolute);
              }
            }
          }),
          settings,
        );
      }
    });

    test("softmax, its backward pass and GELU are their definitions, in f32 to 3e-7", () => {
      for (const [precision, tolerance] of [
        ["f64", 1e-15],
        ["f32", 3e-7],
      ] as const) {
        const { buffer, kernels } = openWorkspace(2 ** 16, backend);
        const values = precision === "f64" ? new Float64Array(buffer) : new Float32Array(buffer);
        const bytes = values.BYTES_PER_ELEMENT;
        const { softmaxRows, softmaxRowsBack, gelu } = kernels[precision];
        const [rows, cols, stride] = [3, 7, 9];
        const x = normals(Stream.root("softmax"), 27).map((value) => Math.fround(5 * value));
        values.fill(7);
        values.set(x, 40);
        softmaxRows(40 * bytes, rows, cols, stride, 0.5);
        const p = Float64Array.from(values.subarray(40, 67));
        for (let i = 0; i < rows; i++) {
          const weights = Array.from({ length: cols }, (_, j) => Math.exp(x[9 * i + j]! / 2));
          const sum = weights.reduce((total, weight) => total + weight, 0);
          weights.forEach((weight, j) => {
            expect(Math.abs(p[9 * i + j]! - weight / sum)).toBeLessThan(tolerance);
          });
          expect([p[9 * i + 7], p[9 * i + 8]]).toEqual([x[9 * i + 7], x[9 * i + 8]]);
        }
        values.set(x, 100);
        softmaxRowsBack(40 * bytes, 100 * bytes, rows, cols, stride, 0.5);
        for (let i = 0; i < rows; i++) {
          let along = 0;
          for (let j = 0; j < cols; j++) along += p[9 * i + j]! * x[9 * i + j]!;
          for (let j = 0; j < cols; j++) {
            const expected = 0.5 * p[9 * i + j]! * (x[9 * i + j]! - along);
            expect(Math.abs(values[100 + 9 * i + j]! - expected)).toBeLessThan(40 * tolerance);
          }
        }
        // Nothing is written before the first row or after the last.
        const around = [...values.subarray(30, 40), ...values.subarray(67, 100), ...values.subarray(127, 140)];
        expect(new Set(around)).toEqual(new Set([7]));
        values.set([3000, 3000], 300);
        softmaxRows(300 * bytes, 1, 2, 2, 0.5);
        expect([...values.subarray(300, 302)]).toEqual([0.5, 0.5]);
        const at = Float64Array.from({ length: 80 }, (_, i) => Math.fround((i - 40) / 5));
        values.set(at, 200);
        gelu(200 * bytes, 400 * bytes, 80);
        expect([values[280], values[480]]).toEqual([7, 7]);
        const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
        at.forEach((z, i) => {
          // Φ by 20,000 trapezia from 0: error 1e-10 · max|φ″|.
          const step = z / 20_000;
          let area = (density(0) + density(z)) / 2;
          for (let s = 1; s < 20_000; s++) area += density(s * step);
          const below = 0.5 + area * step;
          const wide = Math.max(tolerance, 1e-8) * (1 + Math.abs(z));
          expect(Math.abs(values[200 + i]! - z * below)).toBeLessThan(wide);
          expect(Math.abs(values[400 + i]! - (below + z * density(z)))).toBeLessThan(wide);
        });
      }
    });
  },
);
