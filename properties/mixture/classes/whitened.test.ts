import { describe, expect, it } from "vitest";
import { quadraticDiscriminant } from "../../../src/learners/quadratic-discriminant.js";
import { identity, matrix, row } from "../../../src/linalg/matrix.js";
import { piecesOf } from "../../../src/linalg/pieces.js";
import { softmax } from "../../../src/linalg/softmax.js";
import { autoregressiveCovariance } from "../../../src/mixture/classes/covariance.js";
import { drawMixture, mixtureLaw } from "../../../src/mixture/classes/law.js";
import { posterior } from "../../../src/mixture/classes/posterior.js";
import {
  contextOf,
  drawWhitenedTask,
  headProducts,
  numbersOf,
  queriesOf,
  queryOf,
  sharesOf,
  whitenedLaw,
} from "../../../src/mixture/classes/whitened.js";
import { Stream } from "../../../src/random/stream.js";
import { expectedDeparture, totalVariation } from "../../../src/risk/departure.js";
import { contextLaw } from "../../../src/risk/first-order.js";
import { classProbabilities } from "../../../src/transformer/classes/probabilities.js";
import { populationScale } from "../../../src/transformer/classes/scale.js";
import { drawScaleSample, scaleAt } from "../../../src/transformer/classes/whitened-scale.js";

/** E TV at W = aΛ⁻¹ after M examples, in whitened coordinates, with its standard error. */
function whitenedError(classes: number, d: number, M: number, a: number, priors: number) {
  const stream = Stream.root("whitened");
  const law = whitenedLaw({ classes, d, rho: 1.5, priors });
  const values = Array.from({ length: 4000 }, () => {
    const task = drawWhitenedTask(stream, law);
    const shares = sharesOf(stream, law, M);
    return queriesOf(task).reduce((sum, query) => {
      const p = headProducts(query, shares).map((value) => a * value);
      softmax(p);
      return sum + query.weight * totalVariation(p, query.posterior);
    }, 0);
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares) / values.length };
}

describe("tasks in the coordinates where Λ is I", () => {
  it("give the departure of W = aΛ⁻¹ at any Λ, priors included", () => {
    const [classes, d, M, a] = [3, 3, 40, 2.5];
    const covariance = autoregressiveCovariance(d, 0.7);
    const law = mixtureLaw({ covariance, classes, norm: 1.5, priors: [3, 1, 1] });
    const W = matrix(d, d, covariance.precision.data.map((value) => a * value)); // biome-ignore format: short
    const full = expectedDeparture(Stream.root("full"), law, M, 4000, ({ heads }, x) =>
      classProbabilities(W, heads, x),
    );
    const apart = (other: { mean: number; standardError: number }) =>
      Math.abs(full.mean - other.mean) / Math.hypot(full.standardError, other.standardError);
    expect(apart(whitenedError(classes, d, M, a, 3))).toBeLessThan(5);
    // A broken twin: equal priors.
    expect(apart(whitenedError(classes, d, M, a, 1))).toBeGreaterThan(5);
  });

  it("hold the heads that their products say", () => {
    const law = whitenedLaw({ classes: 3, d: 4, rho: 2, priors: 2, spread: 1.5 });
    const task = drawWhitenedTask(Stream.root("task"), law);
    const shares = sharesOf(Stream.root("counts"), law, 17);
    const query = queryOf(task, { label: 1 });
    const { heads } = contextOf(task, shares);
    headProducts(query, shares).forEach((value, j) => {
      expect(row(heads, j).reduce((sum, h, a) => sum + h * query.x[a]!, 0)).toBeCloseTo(value, 12);
    });
    // With sums divided by the class's own count: 1/c of each class's mean.
    const own = headProducts(query, shares, "1/N_j");
    headProducts(query, shares).forEach((value, j) => {
      expect(own[j]).toBeCloseTo(value / shares.of[j]! / 3, 12);
    });
    expect(headProducts(query, { of: Float64Array.of(1, 0, 0), N: 17 }, "1/N_j")[1]).toBe(0);
  });

  it("are the same in pieces of one array, which their numbers fill", () => {
    const law = whitenedLaw({ classes: 4, d: 3, rho: 2, priors: 2 });
    const piece = piecesOf(numbersOf(law, 2));
    const task = drawWhitenedTask(Stream.root("pieces"), law, piece);
    const own = drawWhitenedTask(Stream.root("pieces"), law);
    const queries = queriesOf(task, { piece });
    expect(queries).toEqual(queriesOf(own));
    expect(queries[1]!.posterior.buffer).toBe(task.means.data.buffer);
    expect(queries[1]!.noise.buffer).toBe(task.means.data.buffer);
    expect(task.means.data.buffer.byteLength).toBe(8 * numbersOf(law, 2));
    expect(queriesOf(own)[0]!.posterior.byteOffset).toBe(0);
    expect(piece(1).buffer).not.toBe(task.means.data.buffer);
  });

  it("have the posterior of the mixture that they are, or the quadratic rule's where class 0 spreads more", () => {
    const law = whitenedLaw({ classes: 3, d: 4, rho: 2, priors: 2, spread: 1.5 });
    const task = drawWhitenedTask(Stream.root("task"), law);
    const query = queryOf(task);
    const rule = quadraticDiscriminant(
      Array.from(law.priors, (prior, j) => ({
        prior,
        mean: row(task.means, j),
        covariance: identity(4, law.spreads[j]! ** 2),
      })),
    );
    rule(query.x).forEach((value, j) => {
      expect(query.posterior[j]).toBeCloseTo(value, 12);
    });
  });

  it("and that rule is the linear posterior where the covariances are one", () => {
    const covariance = autoregressiveCovariance(3, -0.6);
    const mixture = drawMixture(
      Stream.root("mixture"),
      mixtureLaw({ covariance, classes: 3, norm: 2, priors: [2, 1, 1] }),
    );
    const x = Float64Array.of(0.3, -1, 2);
    const classes = Array.from(mixture.priors, (prior, j) => ({
      prior,
      mean: row(mixture.means, j),
      covariance: covariance.matrix,
    }));
    const truth = posterior(mixture, x);
    quadraticDiscriminant(classes)(x).forEach((value, j) => {
      expect(value).toBeCloseTo(truth[j]!, 12);
    });
    expect(() => quadraticDiscriminant(classes)(new Float64Array(2))).toThrow("x must have dimension 3, got 2");
  });

  it("have class 0 stand out by its prior, norm and spread, in units of the others'", () => {
    const { priors, norms, spreads } = whitenedLaw({ classes: 3, d: 2, rho: 2, priors: 4, norms: 1.5, spread: 0.5 });
    expect([[...priors], [...norms], [...spreads]]).toEqual([
      [4 / 6, 1 / 6, 1 / 6],
      [3, 2, 2],
      [0.5, 1, 1],
    ]);
  });

  it("refuse what is no law", () => {
    expect(() => whitenedLaw({ classes: 1, d: 2, rho: 1 })).toThrow("classes must be an integer at least 2, got 1");
    expect(() => whitenedLaw({ classes: 2, d: 2, rho: -1 })).toThrow("rho must be finite and above 0, got -1");
    expect(() => whitenedLaw({ classes: 2, d: 2.5, rho: 1 })).toThrow("d must be an integer");
  });
});

describe("the scale of the minimiser from one context a task", () => {
  it.each([
    [2, 5, 20],
    [5, 3, 200],
  ])("is that from antithetic contexts: c = %i, d = %i, N = %i", (classes, d, N) => {
    const law = whitenedLaw({ classes, d, rho: 2 });
    const estimates = Array.from({ length: 20 }, (_, i) =>
      scaleAt(drawScaleSample(Stream.root("scale", i), law, 500), N),
    );
    const mean = estimates.reduce((sum, value) => sum + value, 0) / 20;
    const spread = Math.sqrt(estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 20 / 19);
    const other = populationScale(Stream.root("other"), { classes, d, norm: 2, N }, 5000);
    // 5 standard errors of their difference, and the ratio estimate's bias of order 1/500.
    expect(Math.abs(mean - other.scale)).toBeLessThan(5 * Math.hypot(spread, other.standardError) + classes / 500);
  });

  it("is c without end of examples, and c(1 − κ/N) far on its way", () => {
    const law = whitenedLaw({ classes: 3, d: 3, rho: 2 });
    const sample = drawScaleSample(Stream.root("limit"), law, 20_000);
    expect(scaleAt(sample, Number.POSITIVE_INFINITY)).toBeCloseTo(3, 6);
    const { kappa } = contextLaw(sample.queries);
    const N = 30_000;
    // A spread of 0.03 in κ from the counts and noise of 20,000 contexts; the second order adds κ/N.
    expect((N * (1 - scaleAt(sample, N) / 3)) / kappa).toBeGreaterThan(0.9);
    expect((N * (1 - scaleAt(sample, N) / 3)) / kappa).toBeLessThan(1.1);
    // Contexts whose counts never vary are told apart by it.
    expect((N * (1 - scaleAt(sample, N, "counts that never vary") / 3)) / kappa).toBeLessThan(0.9);
  });
});
