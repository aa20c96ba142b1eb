import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { identity, type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { dot } from "../../src/linalg/vector.js";
import { drawNoisyContexts } from "../../src/mixture/signed/flipped-contexts.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { conditionalRisk } from "../../src/risk/conditional.js";
import { type NoisyScores, scoreNoisyContexts } from "../../src/risk/flipped-contexts.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";
import { freiVardi2024 } from "../papers.js";

/**
 * `snr` is the training strength over √d; a test context has M examples of strength `Rtest`, each label flipped with
 * probability p. There is no subspace: k = d.
 */
type C = {
  readonly d: number;
  readonly B: number;
  readonly N: number;
  readonly snr: number;
  readonly M: number;
  readonly p: number;
  readonly Rtest: number;
};

/**
 * The world of the statement: how long it trains, at which share of R̃ it is tested, and whether scores know of flips.
 */
interface World {
  readonly steps: number;
  readonly signal: number;
  readonly flips: boolean;
}

/**
 * An example's own term gives (R̃² + d)/M to its logit, the others (1 − 2p)R̃² against it when its label was flipped,
 * and noise of size √(d/M).
 */
export const benignOverfitting = theorem({
  id: "benign-overfitting",
  title: "Flipped labels are memorised in context and do no harm",
  source: { paper: freiVardi2024, locus: "main theorem, R̃ between the two scales", status: "stated as rate" },
  statement:
    String.raw`\sqrt{d/M} \ll \widetilde R^2 \ll d/M \implies \hat y_i = y_i^{\mathrm{noisy}} \ \forall i \text{ and ` +
    String.raw`} \Pr[\hat y \ne y] \approx 0`,
  regime: fc.record({
    d: fc.integer({ min: 380, max: 420 }),
    B: fc.integer({ min: 600, max: 640 }),
    N: fc.integer({ min: 20, max: 40 }),
    snr: fc.constant(5),
    M: fc.constant(20),
    p: fc.constantFrom(0.1, 0.2),
    Rtest: fc.constant(4.5),
  }),
  examples: { "a flip in five": { d: 400, B: 600, N: 40, snr: 5, M: 20, p: 0.2, Rtest: 4.5 } },
  paper: { "d = 1000, R̃ between the scales": { d: 1000, B: 1000, N: 40, snr: 5, M: 20, p: 0.2, Rtest: 6 } },
  configurations: 1,
  maxDraws: 150,
  assumptions: [
    assume<C>("Rtest^2 >= c_low * sqrt(d / M)", {
      why: "the context's mean points at the signal",
      constants: { c_low: { value: 3.5, from: "calibrated: Φ(−3.5·0.6) is below 0.02 at p = 0.2, whatever d and M" } },
      drop: (c) => ({ ...c, Rtest: 0.5 * (c.d / c.M) ** 0.25 }),
    }),
    assume<C>("Rtest^2 <= c_high * d / M", {
      why: "an example's own term outweighs all the others",
      constants: { c_high: { value: 1, from: "the argument above: (R̃² + d)/M against (1 − 2p)R̃²" } },
      drop: (c) => ({ ...c, Rtest: Math.sqrt((10 * c.d) / c.M) }),
    }),
    assume<C>("B >= c_B * d", {
      why: "tasks enough to learn all d directions",
      constants: { c_B: { value: 1, from: "the published experiments have B = d" } },
      drop: (c) => ({ ...c, B: Math.ceil(c.d / 20) }),
    }),
    assume<C>("snr >= c_R", {
      why: "training signal above its noise",
      constants: { c_R: { value: 1, from: "calibrated; the published experiments have 5" } },
      drop: (c) => ({ ...c, snr: 0.1 }),
    }),
    assume<C>("p <= p_max", {
      why: "flips leave a majority of true labels in every context",
      constants: { p_max: { value: 0.2, from: "published: p = 0.2, 10 flips of 20 have probability 0.002" } },
      drop: (c) => ({ ...c, p: 0.45 }),
    }),
  ],
  world: { steps: 300, signal: 1, flips: true } as World,
  rivals: {
    "beyond the regime": { says: "R̃² = 10 d/M: flips are outvoted", world: { signal: 5 } },
    "below the regime": { says: "a quarter of the strength: there is nothing to see", world: { signal: 0.25 } },
    "never trained": { says: "no step, W = 0, predicting by chance", world: { steps: 0 } },
    "flips forgotten": { says: "accuracy taken for 1 − e, as if no label were flipped", world: { flips: false } },
  },
  simulate,
  claims: [
    {
      id: "memorises-flips",
      says: "the transformer predicts at least 0.97 of its context's labels, a fifth of them flipped: mean share",
      form: "mean",
      measure: ({ scores }) => mean(scores.memorised),
      ...{ range: [0.9, 1], clip: "below", atLeast: 0.97, slack: 0.03 },
      rivals: ["beyond the regime", "never trained"],
    },
    {
      id: "clean-error-near-optimal",
      says: "and its error on true labels is within 0.045 of that of W = I, the optimum, on the same contexts",
      form: "mean",
      measure: ({ scores, optimal }) => mean(scores.errors) - mean(optimal.errors),
      ...{ range: [0.005, 0.105], clip: "both", atMost: 0.045, slack: 0.015 },
      rivals: ["never trained"],
    },
    {
      id: "clean-error-small",
      says: "which is below 0.08",
      form: "mean",
      measure: ({ scores }) => mean(scores.errors),
      ...{ range: [0, 0.15], clip: "above", atMost: 0.08, slack: 0.02 },
      rivals: ["below the regime", "never trained"],
    },
    {
      id: "noisy-score",
      says: "scored on flipped labels, a learner of error e has accuracy (1 − p)(1 − e) + p·e, to 0.03",
      form: "equals",
      measure: ({ noisy }, { p }, { flips }) => {
        const e = noisy.error;
        return noisy.accuracy - (flips ? (1 - p) * (1 - e) + p * e : 1 - e);
      },
      ...{ range: [-0.072, 0.072], clip: "both", equals: 0, within: 0.03 },
      rivals: ["flips forgotten"],
    },
  ],
  cost: ({ B, d }) => dualTrainingCost({ B, columns: d, steps: 300 }),
});

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function simulate(at: C, stream: Stream, world: World) {
  const { d, B, N, snr, M, p } = at;
  const R = world.signal * at.Rtest;
  const contexts = drawNoisyContexts(stream.derive("contexts"), { d, k: d, p }, M, 24);
  const parts: {
    readonly W: Matrix;
    readonly scores: NoisyScores;
    readonly optimal: NoisyScores;
    readonly noisy: { readonly error: number; readonly accuracy: number };
  } = lazily({
    W: () => {
      // Nothing to fill a Gram matrix for.
      if (world.steps === 0) return matrix(d, d);
      const { m, u } = drawTasks(stream.derive("tasks"), taskLaw({ d, k: d, R: snr * Math.sqrt(d), N }), B);
      // The published step, 0.01: tasks of such strength are all but fitted after a few.
      const [end] = trainDual(gramProduct(m, u), { stepSize: 0.01, at: [world.steps] });
      return weightsFrom(end!.alpha, { m, u });
    },
    scores: () => scoreNoisyContexts(parts.W, contexts, R),
    optimal: () => scoreNoisyContexts(identity(d), contexts, R),
    noisy: () => noisyAccuracy(p, R, stream),
  });
  return parts;
}

/** One W = I in d = 20, since the identity holds of any learner, on 1,000 raw queries with flipped labels. */
function noisyAccuracy(p: number, R: number, stream: Stream) {
  const d = 20;
  const { mu, zeta } = drawTestTasks(stream.derive("test"), taskLaw({ d, k: d, R, N: 1 }), 1);
  const weights = mu.data.map((value, a) => value + zeta.data[a]! / 3);
  const queries = stream.derive("queries");
  const noise = matrix(1000, d, normals(queries, 1000 * d));
  let right = 0;
  for (let i = 0; i < 1000; i++) {
    // y·x = μ + z: a positive margin is the true label, a negative one its flip.
    const margin = dot(weights, mu.data) + dot(weights, row(noise, i));
    if (margin > 0 === queries.uniform() >= p) right++;
  }
  return { error: conditionalRisk(identity(d), row(mu, 0), weights), accuracy: right / 1000 };
}
