import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { solveFactored } from "../../src/linalg/factor.js";
import { matrix } from "../../src/linalg/matrix.js";
import { drawSignedContext, type SignedContext } from "../../src/mixture/signed/gram-context.js";
import { gamma } from "../../src/random/gamma.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, type TaskScalars } from "../../src/risk/conditional.js";
import { exactRisk } from "../../src/risk/exact.js";
import { normalCdf } from "../../src/risk/normal.js";
import { sampleComplexity } from "../../src/risk/sample-complexity.js";
import { supportVectorRisk } from "../../src/risk/support-vector.js";
import { magenVardi2025 } from "../papers.js";
import { type LearnerWorld, logRatio, scoredLearners, statedLearners } from "./scored.js";

/*
 * Any learner. For μ uniform on the sphere of ℝ^d, W = I is Bayes-optimal (its posterior is von Mises–Fisher about m):
 * its error e(R̃, M, d) is the least of all learners that see one context, so a statement about W = I is one about all
 * of them. The others are held against it on the same contexts, known by their Gram matrices, so that d costs nothing.
 */

/** M examples of strength `Rtest` at test time; the transformer is trained on B tasks of SNR 1 in k dimensions. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly N: number;
  readonly B: number;
  readonly Rtest: number;
  readonly M: number;
};

const epsilon = 0.1;

export const singleTaskLowerBound = theorem({
  id: "single-task-lower-bound",
  title: "Without other tasks, Ω(d/R̃⁴) examples are needed by any learner; trained on them, d/k times fewer",
  source: { paper: magenVardi2025, locus: "§1, the single-task lower bound", status: "stated as rate" },
  statement: String.raw`M^*(\text{any learner}) \ge M^*(I) = \Omega(d/\tilde R^4), \quad M^*(I)/M^*(W) \approx d/k`,
  regime: fc.record({
    d: fc.constantFrom(10_000, 40_000),
    k: fc.integer({ min: 2, max: 5 }),
    N: fc.integer({ min: 16, max: 24 }),
    B: fc.integer({ min: 128, max: 160 }),
    Rtest: fc.constantFrom(2, 2.5),
    M: fc.integer({ min: 20, max: 60 }),
  }),
  examples: {
    "ten thousand dimensions": { d: 10_000, k: 4, N: 20, B: 128, Rtest: 2, M: 40 },
    "a long context": { d: 10_000, k: 2, N: 20, B: 128, Rtest: 3, M: 100 },
  },
  configurations: 2,
  maxDraws: 400,
  assumptions: [
    assume<C>("B >= c_B * k", {
      why: "tasks enough to learn the subspace",
      constants: { c_B: { value: 25, from: "calibrated: the trained M* is then within a tenth of that of PPᵀ" } },
      drop: (at) => ({ ...at, B: at.k }),
    }),
    assume<C>("d >= 1000", { why: "two decades of d down to 10", drop: (at) => ({ ...at, d: 300 }) }),
  ],
  world: { ...statedLearners, exponent: 1 } as LearnerWorld & { readonly exponent: number },
  rivals: {
    "half the dimensions": {
      says: "contexts in d/2 dimensions, of which a learner that beats e(R̃, M, d) could know",
      at: (at) => ({ ...at, d: at.d / 2 }),
    },
    "d^1.05": { says: "a theory with M* ∝ d^1.05", world: { exponent: 1.05 } },
    "an eighth of the tasks": { says: "an eighth of the training tasks", at: (at) => ({ ...at, B: at.B / 8 }) },
    "one step for 300": { says: "one step, W ∝ Σ m uᵀ, in place of 300", world: { descent: "one step" } },
  },
  simulate,
  claims: [
    {
      id: "slope-in-d",
      says: "log M* of W = I has slope 1 ± 0.02 in log d, from d/100 to d",
      form: "equals",
      measure: ({ average, narrow }, _, { exponent }) => 1 - exponent + slope(average, narrow),
      ...{ range: [0.958, 1.042], clip: "both", equals: 1, within: 0.02 },
      rivals: ["d^1.05"],
    },
    {
      id: "no-support-vector-machine-below",
      says: "the support vector machine's error is at least e(R̃, M, d), less 1% of it",
      form: "mean",
      measure: ({ contexts, own }, at) =>
        relative(at, own, contexts, (c) => supportVectorRisk(c, at.M, { tolerance: 1e-3 })),
      ...{ range: [0.97, 1.03], clip: "both", atLeast: 1, slack: 0.01 },
      rivals: ["half the dimensions"],
    },
    {
      id: "no-ridge-regression-below",
      says: "so is that of ridge regression of the labels, its penalty d",
      form: "mean",
      measure: ({ contexts, own }, at) => relative(at, own, contexts, (c) => ridgeRisk(c, own.d)),
      ...{ range: [0.97, 1.03], clip: "both", atLeast: 1, slack: 0.01 },
      rivals: ["half the dimensions"],
    },
    {
      id: "no-discriminant-analysis-below",
      says: "and that of discriminant analysis with the classes' own means and the true covariance",
      form: "mean",
      measure: ({ contexts, own }, at) => relative(at, own, contexts, (c) => discriminantRisk(c)),
      ...{ range: [0.9, 1.1], clip: "both", atLeast: 1, slack: 0.01 },
      rivals: ["half the dimensions"],
    },
    {
      id: "posterior-is-the-bound",
      says: "the posterior of the isotropic prior, W = I, has that error, to 2%",
      form: "equals",
      measure: ({ average }, at) =>
        average.reduce((sum, task) => sum + riskAt(task, at.M), 0) /
        average.length /
        exactRisk({ R: at.Rtest, M: at.M, k: at.d }),
      ...{ range: [0.94, 1.06], clip: "both", equals: 1, within: 0.02 },
      rivals: ["half the dimensions"],
    },
    {
      id: "trained-beats-it-by-d-over-k",
      says: "300 steps on other tasks save the factor M*(d)/M*(k) ~ d/k, on a log scale to ±0.15",
      form: "equals",
      // M*(I) and M*(PPᵀ) are known exactly: what is left is the trained one's ratio to that of PPᵀ.
      measure: ({ scored }) => -logRatio(scored.descent, scored.known),
      ...{ range: [-0.315, 0.315], clip: "both", equals: 0, within: 0.15 },
      rivals: [
        "an eighth of the tasks",
        { rival: "one step for 300", trueOfItToo: "one step's M* has k in it and no d as well" },
      ],
    },
  ],
});

function simulate(at: C, stream: Stream, world: LearnerWorld) {
  return lazily({
    own: () => at,
    average: () => averages(stream.derive("average"), at.d, at.Rtest),
    narrow: () => averages(stream.derive("average"), at.d / 100, at.Rtest),
    contexts: () => {
      const own = stream.derive("contexts");
      return Array.from({ length: 20 }, () => drawSignedContext(own, { d: at.d, R: at.Rtest, p: 0 }, at.M));
    },
    scored: () => scoredLearners({ ...at, R: Math.sqrt(at.d) }, stream, world, 100),
  });
}

/** The five scalars of 300 test tasks under W = I, by one normal along μ and a χ² of d − 1 degrees across it. */
function averages(stream: Stream, d: number, R: number): TaskScalars[] {
  const along = normals(stream, 300);
  return Array.from(along, (g) => ({
    ...{ signal: R * R, noise: R * g, signalSquared: R * R, cross: R * g },
    noiseSquared: g * g + 2 * gamma(stream, (d - 1) / 2),
  }));
}

function slope(wide: readonly TaskScalars[], narrow: readonly TaskScalars[]): number {
  return Math.log(sampleComplexity(wide, epsilon) / sampleComplexity(narrow, epsilon)) / Math.log(100);
}

/**
 * A learner's mean error over e(R̃, M, d), with the contexts' own luck taken off: that of W = I on them less its exact
 * mean in the dimension they were drawn in.
 */
function relative(at: C, own: C, contexts: readonly SignedContext[], risk: (context: SignedContext) => number): number {
  const least = ({ d }: C) => exactRisk({ R: at.Rtest, M: at.M, k: d });
  const even = new Float64Array(at.M).fill(1);
  const excess = contexts.reduce((sum, context) => sum + risk(context) - linearRisk(context, even), 0);
  return (excess / contexts.length + least(own)) / least(at);
}

/** The error, exactly, of sign(wᵀx + bias) with w = Σ βᵢyᵢxᵢ. */
function linearRisk({ gram, along, R }: SignedContext, beta: Float64Array, bias = 0): number {
  let [signal, squared] = [0, 0];
  for (let i = 0; i < beta.length; i++) {
    signal += R * beta[i]! * along[i]!;
    for (let j = 0; j < beta.length; j++) squared += beta[i]! * beta[j]! * gram.data[i * gram.cols + j]!;
  }
  const norm = Math.sqrt(squared);
  return (normalCdf(-(signal + bias) / norm) + normalCdf(-(signal - bias) / norm)) / 2;
}

/** Ridge regression of the labels on the examples, in its dual: (G + penalty)β = 1. */
function ridgeRisk(context: SignedContext, penalty: number): number {
  const M = context.y.length;
  const K = matrix(M, M, context.gram.data.slice());
  for (let i = 0; i < M; i++) K.data[i * M + i]! += penalty;
  const all = Int32Array.from({ length: M }, (_, i) => i);
  return linearRisk(context, solveFactored(K, all, new Float64Array(M).fill(1), "ts").values);
}

/**
 * Nearest class mean, which is discriminant analysis under the true covariance I; the mean where one class is missing.
 */
function discriminantRisk(context: SignedContext): number {
  const { y, gram } = context;
  const counts = [1, -1].map((label) => y.filter((value) => value === label).length);
  if (Math.min(...counts) === 0) return linearRisk(context, new Float64Array(y.length).fill(1));
  const beta = y.map((label) => 1 / counts[label > 0 ? 0 : 1]!);
  let bias = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < y.length; j++) {
      if (y[i] === y[j]) bias -= 0.5 * y[i]! * beta[i]! * beta[j]! * gram.data[i * gram.cols + j]!;
    }
  }
  return linearRisk(context, beta, bias);
}
