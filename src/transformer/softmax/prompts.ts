import { checkCount } from "../../argument.js";

/** How many prompts go through a model at once, and their size: N examples and Q queries each. */
export interface BatchSize {
  readonly prompts: number;
  readonly examples: number;
  readonly queries: number;
}

/**
 * Prompts of one size. Since context tokens do not attend to queries and queries not to each other, a context is read
 * once for all its queries; each gets what it would alone.
 */
export interface ClassPrompts extends BatchSize {
  /** prompts × examples × d numbers, and the class 0 … c−1 of each example. */
  readonly x: Float64Array;
  readonly y: Int32Array;
  /** prompts × queries × d numbers, and the class of each query. */
  readonly queryX: Float64Array;
  readonly queryY: Int32Array;
}

/** Prompts of zeros, to be filled. @throws RangeError unless all sizes are counts. */
export function emptyPrompts({ prompts, examples, queries }: BatchSize, d: number): ClassPrompts {
  checkCount("prompts", prompts);
  checkCount("examples", examples);
  checkCount("queries", queries);
  return {
    ...{ prompts, examples, queries },
    x: new Float64Array(prompts * examples * d),
    y: new Int32Array(prompts * examples),
    queryX: new Float64Array(prompts * queries * d),
    queryY: new Int32Array(prompts * queries),
  };
}

/** @throws RangeError unless the batch is of that size and dimension, with finite inputs and classes 0 … c−1. */
export function checkPrompts(batch: ClassPrompts, size: BatchSize, d: number, classes: number): void {
  for (const name of ["prompts", "examples", "queries"] as const) {
    if (batch[name] !== size[name]) {
      throw new RangeError(`the model was opened for ${size[name]} ${name}, the batch has ${batch[name]}`);
    }
  }
  const { prompts, examples, queries } = size;
  const parts = [
    ["x", batch.x.length, prompts * examples * d],
    ["y", batch.y.length, prompts * examples],
    ["queryX", batch.queryX.length, prompts * queries * d],
    ["queryY", batch.queryY.length, prompts * queries],
  ] as const;
  for (const [name, found, wanted] of parts) {
    if (found !== wanted) throw new RangeError(`${name} must hold ${wanted} numbers, got ${found}`);
  }
  for (const labels of [batch.y, batch.queryY]) {
    for (const label of labels) {
      if (!(label >= 0 && label < classes)) throw new RangeError(`labels must be 0 ... ${classes - 1}, got ${label}`);
    }
  }
  for (const inputs of [batch.x, batch.queryX]) {
    for (const value of inputs) {
      if (!Number.isFinite(value)) throw new RangeError(`inputs must be finite, got ${value}`);
    }
  }
}
