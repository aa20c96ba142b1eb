import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { identity } from "../../src/linalg/matrix.js";
import { identityCovariance } from "../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../src/mixture/classes/law.js";
import type { Stream } from "../../src/random/stream.js";
import { expectedDeparture, totalVariation } from "../../src/risk/departure.js";
import { classProbabilities } from "../../src/transformer/classes/probabilities.js";
import { populationScale } from "../../src/transformer/classes/scale.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { shenZhouYangShen2024 } from "../papers.js";

/** `rho` is the Λ⁻¹-norm of every class mean. Λ is I: in whitened coordinates every Λ is. */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly N: number;
  readonly M: number;
};

/**
 * E TV with `classes` classes and W = a(N)I, the minimiser of the expected loss for spherical means; a(N) over 480/c
 * tasks, E TV over 160/c.
 */
function error(c: C, classes: number, stream: Stream): number {
  const tasks = Math.round(160 / classes);
  const parameters = { classes, d: c.d, norm: c.rho, N: c.N };
  const W = identity(c.d, populationScale(stream.derive("scale", classes), parameters, 3 * tasks).scale);
  const law = mixtureLaw({ covariance: identityCovariance(c.d), classes, norm: c.rho });
  const predict = (context: { heads: Parameters<typeof classProbabilities>[1] }, x: Float64Array) =>
    classProbabilities(W, context.heads, x);
  return expectedDeparture(stream.derive("test", classes), law, c.M, tasks, predict, totalVariation).mean;
}

const range = [-0.5, 1] as const;

/** log of the error with `to` classes over that with `from`; clamped into its range. */
function rise(c: C, stream: Stream, from: number, to: number): number {
  const ratio = error(c, to, stream) / error(c, from, stream);
  return Math.max(range[0], Math.min(range[1], Math.log(ratio)));
}

export const classCount = theorem<C>({
  id: "class-count",
  title: "The error rises with the number of classes",
  source: { paper: shenZhouYangShen2024, locus: "multi-class inference error", status: "stated" },
  statement: String.raw`c < c' \implies \mathbb{E}\,\mathrm{TV}_c < \mathbb{E}\,\mathrm{TV}_{c'} \text{ at the same } N, M`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 5 }),
    d: fc.integer({ min: 2, max: 5 }),
    rho: fc.constantFrom(1, 1.5, 2),
    N: fc.integer({ min: 100, max: 1000 }),
    M: fc.integer({ min: 100, max: 1000 }),
  }),
  examples: {
    "two and four classes": { classes: 2, d: 5, rho: 2, N: 100, M: 100 },
    "eight and sixteen": { classes: 8, d: 3, rho: 2, N: 1000, M: 1000 },
  },
  assumptions: [
    assume<C>("M >= c_M * classes", {
      why: "examples of every class, also of twice as many",
      constants: { c_M: { value: 12, from: "calibrated: below about one example a class the error saturates" } },
      drop: (c) => ({ ...c, M: 1 }),
    }),
  ],
  claims: [
    {
      id: "twice-as-many-classes",
      says: "with twice as many classes E TV is larger, by a fifth at least",
      form: "mean",
      range,
      atLeast: Math.log(1.2),
      slack: 0.08,
      draw: (c, stream) => rise(c, stream, c.classes, 2 * c.classes),
      control: { name: "with half as many", draw: (c, stream) => rise(c, stream, 2 * c.classes, c.classes) },
    },
    {
      id: "one-class-more",
      says: "with one class more E TV is larger",
      form: "mean",
      range,
      atLeast: 0,
      slack: 0.05,
      draw: (c, stream) => rise(c, stream, c.classes, c.classes + 1),
      control: { name: "with one class less", draw: (c, stream) => rise(c, stream, c.classes + 1, c.classes) },
    },
  ],
});
