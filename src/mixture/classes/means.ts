import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { fillNormal } from "../../random/normal.js";
import { fillSphere } from "../../random/sphere.js";
import type { Stream } from "../../random/stream.js";
import { type Covariance, fillColoured, mahalanobis } from "./covariance.js";

/**
 * How the class means of a task are drawn.
 *
 * `"spherical"`: μ_j = Λ^{1/2}u_j with u_j uniform on the sphere of radius `norms[j]`, independent: invariant under
 * rotations of the whitened coordinates. `"gaussian"`: μ_1 ~ N(0, I) and the others are Λ-rotations Λ^{1/2}UΛ^{-1/2}μ_1
 * of it, U Haar (the example of Shen, Zhou, Yang & Shen 2024), so ‖Λ^{-1/2}μ_j‖ is random and only ratios of `norms`
 * matter. With equal `norms` both give every class of a task one Λ⁻¹-norm.
 */
export type MeansLaw = "spherical" | "gaussian";

/** The means of a task's c classes, one a row (c × d). Cost: c·d normals and c·d² operations. */
export function drawMeans(stream: Stream, law: MeansLaw, covariance: Covariance, norms: Float64Array): Matrix {
  const means = matrix(norms.length, covariance.matrix.rows);
  meansInto(means, law, covariance, norms)(stream);
  return means;
}

/** What draws the means of one task after another into the same c × d matrix, for who keeps none of them. */
export function meansInto(
  means: Matrix,
  law: MeansLaw,
  covariance: Covariance,
  norms: Float64Array,
): (stream: Stream) => void {
  const whitened = new Float64Array(means.cols);
  const rows = Array.from(norms, (_, j) => row(means, j));
  return (stream) => {
    let scale = 1;
    if (law === "gaussian") scale = mahalanobis(covariance, fillNormal(stream, rows[0]!)) / norms[0]!;
    // A Haar rotation of a fixed vector is uniform on its sphere: no rotation matrix is needed.
    for (let j = law === "gaussian" ? 1 : 0; j < rows.length; j++) {
      fillColoured(covariance, fillSphere(stream, whitened, scale * norms[j]!), rows[j]!);
    }
  };
}
