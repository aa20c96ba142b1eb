import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identity, type Matrix, matrix, row } from "../../../src/linalg/matrix.js";
import { dot, norm } from "../../../src/linalg/vector.js";
import {
  autoregressiveCovariance,
  type Covariance,
  diagonalCovariance,
  identityCovariance,
} from "../../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../../src/mixture/classes/law.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { hessianProduct, hessianRange, populationLoss } from "../../../src/transformer/classes/loss.js";
import { descend, populationMinimiser } from "../../../src/transformer/classes/minimiser.js";
import { classProbabilities } from "../../../src/transformer/classes/probabilities.js";
import {
  drawPopulationSample,
  embedSample,
  halvesOfSample,
  type PopulationSample,
} from "../../../src/transformer/classes/sample.js";
import { populationScale } from "../../../src/transformer/classes/scale.js";
import { standardScore } from "../../standard-score.js";

const infinity = Number.POSITIVE_INFINITY;
const plus = (a: Matrix, b: Matrix, scale = 1) => matrix(a.rows, a.cols, a.data.map((v, i) => v + scale * b.data[i]!)); // biome-ignore format: short
const distance = (a: Matrix, b: Matrix) => norm(plus(a, b, -1).data);
const gaussianMatrix = (name: string | number, d: number) => matrix(d, d, normals(Stream.root("matrix", name), d * d));

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
});

describe("the expected loss", () => {
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

interface ScaleRow {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly N: number;
  readonly a: number;
  readonly standardError: number;
}
const { rows } = JSON.parse(
  readFileSync(new URL("../../../fixtures/population-scale.json", import.meta.url), "utf8"),
) as {
  rows: ScaleRow[];
};

describe("the population scale", () => {
  it.each(rows)("agrees with an independent computation: c = $classes, d = $d, ρ = $rho, N = $N", (golden) => {
    const { classes, d, rho, N } = golden;
    const { scale, standardError } = populationScale(Stream.root("golden"), { classes, d, norm: rho, N }, 20_000);
    const error = Math.hypot(standardError, golden.standardError);
    expect(Math.abs(scale - golden.a)).toBeLessThan(4 * error);
    // Broken twins: half the examples, and the limit.
    expect(Math.abs(populationScale(Stream.root("golden"), { classes, d, norm: rho, N: N / 2 }, 20_000).scale - golden.a)).toBeGreaterThan(4 * error); // biome-ignore format: short
    expect(Math.abs(classes - golden.a)).toBeGreaterThan(4 * error);
  });

  it("has the standard error its spread over streams shows", () => {
    const runs = Array.from({ length: 100 }, (_, i) => {
      return populationScale(Stream.root("spread", i), { classes: 3, d: 1, norm: 2, N: 30 }, 1000);
    });
    const mean = runs.reduce((sum, run) => sum + run.scale, 0) / 100;
    const squares = runs.map((run) => ((run.scale - mean) / run.standardError) ** 2);
    // Mean of a χ²_99/100-like sum: 1 with standard error .14.
    expect(Math.abs(standardScore(squares, 0.99))).toBeLessThan(4);
  });

  it("is c when N is infinite, and far below it when N is 1", () => {
    const at = (N: number) => populationScale(Stream.root("limit"), { classes: 4, d: 3, norm: 2, N }, 500);
    expect(at(infinity).scale).toBeCloseTo(4, 8);
    expect(at(1).scale).toBeLessThan(1);
  });

  it("refuses bad input by name", () => {
    const good = { classes: 2, d: 3, norm: 2, N: 10 };
    const scale =
      (bad: Partial<typeof good>, tasks = 10) =>
      () =>
        populationScale(Stream.root(0), { ...good, ...bad }, tasks);
    expect(scale({}, 2)).not.toThrow();
    expect(scale({ norm: infinity })).toThrow(/norm must be finite/);
    expect(scale({ classes: 1 })).toThrow(/at least 2 classes/);
    expect(scale({}, 1)).toThrow(/2 tasks/);
    expect(scale({ norm: Number.NaN })).toThrow(/norm must be/);
    expect(scale({ N: 0 })).toThrow(/N must be/);
    expect(scale({ d: 0 })).toThrow(/d must be/);
    // Classes so far apart that every posterior rounds to 0 or 1: no finite scale is best.
    expect(scale({ norm: 1000, N: infinity })).toThrow(/no finite scale/);
  });
});
