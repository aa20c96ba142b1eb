import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import type { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { trainDual } from "../../src/transformer/descent/dual.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/*
 * Why. The first step from zero is W₁ ∝ (1/B) Σ m_τu_τᵀ: every task with the same weight, so the noise of B tasks averages out. The
 * max-margin solution weighs tasks by their multipliers, which are largest where noise made a task hard: it fits that noise. At R ≫ √d there is no
 * noise to fit, all tasks are support vectors of nearly one weight, and the two agree.
 */

/** Trained at R for `steps` steps of η = 0.01·min(1, (√d/R)⁴), tested at R̃. */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly R_test: number;
  readonly N: number;
  readonly B: number;
  readonly M: number;
  readonly steps: number;
};

/**
 * log(error of the max-margin solution / error after so many steps) on the same 100 test tasks, clamped into ±1. Where
 * no W separates the tasks there is no limit to compare with: −1, which refutes.
 */
function lossOfLimit(c: C, stream: Stream, early: number): number {
  const law = taskLaw(c);
  const tasks = drawTasks(stream.derive("tasks"), law, c.B);
  const K = gramProduct(tasks.m, tasks.u);
  const limit = maxMargin(K.dense());
  if (!limit.separable) return -1;
  // The published η = 0.01 at low signal; K grows like R⁴ beyond R = √d, and η falls with it.
  const stepSize = 0.01 * Math.min(1, c.d ** 2 / c.R ** 4);
  const [end] = trainDual(K, { stepSize, at: [early] });
  const test = drawTestTasks(stream.derive("test"), { ...law, R: c.R_test }, 100);
  const error = (alpha: Float64Array) =>
    taskScalars({ alpha, m: tasks.m, u: tasks.u }, test).reduce((sum, scalars) => sum + riskAt(scalars, c.M), 0) / 100;
  return Math.min(1, Math.max(-1, Math.log(error(limit.alpha) / error(end!.alpha))));
}

const strong = (c: C): C => ({ ...c, R: 6 * Math.sqrt(c.d) });
const indicator = (holds: boolean) => (holds ? 1 : 0);

export const earlyStopping = theorem<C>({
  id: "early-stopping",
  title: "At low signal a few hundred steps beat the max-margin limit; at high signal they agree",
  source: { paper: magenVardi2025, locus: "beside Theorem 2.3: the figures train 300 steps", status: "derived" },
  statement: String.raw`R \ll \sqrt d:\ \mathrm{err}(W_{300}) < \mathrm{err}(W_{MM});\qquad R \gg \sqrt d:\ \mathrm{err}(W_{300}) \approx \mathrm{err}(W_{MM})`,
  regime: fc.record({
    d: fc.integer({ min: 30, max: 40 }),
    k: fc.integer({ min: 2, max: 3 }),
    R: fc.constant(2),
    R_test: fc.constantFrom(1.5, 2),
    N: fc.integer({ min: 10, max: 40 }),
    B: fc.integer({ min: 50, max: 70 }),
    M: fc.constantFrom(10, 20, 1000),
    steps: fc.constant(300),
  }),
  examples: {
    "ten examples": { d: 40, k: 3, R: 2, R_test: 2, N: 40, B: 70, M: 10, steps: 300 },
    "a thousand examples": { d: 40, k: 3, R: 2, R_test: 2, N: 40, B: 70, M: 1000, steps: 300 },
  },
  assumptions: [
    assume<C>("R <= c_R * sqrt(d)", {
      why: "training signal below the noise",
      constants: { c_R: { value: 0.5, from: "calibrated: the regime, SNR² = R²/d ≤ ¼" } },
      drop: strong,
    }),
    assume<C>("steps <= c_t", {
      why: "stopped early",
      constants: { c_t: { value: 1000, from: "calibrated: how far a few hundred is taken to stretch" } },
      drop: (c) => ({ ...c, steps: 20_000 }),
    }),
    assume<C>("B < d^2", {
      why: "few enough tasks for a separating W",
      drop: (c) => ({ ...c, d: 7, k: 2, R: 1, B: 90 }),
    }),
  ],
  claims: [
    {
      id: "early-beats-limit",
      says: "at low signal the limit errs 5% more than the W of a few hundred steps, or worse, for 3 training sets in 4 at least",
      form: "mean",
      draw: (c, stream) => indicator(lossOfLimit(c, stream, c.steps) > Math.log(1.05)),
      range: [0, 1],
      atLeast: 0.75,
      slack: 0.15,
      control: {
        name: "at R = 6√d, where there is no noise to fit",
        draw: (c, stream) => indicator(lossOfLimit(strong(c), stream, c.steps) > Math.log(1.05)),
      },
    },
    {
      id: "agree-at-high-signal",
      says: "trained at R = 6√d the two errors differ by less than an eighth, for 3 training sets in 4 at least",
      form: "mean",
      draw: (c, stream) => indicator(Math.abs(lossOfLimit(strong(c), stream, c.steps)) < Math.log(9 / 8)),
      range: [0, 1],
      atLeast: 0.75,
      slack: 0.15,
      control: {
        name: "at low signal",
        draw: (c, stream) => indicator(Math.abs(lossOfLimit(c, stream, c.steps)) < Math.log(9 / 8)),
      },
    },
  ],
});
