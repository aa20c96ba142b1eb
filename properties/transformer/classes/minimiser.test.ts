import { describe, expect, it } from "vitest";
import { identity, type Matrix, matrix } from "../../../src/linalg/matrix.js";
import { type Covariance, diagonalCovariance, identityCovariance } from "../../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../../src/mixture/classes/law.js";
import { Stream } from "../../../src/random/stream.js";
import { hessianRange, populationLoss } from "../../../src/transformer/classes/loss.js";
import { descend, populationMinimiser } from "../../../src/transformer/classes/minimiser.js";
import { drawPopulationSample, embedSample } from "../../../src/transformer/classes/sample.js";
import { populationScale } from "../../../src/transformer/classes/scale.js";
import { standardScore } from "../../standard-score.js";
import { distance, gaussianMatrix, plus } from "./matrices.js";

const infinity = Number.POSITIVE_INFINITY;

describe("the population minimiser", () => {
  const covariance = diagonalCovariance(3, 4);
  const law = (classes: number) => mixtureLaw({ covariance, classes, norm: 2 });

  it("has a gradient of rounding size and no better neighbour", () => {
    const sample = drawPopulationSample(Stream.root("min"), law(3), 20, 500);
    const { W, gradientNorm, iterations } = populationMinimiser(sample);
    expect(gradientNorm).toBeLessThan(1e-10);
    // Quadratic convergence; directions that are no better than the gradient take twice as many.
    expect(iterations).toBeLessThan(12);
    const { loss } = populationLoss(sample, W);
    for (let i = 0; i < 20; i++) {
      expect(populationLoss(sample, plus(W, gaussianMatrix(i, 3), 0.01)).loss).toBeGreaterThan(loss);
    }
  });

  it("is reached from any start, by Newton and by gradient descent", () => {
    const sample = drawPopulationSample(Stream.root("start"), law(2), 20, 300);
    const { W } = populationMinimiser(sample);
    const { smallest } = hessianRange(sample, populationLoss(sample, W));
    const start = gaussianMatrix("start", 3);
    for (const scale of [1, 30]) {
      const far = plus(matrix(3, 3), start, scale);
      // Each gradient is below 1e-10, so each W is within 1e-10 / smallest of the minimiser.
      expect(distance(populationMinimiser(sample, { start: far }).W, W)).toBeLessThan(2e-10 / smallest);
    }
    const { largest } = hessianRange(sample, populationLoss(sample, matrix(3, 3)));
    const losses: number[] = [];
    const end = descend(sample, start, 1 / largest, 3000, (_, point, t) => {
      losses[t] = point.loss;
    });
    expect(losses.length).toBe(3001);
    for (let t = 1; t <= 3000; t++) expect(losses[t]!).toBeLessThanOrEqual(losses[t - 1]! + 1e-14);
    expect(distance(end, W)).toBeLessThan(1e-6);
  });

  it("is reached from far beyond it too, where the loss is still below that of guessing and a whole step overshoots", () => {
    const sample = drawPopulationSample(Stream.root("beyond"), law(2), 20, 300);
    const { W } = populationMinimiser(sample);
    const { smallest } = hessianRange(sample, populationLoss(sample, W));
    for (let factor = 2; ; factor *= 1.5) {
      const start = plus(matrix(3, 3), W, factor);
      if (populationLoss(sample, start).loss > Math.log(2)) {
        expect(factor).toBeGreaterThan(4);
        break;
      }
      expect(distance(populationMinimiser(sample, { start }).W, W)).toBeLessThan(2e-10 / smallest);
    }
  });

  it("is reached from as far as doubles go, and from where every probability is saturated", () => {
    const near = drawPopulationSample(Stream.root("far"), mixtureLaw({ covariance, classes: 3, norm: 2 }), 20, 300);
    const large = drawPopulationSample(Stream.root("far"), mixtureLaw({ covariance, classes: 2, norm: 100 }), 20, 300);
    for (const [sample, scales] of [
      [near, [1e6, -1e6, 1e100, 1e300]],
      [large, [10, -10]],
    ] as const) {
      const { W } = populationMinimiser(sample);
      const { smallest } = hessianRange(sample, populationLoss(sample, W));
      for (const scale of scales) {
        const { W: found, gradientNorm } = populationMinimiser(sample, { start: identity(3, scale) });
        expect(gradientNorm).toBeLessThanOrEqual(1e-10);
        // Where the minimiser is flat its place is as uncertain as its curvature says.
        expect(distance(found, W)).toBeLessThan(2.1e-10 / Math.max(smallest, 1e-16));
      }
    }
    expect(() => populationMinimiser(near, { start: identity(3, Number.NaN) })).toThrow(/must have a finite loss/);
  });

  it("contracts at least as fast as 1 − 1/κ a step, κ over the path; a step beyond 2/λ_max does not", () => {
    const sample = drawPopulationSample(Stream.root("rate"), law(2), 20, 300);
    const { W } = populationMinimiser(sample, { tolerance: 1e-13 });
    const start = hessianRange(sample, populationLoss(sample, matrix(3, 3)));
    const eta = 1 / start.largest;
    const distances: number[] = [];
    let smallest = infinity;
    descend(sample, matrix(3, 3), eta, 200, (current, point, t) => {
      distances[t] = distance(current, W);
      if (t % 10 === 0) smallest = Math.min(smallest, hessianRange(sample, point).smallest);
    });
    smallest = Math.min(smallest, hessianRange(sample, populationLoss(sample, W)).smallest);
    for (let t = 1; t <= 200 && distances[t]! > 1e-8; t++) {
      expect(distances[t]! / distances[t - 1]!).toBeLessThan(1 - eta * smallest + 1e-6);
    }
    const wild = descend(sample, matrix(3, 3), 40 / start.largest, 200);
    expect(distance(wild, W)).toBeGreaterThan(0.1);
  });

  it.each([2, 3, 5])(
    "is a(N)Λ⁻¹ for spherical means, %i classes, within Monte-Carlo error; a(N)I is not",
    (classes) => {
      const N = 60;
      const { scale } = populationScale(Stream.root("scale"), { classes, d: 3, norm: 2, N }, 20_000);
      const minimisers = Array.from({ length: 12 }, (_, i) => {
        return populationMinimiser(
          drawPopulationSample(Stream.root("W", i), law(classes), N, Math.round(2000 / classes)),
        ).W;
      });
      const worst = (target: Matrix) =>
        Math.max(
          ...target.data.map((value, i) => Math.abs(standardScore(minimisers.map((W) => W.data[i]!), value))), // biome-ignore format: short
        );
      const times = (covariance: Covariance) => plus(matrix(3, 3), covariance.precision, scale);
      // Nine entries, t with 11 degrees of freedom: beyond 7 with probability 2e-4. The oracle's own error is small
      // beside theirs.
      expect(worst(times(covariance))).toBeLessThan(7);
      expect(worst(times(identityCovariance(3)))).toBeGreaterThan(20);
      expect(worst(plus(matrix(3, 3), covariance.precision, classes))).toBeGreaterThan(20);
    },
  );

  it("is cΛ⁻¹ exactly when N is infinite, for both laws of the means", () => {
    for (const meansLaw of ["spherical", "gaussian"] as const) {
      const sample = drawPopulationSample(
        Stream.root(meansLaw),
        mixtureLaw({ covariance, classes: 3, norm: 2, meansLaw }),
        infinity,
        500,
      );
      const { W } = populationMinimiser(sample, { tolerance: 1e-12 });
      W.data.forEach((value, i) => {
        expect(value).toBeCloseTo(3 * covariance.precision.data[i]!, 6);
      });
    }
  });

  it("leaves a flat direction where it started, and says so when it cannot converge", () => {
    const sample = embedSample(drawPopulationSample(Stream.root("flat"), law(2), 20, 200), 4);
    const start = gaussianMatrix("flat", 4);
    const { W } = populationMinimiser(sample, { start });
    for (const i of [3, 7, 11, 12, 13, 14, 15]) expect(W.data[i]).toBe(start.data[i]);
    expect(() => populationMinimiser(sample, { tolerance: 0 })).toThrow(/did not reach/);
    expect(() => descend(sample, start, 0, 5)).toThrow(/step must be/);
    expect(() => descend(sample, start, 1, 0.5)).toThrow(/steps must be/);
  });
});
