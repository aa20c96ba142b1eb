import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, type Tasks } from "../../src/mixture/signed/tasks.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import {
  type DualSnapshot,
  dualStart,
  normalisedMargin,
  smoothness,
  trainDual,
} from "../../src/transformer/descent/dual.js";
import { trainNormalised } from "../../src/transformer/descent/normalised.js";
import { trainStochastic } from "../../src/transformer/descent/stochastic.js";
import { maxMargin } from "../../src/transformer/max-margin.js";
import { theoremOfDraws as theorem } from "../of-draws.js";
import { magenVardi2025 } from "../papers.js";

/*
 * Why the start does not matter in the end: gradients lie in span{m_τu_τᵀ}, so W₀'s part outside it stays as it is, while ‖W_t‖ grows like log t (for
 * normalised gradient descent, which has the same limit, like t): its share vanishes (Soudry et al. 2018, Theorem 3: any W₀).
 */

/**
 * `W0` is the Frobenius norm of a random start in units of ‖W_MM‖, `step` the step size in units of 1/β,
 * `contradictions` how many tasks are asked a second time with the opposite answer.
 */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly W0: number;
  readonly step: number;
  readonly contradictions: number;
};

function world(c: C, stream: Stream) {
  const tasks = contradict(drawTasks(stream.derive("tasks"), taskLaw(c), c.B), c.contradictions);
  const K = gramProduct(tasks.m, tasks.u);
  const solution = maxMargin(K.dense());
  // Without a separating W: the norm that gives a task margin 1, and a margin that nothing reaches.
  const size = solution.separable ? solution.norm : 1 / Math.sqrt(K.entry(0, 0));
  const entries = normals(stream.derive("W0"), c.d * c.d).map((value) => (c.W0 * size * value) / c.d);
  const shortfall = (snapshot: DualSnapshot) =>
    solution.separable && snapshot.norm > 0 ? 1 - normalisedMargin(snapshot) * solution.norm : 1;
  return { K, size, start: dualStart(matrix(c.d, c.d, entries), tasks), stepSize: c.step / smoothness(K), shortfall };
}

/** The first `count` tasks once more, with u turned round: no W can answer both. */
function contradict(tasks: Tasks, count: number): Tasks {
  const more = (a: Matrix, sign: number) =>
    matrix(
      a.rows + count,
      a.cols,
      Float64Array.of(...a.data, ...a.data.subarray(0, count * a.cols).map((x) => sign * x)),
    );
  return { m: more(tasks.m, 1), u: more(tasks.u, -1), mu: more(tasks.mu, 1) };
}

/** 1 − γ(W_t)/γ* of gradient descent from W₀. */
function shortfallOfDescent(c: C, stream: Stream, steps: number): number {
  const { K, start, stepSize, shortfall } = world(c, stream);
  return shortfall(trainDual(K, { stepSize, at: [steps], start })[0]!);
}

function shortfallOfNormalised(c: C, stream: Stream, steps: number): number {
  const { K, start, shortfall } = world(c, stream);
  return shortfall(trainNormalised(K, { at: [steps], start })[0]!);
}

/**
 * How much further from γ*, as a share of it, one task at a time leaves W than the full batch does after as many steps
 * from zero.
 */
function lag(c: C, stream: Stream, steps: number): number {
  const { K, stepSize, shortfall } = world({ ...c, W0: 0 }, stream);
  const [full] = trainDual(K, { stepSize, at: [steps] });
  const single = c.step / Math.max(...K.diagonal());
  const [stochastic] = trainStochastic(stream.derive("batches"), K, { stepSize: single, at: [steps] });
  return shortfall(stochastic!) - shortfall(full!);
}

/** After 3,000 steps from zero: ‖W_t‖ and ‖W_t‖/min q_τ, both in units of ‖W_MM‖. */
function norms(c: C, stream: Stream) {
  const { K, size, stepSize, shortfall } = world({ ...c, W0: 0 }, stream);
  const [end] = trainDual(K, { stepSize, at: [3000] });
  return { norm: end!.norm / size, perMargin: 1 / (1 - shortfall(end!)) };
}

/** ‖W_t‖ at t = 3,000 over that at 1,000, from zero. */
function growth(c: C, stream: Stream): number {
  const { K, stepSize } = world({ ...c, W0: 0 }, stream);
  const [before, after] = trainDual(K, { stepSize, at: [1000, 3000] });
  return after!.norm / before!.norm;
}

/** 50 tasks drowned in noise in ℝ³: 9 weights cannot answer them all. */
const drowned = (c: C): C => ({ ...c, d: 3, k: 1, R: 0.3, B: 50 });
const indicator = (holds: boolean) => (holds ? 1 : 0);
/** Judged of an indicator: it holds for 3 training sets in 4 at least. */
const mostly = { form: "mean", range: [0, 1], atLeast: 0.75, slack: 0.15 } as const;

export const initialisationAndOptimiser = theorem<C>({
  id: "initialisation-and-optimiser",
  title: "Start and batch decide the way to the max-margin direction, not the direction",
  source: {
    paper: magenVardi2025,
    locus: "Theorem 2.3 as summaries tell it; limits: Soudry et al. 2018",
    status: "standard",
  },
  statement: String.raw`\forall W_0:\ W_t/\|W_t\|_F \to W_{MM}/\|W_{MM}\|_F,\quad \|W_t\|_F \to \infty \iff \text{separable}`,
  regime: fc.record({
    d: fc.integer({ min: 6, max: 24 }),
    k: fc.integer({ min: 2, max: 3 }),
    R: fc.integer({ min: 8, max: 30 }),
    N: fc.integer({ min: 5, max: 20 }),
    B: fc.integer({ min: 6, max: 9 }),
    W0: fc.constant(30),
    step: fc.constant(1),
    contradictions: fc.constant(0),
  }),
  examples: {
    "a large random start": { d: 20, k: 3, R: 20, N: 10, B: 9, W0: 30, step: 1, contradictions: 0 },
    "few dimensions": { d: 6, k: 2, R: 8, N: 5, B: 8, W0: 30, step: 1, contradictions: 0 },
  },
  assumptions: [
    assume<C>("contradictions == 0", {
      why: "separable data: some W answers every training task",
      drop: (c) => ({ ...c, contradictions: c.B }),
    }),
    assume<C>("step <= 1", { why: "step size at most 1/β", drop: (c) => ({ ...c, step: 8 }) }),
    assume<C>("W0 >= c_0", {
      why: "a start that is large beside ‖W_MM‖, so that it shows",
      constants: { c_0: { value: 10, from: "calibrated: below it 100 steps of gradient descent outgrow the start" } },
      drop: (c) => ({ ...c, W0: 0 }),
    }),
  ],
  claims: [
    {
      id: "only-zero-start-reaches-limit",
      says: "from a random start the max-margin direction is missed: 3% of γ* or more is lacking after 3,000 normalised steps",
      ...mostly,
      draw: (c, stream) => indicator(shortfallOfNormalised(c, stream, 3000) >= 0.03),
      expect: { verdict: "refuted", because: "every start has the same limit; W₀ only delays it" },
      control: {
        name: "small t: 3% or more is lacking after 100 steps of gradient descent",
        draw: (c, stream) => indicator(shortfallOfDescent(c, stream, 100) >= 0.03),
      },
    },
    {
      id: "large-start-matters-early",
      says: "after 100 steps of gradient descent from a large start more than half of γ* is lacking",
      ...mostly,
      draw: (c, stream) => indicator(shortfallOfDescent(c, stream, 100) > 0.5),
      control: {
        name: "from zero",
        draw: (c, stream) => indicator(shortfallOfDescent({ ...c, W0: 0 }, stream, 100) > 0.5),
      },
    },
    {
      id: "only-full-batch-reaches-limit",
      says: "one task at a time stays 10% of γ* or more behind the full batch, after 10,000 steps",
      ...mostly,
      draw: (c, stream) => indicator(lag(c, stream, 10_000) >= 0.1),
      expect: { verdict: "refuted", because: "stochastic gradient descent with a small step has the same limit" },
      control: {
        name: "small t: it is behind by 1% or more after 3 steps, when tasks are left that it has not seen",
        draw: (c, stream) => indicator(lag(c, stream, 3) >= 0.01),
      },
    },
    {
      id: "minimises-the-norm",
      says: "gradient descent minimises ‖W‖_F: after 3,000 steps it is within a quarter of ‖W_MM‖",
      ...mostly,
      draw: (c, stream) => indicator(Math.abs(norms(c, stream).norm - 1) <= 0.25),
      expect: {
        verdict: "refuted",
        because: "‖W_t‖ grows without bound, like log t; the direction is that of least norm",
      },
      control: {
        name: "the norm at least margin 1, ‖W_t‖/min q, is within a quarter of ‖W_MM‖",
        draw: (c, stream) => indicator(Math.abs(norms(c, stream).perMargin - 1) <= 0.25),
      },
    },
    {
      id: "no-direction-without-separability",
      says: "where no W separates the tasks ‖W_t‖ stays bounded: it grows by less than 5% from t = 1,000 to 3,000",
      ...mostly,
      draw: (c, stream) => indicator(growth(drowned(c), stream) < 1.05),
      control: { name: "separable tasks", draw: (c, stream) => indicator(growth(c, stream) < 1.05) },
    },
  ],
});
