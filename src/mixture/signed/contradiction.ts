import { type Matrix, matrix } from "../../linalg/matrix.js";
import type { Tasks } from "./tasks.js";

/**
 * The tasks, and the first `count` of them once more with the opposite answer asked for (u turned round): no W has a
 * positive margin on both, so the data are not separable once count ≥ 1. With every task contradicted the loss is
 * minimal at q = 0, where its curvature is largest.
 * @throws RangeError unless 0 ≤ count ≤ B is an integer.
 */
export function contradict(tasks: Tasks, count: number): Tasks {
  const B = tasks.m.rows;
  if (!(Number.isSafeInteger(count) && count >= 0 && count <= B)) {
    throw new RangeError(`contradictions must be an integer from 0 to B = ${B}, got ${count}`);
  }
  const extended = (a: Matrix, sign: number): Matrix => {
    const data = new Float64Array((B + count) * a.cols);
    data.set(a.data);
    data.set(
      a.data.subarray(0, count * a.cols).map((value) => sign * value),
      B * a.cols,
    );
    return matrix(B + count, a.cols, data);
  };
  return { m: extended(tasks.m, 1), u: extended(tasks.u, -1), mu: extended(tasks.mu, 1) };
}
