import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import type { TaskScalars } from "../../src/risk/conditional.js";
import { normalCdf } from "../../src/risk/normal.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { magenVardi2025 } from "../papers.js";
import { type Learner, meanError, statedTasks, type TaskWorld, testScalars, trained, trainingTasks } from "./setup.js";

/*
 * Given m, the error of sign(mᵀWx) is Φ(−mᵀWμ/‖Wᵀm‖), and mᵀWμ ≤ ‖Wᵀm‖‖μ‖ = ‖Wᵀm‖R̃ (Cauchy–Schwarz): at least Φ(−R̃),
 * for every W, m and M. Likewise it is at most Φ(R̃), so |½ − error| ≤ R̃/√(2π). At M = ∞, m = μ, and Wᵀμ = aμ attains
 * the floor. A trained W misses it by φ(R̃)R̃ν/2, ν ≈ (k(1 + d/R²) − 1)/B.
 */

/**
 * `Rtest` is the strength of the test tasks, that of training R: below it in some configurations, above it in others.
 */
type C = {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly B: number;
  readonly Rtest: number;
};

interface World extends TaskWorld {
  readonly learner: Learner;
  /** The strength whose floor is claimed, in multiples of R̃. */
  readonly floorOf: number;
}

export const errorFloor = theorem({
  id: "error-floor",
  title: "No context is long enough for an error below Φ(−R̃), and the trained transformer gets there",
  source: { paper: magenVardi2025, locus: "§1; the floor is derived", status: "derived" },
  statement:
    String.raw`\mathrm{err}(W, M) \ge \Phi(-\tilde R), \quad |\mathrm{err} - \tfrac12| \le \tilde` +
    String.raw` R/\sqrt{2\pi}`,
  regime: fc.record({
    d: fc.constantFrom(8, 64, 1000),
    k: fc.constant(1),
    R: fc.constantFrom(30, 60),
    N: fc.integer({ min: 5, max: 20 }),
    B: fc.constant(256),
    Rtest: fc.constantFrom(0.5, 1, 2),
  }),
  examples: {
    "tested below the training strength": { d: 8, k: 1, R: 4, N: 10, B: 256, Rtest: 1 },
    "tested above it": { d: 3, k: 1, R: 2, N: 10, B: 256, Rtest: 2.5 },
    "a million dimensions": { d: 1_000_000, k: 2, R: 2000, N: 10, B: 256, Rtest: 2 },
  },
  configurations: 3,
  maxDraws: 400,
  assumptions: [
    assume<C>("B >= c_B * k * (1 + d / R^2)", {
      why: "tasks enough for a noise ν below a hundredth",
      constants: { c_B: { value: 100, from: "derived: the error then misses the floor by R̃²ν/2 of it" } },
      drop: (at) => ({ ...at, k: Math.max(2, at.k), B: 4, d: at.d + 8 }),
    }),
  ],
  world: { ...statedTasks, learner: "300 steps", floorOf: 1 } as World,
  rivals: {
    "a sixteenth of the tasks": { says: "a sixteenth of the training tasks", at: (at) => ({ ...at, B: at.B / 16 }) },
    "a floor of 1.1 R̃": { says: "the floor of a strength a tenth above", world: { floorOf: 1.1 } },
    "a floor of 0.95 R̃": { says: "the floor of a strength a twentieth below", world: { floorOf: 0.95 } },
    "one step for 300": { says: "one step, W ∝ Σ m uᵀ, in place of 300", world: { learner: "one step" } },
    "twice the strength": { says: "R̃ = 0.02 in place of 0.01", world: { floorOf: 0.5 } },
  },
  cost: ({ B, k, d }) => dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300, limit: true }),
  simulate,
  claims: [
    {
      id: "trained-reaches-it",
      says:
        "the error of 300 steps at M = ∞ is at most 3% above Φ(−R̃) for R̃ below R, " + "15% for R̃ = 1.25R: mean excess",
      form: "mean",
      measure: ({ scalars }, { Rtest }, { floorOf }) => meanError(scalars, Infinity) / normalCdf(-floorOf * Rtest) - 1,
      // Above R the floor is small, Φ(−2.5), and the same ν costs R̃²ν/2 of it: 8% there, measured.
      atMost: ({ Rtest, R }) => (Rtest > R ? 0.15 : 0.03),
      ...{ range: [-0.1, 0.5], clip: "both", slack: 0.03 },
      rivals: [
        "a floor of 1.1 R̃",
        { rival: "one step for 300", trueOfItToo: "enough tasks take one step there as well" },
      ],
    },
    {
      id: "perfect-accuracy-unattainable",
      says: "as M grows the error does not fall below Φ(−R̃): at M = ∞ it is at least that, mean excess ≥ 0 less 1%",
      form: "mean",
      measure: ({ scalars }, { Rtest }, { floorOf }) => meanError(scalars, Infinity) / normalCdf(-floorOf * Rtest) - 1,
      ...{ range: [-0.1, 0.1], clip: "both", atLeast: 0, slack: 0.01 },
      rivals: ["a floor of 0.95 R̃"],
    },
    {
      id: "chance-without-signal",
      says: "at R̃ = 0.01 no trained W, task or context length is further than R̃/√(2π) from an error of ½",
      form: "always",
      tolerance: 1e-9,
      because: "rounding: Φ's argument is right to 1e-16, but to 1e-16 R̃²/a² where chance leaves only a of μ in m",
      measure: ({ faint }, _, { floorOf }) =>
        Math.max(...faint.flatMap((task) => [1, 10, Infinity].map((M) => Math.abs(0.5 - meanError([task], M))))) -
        (0.01 * floorOf) / Math.sqrt(2 * Math.PI),
      rivals: ["twice the strength"],
    },
    {
      id: "near-perfect-once-k-is-small",
      says: "accuracy is near-perfect once k is small enough: at k = 1 and M = ∞ an error of at most 0.01, R̃ = 1",
      form: "mean",
      where: ({ k, Rtest }) => k === 1 && Rtest === 1,
      measure: ({ scalars }) => meanError(scalars, Infinity),
      ...{ range: [0, 0.2], clip: "both", atMost: 0.01, slack: 0.01 },
      rivals: [],
      expect: {
        verdict: "refuted",
        because: "the floor Φ(−R̃), 0.16 there, does not depend on k",
        nearest: "trained-reaches-it",
      },
    },
  ],
});

function simulate(at: C, stream: Stream, world: World) {
  const tasks = trainingTasks(at, stream.derive("training"), world);
  const parts: { readonly W: ReturnType<typeof trained>; scalars: TaskScalars[]; faint: TaskScalars[] } = lazily({
    W: () => trained(tasks, world.learner),
    scalars: () => testScalars(stream.derive("test"), at, tasks, [parts.W], 50)[0]!,
    faint: () => testScalars(stream.derive("test"), { ...at, Rtest: 0.01 }, tasks, [parts.W], 50)[0]!,
  });
  return parts;
}
