import { checkCount } from "../argument.js";
import type { TaskLaw } from "../mixture/signed/task-law.js";
import { normalCdf } from "./normal.js";

/** A training set and the test that the moment law is asked about. */
export interface MomentLawArguments extends Pick<TaskLaw, "d" | "k" | "R" | "N"> {
  /** Training tasks. */
  readonly B: number;
  /** Test signal strength ‖μ‖. */
  readonly testR: number;
  /** In-context examples of a test task: any real > 0, `Infinity` for the floor. */
  readonly M: number;
}

/**
 * The error, from the numbers of the problem alone, of the transformer after one step of gradient descent from zero,
 * and nearly that after a few hundred small steps: Φ(−R̃²/√v) with s = d/R² and
 *   v = (R̃² + k/M)(1 + (k(1 + s) − 1)/B) + (k²(1 + s)/(R²BN))(R̃² + d/M).
 *
 * Derivation. One step gives W ∝ (k/(R²B)) Σ m_τ u_τᵀ, of mean PPᵀ. At a test task m = μ + ζ/√M its error is
 * Φ(−mᵀWμ/‖Wᵀm‖); put both in at their means, mᵀWμ at R̃² and ‖Wᵀm‖² at v. Off the diagonal of the double sum, tasks
 * are independent: (1 − 1/B)‖PPᵀm‖², of mean (1 − 1/B)(R̃² + k/M). On it, (k²/(R⁴B)) E[(m_τᵀm)²‖u_τ‖²], where given μ_τ
 * the factors are independent: E‖u_τ‖² = R² + d = R²(1 + s), and E(m_τᵀm)² = (R²/k)‖Pᵀm‖² + ‖m‖²/N, of mean (R²/k)(R̃²
 * + k/M) + (R̃² + d/M)/N. The sum is v, exactly.
 *
 * So the training set stops to matter where B ≫ k(1 + s) ~ k/SNR² and N ≫ s = 1/SNR², whatever d. Putting in means
 * costs up to 10 % of the error where M ≥ 10 and B ≥ 4k; at M = 1 the law is optimistic by more, as mᵀWμ then
 * fluctuates by as much as its mean.
 * @throws RangeError unless d, k, N, B are integers ≥ 1, R is finite and > 0, testR finite and ≥ 0, and M > 0.
 */
export function momentLaw({ d, k, R, N, B, testR, M }: MomentLawArguments): number {
  for (const [name, value] of Object.entries({ d, k, N, B })) checkCount(name, value);
  if (!(R > 0 && R < Number.POSITIVE_INFINITY)) throw new RangeError(`R must be finite and > 0, got ${R}`);
  if (!(testR >= 0 && testR < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the test strength must be finite and >= 0, got ${testR}`);
  }
  if (!(M > 0)) throw new RangeError(`the context length M must be > 0, got ${M}`);
  if (testR === 0) return 0.5;
  const queries = 1 + d / R ** 2;
  const squared = testR ** 2;
  const variance =
    (squared + k / M) * (1 + (k * queries - 1) / B) + ((k * k * queries) / (R ** 2 * B * N)) * (squared + d / M);
  return normalCdf(-squared / Math.sqrt(variance));
}
