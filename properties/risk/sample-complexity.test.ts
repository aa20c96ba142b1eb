import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectedFactors } from "../../src/learners/projected.js";
import { identity, matrix } from "../../src/linalg/matrix.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace } from "../../src/mixture/subspace.js";
import { Stream } from "../../src/random/stream.js";
import { taskScalars } from "../../src/risk/conditional.js";
import { errorCurve } from "../../src/risk/curve.js";
import { exactRisk } from "../../src/risk/exact.js";
import { normalCdf, normalQuantile } from "../../src/risk/normal.js";
import {
  exactSampleComplexity,
  type SampleComplexityArguments,
  sampleComplexity,
  sharpenedSampleComplexity,
} from "../../src/risk/sample-complexity.js";

/** The least-squares slope of y in x. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - a) * (y[i]! - b), 0);
  return covariance / x.reduce((sum, value) => sum + (value - a) ** 2, 0);
}

describe("exactSampleComplexity", () => {
  type Complexity = (world: SampleComplexityArguments) => number;

  it("is where the error comes down to ε, from above, and a broken twin fails it", () => {
    const law = (complexity: Complexity) =>
      fc.property(
        fc.double({ min: 0.05, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 3000 }),
        fc.double({ min: -45, max: -0.7, noNaN: true }),
        (R, k, logEpsilon) => {
          const epsilon = Math.exp(logEpsilon);
          const M = complexity({ R, k, epsilon });
          if (normalCdf(-R) >= epsilon) return M === Number.POSITIVE_INFINITY;
          // Just below M* the error is above ε by more than its rounding, unless R all but equals the floor's.
          const below = exactRisk({ R, M: M * (1 - 1e-9), k });
          return M > 0 && exactRisk({ R, M, k }) <= epsilon && (below > epsilon || normalCdf(-R) > 0.999 * epsilon);
        },
      );
    fc.assert(law(exactSampleComplexity), { seed: 1, numRuns: 200 });
    expect(fc.check(law(sharpenedSampleComplexity), { seed: 1, numRuns: 200 }).failed).toBe(true);
    expect(
      fc.check(
        law((world) => Math.ceil(exactSampleComplexity(world))),
        { seed: 1, numRuns: 200 },
      ).failed,
    ).toBe(true);
  });

  it("has the closed form at k = 2, M = 1: ε = ½ exp(−R²/2)", () => {
    for (const R of [0.5, 1, 2, 4]) {
      expect(Math.abs(exactSampleComplexity({ R, k: 2, epsilon: 0.5 * Math.exp((-R * R) / 2) }) - 1)).toBeLessThan(
        1e-9,
      );
    }
  });

  it("is infinite below the floor Φ(−R), and without signal", () => {
    expect(exactSampleComplexity({ R: 2, k: 3, epsilon: 0.022 })).toBe(Number.POSITIVE_INFINITY);
    expect(exactSampleComplexity({ R: 2, k: 3, epsilon: 0.023 })).toBeLessThan(1000);
    expect(exactSampleComplexity({ R: 0, k: 3, epsilon: 0.4 })).toBe(Number.POSITIVE_INFINITY);
  });

  const lengths = (worlds: { R: number; k: number }[]) =>
    worlds.map((world) => Math.log(exactSampleComplexity({ ...world, epsilon: 0.1 })));

  it("grows with slope .989 in k at R = 2 over k = 30 … 3000", () => {
    const ks = [30, 100, 300, 1000, 3000];
    expect(slope(ks.map(Math.log), lengths(ks.map((k) => ({ R: 2, k }))))).toBeCloseTo(0.989, 3);
  });

  it("falls faster than R⁻⁴ over R = 2 … 6, and as (R⁴ − c²R²)⁻¹", () => {
    const Rs = [2, 2.5, 3, 4, 5, 6];
    const c = normalQuantile(0.9);
    const slopes = [100, 1000, 10000].map((k) => {
      const y = lengths(Rs.map((R) => ({ R, k })));
      return [
        slope(Rs.map(Math.log), y),
        slope(
          Rs.map((R) => Math.log(R ** 4 - (c * R) ** 2)),
          y,
        ),
      ];
    });
    // Figures worked out apart, to their last digit and a half (the choice of R within the range moves the first by
    // ±.03).
    const expected = [
      [-4.16, -0.945],
      [-4.38, -0.994],
      [-4.4, -0.999],
    ];
    slopes.forEach(([plain, sharpened], i) => {
      expect(Math.abs(plain! - expected[i]![0]!)).toBeLessThan(0.0075);
      expect(Math.abs(sharpened! - expected[i]![1]!)).toBeLessThan(0.00075);
    });
  });

  it("refuses bad worlds", () => {
    const good = { R: 2, k: 3, epsilon: 0.1 };
    for (const epsilon of [0, 0.5, -1, Number.NaN]) {
      expect(() => exactSampleComplexity({ ...good, epsilon })).toThrow(/must be in \(0, 1\/2\)/);
    }
    for (const complexity of [exactSampleComplexity, sharpenedSampleComplexity]) {
      for (const R of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => complexity({ ...good, R })).toThrow(/strength R/);
      }
      for (const k of [0, 2.5]) expect(() => complexity({ ...good, k })).toThrow(/dimension k/);
      expect(complexity({ ...good, R: 0 })).toBe(Number.POSITIVE_INFINITY);
    }
  });
});

describe("sharpenedSampleComplexity", () => {
  it("is M*'s limit at large k: 1 + O(1/k)", () => {
    const excess = (k: number) => {
      const world = { R: 2, k, epsilon: 0.1 };
      return exactSampleComplexity(world) / sharpenedSampleComplexity(world) - 1;
    };
    expect(excess(1000)).toBeGreaterThan(0);
    expect(Math.abs((10 * excess(10_000)) / excess(1000) - 1)).toBeLessThan(0.05);
  });
});

describe("sampleComplexity", () => {
  const [d, k, R] = [20, 4, 2];
  const tasks = drawTestTasks(Stream.root("sample complexity"), taskLaw({ d, k, R, N: 1 }), 3000);
  const scalars = taskScalars(projectedFactors(coordinateSubspace(k, d)), tasks);

  it("is where the sample's mean error comes down to ε, near the exact M*, and a broken twin fails it", () => {
    const M = sampleComplexity(scalars, 0.1);
    const [below, at] = errorCurve(scalars, [M * (1 - 1e-9), M]);
    expect(below!.error).toBeGreaterThan(0.1);
    expect(at!.error).toBeLessThanOrEqual(0.1);
    /** Distance of the exact error at M from ε, in standard errors of the sample's mean error there. */
    const off = (length: number) => Math.abs(exactRisk({ R, M: length, k }) - 0.1) / at!.standardError;
    expect(off(M)).toBeLessThan(4);
    expect(off(sampleComplexity(taskScalars(identity(d), tasks), 0.1))).toBeGreaterThan(10);
  });

  it("is infinite below the floor and for a W blind to the signal", () => {
    expect(sampleComplexity(scalars, 0.02)).toBe(Number.POSITIVE_INFINITY);
    expect(sampleComplexity(taskScalars(matrix(d, d), tasks), 0.1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is 0 or infinite where W is blind to the noise, whose error no length changes", () => {
    // Φ(−3) and Φ(−1).
    for (const [signal, expected] of [
      [3, 0],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      const scalars = { signal: signal ** 2, noise: 0, signalSquared: signal ** 2, cross: 0, noiseSquared: 0 };
      expect(sampleComplexity([scalars], 0.1)).toBe(expected);
    }
  });

  it("is 0 where the shortest contexts of a handful of tasks do", () => {
    const lucky = { signal: 1, noise: 10, signalSquared: 1, cross: 0, noiseSquared: 1 };
    expect(sampleComplexity([lucky], 0.1)).toBe(0);
    expect(sampleComplexity([{ ...lucky, signal: 3, noise: 0, noiseSquared: 0 }], 0.1)).toBe(0);
  });

  it("finds the first crossing of an error that rises again", () => {
    // Four tasks learned fast, one learned wrong with patience: the error falls to about .1 and ends at .2.
    const right = { signal: 3, noise: 0, signalSquared: 0.1, cross: 0, noiseSquared: 1 };
    const wrong = { signal: -0.03, noise: 0, signalSquared: 1e-5, cross: 0, noiseSquared: 1 };
    const mixed = [right, right, right, right, wrong];
    const M = sampleComplexity(mixed, 0.15);
    const errors = errorCurve(mixed, [0.99 * M, M, 100 * M, Number.POSITIVE_INFINITY]).map(({ error }) => error);
    expect(errors[0]).toBeGreaterThan(0.15);
    expect(errors[1]).toBeLessThanOrEqual(0.15);
    expect(errors[3]).toBeGreaterThan(0.15);
  });

  it("refuses no task, and an ε outside (0, ½)", () => {
    expect(() => sampleComplexity([], 0.1)).toThrow(/at least 1 test task/);
    expect(() => sampleComplexity(scalars, 0.5)).toThrow(/must be in \(0, 1\/2\)/);
  });
});
