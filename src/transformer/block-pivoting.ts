import { type Matrix, row } from "../linalg/matrix.js";
import { dot } from "../linalg/vector.js";

/** A symmetric positive semi-definite K as block pivoting asks for it. */
export interface PivotingProblem {
  /** out = K x. */
  apply(x: Float64Array, out: Float64Array): void;
  /**
   * α_F with K_FF α_F = 1 for the indices in `free`; `lost` are the positions in it that K_FF leaves undetermined, of
   * value 0. Nothing where no solution was reached. `start` is the last α, over all indices.
   */
  solve(
    free: Int32Array,
    start: Float64Array,
  ): { readonly values: Float64Array; readonly lost: readonly number[] } | undefined;
}

/** Rounds in which many indices may be exchanged without fewer of them being infeasible than ever before. */
const patience = 3;

/**
 * argmin of ½αᵀKα − 1ᵀα over α ≥ 0 by block principal pivoting (Portugal, Júdice & Vicente 1994; Kim & Park 2011, §3):
 * with α_F = K_FF⁻¹1 and 0 elsewhere, exchange all indices that are infeasible (α < 0 in F, Kα < 1 − tolerance outside);
 * when their number has not fallen for three rounds, only the last one, until it has. Nothing after 50 rounds, after 4 in
 * which K_FF was singular, or where a round is not solved: the problem may be unbounded. F starts where `initial` is
 * above 0, and whole unless that is given.
 */
export function blockPivoting(
  problem: PivotingProblem,
  B: number,
  tolerance: number,
  initial?: Float64Array,
): Float64Array | undefined {
  const inside = Uint8Array.from({ length: B }, (_, t) => (initial === undefined || initial[t]! > 0 ? 1 : 0));
  let alpha = initial ?? new Float64Array(B);
  const q = new Float64Array(B);
  let fewest = B + 1;
  let left = patience;
  let singular = 0;
  for (let round = 0; round < 50 && singular < 4; round++) {
    const free = Int32Array.from(inside.keys()).filter((t) => inside[t] === 1);
    const solution = problem.solve(free, alpha);
    if (!solution) return undefined;
    alpha = new Float64Array(B);
    free.forEach((t, i) => {
      alpha[t] = solution.values[i]!;
    });
    if (solution.lost.length > 0) singular++;
    for (const i of solution.lost) inside[free[i]!] = 0;
    problem.apply(alpha, q);
    const infeasible: number[] = [];
    for (let t = 0; t < B; t++) if (inside[t] ? alpha[t]! < 0 : q[t]! < 1 - tolerance) infeasible.push(t);
    if (infeasible.length === 0) return alpha;
    if (infeasible.length < fewest) {
      fewest = infeasible.length;
      left = patience;
    } else left--;
    for (const t of left >= 0 ? infeasible : infeasible.slice(-1)) inside[t] = 1 - inside[t]!;
  }
  return undefined;
}

/**
 * A few sweeps of coordinate descent on the same problem, from 0: cheap, and its positive entries are nearly those of the
 * solution, so that no factor is larger than it need be. Cost: B² a sweep.
 */
export function coordinateDescent(K: Matrix, sweeps: number): Float64Array {
  const B = K.rows;
  const alpha = new Float64Array(B);
  // The slack 1 − Kα: positive where α should grow.
  const slack = new Float64Array(B).fill(1);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let t = 0; t < B; t++) {
      const entries = row(K, t);
      const to = Math.max(0, alpha[t]! + slack[t]! / entries[t]!);
      const change = to - alpha[t]!;
      if (change === 0) continue;
      alpha[t] = to;
      for (let j = 0; j < B; j++) slack[j]! -= change * entries[j]!;
    }
  }
  return alpha;
}

/**
 * The same by conjugate gradients on F, over products with K alone: first to 1e-5, which finds F, then to 1e-11. Each
 * solve starts from the last α and is preconditioned by K's diagonal. Nothing where a solve takes over `most` products.
 * Cost: a product with K an iteration; some 60 for well-conditioned K.
 */
export function conjugateGradients(problem: {
  readonly apply: PivotingProblem["apply"];
  readonly diagonal: Float64Array;
  readonly most: number;
}): Float64Array | undefined {
  const B = problem.diagonal.length;
  const pivot = (accuracy: number, initial?: Float64Array) =>
    blockPivoting(
      { apply: problem.apply, solve: (free, start) => solveOn(problem, free, start, accuracy) },
      B,
      10 * accuracy,
      initial,
    );
  const rough = pivot(1e-5);
  return rough && pivot(1e-11, rough);
}

/** K_FF x = 1 until no residual is above `accuracy`. */
function solveOn(
  { apply, diagonal, most }: Parameters<typeof conjugateGradients>[0],
  free: Int32Array,
  start: Float64Array,
  accuracy: number,
): { values: Float64Array; lost: readonly number[] } | undefined {
  const n = free.length;
  const padded = new Float64Array(start.length);
  const image = new Float64Array(start.length);
  const times = (x: Float64Array): Float64Array => {
    padded.fill(0);
    for (let i = 0; i < n; i++) padded[free[i]!] = x[i]!;
    apply(padded, image);
    return Float64Array.from(free, (t) => image[t]!);
  };
  const x = Float64Array.from(free, (t) => Math.max(0, start[t]!));
  const residual = times(x).map((value) => 1 - value);
  const scaled = () => residual.map((value, i) => value / diagonal[free[i]!]!);
  let z = scaled();
  let direction = z;
  let rho = dot(residual, z);
  for (let step = 0; step < most; step++) {
    if (residual.every((value) => Math.abs(value) <= accuracy)) return { values: x, lost: [] };
    const moved = times(direction);
    const curvature = dot(direction, moved);
    if (!(curvature > 0)) return undefined;
    const length = rho / curvature;
    for (let i = 0; i < n; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * moved[i]!;
    }
    z = scaled();
    const next = dot(residual, z);
    const kept = next / rho;
    direction = z.map((value, i) => value + kept * direction[i]!);
    rho = next;
  }
  return undefined;
}
