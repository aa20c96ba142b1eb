import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../src/linalg/decompositions.js";
import { type Matrix, matrixOf, row } from "../../../src/linalg/matrix.js";
import { softmax } from "../../../src/linalg/softmax.js";
import { dot } from "../../../src/linalg/vector.js";
import {
  autoregressiveCovariance,
  type Covariance,
  colour,
  covarianceOf,
  diagonalCovariance,
  drawWishart,
  fillColoured,
  identityCovariance,
  mahalanobis,
  wishartCovariance,
} from "../../../src/mixture/classes/covariance.js";
import { drawMeans } from "../../../src/mixture/classes/means.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { standardScore } from "../../standard-score.js";

const covariances: readonly (readonly [string, Covariance])[] = [
  ["identity", identityCovariance(4)],
  ["diagonal", diagonalCovariance(4, 100)],
  ["AR(1)", autoregressiveCovariance(4, -0.7)],
  ["Wishart", wishartCovariance(Stream.root("wishart"), 4, 6)],
];

/** Entry (a, b) of vv^T over vectors of ℝ^d, all of them. */
function outer(vectors: readonly Float64Array[], a: number, b: number): number[] {
  return vectors.map((v) => v[a]! * v[b]!);
}

describe.each(covariances)("the %s covariance", (_, covariance) => {
  const { matrix: lambda, factor, precision } = covariance;
  const d = lambda.rows;

  it("is LL^T, and its precision the inverse", () => {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        // Rounding, times a condition number of at most 100 or so.
        expect(dot(row(factor, a), row(factor, b))).toBeCloseTo(lambda.data[a * d + b]!, 12);
        expect(dot(row(lambda, a), row(precision, b))).toBeCloseTo(a === b ? 1 : 0, 10);
      }
    }
  });

  it("is what coloured normals have", () => {
    const data = colour(covariance, normals(Stream.root("colour"), 20_000 * d));
    const vectors = Array.from({ length: 20_000 }, (_, i) => data.subarray(i * d, (i + 1) * d));
    for (let a = 0; a < d; a++) {
      for (let b = 0; b <= a; b++) {
        expect(Math.abs(standardScore(outer(vectors, a, b), lambda.data[a * d + b]!))).toBeLessThan(5);
      }
    }
  });

  it("gives means of the norms asked for, with both laws", () => {
    const norms = Float64Array.of(2, 2, 3);
    const spherical = drawMeans(Stream.root("means"), "spherical", covariance, norms);
    norms.forEach((norm, j) => {
      expect(mahalanobis(covariance, row(spherical, j))).toBeCloseTo(norm, 10);
    });
    const gaussian = drawMeans(Stream.root("means"), "gaussian", covariance, norms);
    const first = mahalanobis(covariance, row(gaussian, 0));
    expect(mahalanobis(covariance, row(gaussian, 1)) / first).toBeCloseTo(1, 10);
    expect(mahalanobis(covariance, row(gaussian, 2)) / first).toBeCloseTo(1.5, 10);
  });

  it("has Wishart draws of mean Λ and variance (Λ_ab² + Λ_aaΛ_bb)/n; n one off fails", () => {
    const freedom = 6;
    const stream = Stream.root("wisharts");
    const draws = Array.from({ length: 20_000 }, () => drawWishart(stream, covariance, freedom).data);
    const at = (a: number, b: number) => lambda.data[a * d + b]!;
    for (let a = 0; a < d; a++) {
      for (let b = 0; b <= a; b++) {
        const values = draws.map((w) => w[a * d + b]!);
        expect(Math.abs(standardScore(values, at(a, b)))).toBeLessThan(5);
        const variance = (at(a, b) ** 2 + at(a, a) * at(b, b)) / freedom;
        const squares = values.map((v) => (v - at(a, b)) ** 2);
        expect(Math.abs(standardScore(squares, variance))).toBeLessThan(5);
        expect(Math.abs(standardScore(squares, (variance * freedom) / (freedom - 1)))).toBeGreaterThan(5);
      }
    }
  });
});

describe("covariances", () => {
  it("have the condition number asked for", () => {
    const { values } = symmetricEigen(diagonalCovariance(5, 100).matrix);
    expect(values[4]! / values[0]!).toBeCloseTo(100, 9);
    expect(diagonalCovariance(1, 1).matrix.data[0]).toBe(1);
    expect([...diagonalCovariance(3, 16).matrix.data]).toEqual([0.25, 0, 0, 0, 1, 0, 0, 0, 4]);
  });

  it("colour in place as out of place", () => {
    const covariance = autoregressiveCovariance(3, 0.5);
    const z = Float64Array.of(1, -2, 0.5);
    const apart = fillColoured(covariance, z, new Float64Array(3));
    expect(fillColoured(covariance, z, z)).toEqual(apart);
  });

  it("refuse what is no covariance", () => {
    expect(() => covarianceOf(matrixOf([[1, 2], [2, 1]]))).toThrow(RangeError); // biome-ignore format: one matrix
    expect(() => diagonalCovariance(3, 0.5)).toThrow(/condition number/);
    expect(() => diagonalCovariance(1, 2)).toThrow(/condition number/);
    expect(() => diagonalCovariance(0, 1)).toThrow(RangeError);
    expect(() => autoregressiveCovariance(3, 1)).toThrow(/AR\(1\)/);
    expect(() => wishartCovariance(Stream.root(0), 4, 3)).toThrow(/degrees of freedom/);
    expect(() => mahalanobis(identityCovariance(3), new Float64Array(2))).toThrow(/length 3/);
  });
});

describe("the law of the means", () => {
  const covariance = diagonalCovariance(3, 9);
  const lambda = covariance.matrix.data;
  const draws = (law: "spherical" | "gaussian"): Matrix[] => {
    const stream = Stream.root(law);
    return Array.from({ length: 20_000 }, () => drawMeans(stream, law, covariance, Float64Array.of(2, 2)));
  };

  it("is isotropic in whitened coordinates when spherical: E μμ^T = (ρ²/d)Λ, classes uncorrelated", () => {
    const means = draws("spherical");
    for (let a = 0; a < 3; a++) {
      const own = means.map((m) => m.data[a]! ** 2);
      expect(Math.abs(standardScore(own, (4 / 3) * lambda[a * 3 + a]!))).toBeLessThan(5);
      expect(Math.abs(standardScore(means.map((m) => m.data[a]! * m.data[3 + a]!), 0))).toBeLessThan(5); // biome-ignore format: short
    }
  });

  it("has a first mean N(0, I) and others proportional to Λ when Gaussian, unlike the spherical law", () => {
    const means = draws("gaussian");
    // Given the norm s of the whitened first mean, E μ_2μ_2^T = (s²/d)Λ, and E s² = tr Λ⁻¹.
    const trace = [0, 1, 2].reduce((sum, a) => sum + 1 / lambda[a * 3 + a]!, 0);
    for (let a = 0; a < 3; a++) {
      expect(Math.abs(standardScore(means.map((m) => m.data[a]! ** 2), 1))).toBeLessThan(5); // biome-ignore format: short
      const second = means.map((m) => m.data[3 + a]! ** 2);
      expect(Math.abs(standardScore(second, (trace / 3) * lambda[a * 3 + a]!))).toBeLessThan(5);
    }
    expect(Math.abs(standardScore(draws("spherical").map((m) => m.data[0]! ** 2), 1))).toBeGreaterThan(5); // biome-ignore format: short
  });
});

describe("softmax", () => {
  it("is shift-invariant, sums to 1 and returns log Σ exp, at any size of the logits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 700, -700),
        (logits, shift) => {
          const p = Float64Array.from(logits, (logit) => logit + shift);
          const sum = softmax(p);
          // Rounding of the shifted logits, 1e-13 at 750.
          expect(sum - shift).toBeCloseTo(Math.log(logits.reduce((s, logit) => s + Math.exp(logit), 0)), 10);
          expect(p.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
          logits.forEach((logit, j) => {
            expect(p[j]).toBeCloseTo(Math.exp(logit + shift - sum), 10);
          });
        },
      ),
      { seed: 1 },
    );
  });

  it("gives a logit of −∞ probability 0", () => {
    const p = Float64Array.of(1, Number.NEGATIVE_INFINITY);
    softmax(p);
    expect([...p]).toEqual([1, 0]);
  });
});
