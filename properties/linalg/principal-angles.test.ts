import fc from "fast-check";
import { expect, test } from "vitest";
import { singularValues } from "../../src/linalg/decompositions.js";
import { type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { principalAngles } from "../../src/linalg/principal-angles.js";
import { dot } from "../../src/linalg/vector.js";
import { haarFrame } from "../../src/random/haar.js";
import { Stream } from "../../src/random/stream.js";

const frame = (stream: Stream, k: number, d: number) => matrix(k, d, haarFrame(stream, k, d));

/** rotation · basis: another basis of the same subspace. */
function rotated(stream: Stream, basis: Matrix): Matrix {
  const rotation = frame(stream, basis.rows, basis.rows);
  const result = matrix(basis.rows, basis.cols);
  for (let i = 0; i < basis.rows; i++) {
    for (let j = 0; j < basis.rows; j++) {
      for (let c = 0; c < basis.cols; c++) row(result, i)[c]! += row(rotation, i)[j]! * row(basis, j)[c]!;
    }
  }
  return result;
}

/** Two subspaces of ℝ^d with exactly these angles, in bases that do not show them. */
function pair(stream: Stream, angles: readonly number[], d: number): [Matrix, Matrix] {
  const k = angles.length;
  const both = frame(stream.derive("frame"), 2 * k, d);
  const a = matrix(k, d, both.data.slice(0, k * d));
  const b = matrixOf(
    angles.map((angle, i) => row(both, i).map((x, c) => x * Math.cos(angle) + row(both, k + i)[c]! * Math.sin(angle))),
  );
  return [rotated(stream.derive("a"), a), rotated(stream.derive("b"), b)];
}

/** The textbook formula, blind below √eps. */
const cosineTwin = (a: Matrix, b: Matrix) =>
  singularValues(
    matrixOf(
      Array.from({ length: a.rows }, (_, i) => Array.from({ length: b.rows }, (_, j) => dot(row(a, i), row(b, j)))),
    ),
  ).map((cosine) => Math.acos(Math.min(1, cosine)));

const worst = (found: Float64Array, angles: readonly number[]) =>
  Math.max(...angles.map((angle, i) => Math.abs(found[i]! - angle)));

/** Rounding of the bases themselves: rotations of k and inner products of d terms. */
const tolerance = (k: number, d: number) => 4 * (k + d) * Number.EPSILON;

const configuration = fc.integer({ min: 1, max: 6 }).chain((k) =>
  fc.record({
    seed: fc.nat(1000),
    d: fc.integer({ min: 2 * k, max: 40 }),
    // Angles of every magnitude, both near 0 and near π/2.
    angles: fc.array(
      fc
        .tuple(fc.boolean(), fc.double({ min: -15, max: Math.log10(Math.PI / 4), noNaN: true }))
        .map(([near, exponent]) => (near ? Math.PI / 2 - 10 ** exponent : 10 ** exponent)),
      { minLength: k, maxLength: k },
    ),
  }),
);

test("angles of every magnitude are recovered to rounding, from either side", () => {
  fc.assert(
    fc.property(configuration, ({ seed, d, angles }) => {
      const sorted = angles.slice().sort((x, y) => x - y);
      const [a, b] = pair(Stream.root("angles", seed), sorted, d);
      expect(worst(principalAngles(a, b), sorted)).toBeLessThan(tolerance(angles.length, d));
      expect(worst(principalAngles(b, a), sorted)).toBeLessThan(tolerance(angles.length, d));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("angles of 1e-12 come out right, and the pure-cosine twin fails", () => {
  const angles = [1e-12, 3e-12, 1];
  const [a, b] = pair(Stream.root("small angles"), angles, 20);
  expect(worst(principalAngles(a, b), angles)).toBeLessThan(tolerance(3, 20));
  expect(worst(cosineTwin(a, b), angles)).toBeGreaterThan(1e-9);
});

test("a pure-sine twin would fail near π/2, where this does not", () => {
  const angles = [Math.PI / 2 - 1e-12];
  const [a, b] = pair(Stream.root("large angles"), angles, 10);
  expect(worst(principalAngles(a, b), angles)).toBeLessThan(tolerance(1, 10));
  expect(Math.abs(Math.asin(Math.min(1, Math.sin(angles[0]!))) - angles[0]!)).toBeGreaterThan(tolerance(1, 10));
});

test("subspaces of different dimension have as many angles as the smaller; contained ones have angle 0", () => {
  const whole = frame(Stream.root("whole"), 5, 12);
  const part = rotated(Stream.root("turn"), matrix(2, 12, whole.data.slice(0, 24)));
  for (const angles of [principalAngles(whole, part), principalAngles(part, whole)]) {
    expect(angles.length).toBe(2);
    expect(worst(angles, [0, 0])).toBeLessThan(tolerance(5, 12));
  }
  expect(principalAngles(matrix(0, 4), frame(Stream.root("x"), 2, 4)).length).toBe(0);
});

test("bad input is a RangeError that says which subspace", () => {
  const good = frame(Stream.root("good"), 2, 4);
  expect(() => principalAngles(good, frame(Stream.root("good"), 2, 5))).toThrow(/dimensions 4 and 5/);
  expect(() => principalAngles(good, matrix(5, 4))).toThrow(/second subspace has 5 vectors in dimension 4/);
  expect(() => principalAngles(matrix(2, 4), good)).toThrow(/first subspace needs orthonormal rows/);
  expect(() => principalAngles(good, matrixOf([[Number.NaN, 0, 0, 0]]))).toThrow(
    /second subspace needs orthonormal rows/,
  );
});
