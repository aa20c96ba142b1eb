import { riskAt, type TaskScalars } from "./conditional.js";
import { exactRisk } from "./exact.js";
import { normalQuantile } from "./normal.js";

/** A learner that knows the subspace, and the error it is to reach. */
export interface SampleComplexityArguments {
  /** Test signal strength ‖μ‖ ≥ 0. */
  readonly R: number;
  /** Dimension of the subspace. */
  readonly k: number;
  /** The error to reach, in (0, ½). */
  readonly epsilon: number;
}

/**
 * M*: the smallest real M > 0 with exactRisk(R, M, k) ≤ ε, to 1e-10 relative, from above. The error falls strictly with
 * M, from ½ at M → 0 to Φ(−R); so M* > 0, and M* is `Infinity` where Φ(−R) ≥ ε: no context is long enough. Cost: about
 * 10 exact risks (≈ 0.1 ms).
 * @throws RangeError unless 0 < ε < ½, R is finite and ≥ 0, and k an integer ≥ 1.
 */
export function exactSampleComplexity({ R, k, epsilon }: SampleComplexityArguments): number {
  const error = (M: number) => exactRisk({ R, M, k });
  let M = sharpenedSampleComplexity({ R, k, epsilon });
  if (M === Number.POSITIVE_INFINITY) return M;
  while (error(M) <= epsilon) M /= 2;
  while (error(2 * M) > epsilon) M *= 2;
  return crossing(error, epsilon, M, 2 * M);
}

/**
 * The sharpened law for M*: c²k / (R⁴ − c²R²), c = Φ⁻¹(1 − ε); `Infinity` where R ≤ c. A context's mean makes an angle
 * θ with μ of cos θ ≈ R/√(R² + k/M), and the error is Φ(−R cos θ): set it to ε and solve for M. Asymptotic in k. Where
 * R is not many times c, it falls faster than R⁻⁴.
 * @throws RangeError as `exactSampleComplexity`.
 */
export function sharpenedSampleComplexity({ R, k, epsilon }: SampleComplexityArguments): number {
  checkEpsilon(epsilon);
  if (!(R >= 0 && R < Number.POSITIVE_INFINITY))
    throw new RangeError(`the strength R must be finite and >= 0, got ${R}`);
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new RangeError(`the dimension k must be an integer >= 1, got ${k}`);
  const c = -normalQuantile(epsilon);
  return R > c ? ((c / R) ** 2 * k) / ((R - c) * (R + c)) : Number.POSITIVE_INFINITY;
}

/**
 * M* of any W on a sample of test tasks: the smallest real M at which their mean error is ≤ ε, to 1e-10 relative, from
 * above.
 *
 * The mean error of a general W need not fall with M: tasks with μᵀWμ < 0 get worse as their noise goes. So the
 * crossing is looked for from short contexts up, on a grid of ratio 2 around Σ‖Wᵀζ‖² / Σ‖Wᵀμ‖² (40 halvings below, 60
 * doublings above), and refined between the two lengths that hold the first one; a dip narrower than the grid can be
 * missed. `Infinity` where no length on the grid is long enough. 0 where already the shortest is, which takes a handful
 * of tasks: over ζ's law the error at M → 0 is ½. Cost: about 50 Φ a task.
 * @throws RangeError on no task, or unless 0 < ε < ½.
 */
export function sampleComplexity(scalars: readonly TaskScalars[], epsilon: number): number {
  checkEpsilon(epsilon);
  if (scalars.length < 1) throw new RangeError("a sample complexity needs at least 1 test task, got 0");
  const error = (M: number) => scalars.reduce((sum, task) => sum + riskAt(task, M), 0) / scalars.length;
  const signal = scalars.reduce((sum, task) => sum + task.signalSquared, 0);
  const noise = scalars.reduce((sum, task) => sum + task.noiseSquared, 0);
  if (!(signal > 0 && noise > 0)) return error(1) <= epsilon ? 0 : Number.POSITIVE_INFINITY;
  for (let doubling = -40; doubling <= 60; doubling++) {
    const M = (noise / signal) * 2 ** doubling;
    if (error(M) <= epsilon) return doubling === -40 ? 0 : crossing(error, epsilon, M / 2, M);
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Where the error falls through ε between low (error > ε) and high (error ≤ ε), to 1e-10 relative, from above: regula
 * falsi of log error in log M with the Illinois weights, which converges superlinearly and keeps the bracket (Dowell &
 * Jarratt 1971).
 */
function crossing(error: (M: number) => number, epsilon: number, low: number, high: number): number {
  // An error that underflows still has a finite logarithm.
  const excess = (logM: number) => Math.log(Math.max(error(Math.exp(logM)), 1e-300) / epsilon);
  let [left, right] = [Math.log(low), Math.log(high)];
  let [above, below] = [excess(left), excess(right)];
  let last = 0;
  while (right - left > 1e-10) {
    // Rounding may put the secant on an end of a tiny bracket: stay inside.
    const share = Math.min(0.999, Math.max(0.001, above / (above - below)));
    const middle = left + share * (right - left);
    const value = excess(middle);
    if (value > 0) {
      [left, above] = [middle, value];
      if (last === 1) below /= 2;
      last = 1;
    } else {
      [right, below] = [middle, value];
      if (last === -1) above /= 2;
      last = -1;
    }
  }
  return Math.exp(right);
}

function checkEpsilon(epsilon: number): void {
  if (!(epsilon > 0 && epsilon < 0.5)) throw new RangeError(`the error to reach must be in (0, 1/2), got ${epsilon}`);
}
