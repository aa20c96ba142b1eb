import { describe, expect, it } from "vitest";
import { matrixOf } from "../../../src/linalg/matrix.js";
import { discriminantProbabilities } from "../../../src/mixture/classes/discriminant.js";

describe("the probabilities of classes of one covariance", () => {
  const means = [
    [1, 0.5],
    [2, -0.5],
  ];
  const at = (x: readonly number[], scale: number, log = [0, 0]) => {
    const scaled = matrixOf(means.map((mean) => mean.map((value) => scale * value)));
    return discriminantProbabilities(
      scaled,
      scaled,
      Float64Array.from(x, (value) => scale * value),
      (j) => log[j]!,
    );
  };

  it("are those of the densities' ratio, priors included", () => {
    const density = (j: number, x: readonly number[]) =>
      Math.exp(-means[j]!.reduce((sum, mean, a) => sum + (x[a]! - mean) ** 2, 0) / 2);
    for (const x of [
      [1.4, 0.2],
      [1.6, -1],
    ]) {
      const [p, q] = at(x, 1, [Math.log(3), Math.log(1)]);
      expect(p! / q!).toBeCloseTo((3 * density(0, x)) / density(1, x), 12);
      expect(p! + q!).toBeCloseTo(1, 15);
    }
  });

  it("are 0 and 1 where the forms leave the range of doubles, with the nearer mean's class at 1", () => {
    // The bisector of the two means runs through (1.5, 0).
    for (const scale of [1e160, 1e300]) {
      expect([...at([1.4, 0], scale)]).toEqual([1, 0]);
      expect([...at([1.6, 0], scale)]).toEqual([0, 1]);
      expect([...at([1.4, -0.2], scale)]).toEqual([0, 1]);
      expect([...at([1.6, 0.2], scale)]).toEqual([1, 0]);
    }
    expect([...at([1.4, 0], 1e200, [Number.NEGATIVE_INFINITY, 0])]).toEqual([0, 1]);
  });

  it("are refused at an x of another length, or that is not finite", () => {
    expect(() => at([1], 1)).toThrow(/x must have length 2, got 1/);
    expect(() => at([1, Number.NaN], 1)).toThrow(/x must be finite, got 1, NaN/);
  });
});
