// The public API, room by room. Nothing is defined here.

export * from "./argument.js";
export * from "./claim/assumption.js";
export * from "./claim/audit.js";
export * from "./claim/claim-evidence.js";
export * from "./claim/configurations.js";
export * from "./claim/counterexample.js";
export * from "./claim/drawing.js";
export * from "./claim/judging.js";
export * from "./claim/pool.js";
export * from "./claim/setting.js";
export * from "./claim/simulation.js";
export * from "./claim/suite.js";
export * from "./claim/theorem.js";
export * from "./claim/wording.js";
export * from "./learners/linear-discriminant.js";
export * from "./learners/mle.js";
export * from "./learners/projected.js";
export * from "./learners/support-vector.js";
export * from "./linalg/decompositions.js";
export * from "./linalg/factor.js";
export { type Backend, defaultBackend, type Precision } from "./linalg/kernels/backend.js";
export * from "./linalg/largest-eigenvalue.js";
export * from "./linalg/matrix.js";
export * from "./linalg/principal-angles.js";
export * from "./linalg/products.js";
export * from "./linalg/quadrature.js";
export * from "./linalg/softmax.js";
export * from "./linalg/symmetric-operator.js";
export * from "./linalg/vector.js";
export * from "./mixture/classes/context.js";
export * from "./mixture/classes/covariance.js";
export * from "./mixture/classes/law.js";
export * from "./mixture/classes/means.js";
export * from "./mixture/classes/posterior.js";
export * from "./mixture/signed/contradiction.js";
export * from "./mixture/signed/dimension-free.js";
export * from "./mixture/signed/flipped-contexts.js";
export * from "./mixture/signed/gram-context.js";
export * from "./mixture/signed/prompt.js";
export * from "./mixture/signed/task-law.js";
export * from "./mixture/signed/tasks.js";
export * from "./mixture/subspace.js";
export * from "./random/counts.js";
export * from "./random/gamma.js";
export * from "./random/haar.js";
export * from "./random/normal.js";
export * from "./random/sphere.js";
export * from "./random/stream.js";
export * from "./risk/conditional.js";
export * from "./risk/curve.js";
export * from "./risk/departure.js";
export * from "./risk/exact.js";
export * from "./risk/flipped-contexts.js";
export * from "./risk/law-of-descent.js";
export * from "./risk/law-of-the-limit.js";
export * from "./risk/moment-law.js";
export * from "./risk/normal.js";
export * from "./risk/sample-complexity.js";
export * from "./risk/support-vector.js";
export { splitRates, suiteRates } from "./stats/budget.js";
export { averageLogCapital, Capital, type Side } from "./stats/capital.js";
export { confidenceInterval, type Interval, intersection } from "./stats/confidence.js";
export { drawsNeeded, type Plan } from "./stats/draws-needed.js";
export {
  averageEvidence,
  type Evidence,
  multiplyEvidence,
  parseEvidence,
  type SeedRange,
  verdictOf,
} from "./stats/evidence.js";
export { type Bet, describeHypothesis, type Hypothesis, type Range } from "./stats/hypothesis.js";
export { Judge, type Trial } from "./stats/judge.js";
export { overallVerdict, type Rates, type Verdict } from "./stats/verdict.js";
export * from "./transformer/alignment.js";
export * from "./transformer/block-pivoting.js";
export * from "./transformer/classes/loss.js";
export * from "./transformer/classes/minimiser.js";
export * from "./transformer/classes/probabilities.js";
export * from "./transformer/classes/sample.js";
export * from "./transformer/classes/scale.js";
export * from "./transformer/descent/dual.js";
export * from "./transformer/descent/normalised.js";
export * from "./transformer/descent/primal.js";
export * from "./transformer/descent/stochastic.js";
export * from "./transformer/linear.js";
export * from "./transformer/logistic.js";
export * from "./transformer/max-margin.js";
export * from "./transformer/memorisation.js";
export * from "./transformer/training-minimiser.js";
export { matchers } from "./vitest.js";
