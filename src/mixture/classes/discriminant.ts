import type { Matrix } from "../../linalg/matrix.js";
import { softmax, softmaxOfProducts } from "../../linalg/softmax.js";
import { magnitude } from "../../linalg/vector.js";

/**
 * Probabilities ∝ π_j exp(δ_jᵀ(x − μ_j/2)) of classes with means μ_j and directions δ_j = Λ⁻¹μ_j (rows, c × d):
 * Gaussian classes of one covariance (Hastie, Tibshirani & Friedman 2009, Eq. 4.10). Where a form leaves the range of
 * doubles it is taken in units of x and δ, so that any finite x has its probabilities. Cost: 2cd.
 * @throws RangeError unless x is finite and of length d.
 */
export function discriminantProbabilities(
  means: Matrix,
  directions: Matrix,
  x: Float64Array,
  logPrior: (j: number) => number,
): Float64Array {
  if (x.length !== means.cols) throw new RangeError(`x must have length ${means.cols}, got ${x.length}`);
  const [c, d] = [means.rows, means.cols];
  const formsIn = (unit: number, directionUnit: number, first: (j: number) => number) => {
    const forms = new Float64Array(c);
    for (let j = 0; j < c; j++) {
      let form = first(j);
      for (let a = 0; a < d; a++) {
        const [mean, direction] = [means.data[j * d + a]!, directions.data[j * d + a]!];
        form += (x[a]! / unit - mean / unit / 2) * (direction / directionUnit);
      }
      forms[j] = form;
    }
    return forms;
  };
  const logits = formsIn(1, 1, logPrior);
  if (logits.every((logit, j) => Number.isFinite(logit) || logPrior(j) === Number.NEGATIVE_INFINITY)) {
    softmax(logits);
    return logits;
  }
  if (!x.every(Number.isFinite)) throw new RangeError(`x must be finite, got ${x.join(", ")}`);
  const units = [magnitude(x, means.data), magnitude(directions.data)] as const;
  return softmaxOfProducts(
    formsIn(...units, () => 0),
    units,
    logPrior,
  );
}
