import { checkCount } from "../../argument.js";
import { matrix, row } from "../../linalg/matrix.js";
import { multiply, multiplyTransposed } from "../../linalg/products.js";
import { softmax } from "../../linalg/softmax.js";
import { dot } from "../../linalg/vector.js";
import { type BatchSize, type ClassPrompts, checkPrompts } from "../softmax/prompts.js";
import type { PromptModel } from "../softmax/training.js";

/**
 * The one-layer linear transformer of Shen, Zhou, Yang & Shen (2024) on labelled prompts: logits h_jᵀWx with h_j =
 * (1/N) Σ_{i: class j} x_i. Parameters: W row by row; the loss is the mean cross-entropy. Cost: Nd a prompt, 2d² +
 * 2cd a query; `gradient` three times that.
 */
export function openLinear(d: number, classes: number, size: BatchSize): PromptModel & { readonly size: BatchSize } {
  checkCount("d", d);
  checkCount("classes", classes, 2);
  const { prompts, examples: N, queries: Q } = size;
  const count = prompts * Q;
  const forward = (W: Float64Array, batch: ClassPrompts) => {
    if (W.length !== d * d) throw new RangeError(`the model has ${d * d} parameters, got ${W.length}`);
    checkPrompts(batch, size, d, classes);
    const heads = matrix(prompts * classes, d);
    batch.y.forEach((label, i) => {
      const head = row(heads, Math.floor(i / N) * classes + label);
      for (let a = 0; a < d; a++) head[a]! += batch.x[i * d + a]! / N;
    });
    const directions = multiplyTransposed(matrix(count, d, batch.queryX), matrix(d, d, W));
    const logits = matrix(count, classes);
    for (let q = 0; q < count; q++) {
      const first = Math.floor(q / Q) * classes;
      for (let j = 0; j < classes; j++) {
        logits.data[q * classes + j] = dot(row(heads, first + j), row(directions, q));
      }
    }
    return { heads, logits };
  };
  return {
    ...{ size, parameters: d * d },
    logits: (W, batch) => forward(W, batch).logits,
    gradient: (W, batch, out) => {
      const { heads, logits } = forward(W, batch);
      const sums = matrix(d, count);
      let loss = 0;
      for (let q = 0; q < count; q++) {
        const first = Math.floor(q / Q) * classes;
        const probabilities = row(logits, q);
        const label = batch.queryY[q]!;
        const own = probabilities[label]!;
        loss += (softmax(probabilities) - own) / count;
        for (let j = 0; j < classes; j++) {
          const slope = (probabilities[j]! - (j === label ? 1 : 0)) / count;
          const head = row(heads, first + j);
          for (let a = 0; a < d; a++) sums.data[a * count + q]! += slope * head[a]!;
        }
      }
      out.set(multiply(sums, matrix(count, d, batch.queryX)).data);
      return loss;
    },
  };
}
