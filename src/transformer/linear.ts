import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { multiply } from "../linalg/products.js";
import { dot } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";

/**
 * The one-layer linear transformer in its convex parametrisation (Magen & Vardi 2025, Eq. 3): the logit of a query x
 * after a context (x₁, y₁) … (x_N, y_N) is mᵀWx with m = (1/N) Σ yᵢxᵢ. Its sign is the predicted label.
 */
export function logit(W: Matrix, m: Float64Array, x: Float64Array): number {
  checkSquare(W, m.length);
  if (x.length !== W.cols) throw new RangeError(`the query has ${x.length} coordinates, W is ${W.rows} x ${W.cols}`);
  let sum = 0;
  for (let a = 0; a < W.rows; a++) sum += m[a]! * dot(row(W, a), x);
  return sum;
}

/** The same from the raw context: x is N × d, y its ±1 labels. @throws RangeError on shapes that do not fit. */
export function forward(W: Matrix, x: Matrix, y: ArrayLike<number>, queryX: Float64Array): number {
  return logit(W, contextMean(x, y), queryX);
}

/**
 * The margins q_τ = m_τᵀ W u_τ of many tasks (rows of m and u, with u = y·x of the query): positive where the label is
 * predicted right. Cost: 2Bd² for the product M·W.
 * @throws RangeError on shapes that do not fit.
 */
export function margins(W: Matrix, m: Matrix, u: Matrix): Float64Array {
  checkSquare(W, m.cols);
  if (m.rows !== u.rows || m.cols !== u.cols) {
    throw new RangeError(`m and u must have one shape, got ${m.rows} x ${m.cols} and ${u.rows} x ${u.cols}`);
  }
  const mW = multiply(m, W);
  const [d, q] = [m.cols, new Float64Array(m.rows)];
  for (let t = 0; t < m.rows; t++) {
    let sum = 0;
    for (let i = t * d; i < (t + 1) * d; i++) sum += mW.data[i]! * u.data[i]!;
    q[t] = sum;
  }
  return q;
}

/** The zero matrix of ℝ^{d×d}, where training starts. */
export function zeroWeights(d: number): Matrix {
  return matrix(d, d);
}

function checkSquare(W: Matrix, d: number): void {
  if (W.rows !== d || W.cols !== d) throw new RangeError(`W must be ${d} x ${d}, got ${W.rows} x ${W.cols}`);
}
