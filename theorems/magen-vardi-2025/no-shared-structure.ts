import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import { exactRisk } from "../../src/risk/exact.js";
import { exactSampleComplexity } from "../../src/risk/sample-complexity.js";
import { magenVardi2025 } from "../papers.js";
import { type LearnerWorld, logRatio, type Scored, scoredLearners, statedLearners } from "./scored.js";
import { meanError } from "./setup.js";

/*
 * Why nothing can be gained. Without a shared subspace the prior of μ is isotropic, and W = I, which averages the
 * context in ℝ^d, is Bayes-optimal among all learners (the posterior of μ is von Mises–Fisher about m). A fresh uniform
 * subspace for each task gives μ the very law that k = d does, uniform on the sphere of ℝ^d: one setting covers both.
 * The trained W is then near I itself, and reverts to the single-task learner from both sides.
 */

/** Training and test tasks with k = d; `snr` = R/√d at training, M examples of strength `Rtest` at test time. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly snr: number;
  readonly N: number;
  readonly B: number;
  readonly Rtest: number;
  readonly M: number;
};

export const noSharedStructure = theorem({
  id: "no-shared-structure",
  title: "Without a shared subspace training on other tasks reverts to single-task learning",
  source: { paper: magenVardi2025, locus: "break conditions: k = d, or a subspace for each task", status: "derived" },
  statement:
    String.raw`\mu \sim \mathrm{Unif}(R\,S^{d-1}) \implies \mathrm{err}(W_t; M) \approx \mathrm{err}(I; M), \quad ` +
    String.raw`M^* \propto d`,
  regime: fc.record({
    d: fc.constant(16),
    k: fc.constant(16),
    snr: fc.constantFrom(3, 5),
    N: fc.integer({ min: 10, max: 40 }),
    B: fc.constant(512),
    Rtest: fc.constantFrom(1.7, 2),
    M: fc.integer({ min: 5, max: 20 }),
  }),
  examples: { "a subspace that is everything": { d: 16, k: 16, snr: 5, N: 20, B: 512, Rtest: 1.7, M: 10 } },
  configurations: 1,
  maxDraws: 300,
  assumptions: [
    assume<C>("k == d", { why: "no subspace is shared", drop: (at) => ({ ...at, k: Math.ceil(at.d / 2) }) }),
    assume<C>("B >= c_B * d", {
      why: "tasks enough for W to be near I",
      constants: { c_B: { value: 32, from: "calibrated: an error within 3% of that of I" } },
      drop: (at) => ({ ...at, B: at.d }),
    }),
  ],
  world: statedLearners as LearnerWorld,
  rivals: {
    "a subspace of half the dimensions": {
      says: "tasks that share d/2 dimensions",
      at: (at) => ({ ...at, k: Math.round(at.d / 2) }),
    },
    "a quarter of the tasks": { says: "8 tasks a dimension", at: (at) => ({ ...at, B: at.B / 4 }) },
    "one step for 300": { says: "one step, W ∝ Σ m uᵀ, in place of 300", world: { descent: "one step" } },
  },
  simulate,
  claims: [
    {
      id: "error-of-single-task-learning",
      says: "the error after 300 steps is that of W = I in d dimensions, on a log scale to ±0.04",
      form: "equals",
      measure: ({ base, exact }, { M }) =>
        Math.log(meanError(base.descent, M) / meanError(base.known, M)) + exact.offset,
      ...{ range: [-0.12, 0.12], clip: "both", equals: 0, within: 0.04 },
      rivals: ["a subspace of half the dimensions"],
    },
    {
      id: "examples-in-proportion-to-d",
      says: "log M* after 300 steps has the slope of M*(I) in log d, from d/8 to d, to 0.06",
      form: "equals",
      measure: ({ base, fewer, exact }, at) => {
        const log = (scored: Scored, k: number) =>
          logRatio(scored.descent, scored.known) + Math.log(exactSampleComplexity({ R: at.Rtest, k, epsilon: 0.1 }));
        return (log(base, exact.k) - log(fewer, at.d / 8)) / Math.log(8);
      },
      equals: slopeOfSingle,
      range: [(at) => slopeOfSingle(at) - 0.18, (at) => slopeOfSingle(at) + 0.18],
      ...{ clip: "both", within: 0.06 },
      rivals: [
        "a subspace of half the dimensions",
        { rival: "one step for 300", trueOfItToo: "one step has M* ∝ k, here d, as well" },
      ],
    },
  ],
});

/** The exact slope of log M*(I) between d/8 and d: 1 but for what is left of small d. */
function slopeOfSingle({ d, Rtest: R }: C): number {
  const M = (k: number) => exactSampleComplexity({ R, k, epsilon: 0.1 });
  return Math.log(M(d) / M(d / 8)) / Math.log(8);
}

function simulate(at: C, stream: Stream, world: LearnerWorld) {
  const score = (d: number, k: number, B: number) =>
    scoredLearners({ ...at, d, k, B, R: at.snr * Math.sqrt(d) }, stream, world, 200);
  const risk = (k: number) => exactRisk({ R: at.Rtest, M: at.M, k });
  return lazily({
    base: () => score(at.d, at.k, at.B),
    fewer: () => score(at.d / 8, at.d / 8, at.B / 8),
    // PPᵀ is the reference only where it is I: else the distance between the two is added.
    exact: () => ({ k: at.k, offset: Math.log(risk(at.k) / risk(at.d)) }),
  });
}
