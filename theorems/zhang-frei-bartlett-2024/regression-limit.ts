import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { matrix } from "../../src/linalg/matrix.js";
import type { Stream } from "../../src/random/stream.js";
import {
  drawInputs,
  regressionError,
  regressionScales,
  sampleCovariance,
  trainOnRegressionPrompts,
} from "../../src/transformer/regression.js";
import { zhangFreiBartlett2024 } from "../papers.js";

/*
 * Why it matters: the trained model is no learner that is handed the inputs' covariance Λ. It inverts Γ, which is Λ and
 * the noise of N examples, and carries that N to test prompts of any length M: more examples do not take its error to
 * 0, and inputs of another covariance raise it.
 * d: inputs' dimension; N, M: examples in a training and a test prompt; B: training prompts; condition: λ_max/λ_min,
 * the eigenvalues of Λ falling geometrically from 1; shift: Λ_test = shift · Λ; kurtosis: of the inputs' entries, 3 if
 * normal.
 * In short: of x_1 … x_N the model sees h = Ŝw. Averaged over w and the query, the loss of W is tr(Wᵀ E[Ŝ²] W Λ) − 2
 * tr(ΛWΛ) + tr Λ, and Wick's formula gives E[Ŝ²] = Λ((1 + 1/N)Λ + (tr Λ/N) I) = ΛΓ; so the gradient 2(ΛΓWΛ − Λ²) is 0
 * at W = Γ⁻¹. With M test examples the same formula, Γ_M in place of Γ, is the test error.
 */

type At = {
  readonly d: number;
  readonly N: number;
  readonly M: number;
  readonly B: number;
  readonly condition: number;
  readonly shift: number;
  readonly kurtosis: number;
};

/** What the model is said to have learned on inputs of these eigenvalues: its weights along the axes of Λ. */
interface World {
  readonly learned: (eigenvalues: Float64Array, N: number) => Float64Array;
}

export const regressionLimit = theorem({
  id: "regression-limit",
  title: "Linear attention trained on linear regression inverts Γ, not the covariance",
  source: { paper: zhangFreiBartlett2024, locus: "Theorem 4.1 and Section 4", status: "stated" },
  statement: String.raw`W^* = \Gamma^{-1},\quad \Gamma = (1 + \tfrac1N)\Lambda + \tfrac{\mathrm{tr}\,\Lambda}{N} I`,
  regime: fc.record({
    d: fc.integer({ min: 2, max: 4 }),
    N: fc.integer({ min: 4, max: 6 }),
    M: fc.integer({ min: 4, max: 8 }),
    B: fc.constant(4000),
    condition: fc.constantFrom(1, 2, 4),
    shift: fc.constantFrom(0.5, 2),
    kurtosis: fc.constant(3),
  }),
  examples: {
    round: { d: 3, N: 6, M: 6, B: 4000, condition: 1, shift: 2, kurtosis: 3 },
    "long prompts": { d: 3, N: 5, M: 40, B: 4000, condition: 4, shift: 0.5, kurtosis: 3 },
  },
  configurations: 3,
  assumptions: [
    assume<At>("kurtosis == 3", {
      why: "fourth moments of normal inputs make E[Ŝ²] = ΛΓ",
      drop: (at) => ({ ...at, kurtosis: 1 }),
    }),
    assume<At>("B >= c_B * d^2", {
      why: "enough prompts for the d² weights",
      constants: { c_B: { value: 100, from: "calibrated: the bias of least squares, about d²/B, is then below 0.01" } },
      drop: (at) => ({ ...at, B: at.d }),
    }),
  ],
  world: { learned: (eigenvalues: Float64Array, N: number) => regressionScales(eigenvalues, N).map((x) => 1 / x) },
  rivals: {
    "Λ⁻¹ in place of Γ⁻¹": {
      says: "as if N were infinite",
      world: { learned: (eigenvalues: Float64Array) => eigenvalues.map((x) => 1 / x) },
    },
    "N off by one": { says: "the query counted among the examples", at: (at: At) => ({ ...at, N: at.N + 1 }) },
    "M off by one": { says: "one test example more", at: (at: At) => ({ ...at, M: at.M + 1 }) },
    "no shift": { says: "tested on the inputs of the training", at: (at: At) => ({ ...at, shift: 1 }) },
  },
  simulate,
  claims: [
    {
      id: "limit",
      says: "the gradient of the loss vanishes at Γ⁻¹: the model's E[Ŝ²]W is Λ, along the axis of smallest variance",
      form: "equals",
      range: [0.9, 1.1],
      clip: "both",
      equals: 1,
      within: 0.02,
      measure: ({ moment, eigenvalues }, { N }, world) =>
        (moment * world.learned(eigenvalues, N).at(-1)!) / eigenvalues.at(-1)!,
      rivals: ["N off by one", "Λ⁻¹ in place of Γ⁻¹"],
    },
    {
      id: "trained",
      says: "trained on B prompts, tr(W Γ)/d is 1: W has come to Γ⁻¹",
      form: "equals",
      range: [0.85, 1.15],
      clip: "both",
      equals: 1,
      within: 0.03,
      measure: ({ trained, eigenvalues }, { N }, world) => {
        const said = world.learned(eigenvalues, N);
        return said.reduce((sum, weight, i) => sum + trained.data[i * said.length + i]! / weight, 0) / said.length;
      },
      rivals: ["N off by one", "Λ⁻¹ in place of Γ⁻¹"],
    },
    {
      id: "test-error",
      says: "its error from M examples, over Σ λ_i (1 − 2λ_i/γ_i + λ_i γ_i(M)/γ_i²), is 1",
      form: "equals",
      range: [0.9, 1.1],
      clip: "both",
      equals: 1,
      within: 0.02,
      measure: ({ error, eigenvalues }, at) => error / predictedError(eigenvalues, at, 1),
      rivals: ["M off by one", "Λ⁻¹ in place of Γ⁻¹"],
    },
    {
      id: "covariance-shift",
      says: "on inputs of covariance shift · Λ it stays at Γ⁻¹: its error over that formula with λ_i shifted is 1",
      form: "equals",
      range: [0.9, 1.1],
      clip: "both",
      equals: 1,
      within: 0.02,
      measure: ({ shiftedError, eigenvalues }, at) => shiftedError / predictedError(eigenvalues, at, at.shift),
      rivals: ["no shift", "Λ⁻¹ in place of Γ⁻¹"],
    },
  ],
});

/** What the statement says the test error is. */
function predictedError(eigenvalues: Float64Array, { N, M }: At, shift: number): number {
  const weights = regressionScales(eigenvalues, N).map((scale) => 1 / scale);
  return regressionError(
    weights,
    eigenvalues.map((value) => shift * value),
    M,
  );
}

/** Prompts that one draw averages over: their spread is then about the tolerance. */
const prompts = 1000;

function simulate(at: At, stream: Stream, world: World) {
  const { d, N, M, B, condition, shift, kurtosis } = at;
  const eigenvalues = Float64Array.from({ length: d }, (_, i) => condition ** (-i / (d - 1)));
  const weights = world.learned(eigenvalues, N);
  return lazily({
    eigenvalues: () => eigenvalues,
    /** (Ŝ²)_dd, a mean over prompts. */
    moment: () =>
      meanOverPrompts(stream.derive("moment"), N, eigenvalues, kurtosis, (deviation) => {
        let sum = eigenvalues[d - 1]! ** 2;
        for (let j = 0; j < d; j++) sum += deviation(d - 1, j) ** 2;
        return sum;
      }),
    trained: () => trainOnRegressionPrompts(stream.derive("training"), { B, N }, eigenvalues, kurtosis),
    error: () => testError(stream.derive("test"), M, eigenvalues, kurtosis, weights),
    shiftedError: () =>
      testError(
        stream.derive("shifted test"),
        M,
        eigenvalues.map((value) => shift * value),
        kurtosis,
        weights,
      ),
  });
}

/** E over w and the query is exact: ‖(ŜW − I)Λ^½‖²; the mean over prompts is drawn. */
function testError(stream: Stream, M: number, eigenvalues: Float64Array, kurtosis: number, weights: Float64Array) {
  const d = eigenvalues.length;
  return meanOverPrompts(stream, M, eigenvalues, kurtosis, (deviation) => {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      sum += eigenvalues[j]! * (eigenvalues[j]! * weights[j]! - 1) ** 2;
      for (let i = 0; i < d; i++) sum += eigenvalues[j]! * (deviation(i, j) * weights[j]!) ** 2;
    }
    return sum;
  });
}

/**
 * The mean over prompts of a function of Ŝ − Λ. What is linear in it has mean 0, whatever the inputs' law, and is left
 * out above: half of the spread or more.
 */
function meanOverPrompts(
  stream: Stream,
  N: number,
  eigenvalues: Float64Array,
  kurtosis: number,
  of: (deviation: (i: number, j: number) => number) => number,
): number {
  const d = eigenvalues.length;
  const inputs = drawInputs(stream, prompts * N, eigenvalues, kurtosis);
  const S = matrix(d, d);
  const deviation = (i: number, j: number) => S.data[i * d + j]! - (i === j ? eigenvalues[i]! : 0);
  let sum = 0;
  for (let i = 0; i < prompts; i++) {
    sampleCovariance(inputs, i * N, N, S);
    sum += of(deviation);
  }
  return sum / prompts;
}
