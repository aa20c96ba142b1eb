import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import { fillSignal, type TaskLaw } from "./task-law.js";
import type { Tasks } from "./tasks.js";

/** One task as a learner meets it: N labelled examples and a query whose label is asked for. */
export interface Prompt {
  /** N × d, an example a row. */
  readonly x: Matrix;
  /** N labels ±1, possibly flipped. */
  readonly y: Float64Array;
  /** The query, in ℝ^d, and its true label ±1. */
  readonly queryX: Float64Array;
  readonly queryY: number;
  readonly mu: Float64Array;
}

/**
 * One raw prompt of the law, example by example. Cost: (N + 1)d normals. `drawTasks` is the short way to the same law.
 */
export function drawPrompt(stream: Stream, law: TaskLaw): Prompt {
  const { d, N, p } = law;
  const mu = fillSignal(stream, law, new Float64Array(d));
  const x = matrix(N, d);
  const y = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    const label = fillExample(stream, mu, row(x, i));
    y[i] = p > 0 && stream.uniform() < p ? -label : label;
  }
  const queryX = new Float64Array(d);
  const queryY = fillExample(stream, mu, queryX);
  return { x, y, queryX, queryY, mu };
}

/**
 * (1/N) Σ yᵢxᵢ, all that the linear transformer keeps of a context. @throws RangeError when x and y differ in length.
 */
export function contextMean(x: Matrix, y: ArrayLike<number>): Float64Array {
  if (x.rows !== y.length || x.rows < 1) {
    throw new RangeError(`a context needs as many labels as examples, at least 1: got ${x.rows} and ${y.length}`);
  }
  const mean = new Float64Array(x.cols);
  for (let i = 0; i < x.rows; i++) {
    const example = row(x, i);
    const weight = y[i]! / x.rows;
    for (let a = 0; a < x.cols; a++) mean[a] = mean[a]! + weight * example[a]!;
  }
  return mean;
}

/** Prompts reduced to the pairs (m, u) the linear transformer is trained on. @throws RangeError on an empty list. */
export function reducePrompts(prompts: readonly Prompt[]): Tasks {
  const first = prompts[0];
  if (!first) throw new RangeError("at least one prompt is needed, got none");
  const d = first.x.cols;
  const tasks = { m: matrix(prompts.length, d), u: matrix(prompts.length, d), mu: matrix(prompts.length, d) };
  prompts.forEach((prompt, t) => {
    row(tasks.m, t).set(contextMean(prompt.x, prompt.y));
    const u = row(tasks.u, t);
    for (let a = 0; a < d; a++) u[a] = prompt.queryY * prompt.queryX[a]!;
    row(tasks.mu, t).set(prompt.mu);
  });
  return tasks;
}

/** Writes x = yμ + z into `out` and returns its label y, uniform on ±1. */
function fillExample(stream: Stream, mu: Float64Array, out: Float64Array): number {
  const label = stream.sign();
  fillNormal(stream, out);
  for (let a = 0; a < out.length; a++) out[a] = out[a]! + label * mu[a]!;
  return label;
}
