import fc from "fast-check";
import { assume } from "../src/claim/assumption.js";
import { theorem } from "../src/claim/theorem.js";
import { type Matrix, matrix } from "../src/linalg/matrix.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { taskLaw } from "../src/mixture/task-law.js";
import { drawTasks, type Tasks } from "../src/mixture/tasks.js";
import { normals } from "../src/random/normal.js";
import type { Stream } from "../src/random/stream.js";
import { dualStart, normalisedMargin, trainDual } from "../src/transformer/dual.js";
import { certify, type MaxMargin, maxMargin } from "../src/transformer/max-margin.js";
import { trainNormalised } from "../src/transformer/normalised.js";
import { smoothness } from "../src/transformer/smoothness.js";
import { magenVardi2025 } from "./papers.js";

/**
 * `step` is the step size in units of 1/β; `W0` the Frobenius norm of a random start in units of ‖W_MM‖; `contradictions` how many of the tasks are
 * asked a second time with the opposite answer.
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

/** The decades at which the laws in log t are read. */
const decades = [1e2, 1e3, 1e4, 1e5, 1e6];

function world(c: C, stream: Stream) {
  const tasks = contradict(drawTasks(stream.derive("tasks"), taskLaw(c), c.B), c.contradictions);
  const K = gramProduct(tasks.m, tasks.u);
  const solution = maxMargin(K.dense());
  const size = solution.separable ? solution.norm : 1 / Math.sqrt(K.diagonal().reduce((sum, value) => sum + value, 0) / K.n);
  const start = matrix(c.d, c.d, normals(stream.derive("W0"), c.d * c.d).map((value) => (c.W0 * size * value) / c.d));
  return { tasks, K, solution, start: dualStart(start, tasks), stepSize: c.step / smoothness(K) };
}

/** The first `count` tasks once more, with u turned round: no W can answer both. */
function contradict(tasks: Tasks, count: number): Tasks {
  const more = (a: Matrix, sign: number) =>
    matrix(a.rows + count, a.cols, Float64Array.of(...a.data, ...a.data.subarray(0, count * a.cols).map((x) => sign * x)));
  return { m: more(tasks.m, 1), u: more(tasks.u, -1), mu: more(tasks.mu, 1) };
}

function separable(solution: MaxMargin): MaxMargin & { separable: true } {
  if (!solution.separable) throw new Error(`no W separates the tasks (normalised margin at most ${solution.marginAtMost})`);
  return solution;
}

/** Largest relative rise of the loss over one of the first 200 steps, in the tasks as they are and in all of them contradicted. */
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
  return Math.max(...[...plain, ...normalised].map((snapshot) => normalisedMargin(snapshot) / optimum - 1));
}

/** 1 − γ/γ* of normalised gradient descent once it has taken `steps` steps of one task's size. */
function normalisedShortfall(c: C, stream: Stream, steps: number): number {
  const { K, solution, start } = world(c, stream);
  const [end] = trainNormalised(K, { at: [steps], start });
  // Without a separating W the shortfall is whole: γ* does not exist.
  return solution.separable ? 1 - normalisedMargin(end!) / solution.margin : 1;
}

/** How far from linear in log t the norm is, with slope ‖W_MM‖: |(‖W_t‖ − ‖W_s‖)/log(t/s)/‖W_MM‖ − 1| over the last two decades. */
function slopeError(c: C, stream: Stream): number {
  const { K, solution, start, stepSize } = world(c, stream);
  const reference = solution.separable ? solution.norm : 1 / solution.marginAtMost;
  const norms = trainDual(K, { stepSize, at: decades, start }).map(({ norm }) => norm);
  return Math.abs((norms[4]! - norms[2]!) / Math.log(decades[4]! / decades[2]!) / reference - 1);
}

/** Growth of (1 − γ/γ*)·log t from t = 1e4 to 1e6, relative to its value there: 0 once it is level, ½ if 1 − γ/γ* did not fall. */
function lagGrowth(c: C, stream: Stream, lag: (t: number, shortfall: number) => number): number {
  const { K, solution, start, stepSize } = world(c, stream);
  const optimum = separable(solution).margin;
  const lags = trainDual(K, { stepSize, at: [1e4, 1e6], start }).map((snapshot) =>
    lag(snapshot.step, 1 - normalisedMargin(snapshot) / optimum),
  );
  return lags[1]! / lags[0]! - 1;
}

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
    "one task": { d: 3, k: 1, R: 5, N: 4, B: 1, step: 1, W0: 0, contradictions: 0 },
    "strong signal": { d: 30, k: 3, R: 55, N: 20, B: 14, step: 1, W0: 0, contradictions: 0 },
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
      draw: (c, stream) => separable(world(c, stream).solution).certificate.gap,
      tolerance: 1e-6,
      because: "stated slack; the solver ends near 1e-12, the rounding of K's entries",
      seeds: 10,
      control: {
        name: "the certificate's multipliers shuffled",
        draw: (c, stream) => {
          const { K, solution } = world({ ...c, B: Math.max(c.B, 4) }, stream);
          const { alpha } = separable(solution);
          return certify(K.dense(), alpha.map((_, i) => alpha[(i + 1) % alpha.length]! + 1e-3 * Math.max(...alpha))).gap;
        },
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
      draw: (c, stream) => marginExcess(c, stream, separable(world(c, stream).solution).margin),
      tolerance: 1e-6,
      because: "the certified gap of γ*",
      control: {
        name: "γ* of other tasks",
        draw: (c, stream) => marginExcess(c, stream, separable(world({ ...c, R: c.R / 2 }, stream).solution).margin),
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
  ],
});
