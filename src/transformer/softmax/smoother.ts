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
  /** Calls back with each query's weights and weighted label. */
  const smooth = (
    theta: Float64Array,
    batch: ClassPrompts,
    visit: (query: number, weights: Float64Array, mean: number, context: number) => void,
  ): Matrix => {
    if (theta.length !== parameters)
      throw new RangeError(`the smoother has ${parameters} parameters, got ${theta.length}`);
    checkPrompts(batch, size, d, 2);
    const queries = matrix(count, d, batch.queryX);
    const directions = multiplyTransposed(queries, matrix(d, d, theta.subarray(0, d * d)));
    const weights = new Float64Array(N);
    for (let q = 0; q < count; q++) {
      const context = Math.floor(q / Q) * N;
      const direction = row(directions, q);
      for (let i = 0; i < N; i++) {
        weights[i] = scale * dot(batch.x.subarray((context + i) * d, (context + i + 1) * d), direction);
      }
      softmax(weights);
      let mean = 0;
      for (let i = 0; i < N; i++) mean += batch.y[context + i] === 1 ? weights[i]! : -weights[i]!;
      visit(q, weights, mean, context);
    }
    return queries;
  };
  return {
    ...{ size, parameters },
    logits: (theta, batch) => {
      const result = matrix(count, 2);
      const v = theta[d * d]!;
      smooth(theta, batch, (q, _, mean) => {
        result.data[2 * q] = (-v * mean) / 2;
        result.data[2 * q + 1] = (v * mean) / 2;
      });
      return result;
    },
    gradient: (theta, batch, out) => {
      const v = theta[d * d]!;
      const sums = matrix(d, count);
      let loss = 0;
      let byV = 0;
      const sum = new Float64Array(d);
      const queries = smooth(theta, batch, (q, weights, mean, context) => {
        const label = batch.queryY[q] === 1 ? 1 : -1;
        const margin = label * v * mean;
        loss += logisticLoss(margin) / count;
        const slope = (-label * logisticWeight(margin)) / count;
        byV += slope * mean;
        sum.fill(0);
        for (let i = 0; i < N; i++) {
          const y = batch.y[context + i] === 1 ? 1 : -1;
          const weight = scale * slope * v * weights[i]! * (y - mean);
          const at = (context + i) * d;
          for (let a = 0; a < d; a++) sum[a]! += weight * batch.x[at + a]!;
        }
        for (let a = 0; a < d; a++) sums.data[a * count + q] = sum[a]!;
      });
      out.set(multiply(sums, queries).data);
      out[d * d] = byV;
      return loss;
    },
  };
}
