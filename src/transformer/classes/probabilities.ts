import { type Matrix, row } from "../../linalg/matrix.js";
import { softmax, softmaxOfProducts } from "../../linalg/softmax.js";
import { dot, magnitude } from "../../linalg/vector.js";

/**
 * The c-class linear transformer: softmax_j(h_jᵀWx), h_j = (1/N) Σ_{i: class j} x_i (Shen, Zhou, Yang & Shen 2024). For
 * c = 2 it is their binary form σ(mᵀWx), m = (1/N) Σ yᵢxᵢ, since h_1 − h_0 = m. `heads` is c × d. Cost: d² + cd.
 * @throws RangeError unless W is d × d and x of length d, all of them finite.
 */
export function classProbabilities(W: Matrix, heads: Matrix, x: Float64Array): Float64Array {
  const d = heads.cols;
  if (W.rows !== d || W.cols !== d || x.length !== d) {
    throw new RangeError(`W must be ${d} x ${d} and x of length ${d}, got ${W.rows} x ${W.cols} and ${x.length}`);
  }
  const image = new Float64Array(d);
  for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) image[a]! += W.data[a * d + b]! * x[b]!;
  const logits = new Float64Array(heads.rows);
  for (let j = 0; j < heads.rows; j++) for (let a = 0; a < d; a++) logits[j]! += heads.data[j * d + a]! * image[a]!;
  if (logits.every(Number.isFinite)) {
    softmax(logits);
    return logits;
  }
  // Beyond the range of doubles: the same in units of W, x and the heads.
  const units = [W.data, x, heads.data].map((numbers) => magnitude(numbers));
  if (!units.every(Number.isFinite)) throw new RangeError("W, the heads and x must be finite");
  const inUnits = (numbers: Float64Array, unit: number) => numbers.map((value) => value / unit);
  const direction = inUnits(x, units[1]!).map((_, a, small) => dot(inUnits(row(W, a), units[0]!), small));
  const forms = logits.map((_, j) => dot(inUnits(row(heads, j), units[2]!), direction));
  return softmaxOfProducts(forms, units);
}
