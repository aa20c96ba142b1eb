import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { contradict } from "../../src/mixture/signed/contradiction.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks } from "../../src/mixture/signed/tasks.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import {
  type DualSnapshot,
  dualStart,
  normalisedMargin,
  smoothness,
  trainDual,
  weightsFrom,
} from "../../src/transformer/descent/dual.js";
import { trainNormalised } from "../../src/transformer/descent/normalised.js";
import { margins } from "../../src/transformer/linear.js";
import { certify, type MaxMargin, maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/**
 * `step` is the step size in units of 1/β; `W0` the Frobenius norm of a random start in units of ‖W_MM‖;
 * `contradictions` how many of the tasks are asked a second time with the opposite answer.
 */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly step: number;
  readonly W0: number;
  readonly contradictions: number;
};

function world(c: C, stream: Stream) {
  const tasks = contradict(drawTasks(stream.derive("tasks"), taskLaw(c), c.B), c.contradictions);
  const K = gramProduct(tasks.m, tasks.u);
  const solution = maxMargin(K.dense());
  const size = solution.separable
    ? solution.norm
    : 1 / Math.sqrt(K.diagonal().reduce((sum, value) => sum + value, 0) / K.n);
  const start = matrix(
    c.d,
    c.d,
    normals(stream.derive("W0"), c.d * c.d).map((value) => (c.W0 * size * value) / c.d),
  );
  return { tasks, K, solution, start: dualStart(start, tasks), stepSize: c.step / smoothness(K) };
}

/** γ*, or where no W separates the tasks the bound on every margin that proves so. */
const bestMargin = (solution: MaxMargin) => (solution.separable ? solution.margin : solution.marginAtMost);

/** γ(W), and 0 for W = 0, which training does not leave where every task is contradicted. */
const marginOf = (snapshot: DualSnapshot) => (snapshot.norm > 0 ? normalisedMargin(snapshot) : 0);

/**
 * The certified gap of γ*, or of the multipliers that `spoil` makes of the solution's; without a solution nothing is
 * certified.
 */
function certifiedGap(c: C, stream: Stream, spoil = (alpha: Float64Array) => alpha): number {
  const { K, solution } = world(c, stream);
  return solution.separable ? certify(K.dense(), spoil(solution.alpha)).gap : Number.POSITIVE_INFINITY;
}

/**
 * Largest relative rise of the loss over one of the first 200 steps, in the tasks as they are and in all of them
 * contradicted.
 */
function largestRise(c: C, stream: Stream): number {
  const at = Array.from({ length: 200 }, (_, step) => step);
  const rises = [c.contradictions, c.B].map((contradictions) => {
    const { K, start, stepSize } = world({ ...c, contradictions, W0: Math.max(c.W0, 1) }, stream);
    const losses = trainDual(K, { stepSize, at, start }).map(({ loss }) => loss);
    return Math.max(...losses.slice(1).map((loss, i) => loss / losses[i]! - 1));
  });
  return Math.max(...rises);
}

/** γ(W_t)/γ* − 1 after t steps of gradient descent and of normalised gradient descent. */
function marginExcess(c: C, stream: Stream, optimum: number): number {
  const { K, start, stepSize } = world(c, stream);
  const plain = trainDual(K, { stepSize, at: [10, 100, 1000], start });
  const normalised = trainNormalised(K, { at: [10, 100, 1000], start });
  return Math.max(...[...plain, ...normalised].map((snapshot) => marginOf(snapshot) / optimum - 1));
}

/**
 * 1 − γ/γ* of normalised gradient descent after `steps` steps. Without a separating W there is no γ*, and nothing is
 * reached.
 */
function normalisedShortfall(c: C, stream: Stream, steps: number): number {
  const { K, solution, start } = world(c, stream);
  const [end] = trainNormalised(K, { at: [steps], start });
  return solution.separable ? 1 - marginOf(end!) / solution.margin : 1;
}

/** |(‖W_t‖ − ‖W_s‖) / log(t/s) / ‖W_MM‖ − 1| for steps s = t/100; 1 when the norm stays bounded. */
function slopeError(c: C, stream: Stream, t: number): number {
  const { K, solution, start, stepSize } = world(c, stream);
  const [early, late] = trainDual(K, { stepSize, at: [t / 100, t], start });
  const slope = (late!.norm - early!.norm) / Math.log(100);
  return Math.abs(slope / (solution.separable ? solution.norm : 1 / solution.marginAtMost) - 1);
}

/**
 * The largest (1 − γ(W_t)/γ*)·log t at these steps; `mismatched` reads γ off the tasks with each one's query taken from
 * the next.
 */
function largestLag(c: C, stream: Stream, at: readonly number[], mismatched = false): number {
  const { K, tasks, solution, start, stepSize } = world(c, stream);
  if (!solution.separable) return Math.log(at.at(-1)!);
  const { rows, cols, data } = tasks.u;
  const u = matrix(rows, cols, Float64Array.of(...data.subarray(cols), ...data.subarray(0, cols)));
  const lags = trainDual(K, { stepSize, at, start }).map((snapshot) => {
    const seen = mismatched ? margins(weightsFrom(snapshot.alpha, tasks), tasks.m, u) : snapshot.margins;
    return (1 - marginOf({ ...snapshot, margins: seen }) / solution.margin) * Math.log(snapshot.step);
  });
  return Math.max(...lags);
}

const clipped = (lag: number) => Math.min(Math.log(1e3), Math.max(0, lag));

export const maxMarginDirection = theorem<C>({
  id: "max-margin-direction",
  title: "Gradient descent converges in direction to the max-margin solution",
  source: { paper: magenVardi2025, locus: "Theorem 2.3; rates: Soudry et al. 2018", status: "stated" },
  statement: String.raw`W_t/\|W_t\|_F \to W_{MM}/\|W_{MM}\|_F,\quad W_{MM} = \arg\min \|W\|_F \text{ s.t. } m_\tau^\top W u_\tau \ge 1`,
  regime: fc.record({
    d: fc.integer({ min: 4, max: 30 }),
    k: fc.integer({ min: 1, max: 4 }),
    R: fc.integer({ min: 8, max: 40 }),
    N: fc.integer({ min: 2, max: 30 }),
    B: fc.integer({ min: 4, max: 14 }),
    step: fc.constant(1),
    W0: fc.constant(0),
    contradictions: fc.constant(0),
  }),
  examples: {
    "strong signal": { d: 30, k: 3, R: 55, N: 20, B: 14, step: 1, W0: 0, contradictions: 0 },
    "one task": { d: 3, k: 1, R: 5, N: 4, B: 1, step: 1, W0: 0, contradictions: 0 },
    "more tasks than needed": { d: 4, k: 2, R: 20, N: 20, B: 16, step: 1, W0: 0, contradictions: 0 },
  },
  assumptions: [
    assume<C>("contradictions == 0", {
      why: "separable data: some W answers every training task",
      drop: (c) => ({ ...c, contradictions: c.B }),
    }),
    assume<C>("step <= 1", {
      why: "step size at most 1/β, β = λ_max(K)/(4B)",
      drop: (c) => ({ ...c, step: 4 }),
    }),
    assume<C>("W0 == 0", { why: "zero initialisation", drop: (c) => ({ ...c, W0: 3 }) }),
    assume<C>("R >= c_R * sqrt(d)", {
      why: "signal above the noise, so that random tasks are separable",
      constants: { c_R: { value: 1, from: "calibrated: the regime's B < d² tasks are separable from here on" } },
      drop: (c) => ({ ...c, R: 0.2 * Math.sqrt(c.d) }),
    }),
  ],
  claims: [
    {
      id: "certified-optimum",
      says: "the max-margin solution is certified: relative duality gap below 1e-6",
      form: "always",
      draw: (c, stream) => certifiedGap(c, stream),
      tolerance: 1e-6,
      because: "stated slack; the solver ends near 1e-12, the rounding of K's entries",
      seeds: 10,
      control: {
        name: "the certificate's multipliers shuffled",
        draw: (c, stream) =>
          certifiedGap({ ...c, B: Math.max(c.B, 4) }, stream, (alpha) =>
            alpha.map((_, i) => alpha[(i + 1) % alpha.length]! + 1e-3 * Math.max(...alpha)),
          ),
      },
    },
    {
      id: "monotone-loss",
      says: "at η ≤ 1/β the loss never rises, whatever the data and the start",
      form: "always",
      draw: largestRise,
      tolerance: 1e-12,
      because: "rounding of a mean of at most 32 losses, each right to 1e-15 relative, over its smallest value",
      control: { name: "η = 4/β", draw: (c, stream) => largestRise({ ...c, step: 4 }, stream) },
    },
    {
      id: "margin-at-most-optimal",
      says: "no iterate's normalised margin exceeds γ*",
      form: "always",
      draw: (c, stream) => marginExcess(c, stream, bestMargin(world(c, stream).solution)),
      tolerance: 1e-6,
      because: "the certified gap of γ*",
      control: {
        name: "γ* of other tasks",
        draw: (c, stream) => marginExcess(c, stream, bestMargin(world({ ...c, R: c.R / 2 }, stream).solution)),
      },
    },
    {
      id: "reaches-optimal-margin",
      says: "normalised gradient descent reaches 0.999 γ* within 20,000 steps",
      form: "always",
      draw: (c, stream) => normalisedShortfall(c, stream, 20_000),
      tolerance: 1e-3,
      because: "stated slack; the shortfall falls as O(1/t)",
      control: {
        name: "contradictory tasks, which no W separates",
        draw: (c, stream) => normalisedShortfall({ ...c, contradictions: c.B }, stream, 20_000),
      },
    },
    {
      id: "any-start",
      says: "and so it does from a random W₀ three times the size of W_MM",
      form: "always",
      draw: (c, stream) => normalisedShortfall({ ...c, W0: 3 }, stream, 20_000),
      tolerance: 1e-3,
      because: "stated slack; the shortfall falls as O(‖W₀‖/t)",
      control: {
        name: "stopped after 10 steps, while W₀ still counts",
        draw: (c, stream) => normalisedShortfall({ ...c, W0: 30 }, stream, 10),
      },
    },
    {
      id: "norm-grows-like-log-t",
      says: "‖W_t‖_F grows by ‖W_MM‖_F a unit of log t, over t = 1e4 … 1e6",
      form: "always",
      draw: (c, stream) => slopeError(c, stream, 1e6),
      tolerance: 1 / Math.log(1e4),
      because: "stated slack: the law's own O(1/log t), with constant 1, at the first of the two steps",
      seeds: 1,
      control: {
        name: "contradictory tasks: the norm stays bounded",
        draw: (c, stream) => slopeError({ ...c, contradictions: c.B, W0: 1 }, stream, 1e4),
      },
    },
    {
      id: "margin-lags-by-log-t",
      says: "(1 − γ/γ*)·log t stays bounded, by 2, over t = 1e2 … 1e6",
      form: "always",
      draw: (c, stream) => largestLag(c, stream, [1e2, 1e3, 1e4, 1e5, 1e6]),
      tolerance: 2,
      because:
        "stated slack: the law leaves its constant open; a direction that did not converge would pass log(1e6)/2 = 7",
      seeds: 1,
      control: {
        name: "each task asked the next one's query",
        draw: (c, stream) => largestLag(c, stream, [1e2, 1e4], true),
      },
    },
    {
      id: "expected-lag",
      says: "on average over tasks, (1 − γ/γ*)·log t is at most 1 at t = 1e2 and 1e3 (γ < 0 counted as 0)",
      form: "mean",
      range: [0, Math.log(1e3)],
      draw: (c, stream) => clipped(largestLag(c, stream, [1e2, 1e3])),
      atMost: 1,
      slack: 0.5,
      control: {
        name: "each task asked the next one's query",
        draw: (c, stream) => clipped(largestLag(c, stream, [1e2, 1e3], true)),
      },
    },
  ],
});
