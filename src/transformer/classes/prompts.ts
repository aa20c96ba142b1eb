import { checkCount, checkPositive } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { dot, norm } from "../../linalg/vector.js";
import { drawShares, type LabelledExamples, summarise } from "../../mixture/classes/context.js";
import { fillColoured } from "../../mixture/classes/covariance.js";
import { drawClass, type MixtureLaw } from "../../mixture/classes/law.js";
import { meansInto } from "../../mixture/classes/means.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { hessianProduct, populationLoss } from "./loss.js";
import type { PopulationSample } from "./sample.js";

/**
 * B labelled prompts of a law of tasks: each a task of its own, a context of N examples and one query with its label.
 * What the transformer of Shen, Zhou, Yang & Shen (2024) is trained on: a sample of one context a task, whose
 * "posterior" is the label's indicator. One stream gives means, label, query and context noise, prompt after prompt,
 * and another the counts, so equal streams give the first B prompts of any longer list, and the same noise at every N.
 * Cost: (2c + 1)d normals and c − 1 binomials a prompt: a stream for each would be ten times that.
 * @throws RangeError unless B ≥ 1 is an integer, and N too (below 2^31) or infinite.
 */
export function drawPrompts(stream: Stream, law: MixtureLaw, N: number, B: number): PopulationSample {
  checkCount("B", B);
  const { covariance, priors, meansLaw, norms } = law;
  const c = priors.length;
  const d = covariance.matrix.rows;
  const prompts = emptyPrompts(B, c, d);
  const own = stream.derive("prompts");
  const counts = stream.derive("counts");
  const query = new Float64Array(d);
  const noise = new Float64Array(d);
  const spreads = new Float64Array(c * d);
  const task = matrix(c, d);
  const drawTask = meansInto(task, meansLaw, covariance, norms);
  const means = task.data;
  for (let t = 0; t < B; t++) {
    drawTask(own);
    const label = drawClass(own, priors);
    prompts.posteriors.data[t * c + label] = 1;
    fillColoured(covariance, fillNormal(own, query), query);
    for (let a = 0; a < d; a++) prompts.queries.data[t * d + a] = means[label * d + a]! + query[a]!;
    for (let j = 0; j < c; j++) {
      fillColoured(covariance, fillNormal(own, noise), noise);
      for (let a = 0; a < d; a++) spreads[j * d + a] = noise[a]!;
    }
    const shares = drawShares(counts, priors, N);
    for (let j = 0; j < c; j++) {
      const share = shares[j]!;
      const spread = Math.sqrt(share / N);
      for (let i = j * d; i < (j + 1) * d; i++) {
        prompts.heads.data[t * c * d + i] = share * means[i]! + spread * spreads[i]!;
      }
    }
  }
  return prompts;
}

/**
 * Prompts given example by example, the last of each being its query: heads h_j = (1/N) Σ_{i ≤ N: class j} x_i of the N
 * before it.
 * @throws RangeError unless there is a prompt, each has at least 2 examples of one dimension, and labels in 0 … classes
 * − 1.
 */
export function promptsOf(examples: readonly LabelledExamples[], classes: number): PopulationSample {
  checkCount("the number of prompts", examples.length);
  const d = examples[0]!.inputs.cols;
  const prompts = emptyPrompts(examples.length, classes, d);
  examples.forEach(({ labels, inputs }, t) => {
    const N = labels.length - 1;
    if (N < 1 || inputs.rows !== N + 1 || inputs.cols !== d) {
      throw new RangeError(
        `prompt ${t} must have at least 2 examples of dimension ${d} with a label each, got ` +
          `${labels.length} labels and ` +
          `${inputs.rows} x ${inputs.cols} inputs`,
      );
    }
    const label = labels[N]!;
    if (!(label >= 0 && label < classes)) {
      throw new RangeError(`labels must be 0 ... ${classes - 1}, got ${label}`);
    }
    const context = { labels: labels.subarray(0, N), inputs: matrix(N, d, inputs.data.subarray(0, N * d)) };
    prompts.heads.data.set(summarise(context, classes).heads.data, t * classes * d);
    row(prompts.queries, t).set(row(inputs, N));
    row(prompts.posteriors, t)[label] = 1;
  });
  return prompts;
}

function emptyPrompts(B: number, classes: number, d: number): PopulationSample {
  checkCount("classes", classes, 2);
  return { classes, contexts: 1, queries: matrix(B, d), posteriors: matrix(B, classes), heads: matrix(B * classes, d) };
}

/**
 * β with 0 ⪯ ∇²L(W) ⪯ β at every W. Along V a context curves by the variance of h_jᵀVx over j under the probabilities,
 * vᵀ(diag p − ppᵀ)v ≤ ½|v − v̄|² (the largest eigenvalue of that matrix is at most ½, which p = (½, ½, 0, …) attains),
 * and at W = 0, where p = 1/c, by |v − v̄|²/c. So β = (c/2)·λ_max(∇²L(0)): for two classes the curvature at zero, for
 * more a multiple of it. λ_max by the power method to a relative 1e-6, taken a little larger than found. Cost: some 10
 * to 200 Hessian products.
 */
export function smoothnessBound(sample: PopulationSample): number {
  const d = sample.queries.cols;
  const origin = populationLoss(sample, matrix(d, d));
  // A start that no symmetry of the data makes orthogonal to the leading eigenvector.
  let V = matrix(d, d);
  for (let i = 0; i < d * d; i++) V.data[i] = (i % (d + 1) === 0 ? 1 : 0) + Math.sin(i + 1) / d;
  let largest = 0;
  for (let i = 0; i < 1000; i++) {
    const length = norm(V.data);
    if (length === 0) return 0;
    V = matrix(d, d, V.data.map((value) => value / length)); // biome-ignore format: short
    const image = hessianProduct(sample, origin, V);
    const quotient = dot(V.data, image.data);
    if (i > 5 && quotient - largest <= 1e-7 * quotient) break;
    largest = quotient;
    V = image;
  }
  return (sample.classes / 2) * largest * (1 + 1e-3);
}

/** How to train: by default from W₀ = 0 with the step 1/β of `smoothnessBound`. */
export interface PromptTraining {
  readonly start?: Matrix;
  readonly stepSize?: number;
  /** Steps at which W is handed out, rising; 0 is W₀. */
  readonly at: readonly number[];
  /** A W to which each snapshot gives the distance. */
  readonly target?: Matrix;
}

/** Gradient descent at one step. */
export interface PromptSnapshot {
  readonly step: number;
  readonly W: Matrix;
  readonly loss: number;
  readonly gradient: Matrix;
  /** ‖W − target‖_F; NaN without a target. */
  readonly distance: number;
}

/**
 * Full-batch gradient descent W ← W − η∇L on the mean cross-entropy of labelled prompts. Cost: a gradient a step, B(4d²
 * + 4cd) operations and Bc exponentials.
 * @throws RangeError unless W₀ is d × d and finite, the step finite and > 0, and `at` rising integers ≥ 0.
 */
export function trainOnPrompts(sample: PopulationSample, training: PromptTraining): PromptSnapshot[] {
  const d = sample.queries.cols;
  const { start = matrix(d, d), stepSize = 1 / smoothnessBound(sample), at, target } = training;
  checkPositive("the step", stepSize);
  if (!start.data.every(Number.isFinite)) throw new RangeError("the start must be finite");
  at.forEach((step, i) => {
    checkCount("a step to look at", step, i === 0 ? 0 : at[i - 1]! + 1);
  });
  const snapshots: PromptSnapshot[] = [];
  const W = matrix(start.rows, start.cols, start.data.slice());
  for (let step = 0; snapshots.length < at.length; step++) {
    const { loss, gradient } = populationLoss(sample, W);
    if (step === at[snapshots.length]) {
      const distance = target ? norm(W.data.map((value, i) => value - target.data[i]!)) : Number.NaN;
      snapshots.push({ step, W: matrix(d, d, W.data.slice()), loss, gradient, distance });
    }
    for (let i = 0; i < d * d; i++) W.data[i] = W.data[i]! - stepSize * gradient.data[i]!;
  }
  return snapshots;
}
