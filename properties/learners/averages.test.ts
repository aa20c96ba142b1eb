import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Learner, mle, mleWeights } from "../../src/learners/mle.js";
import { projectedFactors, projectedMle, projectedWeights } from "../../src/learners/projected.js";
import { type Matrix, matrix, transpose } from "../../src/linalg/matrix.js";
import { multiply } from "../../src/linalg/products.js";
import { drawPrompt } from "../../src/mixture/signed/prompt.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { coordinateSubspace, haarSubspace, type Subspace } from "../../src/mixture/subspace.js";
import { Stream } from "../../src/random/stream.js";
import { exactRisk } from "../../src/risk/exact.js";
import { forward } from "../../src/transformer/linear.js";

describe("averaging learners", () => {
  it("predict, from raw prompts, the sign of mᵀWx for their W, and a broken twin fails it", () => {
    const law = (learnerOf: (subspace: Subspace) => Learner, weightsOf: (subspace: Subspace) => Matrix) =>
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 9 }), fc.nat(1_000_000), (d, N, seed) => {
        const stream = Stream.root("averages", d, N, seed);
        const subspace = haarSubspace(stream, Math.ceil(d / 3), d);
        const { x, y, queryX } = drawPrompt(stream, taskLaw({ d, k: subspace.k, R: 1, N, subspace }));
        return learnerOf(subspace)(x, y, queryX) === Math.sign(forward(weightsOf(subspace), x, y, queryX));
      });
    const parameters = { seed: 1, numRuns: 200 };
    fc.assert(
      law(
        () => mle,
        ({ d }) => mleWeights(d),
      ),
      parameters,
    );
    fc.assert(law(projectedMle, projectedWeights), parameters);
    expect(
      fc.check(
        law(projectedMle, ({ d }) => mleWeights(d)),
        parameters,
      ).failed,
    ).toBe(true);
  });

  it("err on raw prompts as the exact risk says, within 4 standard errors, and a broken twin fails it", () => {
    const [d, k, R, N, prompts] = [12, 3, 1.5, 3, 8000];
    const stream = Stream.root("averages err");
    const subspace = haarSubspace(stream, k, d);
    const law = taskLaw({ d, k, R, N, subspace });
    const learners = [mle, projectedMle(subspace), projectedMle(coordinateSubspace(k, d))];
    const wrong = [0, 0, 0];
    for (let i = 0; i < prompts; i++) {
      const { x, y, queryX, queryY } = drawPrompt(stream, law);
      learners.forEach((learner, j) => {
        if (learner(x, y, queryX) !== queryY) wrong[j]!++;
      });
    }
    const off = (j: number, dimension: number) => {
      const exact = exactRisk({ R, M: N, k: dimension });
      return Math.abs(wrong[j]! / prompts - exact) / Math.sqrt((exact * (1 - exact)) / prompts);
    };
    expect(off(0, d)).toBeLessThan(4);
    expect(off(1, k)).toBeLessThan(4);
    // Projecting on another subspace.
    expect(off(2, k)).toBeGreaterThan(10);
  });

  it("have a projector for W, and its factors multiply to it", () => {
    const subspace = haarSubspace(Stream.root("projector"), 4, 9);
    const W = projectedWeights(subspace);
    const { alpha, m, u } = projectedFactors(subspace);
    const product = multiply(transpose(m), u);
    const square = multiply(W, W);
    expect([...alpha]).toEqual([1, 1, 1, 1]);
    for (let i = 0; i < 81; i++) {
      expect(Math.abs(product.data[i]! - W.data[i]!)).toBeLessThan(1e-14);
      expect(Math.abs(square.data[i]! - W.data[i]!)).toBeLessThan(1e-14);
    }
    expect(Math.abs([0, 10, 20, 30, 40, 50, 60, 70, 80].reduce((sum, i) => sum + W.data[i]!, 0) - 4)).toBeLessThan(
      1e-13,
    );
  });

  it("send ties to 1 and refuse shapes that do not fit", () => {
    const x = matrix(1, 2, Float64Array.of(1, 0));
    const tie = Float64Array.of(0, 1);
    expect(mle(x, [1], tie)).toBe(1);
    expect(mle(x, [1], Float64Array.of(-1, 0))).toBe(-1);
    const projected = projectedMle(coordinateSubspace(1, 2));
    expect(projected(x, [-1], tie)).toBe(1);
    expect(() => mle(x, [1], new Float64Array(3))).toThrow(/must have 2 coordinates/);
    expect(() => mle(x, [1, 1], tie)).toThrow(RangeError);
    expect(() => projected(x, [1], new Float64Array(3))).toThrow(/must have 2 coordinates, got 2 and 3/);
    expect(() => projected(matrix(1, 3), [1], tie)).toThrow(RangeError);
  });
});
