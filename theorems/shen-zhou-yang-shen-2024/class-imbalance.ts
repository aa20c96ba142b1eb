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
 * `phi` is Λ's AR(1) coefficient, `rho` the Λ⁻¹-norm of the class means, `prior_ratio` the prior of class 0 in units of
 * the others'.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly phi: number;
  readonly prior_ratio: number;
};

const infinity = Number.POSITIVE_INFINITY;

function lawOf(c: C): MixtureLaw {
  return mixtureLaw({
    covariance: autoregressiveCovariance(c.d, c.phi),
    classes: c.classes,
    norm: c.rho,
    priors: Float64Array.from({ length: c.classes }, (_, j) => (j === 0 ? c.prior_ratio : 1)),
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

const floor = (c: C, stream: Stream) => Math.min(0.15, errorAt(c, infinity, stream));

/** 1 when the error at N = M = ∞ is larger at ratio `to` than at ratio `from`. */
function larger(c: C, stream: Stream, from: number, to: number): number {
  return errorAt({ ...c, prior_ratio: to }, infinity, stream) > errorAt({ ...c, prior_ratio: from }, infinity, stream)
    ? 1
    : 0;
}

const discriminant =
  (priors: "equal" | "empirical"): ClassPredictor =>
  (context, x, mixture) =>
    linearDiscriminant(context, mixture.covariance.matrix, x, priors);

export const classImbalance = theorem<C>({
  id: "class-imbalance",
  title: "With unequal priors the transformer departs from the posterior however long the contexts",
  source: {
    paper: shenZhouYangShen2024,
    locus: "remark on unbalanced classes; the limit is derived",
    status: "stated",
  },
  // At N = M = ∞ the logits are π_jμ_jᵀWx, linear in x without a constant: log π_j cannot be among them.
  statement: String.raw`\pi_0 \ne \pi_j \implies \lim_{N, M \to \infty} \mathbb{E}\,\mathrm{TV}\bigl(\mathrm{softmax}_j(\pi_j \mu_j^\top W^* x), P(\cdot \mid x)\bigr) > 0`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 4 }),
    d: fc.integer({ min: 2, max: 3 }),
    rho: fc.constantFrom(1, 1.5),
    phi: fc.constantFrom(-0.5, 0, 0.6),
    prior_ratio: fc.constantFrom(4, 6, 9),
  }),
  examples: {
    binary: { classes: 2, d: 3, rho: 1.5, phi: 0.5, prior_ratio: 4 },
    "five classes": { classes: 5, d: 3, rho: 1.5, phi: 0.5, prior_ratio: 4 },
  },
  assumptions: [
    assume<C>("prior_ratio >= c_r", {
      why: "unequal priors",
      constants: { c_r: { value: 4, from: "calibrated: the floor is then above 0.05" } },
      drop: (c) => ({ ...c, prior_ratio: 1 }),
    }),
  ],
  claims: [
    {
      id: "does-not-vanish",
      says: "trained and tested on one law, at N = M = ∞, its expected total variation to the posterior is at least 0.05 (above 0.15 counted as that)",
      form: "mean",
      range: [0, 0.15],
      atLeast: 0.05,
      slack: 0.015,
      draw: floor,
      control: { name: "equal priors", draw: (c, stream) => floor({ ...c, prior_ratio: 1 }, stream) },
    },
    {
      id: "levels-off",
      says: "half of the error at N = M = 100c, at least, is left there",
      form: "mean",
      range: [0, 1],
      atLeast: 0.5,
      slack: 0.1,
      draw: shareLeft,
      control: { name: "equal priors", draw: (c, stream) => shareLeft({ ...c, prior_ratio: 1 }, stream) },
    },
    {
      id: "grows-with-the-ratio",
      says: "it is larger than at a ratio of 1.5, nine times in ten at least",
      form: "mean",
      range: [0, 1],
      atLeast: 0.9,
      slack: 0.4,
      draw: (c, stream) => larger(c, stream, 1.5, c.prior_ratio),
      control: {
        name: "than at the ratio itself",
        draw: (c, stream) => larger(c, stream, c.prior_ratio, c.prior_ratio),
      },
    },
    {
      id: "discriminant-analysis-does-not-depart",
      says: "linear discriminant analysis with the context's shares as priors is the posterior there",
      form: "always",
      draw: (c, stream) => error(c, discriminant("empirical"), infinity, stream),
      tolerance: 1e-9,
      because: "rounding of logits below 1e3",
      control: {
        name: "with equal priors",
        draw: (c, stream) => error(c, discriminant("equal"), infinity, stream),
      },
    },
  ],
});
