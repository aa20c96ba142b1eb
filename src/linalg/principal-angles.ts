import { singularValues } from "./decompositions.js";
import { type Matrix, matrix, row } from "./matrix.js";
import { dot } from "./vector.js";

/**
 * The principal angles between two subspaces of ℝ^d, each given by rows that are an orthonormal basis of it (as
 * `haarFrame` and `svd` return them): min(k_a, k_b) angles in [0, π/2], ascending, each to about d·eps *absolutely*.
 *
 * The cosines are the singular values of A Bᵀ (Björck & Golub 1973), the sines those of B − (B Aᵀ) A, what A leaves of
 * B (Knyazev & Argentati 2002). A cosine alone cannot see an angle below √eps, a sine cannot see one that close to π/2;
 * both together, through the arctangent, see all. Cost: about 6·d·k_a·k_b + 4·d·k² operations.
 * @throws RangeError when the subspaces lie in spaces of different dimension, have more than d vectors, or the rows are
 * not orthonormal to 1e-10 (the angles are no better than the bases).
 */
export function principalAngles(a: Matrix, b: Matrix): Float64Array {
  if (a.cols !== b.cols) {
    throw new RangeError(`principal angles need subspaces of one space, got dimensions ${a.cols} and ${b.cols}`);
  }
  requireOrthonormal(a, "first");
  requireOrthonormal(b, "second");
  const [larger, smaller] = a.rows >= b.rows ? [a, b] : [b, a];
  const inner = matrix(smaller.rows, larger.rows);
  const left = matrix(smaller.rows, smaller.cols, smaller.data.slice());
  for (let i = 0; i < smaller.rows; i++) {
    const residual = row(left, i);
    for (let j = 0; j < larger.rows; j++) {
      const basis = row(larger, j);
      const projection = dot(row(smaller, i), basis);
      inner.data[i * larger.rows + j] = projection;
      for (let c = 0; c < residual.length; c++) residual[c] = residual[c]! - projection * basis[c]!;
    }
  }
  const cosines = singularValues(inner);
  const sines = singularValues(left).reverse();
  return cosines.map((cosine, i) => Math.atan2(sines[i]!, cosine));
}

function requireOrthonormal(frame: Matrix, which: string): void {
  if (frame.rows > frame.cols) {
    throw new RangeError(`the ${which} subspace has ${frame.rows} vectors in dimension ${frame.cols}`);
  }
  for (let i = 0; i < frame.rows; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(row(frame, i), row(frame, j));
      if (Math.abs(product - (i === j ? 1 : 0)) <= 1e-10) continue;
      throw new RangeError(`the ${which} subspace needs orthonormal rows; rows ${i} and ${j} have product ${product}`);
    }
  }
}
