import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { gramProduct, type SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { dot } from "../../src/linalg/vector.js";
import { contradict } from "../../src/mixture/signed/contradiction.js";
import type { ReducedTasks } from "../../src/mixture/signed/dimension-free.js";
import type { Stream } from "../../src/random/stream.js";
import {
  type DualSnapshot,
  dualSnapshot,
  normalisedMargin,
  smoothness,
  trainDual,
} from "../../src/transformer/descent/dual.js";
import { trainNormalised } from "../../src/transformer/descent/normalised.js";
import { certify, type MaxMargin, maxMargin } from "../../src/transformer/max-margin.js";
import { magenVardi2025 } from "../papers.js";
import { gaussianStart, statedTasks, type TaskWorld, trainingTasks } from "./setup.js";

/*
 * Why. On separable tasks gradient descent has no minimum to go to; Soudry et al. 2018: W_t = W_MM log t + O(1). So the
 * loss falls at every step of at most 1/β, ‖W_t‖ grows by ‖W_MM‖ a unit of log t, and angle and margin reach W_MM's
 * like 1/log t only: after 300 steps they are far from there. Normalised descent has the same limit at the rate 1/t
 * (Nacson et al. 2019).
 */

/** Plain descent is looked at after T/100 and T steps of `step`/β. */
type At = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly T: number;
  readonly step: number;
};

interface World extends TaskWorld {
  /** A task's weight in the gradient: the loss's, or the same for every task, which is never trained. */
  readonly weights: "logistic" | "constant";
  /** What is certified: the solver's multipliers, or each moved to the next task. */
  readonly multipliers: "solved" | "shuffled";
  /** Whose γ* the iterates are held against. */
  readonly optimum: "own" | "of twice the tasks";
}

export const maxMarginDirection = theorem({
  id: "max-margin-direction",
  title: "Gradient descent converges in direction to the max-margin solution",
  source: { paper: magenVardi2025, locus: "Theorem 2.3; rates: Soudry et al. 2018", status: "stated" },
  statement:
    String.raw`W_t/\|W_t\|_F \to W_{MM}/\|W_{MM}\|_F,\quad W_{MM} = \arg\min \|W\|_F \text{ s.t. } m_\tau^\top W ` +
    String.raw`u_\tau \ge 1`,
  regime: fc.record({
    d: fc.constantFrom(500, 2000, 10_000),
    k: fc.integer({ min: 2, max: 5 }),
    R: fc.integer({ min: 20, max: 60 }),
    N: fc.integer({ min: 1, max: 40 }),
    B: fc.integer({ min: 16, max: 32 }),
    T: fc.constant(2e4),
    step: fc.constant(1),
  }),
  examples: {
    "a hundred tasks in 500 dimensions": { d: 500, k: 5, R: 22, N: 20, B: 100, T: 2e4, step: 1 },
    "a million steps": { d: 500, k: 3, R: 45, N: 20, B: 24, T: 1e6, step: 1 },
  },
  paper: {
    "a hundred tasks for a million steps": { d: 500, k: 5, R: 22, N: 20, B: 100, T: 1e6, step: 1 },
  },
  configurations: 3,
  assumptions: [
    assume<At>("d >= c_d * B", {
      why: "far fewer tasks than dimensions: some W answers them all, and no two tasks are nearly one",
      constants: { c_d: { value: 5, from: "calibrated: at d = 2.5B some angles do not fall by t = 20,000" } },
      drop: (c) => ({ ...c, d: Math.max(c.k, c.B) }),
    }),
    assume<At>("step <= 1", { why: "step size at most 1/β", drop: (c) => ({ ...c, step: 2.2 }) }),
    assume<At>("R >= c_R * sqrt(d)", {
      why: "signal not far below the noise, where margins are nearly alike from the first step",
      constants: { c_R: { value: 0.2, from: "calibrated: below it a few tasks are all orthogonal" } },
      drop: (c) => ({ ...c, R: 0.02 * Math.sqrt(c.d) }),
    }),
  ],
  world: { ...statedTasks, weights: "logistic", multipliers: "solved", optimum: "own" } as World,
  rivals: {
    "constant weights": { says: "no logistic loss: W ∝ Σ m uᵀ, never trained", world: { weights: "constant" } },
    "η = 2.2/β": { says: "steps a tenth beyond the bound 2/β", at: (c: At) => ({ ...c, step: 2.2 }) },
    "multipliers shuffled": { says: "each task has the next one's", world: { multipliers: "shuffled" } },
    "γ* of twice the tasks": {
      says: "the margin of another problem, which is smaller",
      world: { optimum: "of twice the tasks" },
    },
  },
  simulate,
  claims: [
    {
      id: "certified-optimum",
      says: "the max-margin solution is certified: relative duality gap below 1e-9",
      form: "always",
      measure: ({ certifiedGap }) => certifiedGap,
      tolerance: 1e-9,
      because: "the solver ends near 5e-14, the rounding of K's sums, which the certificate counts",
      rivals: ["multipliers shuffled"],
    },
    {
      id: "monotone-loss",
      says: "at η = 1/β the loss never rises over 300 steps, from a random start, where every task is contradicted",
      form: "always",
      measure: ({ largestRise }) => largestRise,
      tolerance: 1e-12,
      because: "rounding of a mean of at most 200 losses, each right to 1e-15 relative",
      rivals: ["η = 2.2/β"],
    },
    {
      id: "margin-at-most-optimal",
      says: "no iterate's normalised margin exceeds γ*",
      form: "always",
      measure: ({ plain, normalised, optimum }) =>
        Math.max(...[...plain, ...normalised].map((snapshot) => normalisedMargin(snapshot) / optimum - 1)),
      tolerance: 1e-9,
      because: "the certified gap of γ*",
      rivals: ["γ* of twice the tasks"],
    },
    {
      id: "reaches-optimal-margin",
      says: "normalised descent reaches 0.995 γ* within 3,000 steps",
      form: "always",
      measure: ({ normalised: [zero], optimum }) => 1 - normalisedMargin(zero!) / optimum,
      tolerance: 5e-3,
      because: "stated slack; the shortfall falls as O(1/t) and is 0.001 to 0.004 there",
      rivals: ["constant weights"],
    },
    {
      id: "any-start",
      says: "and so it does from a random W₀ three times the size of W_MM",
      form: "always",
      measure: ({ normalised: [, random], optimum }) => 1 - normalisedMargin(random!) / optimum,
      tolerance: 1e-2,
      because: "stated slack; the start's share falls as O(‖W₀‖/t)",
      rivals: ["constant weights"],
    },
    {
      id: "norm-grows-like-log-t",
      says: "plain descent: ‖W_t‖ grows by ‖W_MM‖ a unit of log t from T/100 to T, to 3%",
      form: "always",
      measure: ({ plain: [early, late], optimum }) =>
        Math.abs(((late!.norm - early!.norm) * optimum) / Math.log(100) - 1),
      tolerance: 0.03,
      because: "stated slack; the law's own O(1/log² t): 2% from t = 200, 0.5% from t = 10,000",
      seeds: 2,
      rivals: ["constant weights"],
    },
    {
      id: "lag-at-a-million",
      says: "plain descent: (1 − γ/γ*)·log t is at most 1.2 at T: γ is γ* to a tenth after a million steps",
      form: "always",
      measure: ({ lag: [, late] }, c) => late! * Math.log(c.T),
      tolerance: 1.2,
      because: "stated slack: the law leaves its constant open; 0.6 to 1 measured",
      seeds: 2,
      rivals: ["constant weights"],
    },
    {
      id: "angle-falls",
      says: "plain descent: 1 − cos(W_t, W_MM) at T is at most 0.85 of what it was at T/100",
      form: "mean",
      where: (c) => c.T < 1e6,
      measure: ({ angle: [early, late] }) => late! / early!,
      atMost: 0.85,
      slack: 0.05,
      range: [0.3, 1.1],
      clip: "above",
      rivals: ["constant weights"],
    },
    {
      id: "margin-lags-by-log-t",
      says: "plain descent: 1 − γ/γ* at T is 0.62 ± 0.15 of what it was at T/100 (1/log t: 0.54), no more and no less",
      form: "equals",
      where: (c) => c.T < 1e6,
      measure: ({ lag: [early, late] }) => late! / early!,
      equals: 0.62,
      within: 0.15,
      range: [0.305, 0.935],
      clip: "both",
      rivals: ["constant weights"],
    },
  ],
});

interface Simulation {
  readonly K: SymmetricOperator;
  readonly solution: Extract<MaxMargin, { separable: true }>;
  readonly optimum: number;
  readonly certifiedGap: number;
  readonly largestRise: number;
  readonly plain: readonly DualSnapshot[];
  /** From zero, and from a random start. */
  readonly normalised: readonly DualSnapshot[];
  /** 1 − cos(W_t, W_MM) at T/100 and T. */
  readonly angle: readonly number[];
  /** 1 − γ(W_t)/γ* at T/100 and T. */
  readonly lag: readonly number[];
}

function simulate(c: At, stream: Stream, world: World): Simulation {
  const tasks = trainingTasks(c, stream.derive("tasks"), world);
  const constant = world.weights === "constant";
  const simulation: Simulation = lazily<Simulation>({
    K: () => gramProduct(tasks.m, tasks.u),
    solution: () => separated(maxMargin(simulation.K)),
    optimum: () => {
      if (world.optimum === "own") return simulation.solution.margin;
      const more = trainingTasks({ ...c, B: 2 * c.B }, stream.derive("more"), world);
      return separated(maxMargin(gramProduct(more.m, more.u))).margin;
    },
    certifiedGap: () => {
      const { alpha } = simulation.solution;
      const next = alpha.map((_, i) => alpha[(i + 1) % alpha.length]!);
      return certify(simulation.K, world.multipliers === "solved" ? alpha : next).gap;
    },
    largestRise: () => largestRise(tasks, simulation.K, stream.derive("rise"), c),
    plain: () => {
      const at = [c.T / 100, c.T];
      if (constant) return at.map((step) => constantWeights(simulation.K, step));
      return trainDual(simulation.K, { stepSize: c.step / smoothness(simulation.K), at });
    },
    normalised: () => {
      const start = gaussianStart(stream.derive("W0"), simulation.K, c.d, 3 * simulation.solution.norm);
      if (constant) return [constantWeights(simulation.K, 3000), constantWeights(simulation.K, 3000)];
      return [{}, { start }].flatMap((from) => trainNormalised(simulation.K, { at: [3000], ...from }));
    },
    angle: () =>
      simulation.plain.map(({ alpha, norm }) => {
        const { margins, norm: least } = simulation.solution;
        return 1 - dot(alpha, margins) / (norm * least);
      }),
    lag: () => simulation.plain.map((snapshot) => 1 - normalisedMargin(snapshot) / simulation.optimum),
  });
  return simulation;
}

function separated(solution: MaxMargin): Extract<MaxMargin, { separable: true }> {
  if (solution.separable) return solution;
  throw new RangeError("no W separates the tasks: there is no max-margin solution");
}

/** W = (t/2)·Σ m uᵀ: descent in which every task keeps the weight it has at W = 0. */
function constantWeights(K: SymmetricOperator, step: number): DualSnapshot {
  const alpha = new Float64Array(K.n).fill(step / (2 * K.n * smoothness(K)));
  const q = new Float64Array(K.n);
  K.apply(alpha, q);
  return dualSnapshot(step, alpha, q);
}

/**
 * The largest relative rise of the loss over one of 300 steps, with every task asked a second time, the other way
 * round.
 */
function largestRise({ m, u, mu }: ReducedTasks, own: SymmetricOperator, stream: Stream, c: At): number {
  const both = contradict({ m, u, mu }, c.B);
  const K = gramProduct(both.m, both.u);
  const { margins, normSquared } = gaussianStart(stream, own, c.d, c.d / Math.sqrt(own.entry(0, 0)));
  const start = { margins: Float64Array.of(...margins, ...margins.map((value) => -value)), normSquared };
  const at = Array.from({ length: 300 }, (_, step) => step);
  const losses = trainDual(K, { stepSize: c.step / smoothness(K), at, start }).map(({ loss }) => loss);
  return Math.max(...losses.slice(1).map((loss, i) => loss / losses[i]! - 1));
}
