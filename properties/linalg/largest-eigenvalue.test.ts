import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/linalg/decompositions.js";
import { largestEigenvalue } from "../../src/linalg/largest-eigenvalue.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { matvec } from "../../src/linalg/products.js";
import { gramProduct, type SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";

/** A dense symmetric matrix as an operator that counts its products. */
function counting(a: Matrix) {
  const count = { products: 0 };
  const operator: SymmetricOperator = {
    n: a.rows,
    precision: "f64",
    apply: (x, out) => {
      count.products++;
      out.set(matvec(a, x));
    },
    entry: (i, j) => a.data[i * a.cols + j]!,
    diagonal: () => Float64Array.from({ length: a.rows }, (_, i) => a.data[i * a.cols + i]!),
    dense: () => a,
  };
  return { operator, count };
}

const diagonal = (values: readonly number[]) => {
  const result = matrix(values.length, values.length);
  values.forEach((value, i) => {
    result.data[i * values.length + i] = value;
  });
  return result;
};

describe("the largest eigenvalue", () => {
  it("is from above where a residual is not: 1 + 1e-5 once among 49 ones", () => {
    const bound = largestEigenvalue(counting(diagonal([...new Array<number>(49).fill(1), 1 + 1e-5])).operator);
    expect(bound).toBeGreaterThanOrEqual(1.00001);
    expect(bound).toBeLessThan(1.00001 * (1 + 1e-9));
  });

  it("bounds from above the spectra that are hard for it: 400 values crowding at the top, in any order", () => {
    const crowded = Array.from({ length: 400 }, (_, i) => 1 - (i / 400) ** 3 / 2);
    for (const values of [crowded, crowded.slice().reverse(), crowded.map((value) => value * 1e9)]) {
      const { operator, count } = counting(diagonal(values));
      const bound = largestEigenvalue(operator);
      // As many steps as it may take, and no more.
      expect(count.products).toBe(128);
      const truth = Math.max(...values);
      expect(bound).toBeGreaterThanOrEqual(truth);
      expect(bound).toBeLessThan(1.01 * truth);
    }
  });

  it("takes a few tens of products on a kernel of 500 tasks, and agrees with all of the spectrum to 1e-8", () => {
    const tasks = drawTasks(Stream.root("spectrum"), taskLaw({ d: 500, k: 30, R: 3, N: 40 }), 500);
    const dense = gramProduct(tasks.m, tasks.u).dense();
    const { operator, count } = counting(dense);
    const bound = largestEigenvalue(operator);
    const truth = symmetricEigen(dense).values[499]!;
    expect(bound).toBeGreaterThanOrEqual(truth * (1 - 1e-13));
    expect(bound).toBeLessThan(truth * (1 + 1e-8));
    expect(count.products).toBeLessThan(80);
  });

  it("is 0 of zero, and refuses what is not finite", () => {
    expect(largestEigenvalue(counting(matrix(3, 3)).operator)).toBe(0);
    expect(largestEigenvalue(counting(matrix(0, 0)).operator)).toBe(0);
    expect(() => largestEigenvalue(counting(diagonal([1, Number.NaN])).operator)).toThrow(/finite products, got NaN/);
  });
});
