import { cholesky } from "../linalg/decompositions.js";
import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { dot, minimum } from "../linalg/vector.js";

/**
 * argmin ½αᵀHα − 1ᵀα over 0 ≤ α ≤ C (C may be infinite), H symmetric positive semidefinite, by Mehrotra's (1992, SIAM
 * J. Optim. 2:575) predictor–corrector steps along the central path: with z and v the multipliers of the two bounds,
 * each is Newton's on Hα − 1 − z + v = 0, α∘z = μ, (C − α)∘v = μ. A degenerate or nearly singular H, as that of many
 * examples in few dimensions, costs no more steps than another. `settled` is asked after every step and ends the search
 * with its answer; undefined when rounding or 100 steps end it. Cost: n³/3 a step, 10 to 40 steps.
 */
export function interiorPoint<T>(H: Matrix, C: number, settled: (alpha: Float64Array) => T | undefined): T | undefined {
  const n = H.rows;
  const boxed = C < Number.POSITIVE_INFINITY;
  let size = 0;
  for (let i = 0; i < n; i++) size = Math.max(size, H.data[i * n + i]!);
  const first = Math.min(C / 2, 1 / size);
  const alpha = new Float64Array(n).fill(first);
  const z = new Float64Array(n).fill(1);
  const v = new Float64Array(n).fill(boxed ? 1 : 0);
  const room = (i: number) => (boxed ? C - alpha[i]! : 1);
  const system = matrix(n, n);
  for (let iteration = 0; iteration < 100; iteration++) {
    const residual = Float64Array.from({ length: n }, (_, i) => dot(row(H, i), alpha) - 1 - z[i]! + v[i]!);
    system.data.set(H.data);
    for (let i = 0; i < n; i++) system.data[i * n + i]! += z[i]! / alpha[i]! + v[i]! / room(i);
    let factor: Matrix;
    try {
      factor = cholesky(system);
    } catch {
      return undefined; // what is left of H on the free multipliers is singular to rounding
    }
    /** Newton's step to α∘z = lower, (C − α)∘v = upper. */
    const stepTo = (lower: (i: number) => number, upper: (i: number) => number) => {
      const right = residual.map(
        (r, i) => -r + lower(i) / alpha[i]! - z[i]! - (boxed ? upper(i) / room(i) - v[i]! : 0),
      );
      const move = substitute(factor, right);
      return {
        move,
        zMove: move.map((m, i) => (lower(i) - z[i]! * m) / alpha[i]! - z[i]!),
        vMove: move.map((m, i) => (boxed ? (upper(i) + v[i]! * m) / room(i) - v[i]! : 0)),
      };
    };
    /** The longest step, up to 1, that keeps everything at least 0. */
    const longest = ({ move, zMove, vMove }: ReturnType<typeof stepTo>) => {
      let step = 1;
      for (let i = 0; i < n; i++) {
        if (move[i]! < 0) step = Math.min(step, -alpha[i]! / move[i]!);
        if (zMove[i]! < 0) step = Math.min(step, -z[i]! / zMove[i]!);
        if (boxed && move[i]! > 0) step = Math.min(step, room(i) / move[i]!);
        if (boxed && vMove[i]! < 0) step = Math.min(step, -v[i]! / vMove[i]!);
      }
      return step;
    };
    const gapAt = (step: number, { move, zMove, vMove }: ReturnType<typeof stepTo>) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += (alpha[i]! + step * move[i]!) * (z[i]! + step * zMove[i]!);
        if (boxed) sum += (room(i) - step * move[i]!) * (v[i]! + step * vMove[i]!);
      }
      return sum / (boxed ? 2 * n : n);
    };
    const predictor = stepTo(
      () => 0,
      () => 0,
    );
    const now = gapAt(0, predictor);
    if (n * now <= 1e-18 * alpha.reduce((sum, value) => sum + value, 0)) return undefined; // below any rounding
    const target = now * (gapAt(longest(predictor), predictor) / now) ** 3;
    const step = stepTo(
      (i) => target - predictor.move[i]! * predictor.zMove[i]!,
      (i) => target + predictor.move[i]! * predictor.vMove[i]!,
    );
    const length = 0.99 * longest(step);
    for (let i = 0; i < n; i++) {
      alpha[i] = alpha[i]! + length * step.move[i]!;
      z[i] = z[i]! + length * step.zMove[i]!;
      v[i] = v[i]! + length * step.vMove[i]!;
    }
    if (!(minimum(alpha) > 0 && minimum(z) > 0)) return undefined; // underflow
    const answer = settled(alpha);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The x with LLᵀx = b. */
function substitute(lower: Matrix, b: Float64Array): Float64Array {
  const n = lower.rows;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    x[i] = (x[i]! - dot(lower.data.subarray(i * n, i * n + i), x)) / lower.data[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    x[i] = x[i]! / lower.data[i * n + i]!;
    for (let j = 0; j < i; j++) x[j] = x[j]! - lower.data[i * n + j]! * x[i]!;
  }
  return x;
}
