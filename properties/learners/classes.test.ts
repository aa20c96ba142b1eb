import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linearDiscriminant } from "../../src/learners/linear-discriminant.js";
import { matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { softmax } from "../../src/linalg/softmax.js";
import { dot } from "../../src/linalg/vector.js";
import { drawContext, drawPooledCovariance } from "../../src/mixture/classes/context.js";
import {
  autoregressiveCovariance,
  covarianceOf,
  diagonalCovariance,
  mahalanobis,
} from "../../src/mixture/classes/covariance.js";
import { drawMixture, mixtureLaw } from "../../src/mixture/classes/law.js";
import { posterior } from "../../src/mixture/classes/posterior.js";
import { Stream } from "../../src/random/stream.js";
import { type ClassPredictor, excessError, expectedDeparture, totalVariation } from "../../src/risk/departure.js";
import { classProbabilities } from "../../src/transformer/classes/probabilities.js";
import { standardScore } from "../standard-score.js";

interface PosteriorCase {
  readonly classes: number;
  readonly covariance: number[][];
  readonly means: number[][];
  readonly x: number[][];
  readonly posterior: number[][];
}
const { cases } = JSON.parse(readFileSync(new URL("../../fixtures/posterior.json", import.meta.url), "utf8")) as {
  cases: PosteriorCase[];
};

/** The largest error of the posterior over a golden case. */
function goldenError(golden: PosteriorCase, covariance = covarianceOf(matrixOf(golden.covariance))): number {
  const means = matrixOf(golden.means);
  const priors = new Float64Array(golden.classes).fill(1 / golden.classes);
  const errors = golden.x.flatMap((x, i) => {
    const p = posterior({ covariance, means, priors }, Float64Array.from(x));
    return [...p].map((value, j) => Math.abs(value - golden.posterior[i]![j]!));
  });
  return Math.max(...errors);
}

const infinity = Number.POSITIVE_INFINITY;
const covariance = autoregressiveCovariance(3, 0.5);
const law = mixtureLaw({ covariance, classes: 3, norm: 2 });
const scaled = (scale: number) => matrix(3, 3, covariance.precision.data.map((v) => scale * v)); // biome-ignore format: short
const transformer = (scale: number): ClassPredictor => {
  const W = scaled(scale);
  return (context, x) => classProbabilities(W, context.heads, x);
};

describe("the true posterior", () => {
  it.each(cases)("agrees with an independent implementation ($classes classes, d = $d), 1e-10", (golden) => {
    expect(goldenError(golden)).toBeLessThan(1e-10);
    // A broken twin: the wrong covariance.
    expect(goldenError(golden, diagonalCovariance(golden.means[0]!.length, 2))).toBeGreaterThan(1e-3);
  });

  it("weighs classes by their priors: odds at μ_1 = μ_2 are the prior odds", () => {
    const means = matrixOf([[1, 0, 0], [1, 0, 0]]); // biome-ignore format: one matrix
    const p = posterior({ covariance, means, priors: Float64Array.of(0.75, 0.25) }, Float64Array.of(3, 1, 2));
    expect(p[0]! / p[1]!).toBeCloseTo(3, 10);
    expect(() => posterior({ covariance, means, priors: p }, new Float64Array(2))).toThrow(/length 3/);
  });
});

describe("with means of unequal norms", () => {
  const means = matrixOf([[2, 0, 1], [-1, 0.5, 0], [0, 3, 1]]); // biome-ignore format: one matrix
  const mixture = { covariance, means, priors: Float64Array.of(0.5, 0.2, 0.3) };
  const x = Float64Array.of(0.5, 1, -0.5);
  const densities = [0, 1, 2].map((j) => {
    const deviation = x.map((value, a) => value - row(means, j)[a]!);
    return mixture.priors[j]! * Math.exp(-(mahalanobis(covariance, deviation) ** 2) / 2);
  });
  const total = densities.reduce((sum, density) => sum + density, 0);

  it("the posterior is the ratio of the densities, and so is LDA with infinitely many examples and their priors", () => {
    const context = drawContext(Stream.root(0), mixture, infinity);
    for (const p of [posterior(mixture, x), linearDiscriminant(context, covariance.matrix, x, "empirical")]) {
      p.forEach((value, j) => {
        expect(value).toBeCloseTo(densities[j]! / total, 12);
      });
    }
    // With equal priors LDA is another rule here.
    expect(totalVariation(linearDiscriminant(context, covariance.matrix, x), posterior(mixture, x))).toBeGreaterThan(
      0.01,
    );
  });
});

describe("the softmax transformer", () => {
  it("with two classes is σ(m^T W x), m = (1/N) Σ y_i x_i", () => {
    const W = matrix(2, 2, Float64Array.of(1, 2, -1, 0.5));
    const heads = matrixOf([[0.3, -0.2], [0.5, 0.9]]); // biome-ignore format: one matrix
    const x = Float64Array.of(1.5, -0.7);
    const m = row(heads, 1).map((value, a) => value - row(heads, 0)[a]!);
    const logit = m[0]! * dot(row(W, 0), x) + m[1]! * dot(row(W, 1), x);
    expect(classProbabilities(W, heads, x)[1]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
    expect(() => classProbabilities(matrix(3, 3), heads, x)).toThrow(/W must be 2 x 2/);
  });

  it("with W = cΛ⁻¹ and infinitely many examples is the posterior exactly, and LDA; cΛ⁻¹/2 is not", () => {
    const mixture = drawMixture(Stream.root("m"), law);
    const context = drawContext(Stream.root("c"), mixture, infinity);
    const x = Float64Array.of(0.4, -1, 0.8);
    const truth = posterior(mixture, x);
    expect(totalVariation(transformer(3)(context, x, mixture), truth)).toBeLessThan(1e-12);
    expect(totalVariation(linearDiscriminant(context, covariance.matrix, x), truth)).toBeLessThan(1e-12);
    expect(totalVariation(transformer(1.5)(context, x, mixture), truth)).toBeGreaterThan(0.01);
  });
});

describe("linear discriminant analysis", () => {
  it("uses shares as priors when asked, and knows no class it has not seen", () => {
    const heads = matrixOf([[0.6, 0, 0], [0, 0.4, 0], [0, 0, 0]]); // biome-ignore format: one matrix
    const context = { examples: 10, shares: Float64Array.of(0.6, 0.4, 0), heads };
    const x = Float64Array.of(0.5, 0.5, 0);
    const equal = linearDiscriminant(context, diagonalCovariance(3, 1).matrix, x);
    expect([...equal]).toEqual([0.5, 0.5, 0]);
    const empirical = linearDiscriminant(context, diagonalCovariance(3, 1).matrix, x, "empirical");
    expect(empirical[0]! / empirical[1]!).toBeCloseTo(1.5, 12);
    expect(() => linearDiscriminant(context, diagonalCovariance(2, 1).matrix, x)).toThrow(/dimension 3/);
  });

  it("with the pooled covariance tends to LDA with the known one; the known one is better at finite M", () => {
    const known: ClassPredictor = (context, x, mixture) => linearDiscriminant(context, mixture.covariance.matrix, x);
    const estimated: ClassPredictor = (context, x, mixture) =>
      linearDiscriminant(context, drawPooledCovariance(Stream.root("p", x[0]!), mixture, context), x);
    const gap = (predict: ClassPredictor, M: number) =>
      expectedDeparture(Stream.root("lda"), law, M, 1000, predict).mean;
    expect(gap(estimated, 40)).toBeGreaterThan(1.1 * gap(known, 40));
    // Both fall like M^{-1/2}: a factor of 10 from 40 to 4000, give or take the Monte-Carlo error of 1000 tasks.
    for (const predict of [known, estimated]) expect(gap(predict, 40) / gap(predict, 4000)).toBeGreaterThan(7);
  });
});

describe("out of the range of doubles", () => {
  it("softmax takes infinite logits as limits", () => {
    const of = (...logits: number[]) => {
      const p = Float64Array.from(logits);
      softmax(p);
      return [...p];
    };
    expect(of(infinity, 0)).toEqual([1, 0]);
    expect(of(infinity, -infinity, infinity)).toEqual([0.5, 0, 0.5]);
    expect(of(-infinity, 3)).toEqual([0, 1]);
    expect(of(Number.NaN, 1)).toEqual([Number.NaN, Number.NaN]);
  });

  it("the posterior, LDA and the transformer compare forms that overflow", () => {
    const one = diagonalCovariance(1, 1);
    const means = matrixOf([[10], [20]]);
    const heads = matrixOf([[5], [10]]);
    const context = { examples: 2, shares: Float64Array.of(0.5, 0.5), heads };
    for (const [x, expected] of [
      [1e308, [0, 1]],
      [-1e308, [1, 0]],
      [15, [0.5, 0.5]],
    ] as const) {
      const at = Float64Array.of(x);
      const priors = Float64Array.of(0.5, 0.5);
      expect([...posterior({ covariance: one, means, priors }, at)]).toEqual(expected);
      expect([...linearDiscriminant(context, one.matrix, at)]).toEqual(expected);
      if (x !== 15) expect([...classProbabilities(matrixOf([[10]]), heads, at)]).toEqual(expected);
    }
    // Equal means: the priors decide at any x, and a class not seen has none.
    const equal = { covariance: one, means: matrixOf([[10], [10]]), priors: Float64Array.of(0.75, 0.25) };
    expect(posterior(equal, Float64Array.of(1e308))[0]).toBeCloseTo(0.75, 12);
    const unseen = { ...context, shares: Float64Array.of(1, 0) };
    expect([...linearDiscriminant(unseen, one.matrix, Float64Array.of(1e308))]).toEqual([1, 0]);
    expect(() => posterior(equal, Float64Array.of(infinity))).toThrow(/x must be finite/);
    expect(() => classProbabilities(matrixOf([[infinity]]), heads, Float64Array.of(1))).toThrow(/must be finite/);
  });
});

describe("the departure from the posterior", () => {
  it("is 0 for the posterior and for cΛ⁻¹ at infinite M, positive otherwise, in both measures", () => {
    const exact: ClassPredictor = (_, x, mixture) => posterior(mixture, x);
    for (const departure of [totalVariation, excessError]) {
      expect(expectedDeparture(Stream.root(1), law, 20, 100, exact, departure).mean).toBe(0);
      expect(expectedDeparture(Stream.root(1), law, infinity, 100, transformer(3), departure).mean).toBeLessThan(1e-12);
      expect(expectedDeparture(Stream.root(1), law, 20, 100, transformer(3), departure).mean).toBeGreaterThan(0.01);
    }
  });

  // An independent computation of E TV·√M, d = 5, ρ = 2, gave .409 to .412 from M = 160 on.
  it("levels off as M^{-1/2} with W = 2Λ⁻¹, whatever Λ", () => {
    const values = [identityLaw, law2].map((own) => {
      const W = matrix(5, 5, own.covariance.precision.data.map((v) => 2 * v)); // biome-ignore format: short
      return [160, 2560].map((M) => {
        const { mean, standardError } = expectedDeparture(Stream.root("tv"), own, M, 4000, (context, x) =>
          classProbabilities(W, context.heads, x),
        );
        expect(Math.abs(mean * Math.sqrt(M) - 0.41)).toBeLessThan(5 * standardError * Math.sqrt(M));
        return mean;
      });
    });
    // In whitened coordinates nothing depends on Λ: the same stream gives the same error, to rounding.
    values[0]!.forEach((value, i) => {
      expect(values[1]![i]).toBeCloseTo(value, 8);
    });
  });

  it("has the standard error its spread over streams shows", () => {
    const runs = Array.from({ length: 100 }, (_, i) => {
      return expectedDeparture(Stream.root("spread", i), law, 20, 60, transformer(3));
    });
    const mean = runs.reduce((sum, run) => sum + run.mean, 0) / 100;
    const squares = runs.map((run) => ((run.mean - mean) / run.standardError) ** 2);
    // 0.99: one degree of freedom of 100 went into the mean.
    expect(Math.abs(standardScore(squares, 0.99))).toBeLessThan(4);
  });

  it("has no standard error where nothing varies", () => {
    const { mean, standardError } = expectedDeparture(
      Stream.root(1),
      identityLaw,
      9,
      1000,
      (_, x) => x,
      () => 0.7,
    );
    expect([mean, standardError]).toEqual([0.7, 0]);
  });

  it("refuses fewer than two tasks", () => {
    expect(() => expectedDeparture(Stream.root(1), law, 20, 1, transformer(3))).toThrow(/at least 2 tasks/);
    expect(() => expectedDeparture(Stream.root(1), law, 20, 0, transformer(3))).toThrow(RangeError);
  });
});

const identityLaw = mixtureLaw({ covariance: diagonalCovariance(5, 1), classes: 2, norm: 2 });
const law2 = mixtureLaw({ covariance: autoregressiveCovariance(5, 0.8), classes: 2, norm: 2 });
