import { normalCdf } from "./normal.js";

/** A training (d, k, R, N, B) and a test world (test strength, M examples; M may be infinite). */
export interface FirstStepArguments {
  readonly d: number;
  readonly k: number;
  /** Signal strength in training, in tasks of N examples, B of them. */
  readonly R: number;
  readonly N: number;
  readonly B: number;
  /** Signal strength ‖μ‖ and examples M of the test task. */
  readonly testR: number;
  readonly M: number;
}

/**
 * The error after one step of gradient descent from zero (and so of a few hundred small ones), from the first two moments of the test margin.
 *
 * Derivation. The step is W = (k/R²)(1/B) Σ m_τ u_τᵀ up to scale, E W = PPᵀ. With m = μ + ζ/√M and u = μ + z of the test task, r its strength, the margin
 * q = mᵀWu has mean r². Its variance is that of mᵀPPᵀu, which is r²(1 + 1/M) + k/M, and that of the B independent terms:
 *   (k²/(R⁴B)) · E(m_τᵀm)² · E(u_τᵀu)²,
 *   E(m_τᵀm)² = (R²/k + 1/N) r² + (R² + d/N)/M,   E(u_τᵀu)² = (R²/k + 1) r² + R² + d.
 * So the error is Φ(−r²/√v), v the sum of the two, were q normal: it nearly is from M of about 10 on; the law is optimistic at M = 1. (Only for R² ≪ d and
 * k ≪ R²N does this reduce to v = r²(1 + dk/(R²B)).) Cost: one Φ.
 * @throws RangeError unless every argument is > 0, and all but M finite.
 */
export function firstStepError({ d, k, R, N, B, testR, M }: FirstStepArguments): number {
  for (const [name, value] of Object.entries({ d, k, R, N, B, testR })) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name} must be finite and > 0, got ${value}`);
    }
  }
  if (!(M > 0)) throw new RangeError(`the context length M must be > 0, got ${M}`);
  const r2 = testR * testR;
  const R2 = R * R;
  const context = (R2 / k + 1 / N) * r2 + (R2 + d / N) / M;
  const query = (R2 / k + 1) * r2 + R2 + d;
  const variance = r2 * (1 + 1 / M) + k / M + ((k / R2) ** 2 / B) * context * query;
  return normalCdf(-r2 / Math.sqrt(variance));
}
