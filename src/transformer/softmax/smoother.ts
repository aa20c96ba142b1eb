import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { multiply, multiplyTransposed } from "../../linalg/products.js";
import { softmax } from "../../linalg/softmax.js";
import { dot } from "../../linalg/vector.js";
import { logisticLoss, logisticWeight } from "../logistic.js";
import { type BatchSize, type ClassPrompts, checkPrompts } from "./prompts.js";
import type { PromptModel } from "./training.js";

/**
 * One softmax head from a query to its context: f(x) = v Σᵢ softmaxᵢ(xᵢᵀWx/√d) yᵢ, a kernel smoother of the labels
 * (Nadaraya 1964; Watson 1964) with a learned kernel; class 1 is y = 1, class 0 is y = −1. For small W the softmax is
 * (1 + sᵢ − s̄)/N, and f the linear transformer's mᵀWx/√d, less its mean over labels, plus the mean label.
 * Parameters: W row by row, then v; the loss is log(1 + exp(−yf)), logits are (−f/2, f/2). Sums are in f64.
 * Cost: 2d² + 4Nd operations a query; `gradient` three times that.
 */
export function openSmoother(d: number, size: BatchSize): PromptModel & { readonly size: BatchSize } {
  checkCount("d", d);
  const { prompts, examples: N, queries: Q } = size;
  const count = prompts * Q;
  const scale = 1 / Math.sqrt(d);
  const parameters = d * d + 1;
  /** Calls back with each prompt's context, its queries' weights on it, Q × N, and the labels as signs. */
  const smooth = (
    theta: Float64Array,
    batch: ClassPrompts,
    visit: (prompt: number, context: Matrix, weights: Matrix, labels: Float64Array) => void,
  ): Matrix => {
    if (theta.length !== parameters)
      throw new RangeError(`the smoother has ${parameters} parameters, got ${theta.length}`);
    checkPrompts(batch, size, d, 2);
    const queries = matrix(count, d, batch.queryX);
    const directions = multiplyTransposed(queries, matrix(d, d, theta.subarray(0, d * d)));
    for (let b = 0; b < prompts; b++) {
      const context = matrix(N, d, batch.x.subarray(b * N * d, (b + 1) * N * d));
      const weights = multiplyTransposed(rowsFrom(directions, b * Q, Q), context);
      for (let i = 0; i < weights.data.length; i++) weights.data[i] = scale * weights.data[i]!;
      for (let q = 0; q < Q; q++) softmax(row(weights, q));
      const labels = Float64Array.from(batch.y.subarray(b * N, (b + 1) * N), (label) => (label === 1 ? 1 : -1));
      visit(b, context, weights, labels);
    }
    return queries;
  };
  return {
    ...{ size, parameters },
    logits: (theta, batch) => {
      const result = matrix(count, 2);
      const v = theta[d * d]!;
      smooth(theta, batch, (b, _, weights, labels) => {
        for (let q = 0; q < Q; q++) {
          const half = (v * dot(row(weights, q), labels)) / 2;
          row(result, b * Q + q).set([-half, half]);
        }
      });
      return result;
    },
    gradient: (theta, batch, out) => {
      const v = theta[d * d]!;
      const sums = matrix(d, count);
      let loss = 0;
      let byV = 0;
      const queries = smooth(theta, batch, (b, context, weights, labels) => {
        for (let q = 0; q < Q; q++) {
          const own = row(weights, q);
          const mean = dot(own, labels);
          const label = batch.queryY[b * Q + q] === 1 ? 1 : -1;
          const margin = label * v * mean;
          loss += logisticLoss(margin) / count;
          const slope = (-label * logisticWeight(margin)) / count;
          byV += slope * mean;
          for (let i = 0; i < N; i++) own[i] = scale * slope * v * own[i]! * (labels[i]! - mean);
        }
        const { data } = multiply(weights, context);
        for (let q = 0; q < Q; q++) {
          for (let a = 0; a < d; a++) sums.data[a * count + b * Q + q] = data[q * d + a]!;
        }
      });
      out.set(multiply(sums, queries).data);
      out[d * d] = byV;
      return loss;
    },
  };
}

function rowsFrom({ cols, data }: Matrix, first: number, count: number): Matrix {
  return matrix(count, cols, data.subarray(first * cols, (first + count) * cols));
}
