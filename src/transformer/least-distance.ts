import type { Matrix } from "../linalg/matrix.js";

/**
 * argmin over α ≥ 0 of ½αᵀ(K/scale + 11ᵀ)α − 1ᵀα, which is bounded whether or not any W has all margins positive
 * (Lawson & Hanson 1974, ch. 23): coordinate descent for the active set, then Cholesky solves on it. Slow and sure, for
 * kernels that are singular on the active set. Cost: B² a sweep of at most 200, |support|³ a solve of at most 3B + 30.
 */
export function leastDistance(K: Matrix, scale: number): Float64Array {
  const B = K.rows;
  const H = K.data.map((value) => value / scale + 1);
  const alpha = new Float64Array(B);
  // The slack 1 − Hα, minus the gradient: positive where α should grow.
  const slack = new Float64Array(B).fill(1);
  const move = (t: number, to: number): number => {
    const change = to - alpha[t]!;
    if (change !== 0) {
      const column = H.subarray(t * B, (t + 1) * B);
      for (let j = 0; j < B; j++) slack[j]! -= change * column[j]!;
      alpha[t] = to;
    }
    return Math.abs(change);
  };
  for (let sweep = 0; sweep < 200; sweep++) {
    let moved = 0;
    let largest = 0;
    for (let t = 0; t < B; t++) {
      moved = Math.max(moved, move(t, Math.max(0, alpha[t]! + slack[t]! / H[t * B + t]!)));
      largest = Math.max(largest, alpha[t]!);
    }
    if (moved <= 1e-6 * largest) break;
  }
  return polish(H, B, alpha);
}

/**
 * Lawson–Hanson from a warm start: solve H_SS α_S = 1 on the support S; where that leaves α ≥ 0, step back and drop
 * what hit zero; then add the task whose condition (Hα)_τ ≥ 1 is violated most; stop when none is, to rounding.
 */
function polish(H: Float64Array, B: number, alpha: Float64Array): Float64Array {
  const support: number[] = [];
  for (let t = 0; t < B; t++) if (alpha[t]! > 0) support.push(t);
  for (let round = 0; round < 3 * B + 30; round++) {
    for (;;) {
      const solved = solveOnes(H, B, support);
      let step = 1;
      let blocking = -1;
      support.forEach((t, i) => {
        if (solved[i]! <= 0) {
          const reach = alpha[t]! / (alpha[t]! - solved[i]!);
          if (!(reach >= step)) {
            step = Number.isFinite(reach) ? reach : 0;
            blocking = i;
          }
        }
      });
      support.forEach((t, i) => {
        alpha[t] = step === 1 ? solved[i]! : alpha[t]! + step * (solved[i]! - alpha[t]!);
      });
      if (blocking < 0) break;
      alpha[support[blocking]!] = 0;
      support.splice(blocking, 1);
    }
    let worst = -1;
    let violation = 1e-12;
    for (let t = 0; t < B; t++) {
      if (alpha[t]! > 0) continue;
      const column = H.subarray(t * B, (t + 1) * B);
      let value = 1;
      for (const s of support) value -= column[s]! * alpha[s]!;
      if (value > violation && !support.includes(t)) {
        violation = value;
        worst = t;
      }
    }
    if (worst < 0) break;
    support.push(worst);
  }
  return alpha;
}

/** H_SS x = 1 by Cholesky; a pivot lost to rounding (tasks linearly dependent on earlier ones) takes multiplier 0. */
function solveOnes(H: Float64Array, B: number, support: readonly number[]): Float64Array {
  const n = support.length;
  const L = new Float64Array(n * n);
  const x = new Float64Array(n);
  const lost = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const target = L.subarray(i * n, i * n + i + 1);
    const source = H.subarray(support[i]! * B, (support[i]! + 1) * B);
    for (let j = 0; j <= i; j++) {
      if (lost[j]) continue;
      const other = L.subarray(j * n, j * n + j + 1);
      let value = source[support[j]!]!;
      for (let a = 0; a < j; a++) value -= target[a]! * other[a]!;
      if (j < i) target[j] = value / other[j]!;
      else if (value > 1e-14 * source[support[i]!]!) target[i] = Math.sqrt(value);
      else lost[i] = 1;
    }
    let right = 1;
    for (let j = 0; j < i; j++) right -= target[j]! * x[j]!;
    x[i] = lost[i] ? 0 : right / target[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    if (lost[i]) continue;
    let right = x[i]!;
    for (let j = i + 1; j < n; j++) right -= L[j * n + i]! * x[j]!;
    x[i] = right / L[i * n + i]!;
  }
  return x;
}
