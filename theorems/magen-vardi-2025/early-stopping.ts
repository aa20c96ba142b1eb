import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import { type TaskScalars, taskScalars } from "../../src/risk/conditional.js";
import { marginSpread, noiseToSignal } from "../../src/risk/law-of-the-limit.js";
import { sampleComplexity } from "../../src/risk/sample-complexity.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { magenVardi2025 } from "../papers.js";
import {
  gramOf,
  type Learner,
  meanError,
  statedTasks,
  type TaskWorld,
  testTasks,
  trained,
  trainingTasks,
} from "./setup.js";

/*
 * Why. Theorem 2.3 is about the max-margin limit, the figures about 300 steps, and it takes training for either to
 * differ from one step, W₁ ∝ Σ m uᵀ. One step carries the fluctuation (k − 1)/B of Σ vvᵀ, most of which 300 steps take
 * out: that shows where the signal is strong, and drowns in the tasks' noise kλ/B where it is weak. The limit fits each
 * task's own noise: from B ≈ kλR tasks on more of them no longer help it, while they help what is stopped early; below
 * that the two agree.
 */

/** B tasks in ℝ^d, of strength R in k dimensions, N examples each; tested at strength R̃ with M examples. */
type At = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly Rtest: number;
  readonly M: number;
};

/** What stands at the three places of the training. */
interface World extends TaskWorld {
  readonly first: Learner;
  readonly middle: Learner;
  readonly last: Learner;
}

const noise = (c: At) => (c.k * noiseToSignal(c)) / c.B;
/** Beyond three times the B at which the law of the limit says that more tasks hardly help. */
const crowded = (c: At) => noise(c) < marginSpread(c) / 3;
/** The tasks' own noise is a tenth of what one step's fluctuation is, and more than the spread of margins. */
const strong = (c: At) => noiseToSignal(c) <= 0.1 && !crowded(c);
const weak = (c: At) => noiseToSignal(c) >= 10;

export const earlyStopping = theorem({
  id: "early-stopping",
  title: "One step, 300 steps and the limit are three learners: which is best depends on signal and tasks",
  source: { paper: magenVardi2025, locus: "beside Theorem 2.3: the figures train 300 steps", status: "derived" },
  statement:
    String.raw`B \gg k\lambda R:\ M^*(W_{300}) < M^*(W_{MM});\qquad R \gg \sqrt d:\ \mathrm{err}(W_{300}) \approx ` +
    String.raw`\mathrm{err}(W_{MM}) < \mathrm{err}(W_1)`,
  regime: fc.record({
    d: fc.constantFrom(24, 32, 40),
    k: fc.constantFrom(3, 4),
    R: fc.constantFrom(5, 6, 7),
    N: fc.constantFrom(20, 40),
    B: fc.constantFrom(200, 256),
    Rtest: fc.constant(2),
    M: fc.constantFrom(20, 100, 1000),
  }),
  examples: {
    "more tasks than the limit can use": { d: 32, k: 4, R: 5.7, N: 20, B: 256, Rtest: 2, M: 1000 },
    "the published strength, R = 5√d": { d: 1000, k: 8, R: 158, N: 40, B: 64, Rtest: 2, M: 1000 },
    "strong signal in a million dimensions": { d: 1e6, k: 8, R: 4500, N: 10, B: 80, Rtest: 2, M: 100 },
    "weak signal": { d: 20_000, k: 8, R: 42, N: 20, B: 64, Rtest: 2, M: 1000 },
  },
  configurations: 5,
  assumptions: [
    assume<At>("B < d^2", {
      why: "few enough tasks for a separating W, without which there is no limit",
      drop: (c) => ({ ...c, d: 7, k: 2, R: 1, B: 90 }),
    }),
    assume<At>("Rtest > c_R", {
      why: "an error of 0.1 is within reach of PPᵀ, whose floor is Φ(−R̃)",
      constants: { c_R: { value: 1.3, from: "Φ(−1.28) = 0.1" } },
      drop: (c) => ({ ...c, Rtest: 1 }),
    }),
  ],
  world: { ...statedTasks, first: "one step", middle: "300 steps", last: "limit" } as World,
  rivals: {
    "one step in place of 300": { says: "constant weights: never trained", world: { middle: "one step" } },
    "the limit in place of 300 steps": { says: "never stopped", world: { middle: "limit" } },
    "300 steps in place of one": { says: "trained where only begun", world: { first: "300 steps" } },
    "300 steps in place of the limit": { says: "always stopped", world: { last: "300 steps" } },
    "one step in place of the limit": { says: "never trained, and called the limit", world: { last: "one step" } },
    "a tenth of the signal": { says: "trained at R/10", at: (c: At) => ({ ...c, R: c.R / 10 }) },
    "ten times the signal": { says: "trained at 10R", at: (c: At) => ({ ...c, R: 10 * c.R }) },
  },
  cost: ({ B, k, d }) => dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300, limit: true }),
  simulate,
  claims: [
    {
      id: "limit-needs-more-examples",
      says: "with three times the tasks the limit can use, its M*(0.1) is 8% or more above that of 300 steps",
      form: "mean",
      where: crowded,
      measure: (s) => Math.log(s.needed(s.last) / s.needed(s.middle)),
      atLeast: 0.08,
      slack: 0.04,
      range: [-0.06, 0.34],
      clip: "both",
      rivals: ["the limit in place of 300 steps", "300 steps in place of the limit", "one step in place of the limit"],
    },
    {
      id: "limit-errs-more",
      says: "there its error is 10% or more above that of 300 steps",
      form: "mean",
      where: crowded,
      measure: (s, c) => Math.log(s.error(s.last, c.M) / s.error(s.middle, c.M)),
      atLeast: 0.1,
      slack: 0.05,
      range: [-0.18, 0.5],
      clip: "both",
      rivals: ["the limit in place of 300 steps", "300 steps in place of the limit"],
    },
    {
      id: "training-beats-one-step",
      says: "at strong signal one step errs 5% or more above 300 steps, which take the fluctuation of the tasks out",
      form: "mean",
      where: strong,
      measure: (s, c) => Math.log(s.error(s.first, c.M) / s.error(s.middle, c.M)),
      atLeast: 0.05,
      slack: 0.02,
      range: [-0.035, 0.185],
      clip: "both",
      rivals: ["one step in place of 300", "300 steps in place of one", "a tenth of the signal"],
    },
    {
      id: "one-step-needs-more-examples",
      says: "and its M*(0.1) is 3.5% or more above",
      form: "mean",
      where: strong,
      measure: (s) => Math.log(s.needed(s.first) / s.needed(s.middle)),
      atLeast: 0.035,
      slack: 0.02,
      range: [-0.04, 0.17],
      clip: "both",
      rivals: ["one step in place of 300", "300 steps in place of one"],
    },
    {
      id: "agree-at-strong-signal",
      says: "there the limit needs 4% fewer examples than 300 steps, to ± 3%: what they leave of the fluctuation",
      form: "equals",
      where: strong,
      measure: (s) => Math.log(s.needed(s.last) / s.needed(s.middle)),
      equals: -0.04,
      within: 0.03,
      range: [-0.13, 0.05],
      clip: "both",
      rivals: ["one step in place of the limit", "300 steps in place of the limit"],
    },
    {
      id: "all-agree-at-weak-signal",
      says:
        "where the tasks' noise is ten times the signal, one step errs as 300 steps do, to ± " +
        "1.5%: the logistic loss is idle",
      form: "equals",
      where: weak,
      measure: (s, c) => Math.log(s.error(s.first, c.M) / s.error(s.middle, c.M)),
      equals: 0,
      within: 0.015,
      range: [-0.033, 0.033],
      clip: "both",
      rivals: ["ten times the signal"],
    },
  ],
});

/** The scalars of 200 test tasks under each learner of the same training tasks. */
function simulate(c: At, stream: Stream, world: World) {
  const tasks = trainingTasks(c, stream.derive("tasks"), world);
  const shared = lazily({
    K: () => gramOf(tasks),
    tests: () => testTasks(stream.derive("test"), c, tasks, 200),
  });
  const known = new Map<Learner, TaskScalars[]>();
  const scalarsOf = (learner: Learner) => {
    let scalars = known.get(learner);
    if (!scalars) {
      scalars = taskScalars(trained(tasks, learner, { K: () => shared.K }), shared.tests);
      known.set(learner, scalars);
    }
    return scalars;
  };
  const parts = lazily({
    first: () => scalarsOf(world.first),
    middle: () => scalarsOf(world.middle),
    last: () => scalarsOf(world.last),
  });
  const needed = (scalars: readonly TaskScalars[]) => sampleComplexity(scalars, 0.1);
  return Object.assign(parts, { needed, error: meanError });
}
