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
  const logits = new Float64Array(c);
  const gradient = accumulate(sample, W, (task, first, forms) => {
    const target = task * c;
    for (let context = 0; context < forms.length; context += c) {
      for (let j = 0; j < c; j++) {
        logits[j] = forms[context + j]!;
        loss -= truth[target + j]! * logits[j]!;
      }
      loss += softmax(logits);
      for (let j = 0; j < c; j++) {
        probabilities[first + context + j] = logits[j]!;
        forms[context + j] = logits[j]! - truth[target + j]!;
      }
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
    for (let context = 0; context < slopes.length; context += c) {
      let mean = 0;
      for (let j = context; j < context + c; j++) mean += probabilities[first + j]! * slopes[j]!;
      for (let j = context; j < context + c; j++) slopes[j] = probabilities[first + j]! * (slopes[j]! - mean);
    }
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
 * E[Σ_j w_j h_j xᵀ], where `weigh` turns the bilinear forms h_jᵀVx of a task, c a context, into their weights w_j, in
 * place. One outer product a task, whatever the number of its contexts.
 */
function accumulate(
  sample: PopulationSample,
  V: Matrix,
  weigh: (task: number, first: number, forms: Float64Array) => void,
): Matrix {
  const { classes: c, contexts, queries, heads } = sample;
  const d = queries.cols;
  if (V.rows !== d || V.cols !== d) throw new RangeError(`a ${d} x ${d} matrix is needed, got ${V.rows} x ${V.cols}`);
  const count = contexts * c;
  const image = new Float64Array(d);
  const forms = new Float64Array(count);
  const pulls = matrix(queries.rows, d);
  for (let t = 0; t < queries.rows; t++) {
    products(V.data, 0, d, queries.data, t * d, image);
    products(heads.data, t * count * d, d, image, 0, forms);
    weigh(t, t * count, forms);
    weightedSum(heads.data, t * count * d, d, forms, pulls.data, t * d);
  }
  return outerProducts(pulls, queries, 1 / (queries.rows * contexts));
}

/*
 * A sum waits for its last addition: each loop below carries four sums at once, each in its own order, and tails carry
 * one.
 */

/** into_i = Σ_b m_ib y_b, for rows of `cols` from `begin` in m, and y from `from` on: as many rows as `into` has. */
function products(
  m: Float64Array,
  begin: number,
  cols: number,
  y: Float64Array,
  from: number,
  into: Float64Array,
): void {
  let i = 0;
  for (; i + 3 < into.length; i += 4) {
    const p0 = begin + i * cols;
    const p1 = p0 + cols;
    const p2 = p1 + cols;
    const p3 = p2 + cols;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let b = 0; b < cols; b++) {
      const factor = y[from + b]!;
      s0 += m[p0 + b]! * factor;
      s1 += m[p1 + b]! * factor;
      s2 += m[p2 + b]! * factor;
      s3 += m[p3 + b]! * factor;
    }
    into[i] = s0;
    into[i + 1] = s1;
    into[i + 2] = s2;
    into[i + 3] = s3;
  }
  for (; i < into.length; i++) {
    const p = begin + i * cols;
    let sum = 0;
    for (let b = 0; b < cols; b++) sum += m[p + b]! * y[from + b]!;
    into[i] = sum;
  }
}

/** into_a = Σ_s w_s m_sa, for rows of `cols` from `begin` in m, a row a weight; written from `to` on. */
function weightedSum(
  m: Float64Array,
  begin: number,
  cols: number,
  weights: Float64Array,
  into: Float64Array,
  to: number,
): void {
  let a = 0;
  for (; a + 3 < cols; a += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let p = begin + a;
    for (let s = 0; s < weights.length; s++) {
      const weight = weights[s]!;
      s0 += weight * m[p]!;
      s1 += weight * m[p + 1]!;
      s2 += weight * m[p + 2]!;
      s3 += weight * m[p + 3]!;
      p += cols;
    }
    into[to + a] = s0;
    into[to + a + 1] = s1;
    into[to + a + 2] = s2;
    into[to + a + 3] = s3;
  }
  for (; a < cols; a++) {
    let sum = 0;
    let p = begin + a;
    for (let s = 0; s < weights.length; s++) {
      sum += weights[s]! * m[p]!;
      p += cols;
    }
    into[to + a] = sum;
  }
}

/** scale · Σ_t y_t x_tᵀ, of rows y_t and x_t. */
function outerProducts(y: Matrix, x: Matrix, scale: number): Matrix {
  const d = x.cols;
  const result = matrix(y.cols, d);
  const [left, right, sums] = [y.data, x.data, result.data];
  for (let a = 0; a < d; a++) {
    let b = 0;
    for (; b + 3 < d; b += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let p = 0; p < left.length; p += d) {
        const factor = left[p + a]!;
        s0 += factor * right[p + b]!;
        s1 += factor * right[p + b + 1]!;
        s2 += factor * right[p + b + 2]!;
        s3 += factor * right[p + b + 3]!;
      }
      sums[a * d + b] = s0 * scale;
      sums[a * d + b + 1] = s1 * scale;
      sums[a * d + b + 2] = s2 * scale;
      sums[a * d + b + 3] = s3 * scale;
    }
    for (; b < d; b++) {
      let sum = 0;
      for (let p = 0; p < left.length; p += d) sum += left[p + a]! * right[p + b]!;
      sums[a * d + b] = sum * scale;
    }
  }
  return result;
}
