import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { matrix, row } from "../../src/linalg/matrix.js";
import { multiply } from "../../src/linalg/products.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { dot } from "../../src/linalg/vector.js";
import { drawNoisyContexts } from "../../src/mixture/signed/flipped-contexts.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { conditionalRisk } from "../../src/risk/conditional.js";
import { scoreNoisyContexts } from "../../src/risk/flipped-contexts.js";
import { trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { freiVardi2024 } from "../papers.js";

/**
 * `snr` is the training strength over √d; a test context has M examples of strength `R_test`, each label flipped with
 * probability p. There is no subspace: k = d.
 */
type C = {
  readonly d: number;
  readonly B: number;
  readonly N: number;
  readonly snr: number;
  readonly M: number;
  readonly p: number;
  readonly R_test: number;
};

/** Test contexts a draw averages over. */
const contexts = 60;

/**
 * W after 30 steps of gradient descent from zero: tasks of such strength are all but fitted by then, and 300 predict
 * the same.
 */
function train({ d, B, N, snr }: C, stream: Stream) {
  const { m, u } = drawTasks(stream, taskLaw({ d, k: d, R: snr * Math.sqrt(d), N }), B);
  const [end] = trainDual(gramProduct(m, u), { stepSize: 0.01, at: [30] });
  return weightsFrom(end!.alpha, { m, u });
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function scores({ d, M, p, ...c }: C, stream: Stream, R: number) {
  const W = train({ d, M, p, ...c }, stream.derive("tasks"));
  return scoreNoisyContexts(W, drawNoisyContexts(stream.derive("contexts"), { d, k: d, p }, M, contexts), R);
}

/** The share of the contexts' labels, flips included, that the transformer does not predict. */
const forgotten = (c: C, stream: Stream, R = c.R_test) => 1 - mean(scores(c, stream, R).memorised);

const cleanError = (c: C, stream: Stream, R = c.R_test) => mean(scores(c, stream, R).errors);

/**
 * Of 1,000 raw queries after one context, their labels flipped with probability p, the share predicted right, less what
 * `expected` makes of the clean error e; clamped to [−0.1, 0.1]. In d = 20, since the identity holds of any learner.
 */
function noisyAccuracy(c: C, stream: Stream, expected: (e: number) => number): number {
  const [d, R_test] = [20, 2];
  const { M, p } = c;
  const W = train({ ...c, d, B: 30 }, stream.derive("tasks"));
  const { mu, zeta } = drawTestTasks(stream.derive("test"), taskLaw({ d, k: d, R: R_test, N: 1 }), 1);
  const context = matrix(
    1,
    d,
    mu.data.map((value, a) => value + zeta.data[a]! / Math.sqrt(M)),
  );
  const weights = row(multiply(context, W), 0);
  const queries = stream.derive("queries");
  const noise = matrix(1000, d, normals(queries, 1000 * d));
  let right = 0;
  for (let i = 0; i < 1000; i++) {
    // y·x = μ + z: a positive margin is the true label, a negative one its flip.
    const margin = dot(weights, mu.data) + dot(weights, row(noise, i));
    if (margin > 0 === queries.uniform() >= p) right++;
  }
  const excess = right / 1000 - expected(conditionalRisk(W, row(mu, 0), row(context, 0)));
  return Math.min(0.1, Math.max(-0.1, excess));
}

/**
 * An example's own term gives (R̃² + d)/M to its logit, the others (1 − 2p)R̃² against it when its label was flipped,
 * and noise of size √(d/M).
 */
export const benignOverfitting = theorem<C>({
  id: "benign-overfitting",
  title: "Flipped labels are memorised in context and do no harm",
  source: { paper: freiVardi2024, locus: "main theorem, R̃ between the two scales", status: "stated as rate" },
  statement: String.raw`\sqrt{d/M} \ll \widetilde R^2 \ll d/M \implies \hat y_i = y_i^{\mathrm{noisy}} \ \forall i \text{ and } \Pr[\hat y \ne y] \approx 0`,
  regime: fc.record({
    d: fc.integer({ min: 200, max: 230 }),
    B: fc.integer({ min: 400, max: 450 }),
    N: fc.integer({ min: 20, max: 40 }),
    snr: fc.constant(5),
    M: fc.constant(8),
    p: fc.constantFrom(0.05, 0.1),
    R_test: fc.constant(4.5),
  }),
  examples: {
    "a flip in ten": { d: 220, B: 440, N: 40, snr: 5, M: 8, p: 0.1, R_test: 4.5 },
    "longer contexts": { d: 320, B: 520, N: 40, snr: 5, M: 10, p: 0.1, R_test: 5 },
  },
  assumptions: [
    assume<C>("R_test^2 >= c_low * sqrt(d / M)", {
      why: "the context's mean points at the signal",
      constants: { c_low: { value: 3.5, from: "calibrated: Φ(−3.5·0.8) is below 0.01, whatever d and M" } },
      drop: (c) => ({ ...c, R_test: 0.5 * (c.d / c.M) ** 0.25 }),
    }),
    assume<C>("R_test^2 <= c_high * d / M", {
      why: "an example's own term outweighs all the others",
      constants: { c_high: { value: 1, from: "the argument above: (R̃² + d)/M against (1 − 2p)R̃²" } },
      drop: (c) => ({ ...c, R_test: Math.sqrt((10 * c.d) / c.M) }),
    }),
    assume<C>("B >= c_B * d", {
      why: "tasks enough to learn all d directions",
      constants: { c_B: { value: 1.5, from: "calibrated: benign-b's curves level off at B = d" } },
      drop: (c) => ({ ...c, B: Math.ceil(c.d / 20) }),
    }),
    assume<C>("snr >= c_R", {
      why: "training signal above its noise",
      constants: { c_R: { value: 1, from: "calibrated; the published experiments have 5" } },
      drop: (c) => ({ ...c, snr: 0.1 }),
    }),
    assume<C>("p <= p_max", {
      why: "flips leave a majority of true labels in every context",
      constants: { p_max: { value: 0.1, from: "calibrated: 4 flips of 8 have probability 0.005" } },
      drop: (c) => ({ ...c, p: 0.45 }),
    }),
  ],
  claims: [
    {
      id: "memorises-flips",
      says: "at least 0.95 of the context's labels, flips included, are what the transformer predicts",
      form: "always",
      draw: forgotten,
      tolerance: 0.05,
      because: "stated slack, half of the p = 0.1 that remembering no flip would miss",
      seeds: 2,
      control: {
        name: "R̃² = 10 d/M, above the regime: flips are outvoted",
        draw: (c, stream) => forgotten({ ...c, p: 0.2 }, stream, Math.sqrt((10 * c.d) / c.M)),
      },
    },
    {
      id: "clean-error-small",
      says: "and queries with true labels are predicted with an error below 0.1",
      form: "always",
      draw: cleanError,
      tolerance: 0.1,
      because: "stated slack, a fifth of guessing; the optimum at these strengths is below 0.01",
      seeds: 2,
      control: {
        name: "R̃² = √(d/M)/4, below the regime: there is nothing to see",
        draw: (c, stream) => cleanError(c, stream, 0.5 * (c.d / c.M) ** 0.25),
      },
    },
    {
      id: "noisy-score",
      says: "scored on flipped labels, a learner of error e has accuracy (1 − p)(1 − e) + p·e",
      form: "equals",
      draw: (c, stream) => noisyAccuracy({ ...c, p: 0.2 }, stream, (e) => 0.8 * (1 - e) + 0.2 * e),
      range: [-0.1, 0.1],
      equals: 0,
      within: 0.03,
      maxDraws: 400,
      control: {
        name: "the flips forgotten: accuracy 1 − e",
        draw: (c, stream) =>
          Math.max(
            -0.1,
            noisyAccuracy({ ...c, p: 0.2 }, stream, (e) => 1 - e),
          ),
      },
    },
  ],
});
