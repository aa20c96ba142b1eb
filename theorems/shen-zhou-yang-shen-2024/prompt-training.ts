import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { matrix } from "../../src/linalg/matrix.js";
import { dot } from "../../src/linalg/vector.js";
import type { Stream } from "../../src/random/stream.js";
import { curvatureForm } from "../../src/transformer/classes/curvature.js";
import { hessianProduct, populationLoss } from "../../src/transformer/classes/loss.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import {
  drawPrompts,
  type PromptSnapshot,
  smoothnessBound,
  trainOnPrompts,
} from "../../src/transformer/classes/prompts.js";
import { populationScale } from "../../src/transformer/classes/scale.js";
import { shenZhouYangShen2024 } from "../papers.js";
import { gap, lawOf, populationIn, precisionTimes, statedContexts } from "./setup.js";

/*
 * What is trained in practice: gradient descent on B labelled prompts of N examples each, where the paper's theorems speak
 * of the expected loss. The number of prompts is the dominant error until B is some hundred times d².
 *
 * c classes in dimension d, Λ diagonal with condition number `condition`, Λ⁻¹-norm rho of the class means; `step` is the
 * step in units of 1/β, β the Hessian's bound at every W.
 *
 * For spherical means the Hessian of the expected loss at aΛ⁻¹ is, in whitened coordinates, invariant under rotations: two
 * constants, found from tasks with Λ = I, give all its eigenvalues for every Λ, at W = 0 (and with it β) and at W* = a(N)Λ⁻¹.
 * So κ = β/λ_min is known before any prompt is seen. At the prompts' own minimiser W_B an M-estimator departs from W* by
 * B^{-1/2}.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly condition: number;
  readonly N: number;
  readonly B: number;
  readonly step: number;
};

interface World {
  /** Factor on the step. */
  readonly step: number;
  /** Factor on the rate that κ gives. */
  readonly speed: number;
  /** The power of B that a number of prompts is worth. */
  readonly power: number;
}

const usual = { rho: 2, condition: 1, N: 40, step: 1 };

export const promptTraining = theorem({
  id: "prompt-training",
  title: "Gradient descent on labelled prompts: a linear rate known beforehand, and an error of B^{-1/2}",
  source: {
    paper: shenZhouYangShen2024,
    locus: "training on B prompts; κ from the law, and the laws in B, are derived",
    status: "derived",
  },
  statement: String.raw`\|W_t - W_B\|^2 \le e^{-t/\kappa}\|W_0 - W_B\|^2,\ \kappa = \kappa(\Lambda, \rho, d, c, N); \quad \|W_B - W^*\| \propto B^{-1/2}`,
  regime: fc
    .record({
      classes: fc.constantFrom(2, 3),
      d: fc.integer({ min: 2, max: 4 }),
      condition: fc.constantFrom(1, 10, 100),
      N: fc.constantFrom(40, 80),
    })
    .map((at) => ({ ...usual, ...at, B: 150 * at.d * at.d })),
  examples: {
    "in the plane": { ...usual, classes: 2, d: 2, B: 128 },
    "condition 100": { ...usual, classes: 2, d: 3, condition: 100, B: 1500 },
    "three classes": { ...usual, classes: 3, d: 2, condition: 10, B: 600 },
    "twenty dimensions": { ...usual, classes: 2, d: 20, N: 200, B: 3000 },
  },
  paper: {
    "d = 20, c = 10": { ...usual, classes: 10, d: 20, N: 1000, B: 8000 },
    "contexts of 10,000": { ...usual, classes: 2, d: 5, condition: 10, N: 10_000, B: 3000 },
  },
  configurations: 5,
  maxDraws: 600,
  assumptions: [
    assume<C>("step > 0", { why: "descent has a step", drop: (at) => ({ ...at, step: -1 }) }),
    assume<C>("step <= 1", { why: "the step is at most 1/β", drop: (at) => ({ ...at, step: 30 }) }),
    assume<C>("condition >= 1", { why: "Λ is positive definite", drop: (at) => ({ ...at, condition: 0.5 }) }),
    assume<C>("d >= 2", { why: "the curvature has two constants", drop: (at) => ({ ...at, d: 1 }) }),
    assume<C>("B >= c_B * d^2", {
      why: "prompts enough for a minimiser near the law's",
      constants: {
        c_B: {
          value: 7,
          from: "calibrated: at B = 4d² W_B is further from W* than W* from 0, and at d² the classes are separable",
        },
      },
      drop: (at) => ({ ...at, B: at.d * at.d }),
    }),
  ],
  world: { step: 1, speed: 1, power: 1 } as World,
  rivals: {
    "steps of 16/β": { says: "the step is sixteen times the bound's", world: { step: 16 } },
    "1.2 times as fast": { says: "the rate is a fifth faster than κ says", world: { speed: 1.2 } },
    "B^-1/4": { says: "B prompts are worth √B", world: { power: 0.5 } },
  },
  simulate,
  claims: [
    {
      id: "loss-falls",
      says: "at every step, from any W₀, the loss falls by η‖∇L‖²/2 at least",
      form: "always",
      tolerance: 1e-12,
      because: "rounding of a mean of thousands of terms of order 1, some 1e-13",
      seeds: 2,
      measure: ({ path, stepSize }) =>
        path.slice(1).reduce((most, next, i) => {
          const { loss, gradient } = path[i]!;
          return Math.max(most, next.loss - loss + (stepSize / 2) * dot(gradient.data, gradient.data));
        }, Number.NEGATIVE_INFINITY),
      rivals: ["steps of 16/β"],
    },
    {
      id: "rate-known-beforehand",
      says: "along the slowest direction a step contracts by ηλ, λ from (Λ, ρ, d, c, N) alone, within 5%",
      form: "equals",
      where: (at) => at.B > 128,
      range: [0.75, 1.25],
      clip: "both",
      equals: 1,
      within: 0.05,
      measure: ({ contraction }, _, { speed }) => contraction / speed,
      rivals: ["1.2 times as fast"],
    },
    {
      id: "distance",
      says: "‖W_B − W*‖ falls like B^{-1/2}: its exponent from 128 prompts to 8192 is −0.5 ± 0.1",
      form: "equals",
      where: (at) => at.B === 128,
      range: [-0.9, -0.1],
      clip: "both",
      equals: -0.5,
      // At 128 prompts in the plane higher orders in 1/B still count: the exponent measured is −.56.
      within: 0.1,
      measure: ({ distances: [few, many] }) => Math.log(many! / few!) / Math.log(64),
      rivals: ["B^-1/4"],
    },
  ],
});

function simulate(at: C, stream: Stream, world: World) {
  const { classes, d, rho: norm, N, B } = at;
  const law = lawOf(at);
  const { scale } = populationScale(stream.derive("scale"), { classes, d, norm, N }, Math.ceil(3000 / classes));
  const target = precisionTimes(law, scale);
  const prompts = drawPrompts(stream.derive("prompts"), law, N, B);
  const worth = (factor: number) => Math.round(B * factor ** world.power);
  const trainedOn = (name: string, count: number, many: number) =>
    Array.from({ length: count }, (_, i) => {
      const own = drawPrompts(stream.derive(name, i), law, N, many);
      return populationMinimiser(own, { start: target, tolerance: 1e-6 }).W;
    });
  const few = lazily({ Ws: () => trainedOn("few", 8, B) });
  const stepSize = (at.step * world.step) / smoothnessBound(prompts);
  return lazily({
    stepSize: () => stepSize,
    path: (): PromptSnapshot[] => {
      const start = matrix(
        d,
        d,
        Float64Array.from({ length: d * d }, (_, i) => Math.cos(i) * scale),
      );
      return trainOnPrompts(prompts, { start, stepSize, at: Array.from({ length: 40 }, (_, t) => t) });
    },
    // How fast a step shrinks V, per η, at the law's own minimiser; and how fast it was said to.
    contraction: () => {
      const { V, smallest } = slowest(at, scale, stream.derive("curvature"));
      const image = hessianProduct(prompts, populationLoss(prompts, target), V);
      return dot(V.data, image.data) / dot(V.data, V.data) / smallest;
    },
    distances: () => {
      // W* itself must be known better than the least of these distances: to .3%.
      const fine = populationScale(stream.derive("fine"), { classes, d, norm, N }, Math.ceil(40_000 / classes)).scale;
      const optimum = precisionTimes(law, fine);
      return [few.Ws, trainedOn("many", 2, worth(64))].map((Ws) =>
        Math.sqrt(Ws.reduce((sum, W) => sum + gap(W, optimum) ** 2, 0) / Ws.length),
      );
    },
  });
}

/** The slowest eigenvalue of the expected loss at W*, and its direction, from tasks with Λ = I. */
function slowest(at: C, scale: number, stream: Stream) {
  const white = lawOf({ ...at, condition: 1 });
  const tasks = Math.ceil(4000 / at.classes / Math.max(1, at.d / 5));
  const form = curvatureForm(populationIn(statedContexts, stream, white, at.N, tasks), scale);
  const { matrix: covariance } = lawOf(at).covariance;
  const variances = Array.from({ length: at.d }, (_, a) => covariance.data[a * (at.d + 1)]!);
  // Symmetric, skew or diagonal in the two coordinates of least variance.
  const V = matrix(at.d, at.d);
  const sign = form.beta > 0 ? -1 : 1;
  V.data[1] = 1;
  V.data[at.d] = sign;
  return {
    V,
    smallest: variances[0]! * variances[1]! * (form.alpha + sign * form.beta),
  };
}
