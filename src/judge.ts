// The light entry: the statistical judge, the streams it draws from, and the matchers. Runs in a browser.

export { type Label, Stream } from "./random/stream.js";
export * from "./stats/budget.js";
export * from "./stats/capital.js";
export * from "./stats/certificate.js";
export * from "./stats/combined.js";
export { confidenceInterval, type Interval, intersection, varianceInterval } from "./stats/confidence.js";
export * from "./stats/draws-needed.js";
export * from "./stats/evidence.js";
export * from "./stats/forms.js";
export { type Bet, describeHypothesis, type Hypothesis, type Range } from "./stats/hypothesis.js";
export * from "./stats/judge.js";
export { matchers } from "./stats/matchers.js";
export * from "./stats/same-law.js";
export * from "./stats/several.js";
export {
  type Answer,
  type Asking,
  judgeSimulation,
  type Question,
  type Simulation,
  type SimulationResult,
  simulation,
} from "./stats/simulation.js";
export * from "./stats/smallest-gap.js";
export * from "./stats/variance-capital.js";
export { configurationRates, overallVerdict, type Rates, type Verdict } from "./stats/verdict.js";
