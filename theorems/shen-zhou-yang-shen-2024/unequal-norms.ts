import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { linearDiscriminant } from "../../src/learners/linear-discriminant.js";
import { autoregressiveCovariance } from "../../src/mixture/classes/covariance.js";
import { type MixtureLaw, mixtureLaw } from "../../src/mixture/classes/law.js";
import type { Stream } from "../../src/random/stream.js";
import { type ClassPredictor, expectedDeparture } from "../../src/risk/departure.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { classProbabilities } from "../../src/transformer/classes/probabilities.js";
import { drawPopulationSample } from "../../src/transformer/classes/sample.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { shenZhouYangShen2024 } from "../papers.js";

/**
 * `phi` is Λ's AR(1) coefficient, `rho` the Λ⁻¹-norm of the class means but the first, `norm_ratio` the Λ⁻¹-norm of
 * class 0 in units of the others'.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly phi: number;
  readonly norm_ratio: number;
};

const infinity = Number.POSITIVE_INFINITY;

function lawOf(c: C): MixtureLaw {
  return mixtureLaw({
    covariance: autoregressiveCovariance(c.d, c.phi),
    classes: c.classes,
    norm: Float64Array.from({ length: c.classes }, (_, j) => (j === 0 ? c.norm_ratio * c.rho : c.rho)),
  });
}

/** Expected total variation to the posterior over 60 test tasks: the same ones at every M. */
function error(c: C, predict: ClassPredictor, M: number, stream: Stream): number {
  return expectedDeparture(stream.derive("test"), lawOf(c), M, 60, predict).mean;
}

/** The minimiser of the expected loss, over 80/c tasks of the same law as the test tasks. */
function trained(c: C, N: number, stream: Stream): ClassPredictor {
  const sample = drawPopulationSample(stream.derive("training"), lawOf(c), N, Math.round(80 / c.classes));
  const { W } = populationMinimiser(sample, { tolerance: 1e-9 });
  return (context, x) => classProbabilities(W, context.heads, x);
}

/** The error of W at N = M = n. */
const errorAt = (c: C, n: number, stream: Stream) => error(c, trained(c, n, stream), n, stream);

/** The share of the error at N = M = 100c that is left at N = M = ∞; at most 1. */
function shareLeft(c: C, stream: Stream): number {
  return Math.min(1, errorAt(c, infinity, stream) / errorAt(c, 100 * c.classes, stream));
}

const floor = (c: C, stream: Stream) => Math.min(0.1, errorAt(c, infinity, stream));

/** 1 when the error at N = M = ∞ is larger at ratio `to` than at ratio `from`. */
function larger(c: C, stream: Stream, from: number, to: number): number {
  return errorAt({ ...c, norm_ratio: to }, infinity, stream) > errorAt({ ...c, norm_ratio: from }, infinity, stream)
    ? 1
    : 0;
}

const discriminant =
  (priors: "equal" | "empirical"): ClassPredictor =>
  (context, x, mixture) =>
    linearDiscriminant(context, mixture.covariance.matrix, x, priors);

export const unequalNorms = theorem<C>({
  id: "unequal-norms",
  title: "With class means of unequal norms the transformer departs from the posterior however long the contexts",
  source: {
    paper: shenZhouYangShen2024,
    locus: "remark on the norms of the means; the limit is derived",
    status: "stated",
  },
  // At N = M = ∞ the logits are μ_jᵀWx/c, linear in x without a constant: −μ_jᵀΛ⁻¹μ_j/2 cannot be among them, and only
  // equal ones cancel.
  statement: String.raw`\mu_0^\top \Lambda^{-1} \mu_0 \ne \mu_j^\top \Lambda^{-1} \mu_j \implies \lim_{N, M \to \infty} \mathbb{E}\,\mathrm{TV} > 0`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 4 }),
    d: fc.integer({ min: 2, max: 3 }),
    rho: fc.constantFrom(1, 1.5),
    phi: fc.constantFrom(-0.5, 0, 0.6),
    norm_ratio: fc.constantFrom(1.5, 2, 2.5),
  }),
  examples: {
    binary: { classes: 2, d: 3, rho: 1.5, phi: 0.5, norm_ratio: 2 },
    "five classes": { classes: 5, d: 3, rho: 1.5, phi: 0.5, norm_ratio: 2 },
  },
  assumptions: [
    assume<C>("norm_ratio >= c_r", {
      why: "means of unequal norms",
      constants: { c_r: { value: 1.5, from: "calibrated: the floor is then above 0.03" } },
      drop: (c) => ({ ...c, norm_ratio: 1 }),
    }),
  ],
  claims: [
    {
      id: "does-not-vanish",
      says: "trained and tested on one law, at N = M = ∞, its expected total variation to the posterior is at least 0.03 (above 0.1 counted as that)",
      form: "mean",
      range: [0, 0.1],
      atLeast: 0.03,
      slack: 0.01,
      draw: floor,
      control: { name: "equal norms", draw: (c, stream) => floor({ ...c, norm_ratio: 1 }, stream) },
    },
    {
      id: "levels-off",
      says: "half of the error at N = M = 100c, at least, is left there",
      form: "mean",
      range: [0, 1],
      atLeast: 0.5,
      slack: 0.1,
      draw: shareLeft,
      control: { name: "equal norms", draw: (c, stream) => shareLeft({ ...c, norm_ratio: 1 }, stream) },
    },
    {
      id: "grows-with-the-ratio",
      says: "it is larger than at a ratio of 1.1, nine times in ten at least",
      form: "mean",
      range: [0, 1],
      atLeast: 0.9,
      slack: 0.4,
      draw: (c, stream) => larger(c, stream, 1.1, c.norm_ratio),
      control: {
        name: "than at the ratio itself",
        draw: (c, stream) => larger(c, stream, c.norm_ratio, c.norm_ratio),
      },
    },
    {
      id: "discriminant-analysis-does-not-depart",
      says: "linear discriminant analysis is the posterior there",
      form: "always",
      draw: (c, stream) => error(c, discriminant("empirical"), infinity, stream),
      tolerance: 1e-9,
      because: "rounding of logits below 1e3",
      control: {
        name: "the trained transformer",
        draw: (c, stream) => errorAt(c, infinity, stream),
      },
    },
  ],
});
