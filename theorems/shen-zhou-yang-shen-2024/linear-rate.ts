import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { norm } from "../../src/linalg/vector.js";
import { diagonalCovariance } from "../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../src/mixture/classes/law.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { hessianRange, populationLoss } from "../../src/transformer/classes/loss.js";
import { descend, populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { drawPopulationSample, embedSample } from "../../src/transformer/classes/sample.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { shenZhouYangShen2024 } from "../papers.js";

/**
 * `condition` is Λ's condition number, `step` the step size in units of 1/λ_max (the Hessian's at W = 0), `W0` the norm
 * of a random start in units of ‖W*‖. `flat` = 1 adds a direction in which Λ and the data are zero. `prior_ratio` and
 * `norm_ratio` are class 0's weight and norm in units of the others'.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly condition: number;
  readonly N: number;
  readonly step: number;
  readonly W0: number;
  readonly flat: number;
  readonly prior_ratio: number;
  readonly norm_ratio: number;
};

const gap = (a: Matrix, b: Matrix) => norm(a.data.map((value, i) => value - b.data[i]!));

/**
 * A loss over 40 tasks, its minimiser, and a random start. The Hessian is that of the directions which the data has.
 */
function world(c: C, stream: Stream) {
  const first = (ratio: number) => Float64Array.from({ length: c.classes }, (_, j) => (j === 0 ? ratio : 1));
  const law = mixtureLaw({
    covariance: diagonalCovariance(c.d, c.condition),
    classes: c.classes,
    norm: first(c.norm_ratio).map((ratio) => 1.5 * ratio),
    priors: first(c.prior_ratio),
  });
  const data = drawPopulationSample(stream.derive("tasks"), law, c.N, 40);
  const size = c.d + c.flat;
  const sample = embedSample(data, size);
  const { W: minimiser } = populationMinimiser(sample, { tolerance: 1e-12 });
  const unit = (c.W0 * norm(minimiser.data)) / size;
  const start = matrix(
    size,
    size,
    normals(stream.derive("W0"), size * size).map((value) => unit * value),
  );
  const inner = (W: Matrix) =>
    matrix(
      c.d,
      c.d,
      Float64Array.from({ length: c.d * c.d }, (_, i) => W.data[Math.floor(i / c.d) * size + (i % c.d)]!),
    );
  const curvature = (W: Matrix) => hessianRange(data, populationLoss(data, inner(W)));
  const { largest } = curvature(matrix(size, size));
  return { law, sample, minimiser, start, curvature, largest };
}

/**
 * Gradient descent: ‖W_t − W*‖ until it is 1e-6 of the first (or for 2000 steps), and κ from the extreme eigenvalues on
 * the path.
 */
function path(c: C, stream: Stream) {
  const { sample, minimiser, start, curvature, largest } = world(c, stream);
  const limit = curvature(minimiser);
  const extremes = { ...limit, largest: Math.max(limit.largest, largest) };
  const distances: number[] = [];
  descend(sample, start, c.step / largest, 2000, (W, _, t) => {
    distances[t] = gap(W, minimiser);
    // Away from W*, curvature changes slowly: a look every 50 steps, and one at the start.
    if (t % 50 > 0 || distances[t]! < 1e-3 * distances[0]!) return;
    const here = curvature(W);
    extremes.smallest = Math.min(extremes.smallest, here.smallest);
    extremes.largest = Math.max(extremes.largest, here.largest);
  });
  const reached = distances.findIndex((distance) => distance < 1e-6 * distances[0]!);
  return {
    distances: reached < 0 ? distances : distances.slice(0, reached),
    kappa: extremes.largest / extremes.smallest,
    limitingKappa: largest / limit.smallest,
  };
}

/** The largest excess of log(‖W_t − W*‖²/‖W₀ − W*‖²) over −exponent·t/κ. */
function excess(c: C, stream: Stream, exponent: number): number {
  const { distances, kappa } = path(c, stream);
  return distances.reduce(
    (most, distance, t) => Math.max(most, 2 * Math.log(distance / distances[0]!) + (exponent * t) / kappa),
    Number.NEGATIVE_INFINITY,
  );
}

/** The last step's contraction, log(‖W_t − W*‖/‖W_{t−1} − W*‖) against log(1 − 1/κ), κ at W*: relative error. */
function rateError(c: C, stream: Stream): number {
  const { distances, limitingKappa } = path(c, stream);
  const [before, last] = distances.slice(-2);
  return Math.abs(Math.log(last! / before!) / Math.log1p(-1 / limitingKappa) - 1);
}

/** 1 when 2000 steps from W₀ come within ‖W*‖/10 of W*. */
function converges(c: C, stream: Stream): number {
  const { sample, minimiser, start, largest } = world(c, stream);
  return gap(descend(sample, start, c.step / largest, 2000), minimiser) < 0.1 * norm(minimiser.data) ? 1 : 0;
}

const skewed = { prior_ratio: 9, norm_ratio: 2 };

/** 1 when the Hessian at some of five random W has an eigenvalue below zero, by more than rounding. */
function concave(c: C, stream: Stream): number {
  const { curvature, minimiser } = world({ ...c, ...skewed }, stream);
  const Ws = [0, 1, 2, 3, 4].map((i) => {
    const z = normals(stream.derive("W", i), minimiser.data.length);
    return matrix(
      minimiser.rows,
      minimiser.cols,
      z.map((value) => value * 2 ** (i - 2)),
    );
  });
  return Ws.some((W) => {
    const { smallest, largest } = curvature(W);
    return smallest < -1e-12 * largest;
  })
    ? 1
    : 0;
}

/** 1 when infinitely long contexts lead to a W more than a tenth away from cΛ⁻¹. */
function moved(c: C, stream: Stream): number {
  const { law, minimiser } = world({ ...c, ...skewed, N: Number.POSITIVE_INFINITY, flat: 0 }, stream);
  const limit = matrix(
    c.d,
    c.d,
    law.covariance.precision.data.map((value) => c.classes * value),
  );
  return gap(minimiser, limit) > 0.1 * norm(limit.data) ? 1 : 0;
}

const usual = { N: 40, step: 1, W0: 1, flat: 0, prior_ratio: 1, norm_ratio: 1 };

export const linearRate = theorem<C>({
  id: "linear-rate",
  title: "Gradient descent on the expected loss converges linearly",
  source: { paper: shenZhouYangShen2024, locus: "training convergence, binary and multi-class", status: "stated" },
  statement: String.raw`\|W_t - W^*\|^2 \le e^{-t/\kappa}\,\|W_0 - W^*\|^2, \qquad \kappa = \lambda_{\max}/\lambda_{\min}`,
  regime: fc
    .record({
      classes: fc.integer({ min: 2, max: 3 }),
      d: fc.constant(2),
      condition: fc.constantFrom(1, 1.5, 2),
      norm_ratio: fc.constantFrom(1, 1, 1.5),
    })
    .map((c) => ({ ...usual, ...c })),
  examples: {
    binary: { ...usual, classes: 2, d: 3, condition: 1 },
    "three classes": { ...usual, classes: 3, d: 2, condition: 2 },
    "unequal priors and norms": { ...usual, ...skewed, classes: 2, d: 2, condition: 1 },
  },
  assumptions: [
    assume<C>("flat == 0", {
      why: "strong convexity: Λ is not singular",
      drop: (c) => ({ ...c, flat: 1 }),
    }),
    assume<C>("step <= 1", { why: "step size at most 1/λ_max", drop: (c) => ({ ...c, step: 400 }) }),
  ],
  claims: [
    {
      id: "squared-distance",
      says: "‖W_t − W*‖² ≤ exp(−t/κ)‖W₀ − W*‖² at every step, κ from the Hessian's extreme eigenvalues on the path",
      form: "always",
      draw: (c, stream) => excess(c, stream, 1),
      tolerance: 1e-6,
      because:
        "rounding of log distances down to 1e-6 of the first, which W* known to 1e-10 moves by 1e-4 of the slack 2t/κ − t/κ",
      seeds: 2,
      control: {
        name: "a direction in which Λ is zero",
        draw: (c, stream) => excess({ ...c, flat: 1 }, stream, 1),
      },
    },
    {
      id: "distance",
      says: "and ‖W_t − W*‖ itself is at most exp(−t/κ)‖W₀ − W*‖",
      form: "always",
      draw: (c, stream) => excess(c, stream, 2),
      tolerance: 1e-3,
      because: "stated slack: W* known to 1e-10 and distances down to 1e-6",
      seeds: 2,
      control: { name: "ten times as fast", draw: (c, stream) => excess(c, stream, 20) },
    },
    {
      id: "rate-attained",
      says: "in the end each step contracts by 1 − 1/κ, κ at W*, and not faster",
      form: "always",
      draw: rateError,
      tolerance: 0.2,
      because: "stated slack: the second slowest direction still counts where its rate is near",
      seeds: 2,
      control: {
        name: "a direction in which Λ is zero",
        draw: (c, stream) => rateError({ ...c, flat: 1 }, stream),
      },
    },
    {
      id: "bad-initialisation",
      says: "from W₀ ten times as large as W*, gradient descent does not converge",
      form: "always",
      draw: (c, stream) => converges({ ...c, W0: 10 }, stream),
      tolerance: 0.5,
      because: "an indicator: one start that converges contradicts it",
      expect: { verdict: "refuted", because: "the loss is strictly convex: any start leads to W*" },
      control: {
        name: "steps 400 times as long do break it",
        draw: (c, stream) => converges({ ...c, step: 400 }, stream),
      },
    },
    {
      id: "imbalance-breaks-convexity",
      says: "with priors 9 : 1 and norms 2 : 1 the loss curves downwards somewhere",
      form: "mean",
      range: [0, 1],
      atLeast: 0.5,
      slack: 0.1,
      draw: concave,
      expect: {
        verdict: "refuted",
        because: "cross-entropy is convex in W whatever the data; what moves is the minimiser",
      },
      control: { name: "the minimiser moves away from cΛ⁻¹, by a tenth or more", draw: moved },
    },
  ],
});
