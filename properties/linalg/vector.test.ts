import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { magnitude, minimum } from "../../src/linalg/vector.js";

describe("the magnitude of arrays", () => {
  it("is the power of two just below their largest entry, however small or large, of either sign", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }),
        fc.integer({ min: -900, max: 900 }),
        (values, power) => {
          const x = Float64Array.from(values, (value) => value * 2 ** power);
          const largest = Math.max(...x.map(Math.abs));
          const unit = magnitude(x.subarray(1), x);
          if (largest === 0) expect(unit).toBe(1);
          // A log2 of a subnormal number, or of one next to a power of two, is rounded.
          else if (largest > 1e-300) expect(Math.abs(Math.log2(largest / unit) - 0.5)).toBeLessThanOrEqual(0.5 + 1e-12);
          expect(Number.isInteger(Math.log2(unit))).toBe(true);
        },
      ),
    );
    expect([0.1, -0.75, 3, 4].map((value) => magnitude(Float64Array.of(value)))).toEqual([1 / 16, 1 / 2, 2, 4]);
  });
});

it("the minimum of values is one of them, and of none ∞", () => {
  expect(minimum(Float64Array.of(3, -2, 5))).toBe(-2);
  expect(minimum(Float64Array.of(7))).toBe(7);
  expect(minimum(new Float64Array(0))).toBe(Number.POSITIVE_INFINITY);
});
