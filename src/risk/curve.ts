import { riskAt, type TaskScalars } from "./conditional.js";

/** The mean error of a set of test tasks at one context length, with the standard error of that mean. */
export interface CurvePoint {
  readonly M: number;
  readonly error: number;
  readonly standardError: number;
}

/**
 * The error curve over context lengths, from one draw of test tasks: every M sees the same μ and ζ (common random
 * numbers), so differences along the curve, or between learners scored on the same tasks, are far sharper than the
 * standard errors. Cost: one Φ a task and length.
 * @param signal factor on μ of task i at length M, for label flips; 1 when not given.
 * @throws RangeError on fewer than two tasks, or an M that is not > 0.
 */
export function errorCurve(
  scalars: readonly TaskScalars[],
  Ms: readonly number[],
  signal: (task: number, M: number) => number = () => 1,
): CurvePoint[] {
  const n = scalars.length;
  if (n < 2) throw new RangeError(`an error curve needs at least 2 test tasks, got ${n}`);
  return Ms.map((M) => {
    const errors = scalars.map((task, i) => riskAt(task, M, signal(i, M)));
    const error = errors.reduce((sum, value) => sum + value, 0) / n;
    const squares = errors.reduce((sum, value) => sum + (value - error) ** 2, 0);
    return { M, error, standardError: Math.sqrt(squares / (n - 1) / n) };
  });
}
