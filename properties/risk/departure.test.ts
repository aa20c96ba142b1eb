import { describe, expect, it } from "vitest";
import { row } from "../../src/linalg/matrix.js";
import { autoregressiveCovariance } from "../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../src/mixture/classes/law.js";
import { posterior } from "../../src/mixture/classes/posterior.js";
import { Stream } from "../../src/random/stream.js";
import { type ClassPredictor, excessError, expectedDeparture, totalVariation } from "../../src/risk/departure.js";

const of = (...values: number[]) => Float64Array.from(values);
const law = mixtureLaw({ covariance: autoregressiveCovariance(2, 0.5), classes: 3, norm: 2, priors: [3, 2, 1] });

describe("a departure from the posterior", () => {
  it("is half the sum of distances, and what the wrong class costs", () => {
    expect(totalVariation(of(0.5, 0.25, 0.25), of(0.25, 0.25, 0.5))).toBe(0.25);
    expect(totalVariation(of(1, 0, 0), of(0, 0, 1))).toBe(1);
    expect(totalVariation(of(0, 1, 0), of(0, 1, 0))).toBe(0);
    expect(excessError(of(0.25, 0.5, 0.25), of(0.5, 0.125, 0.375))).toBe(0.375);
    expect(excessError(of(0.1, 0.2, 0.7), of(0.5, 0.125, 0.375))).toBe(0.125);
    expect(excessError(of(0.6, 0.3, 0.1), of(0.5, 0.125, 0.375))).toBe(0);
    // Of two as probable it predicts the first.
    expect(excessError(of(0.4, 0.4, 0.2), of(0.5, 0.25, 0.25))).toBe(0);
  });

  it("is averaged over tasks, and exactly over the classes of a query with one noise", () => {
    const seen: number[] = [];
    const noises: number[][] = [];
    const predict: ClassPredictor = (context, x, mixture) => {
      const j = seen.length % 3;
      noises.push([...x].map((value, a) => value - row(mixture.means, j)[a]!));
      expect(context.examples).toBe(7);
      seen.push(100 * j + x[0]! ** 2);
      return of(seen.at(-1)!);
    };
    const { mean, standardError } = expectedDeparture(Stream.root("departure"), law, 7, 50, predict, ([p]) => p!);
    const tasks = Array.from({ length: 50 }, (_, t) => {
      return seen[3 * t]! / 2 + seen[3 * t + 1]! / 3 + seen[3 * t + 2]! / 6;
    });
    const average = tasks.reduce((sum, value) => sum + value, 0) / 50;
    const squares = tasks.reduce((sum, value) => sum + (value - average) ** 2, 0);
    // Rounding of sums of 150 numbers of size 100.
    expect(mean).toBeCloseTo(average, 9);
    expect(standardError).toBeCloseTo(Math.sqrt(squares / 49 / 50), 9);
    for (let t = 0; t < 50; t++) {
      for (const j of [1, 2]) noises[3 * t + j]!.forEach((z, a) => void expect(z).toBeCloseTo(noises[3 * t]![a]!, 12));
    }
    expect(noises[3]![0]).not.toBeCloseTo(noises[0]![0]!, 3);
  });

  it("is none for the posterior itself, and the same draws serve every predictor", () => {
    const bayes: ClassPredictor = (_, x, mixture) => posterior(mixture, x);
    expect(expectedDeparture(Stream.root(1), law, 5, 20, bayes)).toEqual({ mean: 0, standardError: 0 });
    const seen: number[][] = [[], []];
    for (const [i, M] of [5, Number.POSITIVE_INFINITY].entries()) {
      expectedDeparture(Stream.root(1), law, M, 4, (_, x) => {
        seen[i]!.push(...x);
        return of(1, 0, 0);
      });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(() => expectedDeparture(Stream.root(1), law, 5, 1, bayes)).toThrow(/at least 2 tasks, got 1/);
    expect(expectedDeparture(Stream.root(1), law, 5, 2, bayes).mean).toBe(0);
  });
});
