import { checkCount } from "../argument.js";
import { solveFactored } from "../linalg/factor.js";
import { type Matrix, matrix } from "../linalg/matrix.js";
import { fillNormal } from "../random/normal.js";
import type { Stream } from "../random/stream.js";

/**
 * Linear self-attention on linear regression: from N examples (x_i, y_i = wᵀx_i), x ~ (0, Λ) and w ~ N(0, I), it
 * predicts hᵀWx with h = Σ y_i x_i / N = Ŝw, Ŝ = Σ x_i x_iᵀ / N. Λ is diagonal here, given by its eigenvalues: turning
 * inputs and w together changes nothing.
 */

/**
 * The eigenvalues of Γ, where E[Ŝ²] = ΛΓ: γ_i = (1 + (κ − 2)/N) λ_i + tr Λ/N for inputs of independent entries of
 * kurtosis κ, so (1 + 1/N)Λ + (tr Λ/N) I for normal ones. For E(Ŝ²)_ii = Σ_j E Ŝ_ij²: off the diagonal λ_i λ_j / N, on
 * it λ_i² (1 + (κ − 1)/N). The loss E(hᵀWx − wᵀx)² = tr(WᵀE[Ŝ²]WΛ) − 2 tr(ΛWΛ) + tr Λ is quadratic with minimum Γ⁻¹.
 * @throws RangeError unless N is an integer at least 1.
 */
export function regressionScales(eigenvalues: ArrayLike<number>, N: number, kurtosis = 3): Float64Array {
  checkCount("N", N, 1);
  const trace = Array.from(eigenvalues).reduce((sum, value) => sum + value, 0);
  return Float64Array.from(eigenvalues, (value) => (1 + (kurtosis - 2) / N) * value + trace / N);
}

/**
 * E(hᵀWx − wᵀx)² from M normal examples, for a W with the axes of Λ and these weights:
 * Σ_i λ_i (1 − 2 λ_i w_i + λ_i γ_i w_i²), γ those of M examples.
 */
export function regressionError(weights: ArrayLike<number>, eigenvalues: ArrayLike<number>, M: number): number {
  const scales = regressionScales(eigenvalues, M);
  return Array.from(eigenvalues).reduce((sum, value, i) => {
    return sum + value * (1 - 2 * value * weights[i]! + value * scales[i]! * weights[i]! ** 2);
  }, 0);
}

/**
 * n independent inputs, d numbers each, row after row: entries of variance λ and kurtosis κ, normal at 3, otherwise 0
 * or ±√(κλ), ±√(κλ) with probability 1/κ.
 * @throws RangeError unless κ ≥ 1.
 */
export function drawInputs(stream: Stream, n: number, eigenvalues: ArrayLike<number>, kurtosis = 3): Matrix {
  if (!(kurtosis >= 1)) throw new RangeError(`kurtosis must be at least 1, got ${kurtosis}`);
  const d = eigenvalues.length;
  const inputs = matrix(n, d);
  if (kurtosis === 3) fillNormal(stream, inputs.data);
  else {
    for (let i = 0; i < inputs.data.length; i++) {
      const u = kurtosis * stream.uniform();
      inputs.data[i] = u >= 1 ? 0 : Math.sqrt(kurtosis) * (u < 0.5 ? -1 : 1);
    }
  }
  for (let i = 0; i < inputs.data.length; i++) inputs.data[i]! *= Math.sqrt(eigenvalues[i % d]!);
  return inputs;
}

/** Ŝ of rows `from` to `from + N` of the inputs, into `out`. */
export function sampleCovariance(inputs: Matrix, from: number, N: number, out: Matrix): Matrix {
  const { cols: d, data } = inputs;
  out.data.fill(0);
  for (let at = from * d; at < (from + N) * d; at += d) {
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out.data[i * d + j]! += (data[at + i]! * data[at + j]!) / N;
  }
  return out;
}

/**
 * The W that gradient descent from zero on B training prompts of N examples and one query comes to, Σ(hᵀWx − y)² being
 * least: of B ≥ d² prompts the one minimiser, of fewer one that fits them all. Cost: B(N + d²)d² and d⁶/3.
 */
export function trainOnRegressionPrompts(
  stream: Stream,
  { B, N }: { readonly B: number; readonly N: number },
  eigenvalues: ArrayLike<number>,
  kurtosis = 3,
): Matrix {
  checkCount("B", B, 1);
  checkCount("N", N, 1);
  const d = eigenvalues.length;
  const n = d * d;
  const normal = matrix(n, n);
  const right = new Float64Array(n);
  const inputs = drawInputs(stream.derive("inputs"), B * (N + 1), eigenvalues, kurtosis);
  const tasks = fillNormal(stream.derive("tasks"), new Float64Array(B * d));
  const S = matrix(d, d);
  const feature = new Float64Array(n);
  for (let b = 0; b < B; b++) {
    sampleCovariance(inputs, b * (N + 1), N, S);
    const query = (b * (N + 1) + N) * d;
    let y = 0;
    for (let i = 0; i < d; i++) {
      let h = 0;
      for (let j = 0; j < d; j++) h += S.data[i * d + j]! * tasks[b * d + j]!;
      for (let j = 0; j < d; j++) feature[i * d + j] = h * inputs.data[query + j]!;
      y += tasks[b * d + i]! * inputs.data[query + i]!;
    }
    for (let i = 0; i < n; i++) {
      right[i]! += feature[i]! * y;
      for (let j = 0; j < n; j++) normal.data[i * n + j]! += feature[i]! * feature[j]!;
    }
  }
  const every = Array.from({ length: n }, (_, i) => i);
  return matrix(d, d, solveFactored(normal, every, right).values);
}
