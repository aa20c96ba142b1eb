import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import type { TaskScalars } from "../../src/risk/conditional.js";
import { dualTrainingCost, totalCost } from "../../src/transformer/cost.js";
import { magenVardi2025 } from "../papers.js";
import { type Learner, meanError, statedTasks, type TaskWorld, testScalars, trained, trainingTasks } from "./setup.js";

/**
 * Strengths R, 7R/5 and 9R/5, dimensions k, 2k and 3k, as in Figure 2, whose B is not published; trained and tested at
 * one strength.
 */
type C = { readonly d: number; readonly k: number; readonly R: number; readonly N: number; readonly B: number };

interface World extends TaskWorld {
  readonly learner: Learner;
  /** The strengths, in multiples of R; the dimensions, of k. */
  readonly strengths: readonly number[];
  readonly dimensions: readonly number[];
}

const lengths = ({ k }: C) => (k >= 100 ? [50, 150, 500] : [1, 5, 20]);

export const monotonicity = theorem({
  id: "monotonicity",
  title: "Accuracy rises with the signal and falls with the subspace's dimension",
  source: { paper: magenVardi2025, locus: "Figure 2", status: "stated" },
  statement:
    String.raw`\widetilde R \mapsto \mathrm{err}(W_t; \widetilde R, k) \text{ falls},\quad k \mapsto ` +
    String.raw`\mathrm{err}(W_t; \widetilde R, k) \text{ rises}`,
  regime: fc.record({
    d: fc.constantFrom(24, 36),
    k: fc.integer({ min: 2, max: 3 }),
    R: fc.constantFrom(2, 2.5),
    N: fc.integer({ min: 20, max: 40 }),
    B: fc.integer({ min: 96, max: 128 }),
  }),
  examples: {
    "few dimensions": { d: 32, k: 2, R: 2, N: 40, B: 128 },
    "a tenth of the space": { d: 32, k: 3, R: 2.5, N: 40, B: 128 },
  },
  paper: { "Figure 2, with 2000 tasks": { d: 2000, k: 500, R: 5, N: 40, B: 2000 } },
  configurations: 2,
  maxDraws: 300,
  assumptions: [
    assume<C>("3 * k <= d", { why: "three dimensions to compare", drop: (at) => ({ ...at, d: at.k }) }),
    assume<C>("B >= c_B * k * d / R^2", {
      why: "tasks enough to see a part of the subspace at the weakest signal",
      constants: { c_B: { value: 0.04, from: "calibrated: Figure 2's dimensions with 2000 tasks" } },
      drop: (at) => ({ ...at, B: 1 }),
    }),
  ],
  world: { ...statedTasks, learner: "300 steps", strengths: [1, 1.4, 1.8], dimensions: [1, 2, 3] } as World,
  rivals: {
    "strengths 2% apart": { says: "R, 1.02R and 1.04R", world: { strengths: [1, 1.02, 1.04] } },
    "strengths the other way": { says: "9R/5, 7R/5 and R", world: { strengths: [1.8, 1.4, 1] } },
    "equal dimensions": { says: "k three times", world: { dimensions: [1, 1, 1] } },
    "one step for 300": { says: "one step, W ∝ Σ m uᵀ, in place of 300", world: { learner: "one step" } },
    "the limit for 300 steps": { says: "the max-margin limit in place of 300 steps", world: { learner: "limit" } },
  },
  simulate,
  claims: [
    {
      id: "error-falls-with-strength",
      says:
        "from R to 7R/5 to 9R/5 log error falls by 0.5 at least at each step and context length: " +
        "the mean of the least fall",
      form: "mean",
      measure: ({ strengths }, at) => leastRise([...strengths].reverse(), at),
      ...{ range: [-0.2, 1.2], clip: "both", atLeast: 0.5, slack: 0.1 },
      rivals: [
        "strengths 2% apart",
        "strengths the other way",
        { rival: "one step for 300", trueOfItToo: "the order is that of the signal, trained or not" },
        { rival: "the limit for 300 steps", trueOfItToo: "the order is that of the signal, whatever the learner" },
      ],
    },
    {
      id: "error-rises-with-dimension",
      says:
        "from k to 2k to 3k log error rises by 0.02 at least at each step and context length: the " +
        "mean of the least rise",
      form: "mean",
      measure: ({ dimensions }, at) => leastRise(dimensions, at),
      ...{ range: [-0.15, 0.25], clip: "both", atLeast: 0.02, slack: 0.02 },
      rivals: ["equal dimensions", { rival: "one step for 300", trueOfItToo: "one step's error has k in it as well" }],
    },
  ],
  // Six trainings, one after another: a strength or a dimension each.
  cost: ({ B, k, d }) => {
    return totalCost(Array(6).fill(dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300 })));
  },
});

function simulate(at: C, stream: Stream, world: World) {
  const tests = at.k >= 100 ? 200 : 100;
  const score = (R: number, k: number, name: number): TaskScalars[] => {
    const own = { ...at, R, Rtest: R, k };
    const tasks = trainingTasks(own, stream.derive("training", name), world);
    return testScalars(stream.derive("test", name), own, tasks, [trained(tasks, world.learner)], tests)[0]!;
  };
  return lazily({
    // Equal streams: common random numbers along each of the two.
    strengths: () => world.strengths.map((times) => score(times * at.R, at.k, 0)),
    dimensions: () => world.dimensions.map((times, i) => score(at.R, Math.min(at.d, times * at.k), i)),
  });
}

/** The least rise of log error from one curve to the next, over the context lengths. */
function leastRise(curves: readonly TaskScalars[][], at: C): number {
  const logs = curves.map((curve) => lengths(at).map((M) => Math.log(meanError(curve, M))));
  return Math.min(...logs.slice(1).flatMap((log, i) => log.map((value, j) => value - logs[i]![j]!)));
}
