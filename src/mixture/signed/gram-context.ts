import { checkCount } from "../../argument.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { multiplyTransposed } from "../../linalg/products.js";
import { gamma } from "../../random/gamma.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import type { TaskLaw } from "./task-law.js";

/** A raw context as a rotation-equivariant learner of one task sees it: by inner products alone. */
export interface SignedContext {
  /** The M labels ±1, flips included. */
  readonly y: Float64Array;
  /** M × M: y_i y_j x_iᵀx_j. Its leading blocks belong to the shorter contexts. */
  readonly gram: Matrix;
  /** y_i x_iᵀμ/‖μ‖, along μ's direction. */
  readonly along: Float64Array;
  /** ‖μ‖. */
  readonly R: number;
}

/**
 * A context of M examples by its Gram matrix, of exactly the law that examples in ℝ^d give, for M²/2 normals in place
 * of Md.
 *
 * y_ix_i = ±μ + z_i (minus where the label was flipped). Split z_i = g_i μ/R + z′_i: the g_i are normal, and the Gram
 * matrix of z′_i ∈ ℝ^{d−1} is Wishart, LLᵀ with L lower triangular (min(M, d−1) columns), normals below its diagonal
 * and χ_{d−1−i} on it (Bartlett 1933). Cost: M²·min(M, d) operations.
 * @throws RangeError unless M is an integer at least 1.
 */
export function drawSignedContext(
  stream: Stream,
  { d, R, p }: Pick<TaskLaw, "d" | "R" | "p">,
  M: number,
): SignedContext {
  checkCount("M", M);
  const y = Float64Array.from({ length: M }, () => stream.sign());
  const along = fillNormal(stream, new Float64Array(M)).map((g) => g + (p > 0 && stream.uniform() < p ? -R : R));
  // One column for μ's direction, then L.
  const factor = matrix(M, 1 + Math.min(M, d - 1));
  for (let i = 0; i < M; i++) {
    const target = row(factor, i);
    target[0] = along[i]!;
    fillNormal(stream, target.subarray(1, Math.min(i + 1, factor.cols)));
    if (i < d - 1) target[i + 1] = Math.sqrt(2 * gamma(stream, (d - 1 - i) / 2));
  }
  return { y, gram: multiplyTransposed(factor, factor), along, R };
}
