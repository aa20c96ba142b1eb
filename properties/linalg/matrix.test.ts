import fc from "fast-check";
import { expect, test } from "vitest";
import { identity, matrix, matrixOf, row, transpose } from "../../src/linalg/matrix.js";
import { dot, norm } from "../../src/linalg/vector.js";

const size = fc.integer({ min: 0, max: 9 });
const counting = (rows: number, cols: number) =>
  matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, (_, at) => at),
  );

test("a transpose has the entries with their indices swapped, and undoes itself", () => {
  fc.assert(
    fc.property(size, size, (rows, cols) => {
      const a = counting(rows, cols);
      const t = transpose(a);
      for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) expect(row(t, j)[i]).toBe(row(a, i)[j]);
      expect(transpose(t)).toEqual(a);
    }),
    { seed: 1 },
  );
});

test("…, and a broken twin, the same numbers under a swapped shape, fails it", () => {
  expect(matrix(3, 2, counting(2, 3).data)).not.toEqual(transpose(counting(2, 3)));
});

test("rows are views; matrices of rows and zeros are copies", () => {
  const a = matrix(2, 2);
  row(a, 1)[0] = 3;
  expect([...a.data]).toEqual([0, 0, 3, 0]);
  const source = [
    [1, 2],
    [3, 4],
  ];
  const b = matrixOf(source);
  source[0]![0] = 9;
  expect([...b.data]).toEqual([1, 2, 3, 4]);
  expect(matrixOf([])).toEqual(matrix(0, 0));
  expect([...identity(2, 5).data]).toEqual([5, 0, 0, 5]);
});

test("dot and norm are those of a right triangle", () => {
  expect(dot(Float64Array.of(3, 4), Float64Array.of(4, -3))).toBe(0);
  expect(norm(Float32Array.of(3, 4))).toBe(5);
});

test("bad shapes are a RangeError that says what is allowed", () => {
  for (const [rows, cols] of [
    [-1, 2],
    [2, -1],
    [1.5, 2],
    [2, Number.NaN],
  ]) {
    expect(() => matrix(rows!, cols!)).toThrow(/integer rows and cols >= 0/);
  }
  expect(() => matrix(2, 2, new Float64Array(3))).toThrow(/2 x 2 matrix needs 4 numbers, got 3/);
  expect(() => matrixOf([[1], [1, 2]])).toThrow(/row 1 has 2 numbers, row 0 has 1/);
});

test("a row is a view in either precision, of a matrix inside a larger array too, and none is beyond the last", () => {
  for (const whole of [new Float64Array(10), new Float32Array(10)]) {
    const a = matrix(2, 3, whole.subarray(2, 8));
    row(a, 1)[2] = 7;
    expect(whole[7]).toBe(7);
    expect(row(a, 0)).toEqual(whole.slice(2, 5));
    for (const i of [-1, 2, 0.5, Number.NaN]) expect(() => row(a, i)).toThrow(`2 rows have no row ${i}`);
  }
});
