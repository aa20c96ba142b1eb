import { checkCount } from "../argument.js";
import { svd } from "../linalg/decompositions.js";
import { type Matrix, matrix } from "../linalg/matrix.js";
import { principalAngles } from "../linalg/principal-angles.js";
import { multiply, multiplyTransposed } from "../linalg/products.js";
import { dot, norm } from "../linalg/vector.js";
import type { ReducedRankOneSum } from "../mixture/signed/dimension-free.js";
import type { TaskLaw } from "../mixture/signed/task-law.js";
import { coordinateSubspace, type Subspace } from "../mixture/subspace.js";
import { weightsFrom } from "./descent/dual.js";

/** How near a d × d matrix W is to a multiple of the projector PPᵀ. */
export interface Alignment {
  /**
   * tr(PᵀWP)/(√k ‖W‖_F), the cosine between W and PPᵀ as vectors of ℝ^{d×d}: 1 for aPPᵀ with a > 0, √(k/d) for the
   * identity.
   */
  readonly cosine: number;
  /** ‖PᵀWP‖²_F/‖W‖²_F: the share of W's energy that maps the subspace into itself. */
  readonly energyInside: number;
}

/**
 * Alignment of W with a subspace; of reduced factors, with the subspace of their own law. Cost: 2kd² + 2k²d, and 2Bd² to
 * form W of factors (d there the reduced number of columns).
 * @throws RangeError when W is not d × d, is zero or is not finite.
 */
export function alignment(W: Matrix, subspace: Subspace): Alignment;
export function alignment(W: ReducedRankOneSum): Alignment;
export function alignment(...given: [Matrix, Subspace] | [ReducedRankOneSum]): Alignment {
  const [W, subspace] = inOneBasis(given);
  const { k } = subspace;
  const P = basisOf(W, subspace);
  const length = norm(W.data);
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the alignment of W needs 0 < ‖W‖_F < ∞, got ${length}`);
  }
  const core = multiplyTransposed(multiply(P, W), P);
  let trace = 0;
  for (let i = 0; i < k; i++) trace += core.data[i * k + i]!;
  return { cosine: trace / (Math.sqrt(k) * length), energyInside: dot(core.data, core.data) / length ** 2 };
}

/** The principal angles of both sides, ascending. */
export interface SingularSubspaceAngles {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/**
 * The principal angles, ascending in [0, π/2], between span P and the spans of W's k leading left and right singular
 * vectors: what a rank-k reading of W would take the subspace for. Cost: one singular value decomposition, about 12d³.
 * @throws RangeError when W is not d × d or not finite.
 */
export function singularSubspaceAngles(W: Matrix, subspace: Subspace): SingularSubspaceAngles;
export function singularSubspaceAngles(W: ReducedRankOneSum): SingularSubspaceAngles;
export function singularSubspaceAngles(...given: [Matrix, Subspace] | [ReducedRankOneSum]): SingularSubspaceAngles {
  const [W, subspace] = inOneBasis(given);
  const P = basisOf(W, subspace);
  const { left, right } = svd(W);
  const leading = (vectors: Matrix) => principalAngles(P, matrix(P.rows, P.cols, vectors.data.slice(0, P.data.length)));
  return { left: leading(left), right: leading(right) };
}

/**
 * The squared cosine with PPᵀ that one step of gradient descent from zero on B tasks is expected to reach.
 *
 * Derivation. The step is W₁ ∝ (1/B) Σ m_τ u_τᵀ, with mean E[μμᵀ] = (R²/k) PPᵀ of squared norm R⁴/k. Given μ, m and u
 * are independent, so E‖m uᵀ‖² = E‖m‖² E‖u‖² = (R² + d/N)(R² + d), and E‖W₁‖² = R⁴/k + ((R² + d/N)(R² + d) − R⁴/k)/B.
 * The ratio of the two, in s = d/R²:
 *   cos² = 1/(1 + (k(1 + s)(1 + s/N) − 1)/B).
 * Ratio of means, not mean of the ratio: they differ by the fluctuations of ‖W₁‖², of relative order 1/√B.
 * @throws RangeError unless B is an integer ≥ 1 and R > 0.
 */
export function oneStepAlignmentLaw({ d, k, R, N }: Pick<TaskLaw, "d" | "k" | "R" | "N">, B: number): number {
  checkCount("B", B);
  if (!(R > 0)) throw new RangeError(`the alignment law needs R > 0, got ${R}`);
  const s = d / R ** 2;
  return 1 / (1 + (k * (1 + s) * (1 + s / N) - 1) / B);
}

/**
 * W and its subspace as matrices. Reduced factors give a W whose rows and columns are in two bases that share the first
 * k axes, span P: norm, PᵀWP and the angles of either side's singular vectors with P are those in ℝ^d.
 */
function inOneBasis(given: [Matrix, Subspace] | [ReducedRankOneSum]): [Matrix, Subspace] {
  if (given.length === 2) return given;
  const { alpha, m, u, reduced } = given[0];
  return [weightsFrom(alpha, { m, u }), coordinateSubspace(reduced.k, reduced.columns)];
}

/** Pᵀ, checked against W's shape. */
function basisOf(W: Matrix, { k, d, basis }: Subspace): Matrix {
  if (W.rows !== d || W.cols !== d) throw new RangeError(`W must be ${d} x ${d}, got ${W.rows} x ${W.cols}`);
  return matrix(k, d, basis);
}
