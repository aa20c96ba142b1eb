import { symmetricEigen } from "../../linalg/decompositions.js";
import { type Matrix, matrix } from "../../linalg/matrix.js";
import { multiply } from "../../linalg/products.js";
import type { PopulationPoint } from "./loss.js";
import type { PopulationSample } from "./sample.js";

/**
 * A cheap inverse of the Hessian at a point, up to a factor, as a map of d × d matrices: R ↦ A⁻¹RB⁻¹, where A = E[Σ_j
 * p_j (h_j − h̄)(h_j − h̄)ᵀ], h̄ = Σ_j p_j h_j, and B = E[xxᵀ].
 *
 * The Hessian is E[H ⊗ xxᵀ] with A = E[H], and A ⊗ B if heads and query went their own ways: so Λ's condition, squared,
 * is taken out of conjugate gradients. Directions in which all data are zero stay as they are: pseudo-inverses. Cost:
 * (c · contexts + 1)d² operations a task, and d³; 4d³ to apply.
 */
export function hessianPreconditioner(sample: PopulationSample, { probabilities }: PopulationPoint) {
  const { queries, heads, classes: c } = sample;
  const d = queries.cols;
  const centred = new Float64Array(c * d);
  const [left, right] = [matrix(d, d), matrix(d, d)];
  for (let first = 0; first < heads.rows; first += c) {
    for (let a = 0; a < d; a++) {
      let mean = 0;
      for (let j = 0; j < c; j++) mean += probabilities[first + j]! * heads.data[(first + j) * d + a]!;
      for (let j = 0; j < c; j++) centred[j * d + a] = heads.data[(first + j) * d + a]! - mean;
    }
    for (let j = 0; j < c; j++) addOuter(left, probabilities[first + j]!, centred, j * d);
  }
  for (let t = 0; t < queries.rows; t++) addOuter(right, 1, queries.data, t * d);
  const [before, after] = [pseudoInverse(left), pseudoInverse(right)];
  return (R: Matrix): Matrix => multiply(multiply(before, R), after);
}

/** S += weight · v vᵀ, v from `from` on in `vectors`; the lower triangle of S alone. */
function addOuter({ rows: d, data }: Matrix, weight: number, vectors: Float64Array, from: number): void {
  for (let a = 0; a < d; a++) {
    const factor = weight * vectors[from + a]!;
    for (let b = 0; b <= a; b++) data[a * d + b] = data[a * d + b]! + factor * vectors[from + b]!;
  }
}

/** Of the symmetric matrix whose lower triangle that is. */
function pseudoInverse(S: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(mirrored(S));
  const inverse = matrix(S.rows, S.rows);
  for (let i = 0; i < S.rows; i++) {
    // A direction without data leaves what rounding makes of zero.
    if (values[i]! > 1e-12 * values.at(-1)!) addOuter(inverse, 1 / values[i]!, vectors.data, i * S.rows);
  }
  return mirrored(inverse);
}

function mirrored(S: Matrix): Matrix {
  const { rows: d, data } = S;
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) data[b * d + a] = data[a * d + b]!;
  return S;
}
