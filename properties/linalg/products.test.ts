import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type Backend,
  compile,
  largestMemory,
  openWorkspace,
  wasmAvailable,
} from "../../src/linalg/kernels/backend.js";
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
      if (gap > 0) worst = Math.max(worst, gap / (2 * (a.cols + 2) * eps * absolute));
    }
  }
  return worst;
}

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

describe("the choice of backend", () => {
  const reload = async () => {
    vi.resetModules();
    return await import("../../src/linalg/kernels/backend.js");
  };

  test("ICL_KERNELS=ts forces TypeScript; otherwise WebAssembly is taken where it is available", async () => {
    vi.stubEnv("ICL_KERNELS", "ts");
    expect((await reload()).defaultBackend).toBe("ts");
    vi.stubEnv("ICL_KERNELS", undefined);
    expect((await reload()).defaultBackend).toBe(wasmAvailable ? "wasm" : "ts");
    vi.unstubAllEnvs();
  });

  test("a file that is missing, or that this machine cannot run, is no backend", async () => {
    expect(compile(new URL("./no-such-file.wasm", import.meta.url))).toBeUndefined();
    expect(compile(new URL(import.meta.url))).toBeUndefined();
    vi.doMock("node:fs", () => ({ existsSync: () => false, readFileSync: () => new Uint8Array() }));
    const without = await reload();
    vi.doUnmock("node:fs");
    expect(without.defaultBackend).toBe("ts");
    expect(() => without.openWorkspace(1, "wasm")).toThrow(/wasm backend needs kernels.wasm/);
    expect(without.openWorkspace(1).buffer.byteLength).toBe(65536);
  });
});
