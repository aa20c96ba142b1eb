import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import type { Stream } from "../../src/random/stream.js";
import { lawOfDescent } from "../../src/risk/law-of-descent.js";
import { lawOfTheLimit } from "../../src/risk/law-of-the-limit.js";
import { oneStepAlignmentLaw } from "../../src/transformer/alignment.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { magenVardi2025 } from "../papers.js";
import {
  descentMultipliers,
  type Learner,
  limitMultipliers,
  statedTasks,
  type TaskWorld,
  tangentSquared,
  tasksPerDirection,
  trainingTasks,
} from "./setup.js";

/*
 * Why. Remark 4.1 says that W is similar to PPᵀ; how similar is a number that d, k, R, N and B decide. With s = d/R²
 * and λ = (1 + s)(1 + s/N) − 1: after one step cos² = 1/(1 + (kλ + k − 1)/B), exactly in the ratio of means; kλ/B is
 * the noise of the tasks, which stays, and (k − 1)/B the fluctuation of Σ vvᵀ, which training takes out, the limit all
 * of it and 300 steps all but some ((k + 2)/(2 log t))². The derivations stand with `oneStepAlignmentLaw`,
 * `lawOfDescent` and `lawOfTheLimit`.
 */

/** B tasks in ℝ^d, of strength R in k dimensions, N examples each; s = d/R² is 1/SNR². */
type At = { readonly d: number; readonly k: number; readonly R: number; readonly N: number; readonly B: number };

/** What stands at the three places of the training. */
interface World extends TaskWorld {
  readonly first: Learner;
  readonly middle: Learner;
  readonly last: Learner;
}

const at = (d: number, k: number, s: number, N: number, B: number): At => ({ d, k, R: Math.sqrt(d / s), N, B });
const cosineSquared = (tangent: number) => 1 / (1 + tangent);
/** Judged of a difference of cos² that is to vanish. */
const aboutZero = (within: number) =>
  ({ form: "equals", equals: 0, within, range: [-3 * within, 3 * within], clip: "both" }) as const;

export const subspaceAlignment = theorem({
  id: "subspace-alignment",
  title: "The trained weights align with the projector on the tasks' subspace, by a law in B, d and SNR",
  source: {
    paper: magenVardi2025,
    locus: "Remark 4.1, which states similarity; the laws are derived",
    status: "derived",
  },
  statement:
    String.raw`\cos^2\angle(W, PP^\top) \approx \Bigl(1 + \tfrac{k\lambda}{B} + \theta_t\tfrac{k-1}{B}\Bigr)^{-1},` +
    String.raw`\quad \lambda = \bigl(1 + \tfrac{d}{R^2}\bigr)\bigl(1 + \tfrac{d}{NR^2}\bigr) - 1,\quad \theta_1 = 1,` +
    String.raw`\ \theta_\infty = 0`,
  regime: fc
    .record({
      k: fc.constantFrom(2, 3, 4),
      N: fc.constantFrom(1, 5, 20, 40),
      s: fc.constantFrom(0.04, 0.2, 1, 5, 11),
      perDirection: fc.constantFrom(5, 10),
      d: fc.constantFrom(1e4, 1e6, 1e8),
    })
    .map(({ k, N, s, perDirection, d }) => at(d, k, s, N, Math.max(40, perDirection * k * k))),
  examples: {
    "the published strength, R = 5√d": at(1000, 5, 0.04, 40, 125),
    "one example a context": at(1e6, 4, 1, 1, 80),
    "weak signal": at(20_000, 4, 11, 20, 80),
    "eight dimensions": at(1e5, 8, 0.2, 10, 200),
    "drowned in noise": at(1e6, 4, 125, 20, 80),
  },
  configurations: 6,
  assumptions: [
    tasksPerDirection<At>(3, "calibrated: with the next order in k²/B the limit's law is within 0.01 from there on"),
    assume<At>("d >= c_d * B", {
      why: "the noise of different tasks is near to orthogonal",
      constants: { c_d: { value: 3, from: "calibrated: the limit's law is within 0.01 from there on" } },
      drop: (c) => at(Math.max(c.k, Math.round(c.B / 20)), c.k, 20, c.N, c.B),
    }),
  ],
  world: { ...statedTasks, first: "one step", middle: "300 steps", last: "limit" } as World,
  rivals: {
    "one step in place of the limit": { says: "W ∝ Σ m uᵀ, never trained", world: { last: "one step" } },
    "300 steps in place of the limit": { says: "stopped early", world: { last: "300 steps" } },
    "one step in place of 300": { says: "constant weights: no logistic loss", world: { middle: "one step" } },
    "the limit in place of 300 steps": { says: "never stopped", world: { middle: "limit" } },
    "300 steps in place of one": { says: "trained where only begun", world: { first: "300 steps" } },
    "context noise 1/N": { says: "the mean of N examples has noise 1/N", world: { contextNoiseExponent: 1 } },
    "noise × 0.9": { says: "training noise a tenth too small", world: { queryNoise: 0.9, contextNoise: 0.9 } },
    "Gaussian means": { says: "μ ~ N(0, R²/k I): norms vary", world: { means: "gaussian" } },
    "means on the axes": { says: "μ = ±R e_i in place of the sphere", world: { means: "axes" } },
    "twice the signal": { says: "trained at 2R", at: (c: At) => ({ ...c, R: 2 * c.R }) },
    "a third of the signal": { says: "trained at R/3", at: (c: At) => ({ ...c, R: c.R / 3 }) },
  },
  cost: ({ B, k, d }) => dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300, limit: true }),
  simulate,
  claims: [
    {
      id: "one-step-law",
      says: "after one step cos² is 1/(1 + (kλ + k − 1)/B) to ± 0.015",
      ...aboutZero(0.015),
      measure: ({ first }, c) => cosineSquared(first) - oneStepAlignmentLaw(c, c.B),
      rivals: [
        "noise × 0.9",
        "context noise 1/N",
        "300 steps in place of one",
        { rival: "means on the axes", trueOfItToo: "the law needs no more of the directions than E vvᵀ = I/k" },
      ],
    },
    {
      id: "law-of-300-steps",
      says: "after 300 steps of η = 1/β it is the mean field's, to ± 0.01",
      ...aboutZero(0.01),
      measure: ({ middle }, c) => cosineSquared(middle) - cosineSquared(lawOfDescent(c, 300)),
      rivals: ["noise × 0.9", "one step in place of 300", "context noise 1/N", "Gaussian means"],
    },
    {
      id: "law-of-the-limit",
      says: "for W_MM it is the law of the limit, to ± 0.01",
      ...aboutZero(0.01),
      measure: ({ last }, c) => cosineSquared(last) - cosineSquared(lawOfTheLimit(c, true).tanSquared),
      rivals: ["one step in place of the limit", "noise × 0.9", "context noise 1/N", "Gaussian means"],
    },
    {
      id: "what-300-steps-leave",
      says: "on the same tasks, k = 8, cos² of the limit less that of 300 steps is what the two laws say, to ± 0.004",
      ...aboutZero(0.004),
      where: (c) => c.k >= 8,
      measure: ({ middle, last }, c) =>
        cosineSquared(last) -
        cosineSquared(middle) -
        (cosineSquared(lawOfTheLimit(c, true).tanSquared) - cosineSquared(lawOfDescent(c, 300))),
      rivals: [
        "the limit in place of 300 steps",
        "300 steps in place of the limit",
        "one step in place of 300",
        "one step in place of the limit",
      ],
    },
    {
      id: "similar-to-the-projector",
      says: "Remark 4.1 as a number: where B ≥ 20kλ the cosine of W_MM with PPᵀ is at least 0.97",
      form: "mean",
      where: (c) => c.B >= 20 * c.k * lambdaOf(c),
      measure: ({ last }) => Math.sqrt(cosineSquared(last)),
      atLeast: 0.97,
      slack: 0.01,
      range: [0.92, 1],
      clip: "below",
      rivals: [
        "Gaussian means",
        { rival: "noise × 0.9", trueOfItToo: "less noise, better aligned: a bound from below stays true" },
        { rival: "twice the signal", trueOfItToo: "more signal, better aligned" },
      ],
    },
    {
      id: "drowned",
      says: "the summaries' R ≪ √d with few tasks: where kλ ≥ 30B cos² of W_MM is at most 0.03",
      form: "mean",
      where: (c) => c.k * lambdaOf(c) >= 30 * c.B,
      measure: ({ last }) => cosineSquared(last),
      atMost: 0.03,
      slack: 0.01,
      range: [0.02, 0.06],
      clip: "above",
      rivals: ["twice the signal"],
    },
  ],
});

const lambdaOf = ({ d, R, N }: At) => (1 + d / R ** 2) * (1 + d / R ** 2 / N) - 1;

/** tan² of the angle with PPᵀ after one step, after 300 and in the limit, of the same tasks. */
function simulate(c: At, stream: Stream, world: World) {
  const tasks = trainingTasks(c, stream, world);
  const K = gramProduct(tasks.m, tasks.u);
  const known = new Map<Learner, number>();
  const angleOf = (learner: Learner): number => {
    let tangent = known.get(learner);
    if (tangent === undefined) {
      const alpha =
        learner === "one step"
          ? new Float64Array(c.B).fill(1)
          : learner === "limit"
            ? limitMultipliers(K)
            : descentMultipliers(K, 300);
      tangent = tangentSquared(tasks, K, alpha);
      known.set(learner, tangent);
    }
    return tangent;
  };
  return lazily({
    first: () => angleOf(world.first),
    middle: () => angleOf(world.middle),
    last: () => angleOf(world.last),
  });
}
