import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { row } from "../../src/linalg/matrix.js";
import type { ReducedTasks } from "../../src/mixture/signed/dimension-free.js";
import { drawSignedContext } from "../../src/mixture/signed/gram-context.js";
import type { Stream } from "../../src/random/stream.js";
import type { TaskScalars } from "../../src/risk/conditional.js";
import { exactRisk } from "../../src/risk/exact.js";
import { momentLaw } from "../../src/risk/moment-law.js";
import { supportVectorRisk } from "../../src/risk/support-vector.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { magenVardi2025 } from "../papers.js";
import { type Learner, meanError, statedTasks, type TaskWorld, testScalars, trained, trainingTasks } from "./setup.js";

/*
 * What B tasks leave of noise does not go away with longer contexts; a single task's own does. So the curves cross: at
 * the M where the moment law of the transformer equals e(R, M, d) of the single-task average.
 */

/** Trained and tested at strength R, on contexts of M examples. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly M: number;
};

interface World extends TaskWorld {
  readonly learner: Learner;
  /** Every query belongs to the next task: nothing to learn but noise. */
  readonly shuffled: boolean;
}

const atFigure1 = ({ k }: C) => k === 30;

export const learnerOrdering = theorem({
  id: "learner-ordering",
  title: "The trained transformer lies between the learner that knows the subspace and every single-task learner",
  source: { paper: magenVardi2025, locus: "Figure 1", status: "stated" },
  statement:
    String.raw`\mathrm{err}(PP^\top) \le \mathrm{err}(W_t) < \mathrm{err}(I),\ \mathrm{err}(\mathrm{SVM}) \quad (M < ` +
    String.raw`M_\times)`,
  regime: fc.record({
    d: fc.integer({ min: 350, max: 450 }),
    k: fc.constant(2),
    R: fc.constant(2),
    N: fc.integer({ min: 40, max: 60 }),
    B: fc.integer({ min: 224, max: 256 }),
    M: fc.constant(10),
  }),
  examples: { "Figure 1, a fifteenth of the dimensions": { d: 400, k: 2, R: 2, N: 40, B: 256, M: 10 } },
  paper: {
    "Figure 1, R = 2, 4000 tasks": { d: 500, k: 30, R: 2, N: 40, B: 4000, M: 10 },
    "Figure 1, R = 3, 4000 tasks": { d: 500, k: 30, R: 3, N: 40, B: 4000, M: 10 },
  },
  configurations: 1,
  maxDraws: 300,
  assumptions: [
    assume<C>("B >= c_B * k * d / R^2", {
      why: "tasks enough to find the subspace",
      constants: { c_B: { value: 1, from: "derived: the noise that training leaves is then below that of PPᵀ" } },
      drop: (at) => ({ ...at, B: 5 }),
    }),
    assume<C>("M <= c_M * d", {
      why: "contexts too short for a single task",
      constants: { c_M: { value: 0.1, from: "calibrated: the curves cross beyond M = d/5" } },
      drop: (at) => ({ ...at, M: Math.ceil(at.d / 2) }),
    }),
  ],
  world: { ...statedTasks, learner: "300 steps", shuffled: false } as World,
  rivals: {
    "queries of other tasks": { says: "every query is the next task's", world: { shuffled: true } },
    "half the tasks": { says: "half of the training tasks", at: (at) => ({ ...at, B: Math.round(at.B / 2) }) },
    "query noise × 0.9": { says: "training queries with noise 0.9·N(0, I)", world: { queryNoise: 0.9 } },
    "one step for 300": { says: "one step, W ∝ Σ m uᵀ, in place of 300", world: { learner: "one step" } },
    "W = PPᵀ": {
      says: "the transformer given a thousand times the signal to train on",
      at: (at) => ({ ...at, R: 1000 * at.R }),
    },
  },
  simulate,
  claims: [
    {
      id: "projected-better",
      says: "knowing the subspace is better than having learnt it: log error less by 0.2 at least",
      form: "mean",
      measure: ({ own, known }, { M }) => Math.log(meanError(own, M) / meanError(known, M)),
      ...{ range: [-0.3, 0.8], clip: "both", atLeast: 0.2, slack: 0.1 },
      rivals: ["W = PPᵀ"],
    },
    {
      id: "better-than-single-task",
      says: "the transformer's log error is below that of the single-task average by 0.2 at least",
      form: "mean",
      measure: ({ own }, { R, M, d }) => Math.log(exactRisk({ R, M, k: d }) / meanError(own, M)),
      ...{ range: [-0.3, 0.8], clip: "both", atLeast: 0.2, slack: 0.1 },
      rivals: [
        "queries of other tasks",
        { rival: "one step for 300", trueOfItToo: "at this signal one step is as good as 300" },
      ],
    },
    {
      id: "better-than-support-vectors",
      says: "and below that of the support vector machine by 0.2",
      form: "mean",
      measure: ({ own, machine }, { M }) => Math.log(machine / meanError(own, M)),
      ...{ range: [-0.3, 0.8], clip: "both", atLeast: 0.2, slack: 0.1 },
      rivals: ["queries of other tasks"],
    },
    {
      id: "single-task-overtakes",
      says: "the M at which the single-task average overtakes is that of the moment law, on a log scale to ±0.08",
      form: "equals",
      where: (at) => !atFigure1(at),
      measure: ({ own }, { R, d, k, N, B }) => {
        const law = overtaking((M) => momentLaw({ d, k, R, N, B, testR: R, M }), R, d);
        return Math.log(overtaking((M) => meanError(own, M), R, d) / law);
      },
      ...{ range: [-0.24, 0.24], clip: "both", equals: 0, within: 0.08 },
      rivals: ["half the tasks", "query noise × 0.9"],
    },
  ],
  cost: ({ B, k, d }) => dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300 }),
});

function simulate(at: C, stream: Stream, world: World) {
  const drawn = trainingTasks(at, stream.derive("training"), world);
  const tasks = world.shuffled ? shuffled(drawn) : drawn;
  // The test strength is the configuration's; a rival's training strength is beyond it.
  const Rtest = Math.min(at.R, 3);
  const parts: { readonly both: TaskScalars[][]; readonly own: TaskScalars[]; known: TaskScalars[]; machine: number } =
    lazily({
      both: () => testScalars(stream.derive("test"), { ...at, Rtest }, tasks, [trained(tasks, world.learner)], 100),
      own: () => parts.both[0]!,
      known: () => parts.both[1]!,
      machine: () => supportVectorError(at, stream.derive("contexts")),
    });
  return parts;
}

function shuffled(tasks: ReducedTasks): ReducedTasks {
  const u = { ...tasks.u, data: tasks.u.data.slice() };
  for (let t = 0; t < u.rows; t++) row(u, t).set(row(tasks.u, (t + 1) % u.rows));
  return { ...tasks, u };
}

/** The support vector machine's mean error over 20 contexts; a gap of 1e-4 moves it by less than 1e-4. */
function supportVectorError({ d, R, M }: C, stream: Stream): number {
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    sum += supportVectorRisk(drawSignedContext(stream, { d, R, p: 0 }, M), M, { tolerance: 1e-4 });
  }
  return sum / 20;
}

/** The context length, by bisection of its logarithm in [1, 10⁶], from which W = I errs less. */
function overtaking(error: (M: number) => number, R: number, d: number): number {
  let [low, high] = [0, Math.log(1e6)];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (exactRisk({ R, M: Math.exp(middle), k: d }) > error(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}
