import { type Matrix, matrix } from "../../src/linalg/matrix.js";
import { dot, norm } from "../../src/linalg/vector.js";
import {
  autoregressiveCovariance,
  type Covariance,
  colour,
  diagonalCovariance,
} from "../../src/mixture/classes/covariance.js";
import { type MixtureLaw, mixtureLaw } from "../../src/mixture/classes/law.js";
import type { MeansLaw } from "../../src/mixture/classes/means.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import type { ClassPredictor } from "../../src/risk/departure.js";
import { hessianProduct, populationLoss } from "../../src/transformer/classes/loss.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { classProbabilities } from "../../src/transformer/classes/probabilities.js";
import { drawPopulationSample, type PopulationSample } from "../../src/transformer/classes/sample.js";

/** The parts of the training context that a wrong theory would get wrong. */
export interface ContextWorld {
  /** Factor on the noise of the class sums. */
  readonly contextNoise: number;
  /**
   * How many of the N examples are counted, the sums divided by N all the same; or N/c of each class, no more no less.
   */
  readonly counted: "N" | "N - 1" | "N/c each";
}

/** Contexts as the paper draws them. */
export const statedContexts: ContextWorld = { contextNoise: 1, counted: "N" };

/** The named ways in which training contexts may be a little off. */
export const contextRivals = {
  "counts from N - 1 draws": {
    says: "the context's last example is forgotten, the sums are divided by N",
    world: { counted: "N - 1" },
  },
  "training noise x 0.9": {
    says: "the noise of the training contexts is a tenth too small",
    world: { contextNoise: 0.9 },
  },
  "training noise x 0.8": {
    says: "the noise of the training contexts is a fifth too small",
    world: { contextNoise: 0.8 },
  },
} as const;

/**
 * A law of mixtures in the terms that a user types: c classes in dimension d, Λ diagonal with condition number
 * `condition`, or where that is 1 the AR(1) covariance with coefficient `phi`; class means of Λ⁻¹-norm `rho`; `priors`
 * and `norms` are the weight and the norm of class 0 in units of the others'.
 */
export interface LawParameters {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly condition?: number;
  readonly phi?: number;
  readonly priors?: number;
  readonly norms?: number;
}

/** The law at a configuration. @throws RangeError naming the parameter that is out of range. */
export function lawOf(at: LawParameters, meansLaw: MeansLaw = "spherical"): MixtureLaw {
  const { classes, rho, priors = 1, norms = 1 } = at;
  const norm = firstClass(classes, norms).map((ratio) => ratio * rho);
  return mixtureLaw({ covariance: covarianceAt(at), classes, norm, priors: firstClass(classes, priors), meansLaw });
}

function covarianceAt({ d, condition = 1, phi = 0 }: LawParameters): Covariance {
  return condition === 1 ? autoregressiveCovariance(d, phi) : diagonalCovariance(d, condition);
}

/** One number a class: `value` for class 0, 1 for the others. */
export function firstClass(classes: number, value: number): Float64Array {
  return Float64Array.from({ length: classes }, (_, j) => (j === 0 ? value : 1));
}

/**
 * S tasks with antithetic contexts of N examples in a world. Counts from N − 1 draws over N are the sample at N − 1
 * with heads times (N − 1)/N; contexts of opposite noise stand side by side, so half their difference is the noise.
 */
export function populationIn(
  { contextNoise, counted }: ContextWorld,
  stream: Stream,
  law: MixtureLaw,
  N: number,
  S: number,
): PopulationSample {
  if (counted === "N/c each") return fixedCounts(stream, law, N, S);
  const sample = drawPopulationSample(stream, law, counted === "N" ? N : N - 1, S);
  const heads = sample.heads.data;
  if (counted === "N - 1") for (let i = 0; i < heads.length; i++) heads[i] = heads[i]! * (1 - 1 / N);
  if (contextNoise === 1 || N === Number.POSITIVE_INFINITY) return sample;
  const length = sample.classes * law.covariance.matrix.rows;
  for (let first = 0; first < heads.length; first += 2 * length) {
    for (let i = first; i < first + length; i++) {
      const mean = (heads[i]! + heads[i + length]!) / 2;
      const noise = (contextNoise * (heads[i]! - heads[i + length]!)) / 2;
      heads[i] = mean + noise;
      heads[i + length] = mean - noise;
    }
  }
  return sample;
}

/** The same tasks with N/c examples of each class in every context: heads μ_j/c ± √(1/(cN))·noise. */
function fixedCounts(stream: Stream, law: MixtureLaw, N: number, S: number): PopulationSample {
  const limit = drawPopulationSample(stream, law, Number.POSITIVE_INFINITY, S);
  const c = limit.classes;
  const d = law.covariance.matrix.rows;
  const heads = matrix(2 * S * c, d);
  for (let t = 0; t < S; t++) {
    const noise = colour(law.covariance, normals(stream.derive("fixed counts", t), c * d));
    for (let i = 0; i < c * d; i++) {
      const mean = limit.heads.data[t * c * d + i]!;
      heads.data[2 * t * c * d + i] = mean + noise[i]! / Math.sqrt(c * N);
      heads.data[(2 * t + 1) * c * d + i] = mean - noise[i]! / Math.sqrt(c * N);
    }
  }
  return { ...limit, contexts: 2, heads };
}

/**
 * The scale a at which aΛ⁻¹ does best on a sample, the root of ⟨∇L(aΛ⁻¹), Λ⁻¹⟩ by Newton's method: a(N) up to the
 * sample's own error, which it shares with the minimiser of the same sample.
 */
export function bestScale(sample: PopulationSample, { covariance: { precision } }: MixtureLaw): number {
  let scale = 1;
  for (let i = 0; i < 50; i++) {
    const point = populationLoss(sample, scaled(precision, scale));
    const slope = dot(hessianProduct(sample, point, precision).data, precision.data);
    const change = dot(point.gradient.data, precision.data) / slope;
    // Convex in a: from below Newton's method never jumps far, and half of a jump past zero is a way back.
    scale = scale > change ? scale - change : scale / 2;
    if (Math.abs(change) < 1e-9 * scale) return scale;
  }
  throw new Error("no finite scale is best for these tasks");
}

/** The minimiser of the expected loss over S tasks. */
export function populationWeights(world: ContextWorld, stream: Stream, law: MixtureLaw, N: number, S: number): Matrix {
  return populationMinimiser(populationIn(world, stream, law, N, S), { tolerance: 1e-8 }).W;
}

/** factor·Λ⁻¹: the weights of discriminant analysis for factor = c, the population minimiser's for a(N). */
export function precisionTimes({ covariance: { precision } }: MixtureLaw, factor: number): Matrix {
  return scaled(precision, factor);
}

/** The transformer with weights W, as a predictor of class probabilities. */
export function transformer(W: Matrix): ClassPredictor {
  return ({ heads }, x) => classProbabilities(W, heads, x);
}

/** E TV of the transformer with weights W to the posterior, over a sample of tasks and contexts. */
export function departure(test: PopulationSample, W: Matrix): number {
  const { classes, contexts, posteriors } = test;
  const { probabilities } = populationLoss(test, W);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const task = Math.floor(i / (contexts * classes));
    sum += Math.abs(probabilities[i]! - posteriors.data[task * classes + (i % classes)]!);
  }
  return (sum * classes) / (2 * probabilities.length);
}

/** ‖A − B‖_F. */
export function gap(A: Matrix, B: Matrix): number {
  return norm(A.data.map((value, i) => value - B.data[i]!));
}

/** factor·A. */
export function scaled(A: Matrix, factor: number): Matrix {
  return matrix(A.rows, A.cols, A.data.map((value) => factor * value)); // biome-ignore format: short
}
