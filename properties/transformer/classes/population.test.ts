import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row } from "../../../src/linalg/matrix.js";
import { dot, norm } from "../../../src/linalg/vector.js";
import {
  autoregressiveCovariance,
  diagonalCovariance,
  identityCovariance,
} from "../../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../../src/mixture/classes/law.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { hessianProduct, hessianRange, populationLoss } from "../../../src/transformer/classes/loss.js";
import { classProbabilities } from "../../../src/transformer/classes/probabilities.js";
import {
  drawPopulationSample,
  embedSample,
  halvesOfSample,
  type PopulationSample,
} from "../../../src/transformer/classes/sample.js";
import { standardScore } from "../../standard-score.js";
import { gaussianMatrix, plus } from "./matrices.js";

const infinity = Number.POSITIVE_INFINITY;
/** Small samples of every kind: c, the law of the means, priors equal or not, N finite or not. */
const samples = fc
  .record({
    classes: fc.integer({ min: 2, max: 4 }),
    d: fc.integer({ min: 1, max: 4 }),
    N: fc.constantFrom(1, 7, 60, infinity),
    meansLaw: fc.constantFrom("spherical" as const, "gaussian" as const),
    balanced: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ classes, d, N, meansLaw, balanced, seed }) => {
    const covariance = autoregressiveCovariance(d, 0.4);
    const priors = Array.from({ length: classes }, (_, j) => (balanced ? 1 : 1 + j));
    const law = mixtureLaw({ covariance, classes, norm: 1.5, meansLaw, priors });
    return { sample: drawPopulationSample(Stream.root(seed), law, N, 20), d, seed };
  });
const runs = { seed: 1, numRuns: 60 };

/** The loss from its definition, context by context. */
function plainLoss(sample: PopulationSample, W: Matrix): number {
  const { classes: c, contexts, queries, posteriors, heads } = sample;
  let sum = 0;
  for (let k = 0; k < queries.rows * contexts; k++) {
    const t = Math.floor(k / contexts);
    const own = matrix(c, heads.cols, heads.data.slice(k * c * heads.cols, (k + 1) * c * heads.cols));
    const p = classProbabilities(W, own, row(queries, t));
    for (let j = 0; j < c; j++) sum -= row(posteriors, t)[j]! * Math.log(p[j]!);
  }
  return sum / (queries.rows * contexts);
}

describe("the expected loss", () => {
  it("is the mean cross-entropy of its definition", () => {
    fc.assert(
      fc.property(samples, ({ sample, d, seed }) => {
        const W = gaussianMatrix(seed, d);
        expect(populationLoss(sample, W).loss).toBeCloseTo(plainLoss(sample, W), 10);
      }),
      runs,
    );
  });

  it("has the gradient that differences of the loss give, and a transposed twin fails", () => {
    let caught = 0;
    fc.assert(
      fc.property(samples, ({ sample, d, seed }) => {
        const W = gaussianMatrix(seed, d);
        const V = gaussianMatrix(`${seed}`, d);
        const step = 1e-4;
        const difference =
          (populationLoss(sample, plus(W, V, step)).loss - populationLoss(sample, plus(W, V, -step)).loss) / (2 * step);
        const { gradient } = populationLoss(sample, W);
        // Truncation: step²/6 of a third derivative, which grows like (|h||x||V|)³, below 1e3 here; rounding 1e-12.
        const tolerance = 1e-5 * (1 + norm(V.data) ** 3);
        expect(Math.abs(dot(gradient.data, V.data) - difference)).toBeLessThan(tolerance);
        const transposed = gradient.data.map((_, i) => gradient.data[(i % d) * d + Math.floor(i / d)]!);
        if (Math.abs(dot(transposed, V.data) - difference) > tolerance) caught++;
      }),
      runs,
    );
    // d = 1 and symmetric cases cannot tell.
    expect(caught).toBeGreaterThan(runs.numRuns / 3);
  });

  it("has the Hessian products that differences of the gradient give, symmetric and positive semidefinite", () => {
    fc.assert(
      fc.property(samples, ({ sample, d, seed }) => {
        const W = gaussianMatrix(seed, d);
        const V = gaussianMatrix(`${seed}`, d);
        const U = gaussianMatrix(`${seed} u`, d);
        const point = populationLoss(sample, W);
        const product = hessianProduct(sample, point, V);
        const step = 1e-4;
        const up = populationLoss(sample, plus(W, V, step)).gradient;
        const down = populationLoss(sample, plus(W, V, -step)).gradient;
        const tolerance = 1e-5 * (1 + norm(V.data) ** 3);
        product.data.forEach((value, i) => {
          expect(Math.abs(value - (up.data[i]! - down.data[i]!) / (2 * step))).toBeLessThan(tolerance);
        });
        const other = hessianProduct(sample, point, U);
        expect(dot(product.data, U.data)).toBeCloseTo(dot(other.data, V.data), 9);
        expect(dot(product.data, V.data)).toBeGreaterThan(-1e-12);
      }),
      runs,
    );
  });

  it("is convex along every segment, with unequal norms and priors too", () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), ({ sample, d, seed }, s) => {
        const [A, B] = [gaussianMatrix(seed, d), gaussianMatrix(`${seed}`, d)];
        const between = populationLoss(sample, plus(A, plus(B, A, -1), s)).loss;
        const chord = (1 - s) * populationLoss(sample, A).loss + s * populationLoss(sample, B).loss;
        expect(between).toBeLessThanOrEqual(chord + 1e-12 * (1 + chord));
      }),
      runs,
    );
  });

  it("has Hessian eigenvalues far out too, where the rounding of its entries is not symmetric", () => {
    const law = mixtureLaw({ covariance: identityCovariance(2), classes: 2, norm: [3, 1.5], priors: [9, 1] });
    const sample = drawPopulationSample(Stream.root("far"), law, 40, 40);
    for (let i = 0; i < 20; i++) {
      const far = plus(matrix(2, 2), gaussianMatrix(i, 2), 4000);
      expect(hessianRange(sample, populationLoss(sample, far)).smallest).toBeGreaterThan(-1e-12);
    }
  });

  it("has Hessian eigenvalues that bound every quotient and are attained", () => {
    const law = mixtureLaw({ covariance: diagonalCovariance(2, 4), classes: 3, norm: 2 });
    const sample = drawPopulationSample(Stream.root("range"), law, 10, 200);
    const point = populationLoss(sample, identityCovariance(2).matrix);
    const { smallest, largest } = hessianRange(sample, point);
    // The power method on H and on largest − H.
    const extreme = (shift: number) => {
      let V = gaussianMatrix("power", 2);
      for (let i = 0; i < 2000; i++) {
        V = plus(hessianProduct(sample, point, V), V, -shift);
        V = plus(matrix(2, 2), V, 1 / norm(V.data));
      }
      return dot(V.data, hessianProduct(sample, point, V).data);
    };
    expect(extreme(0)).toBeCloseTo(largest, 10);
    expect(extreme(largest)).toBeCloseTo(smallest, 10);
  });

  it("refuses a W that is not d × d", () => {
    const law = mixtureLaw({ covariance: autoregressiveCovariance(2, 0.5), classes: 2, norm: 1 });
    const sample = drawPopulationSample(Stream.root("shape"), law, 5, 4);
    const d = sample.queries.cols;
    for (const [rows, cols] of [
      [d, d + 1],
      [d + 1, d],
      [d - 1, d - 1],
    ] as const) {
      expect(() => populationLoss(sample, matrix(rows, cols))).toThrow(`a ${d} x ${d} matrix is needed, got ${rows} x`);
    }
  });
});

describe("a population sample", () => {
  const law = mixtureLaw({ covariance: autoregressiveCovariance(2, 0.5), classes: 3, norm: [1, 2, 2] });

  it("has antithetic contexts: their average is π_jμ_j at every N, exactly", () => {
    const [few, limit] = [5, infinity].map((N) => drawPopulationSample(Stream.root("anti"), law, N, 1));
    for (let j = 0; j < 3; j++) {
      for (let a = 0; a < 2; a++) {
        let mean = 0;
        for (let s = 0; s < 6; s++) mean += few!.heads.data[(s * 3 + j) * 2 + a]! / 6;
        expect(mean).toBeCloseTo(limit!.heads.data[j * 2 + a]!, 12);
      }
    }
    expect(limit!.contexts).toBe(1);
  });

  it("has the same tasks and noise at every N, on equal streams; on unequal ones it has not", () => {
    const [few, more, other] = [5, 500, 500].map((N, i) => drawPopulationSample(Stream.root(i >> 1), law, N, 30));
    expect(few!.queries.data).toEqual(more!.queries.data);
    expect(few!.posteriors.data).toEqual(more!.posteriors.data);
    expect(other!.queries.data).not.toEqual(more!.queries.data);
    // The noise of class j, from its antithetic pair: half the difference over √(share/N), the share from the pair's
    // mean.
    const noise = ({ heads }: PopulationSample, N: number, at: number) => {
      const [plus, minus] = [row(heads, at), row(heads, at + 3)];
      const mean = row(
        drawPopulationSample(Stream.root(0), law, infinity, 30).heads,
        Math.floor(at / 18) * 3 + (at % 3),
      );
      const share = (plus[0]! + minus[0]!) / (2 * 3 * mean[0]!);
      return (plus[1]! - minus[1]!) / 2 / Math.sqrt(share / N);
    };
    // A class that a context of 5 does not show has no noise there.
    const shown = Array.from({ length: 30 }, (_, t) => 18 * t).filter((at) => few!.heads.data[2 * at] !== 0);
    expect(shown.length).toBeGreaterThan(10);
    for (const at of shown) expect(noise(few!, 5, at)).toBeCloseTo(noise(more!, 500, at), 8);
  });

  it("has unbiased contexts: their losses agree on average, and the plain average over independent tasks does too", () => {
    const W = matrix(2, 2, Float64Array.of(2, 1, 0, 3));
    const stream = Stream.root("unbiased");
    const losses = Array.from({ length: 4000 }, (_, i) => {
      const sample = drawPopulationSample(stream.derive(i), law, 5, 1);
      const first = { ...sample, contexts: 1, heads: matrix(3, 2, sample.heads.data.slice(0, 6)) };
      return [populationLoss(sample, W).loss, populationLoss(first, W).loss] as const;
    });
    const gaps = losses.map(([all, first]) => all - first);
    expect(Math.abs(standardScore(gaps, 0))).toBeLessThan(5);
  });

  it("with unequal priors keeps each class's own counts", () => {
    const skewed = mixtureLaw({ covariance: identityCovariance(2), classes: 2, norm: 2, priors: [9, 1] });
    expect(drawPopulationSample(Stream.root(0), skewed, 30, 5).contexts).toBe(2);
  });

  it("has halves that share its tasks between them: their losses, by their numbers, make up its own", () => {
    const sample = drawPopulationSample(Stream.root("halves"), law, 5, 7);
    const [first, second] = halvesOfSample(sample);
    expect([first.queries.rows, second.queries.rows]).toEqual([3, 4]);
    const W = matrix(2, 2, normals(Stream.root("W"), 4));
    const loss = (of: PopulationSample) => populationLoss(of, W).loss;
    expect((3 * loss(first) + 4 * loss(second)) / 7).toBeCloseTo(loss(sample), 14);
    expect(loss(first)).not.toBeCloseTo(loss(second), 3);
    expect(() => halvesOfSample(drawPopulationSample(Stream.root(0), law, 5, 1))).toThrow(/1 task has no halves/);
  });

  it("in more dimensions has the same loss, flat in the new ones, and refuses fewer", () => {
    const sample = drawPopulationSample(Stream.root("embed"), law, 5, 50);
    const wide = embedSample(sample, 3);
    const W = gaussianMatrix("wide", 3);
    const corner = matrix(2, 2, Float64Array.of(W.data[0]!, W.data[1]!, W.data[3]!, W.data[4]!));
    expect(populationLoss(wide, W).loss).toBeCloseTo(populationLoss(sample, corner).loss, 12);
    expect(hessianRange(wide, populationLoss(wide, W)).smallest).toBeCloseTo(0, 12);
    expect(() => embedSample(sample, 1)).toThrow(/>= 2/);
    expect(() => drawPopulationSample(Stream.root(0), law, 5, 0)).toThrow(/S must be/);
    expect(() => populationLoss(sample, W)).toThrow(/2 x 2 matrix/);
  });
});
