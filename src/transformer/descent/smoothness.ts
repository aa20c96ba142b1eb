import type { SymmetricOperator } from "../../linalg/symmetric-operator.js";
import { dot, norm } from "../../linalg/vector.js";

/**
 * λ_max of a positive semi-definite operator by the power method, from above: the Rayleigh quotient plus its residual
 * norm. An eigenvalue lies within the residual of the quotient; it is the largest one unless the start (all ones,
 * tilted so that it is orthogonal to no structured eigenvector) is orthogonal to the leading eigenvector. Stops when
 * the residual is below 1e-9 of the quotient, or after 10,000 rounds with the residual added honestly.
 */
export function largestEigenvalue(K: SymmetricOperator): number {
  const n = K.n;
  let x = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(i + 1));
  let y = new Float64Array(n);
  let bound = 0;
  for (let round = 0; round < 10_000; round++) {
    const length = norm(x);
    for (let i = 0; i < n; i++) x[i]! /= length;
    K.apply(x, y);
    const quotient = dot(x, y);
    let residual = 0;
    for (let i = 0; i < n; i++) residual += (y[i]! - quotient * x[i]!) ** 2;
    residual = Math.sqrt(residual);
    bound = quotient + residual;
    // Also where K = 0, whose image cannot be normalised.
    if (residual <= 1e-9 * quotient) break;
    [x, y] = [y, x];
  }
  return bound;
}

/**
 * β, the smoothness of the training loss: its Hessian is (1/B) Σ σ(q)σ(−q) vec(m uᵀ)vec(m uᵀ)ᵀ, and σσ ≤ ¼, so β =
 * λ_max(K)/(4B). Gradient descent with η ≤ 1/β never raises the loss (standard: the descent lemma).
 */
export function smoothness(K: SymmetricOperator): number {
  return largestEigenvalue(K) / (4 * K.n);
}
