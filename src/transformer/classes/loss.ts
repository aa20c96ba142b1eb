import { symmetricEigen } from "../../linalg/decompositions.js";
import { type Matrix, matrix } from "../../linalg/matrix.js";
import { softmax } from "../../linalg/softmax.js";
import type { PopulationSample } from "./sample.js";

/** The loss at one W, with what its derivatives share. */
export interface PopulationPoint {
  /** Mean cross-entropy E[−Σ_j P(j|x) log softmax_j(h_jᵀWx)], convex in W whatever the data. */
  readonly loss: number;
  /** d × d: E[Σ_j (p_j − P(j|x)) h_j xᵀ]. */
  readonly gradient: Matrix;
  /** p_j, in the order of the sample's heads. */
  readonly probabilities: Float64Array;
}

/**
 * Loss and gradient at W over the sample. Cost: 2d² operations a task, 4cd and c exponentials a context.
 * @throws RangeError unless W is d × d.
 */
export function populationLoss(sample: PopulationSample, W: Matrix): PopulationPoint {
  const { classes: c, contexts, posteriors } = sample;
  const probabilities = new Float64Array(sample.heads.rows);
  const truth = posteriors.data;
  let loss = 0;
  const gradient = accumulate(sample, W, (task, first, logits) => {
    const target = task * c;
    for (let j = 0; j < c; j++) loss -= truth[target + j]! * logits[j]!;
    loss += softmax(logits);
    for (let j = 0; j < c; j++) {
      probabilities[first + j] = logits[j]!;
      logits[j] = logits[j]! - truth[target + j]!;
    }
  });
  return { loss: loss / (sample.queries.rows * contexts), gradient, probabilities };
}

/**
 * The Hessian at a point, applied to V ∈ ℝ^{d×d}: E[Σ_j p_j (h_jᵀVx − Σ_i p_i h_iᵀVx) h_j xᵀ]. Positive semidefinite.
 * Cost: that of a gradient, less its exponentials. @throws RangeError unless V is d × d.
 */
export function hessianProduct(sample: PopulationSample, point: PopulationPoint, V: Matrix): Matrix {
  const { classes: c } = sample;
  const { probabilities } = point;
  return accumulate(sample, V, (_, first, slopes) => {
    let mean = 0;
    for (let j = 0; j < c; j++) mean += probabilities[first + j]! * slopes[j]!;
    for (let j = 0; j < c; j++) slopes[j] = probabilities[first + j]! * (slopes[j]! - mean);
  });
}

/**
 * The extreme eigenvalues of the Hessian at a point, from its d² columns. Cost: d² Hessian products and 9d⁶ operations:
 * for d ≲ 10.
 */
export function hessianRange(sample: PopulationSample, point: PopulationPoint): { smallest: number; largest: number } {
  const d = sample.queries.cols;
  const hessian = matrix(d * d, d * d);
  for (let i = 0; i < d * d; i++) {
    const unit = matrix(d, d);
    unit.data[i] = 1;
    hessian.data.set(hessianProduct(sample, point, unit).data, i * d * d);
  }
  // Far out, where probabilities saturate, the entries are small differences, and their rounding is not symmetric.
  for (let i = 0; i < d * d; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (hessian.data[i * d * d + j]! + hessian.data[j * d * d + i]!) / 2;
      hessian.data[i * d * d + j] = mean;
      hessian.data[j * d * d + i] = mean;
    }
  }
  const { values } = symmetricEigen(hessian);
  return { smallest: values[0]!, largest: values.at(-1)! };
}

/**
 * E[Σ_j w_j h_j xᵀ], where `weigh` turns the c bilinear forms h_jᵀVx of a context into its weights w_j, in place. One
 * outer product a task, whatever the number of its contexts.
 */
function accumulate(
  sample: PopulationSample,
  V: Matrix,
  weigh: (task: number, first: number, forms: Float64Array) => void,
): Matrix {
  const { classes: c, contexts, queries } = sample;
  const d = queries.cols;
  if (V.rows !== d || V.cols !== d) throw new RangeError(`a ${d} x ${d} matrix is needed, got ${V.rows} x ${V.cols}`);
  const x = queries.data;
  const heads = sample.heads.data;
  const v = V.data;
  const image = new Float64Array(d);
  const pull = new Float64Array(d);
  const forms = new Float64Array(c);
  const result = matrix(d, d);
  const sum = result.data;
  for (let t = 0; t < queries.rows; t++) {
    const at = t * d;
    for (let a = 0; a < d; a++) {
      let form = 0;
      for (let b = 0; b < d; b++) form += v[a * d + b]! * x[at + b]!;
      image[a] = form;
      pull[a] = 0;
    }
    for (let s = 0; s < contexts; s++) {
      const first = (t * contexts + s) * c;
      for (let j = 0; j < c; j++) {
        const head = (first + j) * d;
        let form = 0;
        for (let a = 0; a < d; a++) form += heads[head + a]! * image[a]!;
        forms[j] = form;
      }
      weigh(t, first, forms);
      for (let j = 0; j < c; j++) {
        const head = (first + j) * d;
        const weight = forms[j]!;
        for (let a = 0; a < d; a++) pull[a] = pull[a]! + weight * heads[head + a]!;
      }
    }
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) sum[a * d + b] = sum[a * d + b]! + pull[a]! * x[at + b]!;
  }
  const scale = 1 / (queries.rows * contexts);
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! * scale;
  return result;
}
