import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { linearDiscriminant } from "../../src/learners/linear-discriminant.js";
import type { Matrix } from "../../src/linalg/matrix.js";
import { autoregressiveCovariance } from "../../src/mixture/classes/covariance.js";
import { type MixtureLaw, mixtureLaw } from "../../src/mixture/classes/law.js";
import type { Stream } from "../../src/random/stream.js";
import { expectedDeparture, totalVariation } from "../../src/risk/departure.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { classProbabilities } from "../../src/transformer/classes/probabilities.js";
import { drawPopulationSample } from "../../src/transformer/classes/sample.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { shenZhouYangShen2024 } from "../papers.js";

/**
 * `phi` and `phi_test` are the AR(1) coefficients of Λ in training and at test; `prior_ratio` and `norm_ratio` the
 * weight and the Λ⁻¹-norm of class 0 in units of the others'; `rho` their Λ⁻¹-norm. `classes` = 2 is the binary case,
 * through the same code as any other.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly phi: number;
  readonly phi_test: number;
  readonly prior_ratio: number;
  readonly norm_ratio: number;
  readonly N: number;
  readonly M: number;
};

function lawOf(c: C, phi: number): MixtureLaw {
  const first = (ratio: number) => Float64Array.from({ length: c.classes }, (_, j) => (j === 0 ? ratio : 1));
  return mixtureLaw({
    covariance: autoregressiveCovariance(c.d, phi),
    classes: c.classes,
    norm: first(c.norm_ratio).map((ratio) => c.rho * ratio),
    priors: first(c.prior_ratio),
  });
}

/**
 * The minimiser of the expected loss, the expectation over 80/c tasks, which have 2c contexts each: the same ones at
 * every N.
 */
function trained(c: C, N: number, stream: Stream): Matrix {
  return populationMinimiser(
    drawPopulationSample(stream.derive("training"), lawOf(c, c.phi), N, Math.round(80 / c.classes)),
  ).W;
}

/** max |W/c − Λ⁻¹| in units of max |Λ⁻¹|, Λ that of the test tasks. */
function distance(c: C, W: Matrix): number {
  const { precision } = lawOf(c, c.phi_test).covariance;
  const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(W.data.map((value, i) => value / c.classes - precision.data[i]!)) / largest(precision.data);
}

type Reference = "LDA" | "posterior";

/**
 * Mean total variation, over 30 test tasks, between the predictions of W and those of LDA after the same context, or
 * the posterior.
 */
function departure(c: C, W: Matrix, M: number, reference: Reference, stream: Stream): number {
  let discriminant: Float64Array;
  return expectedDeparture(
    stream.derive("test"),
    lawOf(c, c.phi_test),
    M,
    30,
    (context, x, mixture) => {
      discriminant = linearDiscriminant(context, mixture.covariance.matrix, x);
      return classProbabilities(W, context.heads, x);
    },
    (predicted, truth) => totalVariation(predicted, reference === "LDA" ? discriminant : truth),
  ).mean;
}

const clamp = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));
const weightsRange = [-1, -0.3] as const;
const predictionsRange = [-0.7, -0.1] as const;

/** log of the distance at `times`·N over that at N, clamped into its range. */
function weightsFall(c: C, stream: Stream, times: number): number {
  const fall = Math.log(
    distance(c, trained(c, Math.round(times * c.N), stream)) / distance(c, trained(c, c.N, stream)),
  );
  return clamp(fall, weightsRange);
}

/** log of the departure at 4N and `times`·M over that at N and M, clamped into its range. */
function predictionsFall(c: C, stream: Stream, reference: Reference, times: number): number {
  const before = departure(c, trained(c, c.N, stream), c.M, reference, stream);
  const after = departure(c, trained(c, 4 * c.N, stream), times * c.M, reference, stream);
  return clamp(Math.log(after / before), predictionsRange);
}

export const ldaEquivalence = theorem<C>({
  id: "lda-equivalence",
  title: "Trained on long contexts, the transformer becomes linear discriminant analysis",
  source: {
    paper: shenZhouYangShen2024,
    locus: "training limit and inference, binary and multi-class",
    status: "stated",
  },
  statement: String.raw`W^* \to c\Lambda^{-1}, \qquad \mathrm{softmax}_j(h_j^\top W^* x) \to \mathrm{LDA}_j(x) \to P(j \mid x) \qquad (N, M \to \infty)`,
  regime: fc
    .record({
      classes: fc.integer({ min: 2, max: 4 }),
      d: fc.integer({ min: 2, max: 3 }),
      rho: fc.constantFrom(1.5, 2),
      phi: fc.constantFrom(-0.6, 0, 0.5),
      prior_ratio: fc.constant(1),
      norm_ratio: fc.constant(1),
    })
    .map((c) => ({ ...c, phi_test: c.phi, N: 100 * c.classes, M: 100 * c.classes })),
  examples: {
    binary: { classes: 2, d: 3, rho: 2, phi: 0.5, phi_test: 0.5, prior_ratio: 1, norm_ratio: 1, N: 200, M: 200 },
    "five classes": {
      classes: 5,
      d: 3,
      rho: 2,
      phi: 0.5,
      phi_test: 0.5,
      prior_ratio: 1,
      norm_ratio: 1,
      N: 500,
      M: 500,
    },
  },
  assumptions: [
    assume<C>("phi_test == phi", {
      why: "the test tasks have the Λ of the training tasks",
      drop: (c) => ({ ...c, phi_test: c.phi > 0 ? -0.6 : 0.6 }),
    }),
    assume<C>("prior_ratio == 1", { why: "equal priors", drop: (c) => ({ ...c, prior_ratio: 4 }) }),
    assume<C>("norm_ratio == 1", { why: "class means of equal Λ⁻¹-norm", drop: (c) => ({ ...c, norm_ratio: 1.5 }) }),
  ],
  claims: [
    {
      id: "weights-in-the-limit",
      says: "trained on infinitely long contexts, W is cΛ⁻¹",
      form: "always",
      draw: (c, stream) => distance(c, trained(c, Number.POSITIVE_INFINITY, stream)),
      tolerance: 1e-6,
      because:
        "stated slack: a gradient below 1e-10 leaves W within 1e-10 over the Hessian's smallest eigenvalue, about 1e-3",
      control: { name: "contexts of 20 examples", draw: (c, stream) => distance(c, trained(c, 20, stream)) },
    },
    {
      id: "predictions-in-the-limit",
      says: "and then, after infinitely many test examples, its predictions are LDA's and the posterior",
      form: "always",
      draw: (c, stream) => {
        const W = trained(c, Number.POSITIVE_INFINITY, stream);
        const apart = (reference: Reference) => departure(c, W, Number.POSITIVE_INFINITY, reference, stream);
        return Math.max(apart("LDA"), apart("posterior"));
      },
      tolerance: 1e-6,
      because: "that of W, which a logit multiplies by numbers of order 1",
      control: {
        name: "contexts of 20 examples in training",
        draw: (c, stream) => departure(c, trained(c, 20, stream), Number.POSITIVE_INFINITY, "posterior", stream),
      },
    },
    {
      id: "weights-approach",
      says: "four times the training context more than halves the distance of W from cΛ⁻¹",
      form: "mean",
      range: weightsRange,
      atMost: -Math.LN2,
      slack: 0.1,
      draw: (c, stream) => weightsFall(c, stream, 4),
      control: { name: "contexts a tenth longer", draw: (c, stream) => weightsFall(c, stream, 1.1) },
    },
    {
      id: "predictions-approach-lda",
      says: "four times N and M takes a third off the expected total variation to LDA, at least",
      form: "mean",
      range: predictionsRange,
      atMost: Math.log(2 / 3),
      slack: 0.1,
      draw: (c, stream) => predictionsFall(c, stream, "LDA", 4),
      control: { name: "M stays", draw: (c, stream) => predictionsFall(c, stream, "LDA", 1) },
    },
    {
      id: "predictions-approach-the-posterior",
      says: "and off that to the posterior",
      form: "mean",
      range: predictionsRange,
      atMost: Math.log(2 / 3),
      slack: 0.1,
      draw: (c, stream) => predictionsFall(c, stream, "posterior", 4),
      control: { name: "M stays", draw: (c, stream) => predictionsFall(c, stream, "posterior", 1) },
    },
  ],
});
