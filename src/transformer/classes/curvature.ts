import { symmetricEigen } from "../../linalg/decompositions.js";
import { identity, matrix, row } from "../../linalg/matrix.js";
import { dot } from "../../linalg/vector.js";
import { populationLoss } from "./loss.js";
import type { PopulationSample } from "./sample.js";

/**
 * The Hessian of the expected loss at W = aΛ⁻¹ in whitened coordinates, as a quadratic form on d × d matrices:
 * V ↦ α‖V‖² + β(tr V² + (tr V)²).
 */
export interface CurvatureForm {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * α and β for spherical means, averaged over a sample with Λ = I at W = aI.
 *
 * Derivation. The law of heads and query is invariant under rotations and so is aI: the form is a combination of the
 * three invariants ‖V‖², tr V² and (tr V)². With A = diag p − ppᵀ and Q(V, U) = E Σ A_jk (h_jᵀVx)(h_kᵀUx), the
 * contractions of tr V² and (tr V)² are both E Σ A_jk (h_jᵀx)(h_kᵀx) = I₂, so their coefficients are equal; with I₁ = E
 * Σ A_jk h_jᵀh_k|x|², I₁ = αd² + 2βd and I₂ = αd + β(d² + d). Cost: that of a loss.
 * @throws RangeError unless d ≥ 2.
 */
export function curvatureForm(sample: PopulationSample, scale: number): CurvatureForm {
  const { classes: c, contexts, queries, heads } = sample;
  const d = queries.cols;
  if (d < 2) throw new RangeError("the curvature's form needs d >= 2: at d = 1 it is one number");
  const { probabilities } = populationLoss(sample, identity(d, scale));
  let squares = 0;
  let forms = 0;
  const mean = new Float64Array(d);
  for (let t = 0; t < queries.rows; t++) {
    const x = row(queries, t);
    const length = dot(x, x);
    for (let s = 0; s < contexts; s++) {
      const first = (t * contexts + s) * c;
      mean.fill(0);
      for (let j = 0; j < c; j++) {
        const p = probabilities[first + j]!;
        const h = row(heads, first + j);
        squares += p * dot(h, h) * length;
        forms += p * dot(h, x) ** 2;
        for (let a = 0; a < d; a++) mean[a] = mean[a]! + p * h[a]!;
      }
      squares -= dot(mean, mean) * length;
      forms -= dot(mean, x) ** 2;
    }
  }
  const I1 = squares / (queries.rows * contexts);
  const I2 = forms / (queries.rows * contexts);
  const beta = (d * I2 - I1) / (d * (d * d + d - 2));
  return { alpha: (I1 - 2 * beta * d) / (d * d), beta };
}

/**
 * The extreme eigenvalues of that Hessian for a diagonal Λ = diag(λ), and the direction of the smallest, of norm 1:
 * with V̂ = Λ^{1/2}VΛ^{1/2} the entries (a, b), (b, a) of V have λ_aλ_b(α ± β), and those on the diagonal the block
 * λ_aλ_b((α + β)δ_ab + β). Cost: d³.
 */
export function curvatureRange({ alpha, beta }: CurvatureForm, variances: ArrayLike<number>) {
  const d = variances.length;
  const block = matrix(d, d);
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let slowest = matrix(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      const product = variances[a]! * variances[b]!;
      block.data[a * d + b] = product * (beta + (a === b ? alpha + beta : 0));
      if (a <= b) continue;
      for (const sign of [-1, 1]) {
        const value = product * (alpha + sign * beta);
        largest = Math.max(largest, value);
        if (value >= smallest) continue;
        smallest = value;
        slowest = matrix(d, d);
        slowest.data[a * d + b] = Math.SQRT1_2;
        slowest.data[b * d + a] = sign * Math.SQRT1_2;
      }
    }
  }
  const { values, vectors } = symmetricEigen(block);
  if (values[0]! < smallest) {
    slowest = matrix(d, d);
    for (let a = 0; a < d; a++) slowest.data[a * (d + 1)] = vectors.data[a]!;
  }
  return { smallest: Math.min(smallest, values[0]!), largest: Math.max(largest, values.at(-1)!), slowest };
}
