import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { norm } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";
import { logit } from "./linear.js";

/**
 * The labels ±1 that the transformer gives to its own context's examples: sign(m̂ᵀWx̂ᵢ), with x̂ᵢ = xᵢ/‖xᵢ‖ both in the
 * query and in the mean m̂ = (1/N) Σ yᵢx̂ᵢ, as the reference code of arXiv 2510.19797 computes them. A logit of exactly
 * 0 counts as −1. Cost: Nd + N d². @throws RangeError on shapes that do not fit.
 */
export function inContextPredictions(W: Matrix, x: Matrix, y: ArrayLike<number>): Float64Array {
  const unit = matrix(x.rows, x.cols, x.data.slice());
  for (let i = 0; i < x.rows; i++) {
    const example = row(unit, i);
    const length = norm(example);
    if (length > 0) for (let a = 0; a < x.cols; a++) example[a]! /= length;
  }
  const mean = contextMean(unit, y);
  return Float64Array.from({ length: x.rows }, (_, i) => (logit(W, mean, row(unit, i)) > 0 ? 1 : -1));
}

/**
 * In-context memorisation: the fraction of the context's (possibly flipped) labels that the transformer predicts (Frei
 * & Vardi 2024).
 */
export function memorisation(W: Matrix, x: Matrix, y: ArrayLike<number>): number {
  const predicted = inContextPredictions(W, x, y);
  return predicted.reduce((count, label, i) => count + (label === y[i] ? 1 : 0), 0) / predicted.length;
}
