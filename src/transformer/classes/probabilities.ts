import { type Matrix, row } from "../../linalg/matrix.js";
import { softmax } from "../../linalg/softmax.js";
import { dot } from "../../linalg/vector.js";

/**
 * The c-class linear transformer: softmax_j(h_jᵀWx), h_j = (1/N) Σ_{i: class j} x_i (Shen, Zhou, Yang & Shen 2024). For
 * c = 2 it is their binary form σ(mᵀWx), m = (1/N) Σ yᵢxᵢ, since h_1 − h_0 = m. `heads` is c × d. Cost: d² + cd.
 * @throws RangeError unless W is d × d and x of length d.
 */
export function classProbabilities(W: Matrix, heads: Matrix, x: Float64Array): Float64Array {
  const d = heads.cols;
  if (W.rows !== d || W.cols !== d || x.length !== d) {
    throw new RangeError(`W must be ${d} x ${d} and x of length ${d}, got ${W.rows} x ${W.cols} and ${x.length}`);
  }
  const image = Float64Array.from({ length: d }, (_, a) => dot(row(W, a), x));
  const logits = Float64Array.from({ length: heads.rows }, (_, j) => dot(row(heads, j), image));
  softmax(logits);
  return logits;
}
