import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { fillNormal } from "../../random/normal.js";
import { fillSphere } from "../../random/sphere.js";
import type { Stream } from "../../random/stream.js";
import { checkDimensions } from "../subspace.js";
import type { TaskLaw } from "./task-law.js";

/**
 * Contexts of raw examples with flipped labels, before the strength of the signal is chosen: example i of task t is x =
 * y·R·direction_t + noise, and its label as the learner sees it is y, or −y where it was flipped. One draw serves every
 * strength.
 */
export interface NoisyContexts {
  /** T × d, unit rows in the first k coordinates. */
  readonly directions: Matrix;
  /** (T·M) × d, a task's M examples one after another. */
  readonly noise: Matrix;
  /** T·M true labels ±1. */
  readonly labels: Float64Array;
  /** T·M factors: −1 where the label was flipped, else 1. */
  readonly flips: Float64Array;
  readonly M: number;
}

/**
 * T contexts of M examples, labels flipped with probability p. Cost: TMd normals, and as much memory.
 * @throws RangeError unless 1 ≤ k ≤ d, M, T ≥ 1 are integers and 0 ≤ p < ½.
 */
export function drawNoisyContexts(
  stream: Stream,
  { d, k, p }: Pick<TaskLaw, "d" | "k" | "p">,
  M: number,
  T: number,
): NoisyContexts {
  checkDimensions(k, d);
  checkCount("M", M);
  checkCount("T", T);
  if (!(p >= 0 && p < 0.5)) throw new RangeError(`p must be at least 0 and below 1/2, got ${p}`);
  const directions = matrix(T, d);
  for (let t = 0; t < T; t++) fillSphere(stream, row(directions, t).subarray(0, k));
  const noise = matrix(T * M, d);
  fillNormal(stream, noise.data);
  const labels = Float64Array.from({ length: T * M }, () => stream.sign());
  const flips = Float64Array.from({ length: T * M }, () => (stream.uniform() < p ? -1 : 1));
  return { directions, noise, labels, flips, M };
}

/** The contexts' examples at a strength R ≥ 0, a row each. */
export function examplesAt({ directions, noise, labels, M }: NoisyContexts, R: number): Matrix {
  const x = matrix(noise.rows, noise.cols, noise.data.slice());
  for (let i = 0; i < x.rows; i++) {
    const direction = row(directions, Math.floor(i / M));
    const target = row(x, i);
    const weight = R * labels[i]!;
    for (let a = 0; a < target.length; a++) target[a]! += weight * direction[a]!;
  }
  return x;
}
