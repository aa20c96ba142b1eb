import { describe, expect, it } from "vitest";
import { type Matrix, matrix, matrixOf, row } from "../../../src/linalg/matrix.js";
import {
  type ClassContext,
  drawContext,
  drawExamples,
  drawPooledCovariance,
  pooledCovariance,
  summarise,
} from "../../../src/mixture/classes/context.js";
import { autoregressiveCovariance, identityCovariance } from "../../../src/mixture/classes/covariance.js";
import { drawClass, drawMixture, mixtureLaw } from "../../../src/mixture/classes/law.js";
import { posterior } from "../../../src/mixture/classes/posterior.js";
import { Stream } from "../../../src/random/stream.js";
import { classProbabilities } from "../../../src/transformer/classes/probabilities.js";
import { standardScore } from "../../standard-score.js";

const covariance = autoregressiveCovariance(2, 0.6);
const law = mixtureLaw({ covariance, classes: 3, norm: [1, 2, 2], priors: [2, 1, 1] });
const mixture = drawMixture(Stream.root("mixture"), law);
const N = 12;
const query = Float64Array.of(0.7, -0.4);

/**
 * What is compared: shares, heads, all their products, and two functions downstream: a loss and a class mean's
 * coordinate.
 */
function statistics(context: ClassContext): number[] {
  const entries = [...context.shares, ...context.heads.data];
  const products = entries.flatMap((v, i) => entries.slice(0, i + 1).map((w) => v * w));
  const p = classProbabilities(matrix(2, 2, Float64Array.of(3, -1, 0.5, 4)), context.heads, query);
  const truth = posterior(mixture, query);
  const loss = truth.reduce((sum, t, j) => sum - t * Math.log(p[j]!), 0);
  const mean = context.shares[1]! > 0 ? context.heads.data[2]! / context.shares[1]! : 0;
  return [...entries, ...products, loss, loss ** 2, mean ** 2, context.shares[2] === 0 ? 1 : 0];
}

function draws(name: string, draw: (stream: Stream) => ClassContext): number[][] {
  const stream = Stream.root(name);
  return Array.from({ length: 20_000 }, () => statistics(draw(stream)));
}

/** The largest standard score of a difference, over all statistics. */
function disagreement(xs: number[][], ys: number[][]): number {
  const scores = xs[0]!.map((_, i) => standardScore(xs.map((v) => v[i]!), ys.map((v) => v[i]!))); // biome-ignore format: short
  return Math.max(...scores.map(Math.abs));
}

describe("a context by its sufficient statistics", () => {
  const raw = draws("raw", (stream) => summarise(drawExamples(stream, mixture, N), 3));

  it("has the law of one drawn example by example", () => {
    // 5 standard errors, over some 60 statistics.
    expect(
      disagreement(
        draws("short", (stream) => drawContext(stream, mixture, N)),
        raw,
      ),
    ).toBeLessThan(5);
  });

  it("and broken twins fail: fixed counts, a noise of 1/N for every class, uncoloured noise", () => {
    const fixed = (stream: Stream): ClassContext => {
      const { heads } = drawContext(stream, mixture, N);
      return { examples: N, shares: mixture.priors, heads };
    };
    const loud = (stream: Stream): ClassContext => {
      const context = drawContext(stream, mixture, N);
      const heads = matrix(3, 2, context.heads.data.slice());
      context.shares.forEach((share, j) => {
        const head = row(heads, j);
        const mean = row(mixture.means, j);
        for (let a = 0; a < 2; a++) head[a] = share * mean[a]! + (head[a]! - share * mean[a]!) / Math.sqrt(share || 1);
      });
      return { ...context, heads };
    };
    const white = (stream: Stream) => drawContext(stream, { ...mixture, covariance: identityCovariance(2) }, N);
    for (const twin of [fixed, loud, white]) expect(disagreement(draws("twin", twin), raw)).toBeGreaterThan(5);
  });

  it("tends to the priors and π_jμ_j, which an infinite N gives exactly", () => {
    const limit = drawContext(Stream.root("limit"), mixture, Number.POSITIVE_INFINITY);
    const near = drawContext(Stream.root("limit"), mixture, 2e9);
    limit.heads.data.forEach((value, i) => {
      expect(value).toBeCloseTo(mixture.priors[Math.floor(i / 2)]! * mixture.means.data[i]!, 12);
      expect(near.heads.data[i]).toBeCloseTo(value, 3);
    });
    expect([...limit.shares]).toEqual([0.5, 0.25, 0.25]);
  });

  it("has the same noise at every N from one stream", () => {
    const noise = (examples: number) => {
      const { shares, heads } = drawContext(Stream.root("noise"), mixture, examples);
      return heads.data.map((v, i) => {
        const share = shares[i >> 1]!;
        return (v - share * mixture.means.data[i]!) * Math.sqrt(examples / share);
      });
    };
    const few = noise(100);
    noise(10_000).forEach((v, i) => {
      expect(v).toBeCloseTo(few[i]!, 8);
    });
  });
});

describe("the pooled covariance", () => {
  it("is the scatter about each class's mean, over examples less classes seen", () => {
    const labels = Int32Array.of(0, 2, 0, 2, 2);
    const inputs = matrixOf([
      [1, 2],
      [5, 0],
      [3, 6],
      [7, 3],
      [6, 3],
    ]);
    // About (2, 4): ∓(1, 2). About (6, 2): (−1, −2), (1, 1), (0, 1). Three degrees of freedom.
    const { data } = pooledCovariance({ labels, inputs }, 3);
    [2 + 2, 4 + 3, 4 + 3, 8 + 6].forEach((scatter, i) => {
      expect(data[i]).toBeCloseTo(scatter / 3, 14);
    });
    const one = summarise({ labels: Int32Array.of(1), inputs: matrixOf([[3, 4]]) }, 2);
    expect({ ...one, shares: [...one.shares], heads: [...one.heads.data] }).toEqual({
      examples: 1,
      shares: [0, 1],
      heads: [0, 0, 3, 4],
    });
  });

  const N = 9;
  const mean = (name: string, draw: (stream: Stream) => Matrix) => {
    const stream = Stream.root(name);
    const all = Array.from({ length: 20_000 }, () => draw(stream).data);
    return all.map(([a, b, , e]) => [a!, b!, e!, a! * e!, a! ** 2, b! ** 2]);
  };
  const raw = mean("raw", (stream) => pooledCovariance(drawExamples(stream, mixture, N), 3));

  it("drawn as a Wishart matrix has the law of the examples' own, and mean Λ", () => {
    const short = mean("short", (s) => drawPooledCovariance(s, mixture, drawContext(s, mixture, N)));
    expect(disagreement(short, raw)).toBeLessThan(5);
    expect(Math.abs(standardScore(raw.map((v) => v[1]!), 0.6))).toBeLessThan(5); // biome-ignore format: short
  });

  it("and a broken twin that forgets the c fitted means fails", () => {
    const twin = mean("short", (s) => drawPooledCovariance(s, mixture, drawContext(s, mixture, N + 3)));
    expect(disagreement(twin, raw)).toBeGreaterThan(5);
  });

  it("is Λ itself for infinitely many examples", () => {
    const limit = drawContext(Stream.root(0), mixture, Number.POSITIVE_INFINITY);
    expect(drawPooledCovariance(Stream.root(0), mixture, limit)).toBe(covariance.matrix);
  });
});

describe("the law of mixtures", () => {
  it("draws classes by their priors, and a broken twin with equal priors fails", () => {
    const stream = Stream.root("classes");
    const labels = Array.from({ length: 20_000 }, () => drawClass(stream, law.priors));
    [0.5, 0.25, 0.25].forEach((prior, j) => {
      const hits = labels.map((label) => (label === j ? 1 : 0));
      expect(Math.abs(standardScore(hits, prior))).toBeLessThan(5);
      expect(Math.abs(standardScore(hits, 1 / 3))).toBeGreaterThan(5);
    });
  });

  it("refuses bad input by name", () => {
    expect(() => mixtureLaw({ covariance, classes: 1, norm: 2 })).toThrow(/at least 2 classes/);
    expect(() => mixtureLaw({ covariance, classes: 2.5, norm: 2 })).toThrow(RangeError);
    expect(() => mixtureLaw({ covariance, classes: 2, norm: [1, 2, 3] })).toThrow(/norm each, got 3/);
    expect(() => mixtureLaw({ covariance, classes: 2, norm: 0 })).toThrow(/norm of class 0/);
    expect(() => mixtureLaw({ covariance, classes: 2, norm: 1, priors: [1, Number.NaN] })).toThrow(/prior of class 1/);
    expect(() => drawContext(Stream.root(0), mixture, 0)).toThrow(/N must be an integer/);
    expect(() => drawContext(Stream.root(0), mixture, 2 ** 31)).toThrow(/below 2\^31/);
    expect(() => drawExamples(Stream.root(0), mixture, 1.5)).toThrow(RangeError);
    expect(() => summarise({ labels: Int32Array.of(0, 3), inputs: matrix(2, 2) }, 3)).toThrow(/0 ... 2, got 3/);
    expect(() => summarise({ labels: Int32Array.of(0), inputs: matrix(2, 2) }, 3)).toThrow(/1 labels, 2 inputs/);
    expect(() => pooledCovariance({ labels: Int32Array.of(0, 1), inputs: matrix(2, 2) }, 2)).toThrow(/more examples/);
  });
});
