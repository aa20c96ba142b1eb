import { solveFactored } from "../linalg/factor.js";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { type Matrix, row } from "../linalg/matrix.js";
import type { SymmetricOperator } from "../linalg/symmetric-operator.js";
import { dot, minimum, norm } from "../linalg/vector.js";
import type { Tasks } from "../mixture/signed/tasks.js";
import { blockPivoting, conjugateGradients, coordinateDescent } from "./block-pivoting.js";
import { weightsFrom } from "./descent/dual.js";
import { leastDistance } from "./least-distance.js";
import { margins } from "./linear.js";

/** Up to this many tasks K is factorised; beyond, where that takes over 100 MB, conjugate gradients do. */
export const largestFactorised = 4096;

/**
 * From this many tasks on an operator's products are tried first: well-conditioned kernels need no factor (measured).
 */
const smallestIterated = 1000;

/** Below that many rows opening a kernel memory costs more than the kernels gain (measured). */
const smallestOnKernels = 100;

/** Proof of how good a pair (α, W) is: lower ≤ ‖W_MM‖_F ≤ upper, whatever solver made it. */
export interface Certificate {
  readonly lower: number;
  readonly upper: number;
  /** upper/lower − 1; below 1e-6 the solution is proved to six digits. */
  readonly gap: number;
}

/**
 * The max-margin solution W_MM = Σ α_τ m_τ u_τᵀ, scaled so that its least margin is 1; or the proof that there is none.
 */
export type MaxMargin =
  | {
      readonly separable: true;
      readonly alpha: Float64Array;
      readonly margins: Float64Array;
      /** ‖W_MM‖_F, and γ* = 1/‖W_MM‖_F. */
      readonly norm: number;
      readonly margin: number;
      readonly certificate: Certificate;
    }
  | {
      readonly separable: false;
      /** Multipliers ≥ 0 of sum 1 whose combination Σ α_τ m_τ u_τᵀ (all but) vanishes: no W has q_τ > 0 for every τ. */
      readonly alpha: Float64Array;
      /** No W of norm 1 has a least margin above this. */
      readonly marginAtMost: number;
    };

/**
 * The certificate of any α ≥ 0 (Magen & Vardi 2025, Thm 2.3's KKT conditions; weak duality): W = Σ α_τ m_τ u_τᵀ divided
 * by its least margin is feasible, so ‖W_MM‖ ≤ √(αᵀKα)/min(Kα); and for every feasible V, 1ᵀα ≤ Σ α_τ q_τ(V) = ⟨W, V⟩ ≤
 * √(αᵀKα)·‖V‖. It holds for K as it is stored, its own sums' rounding counted: an entry of Kα is off by at most
 * (B + 2)·eps·(|K|α)_τ (Higham 2002, §3.1), with |K_ij| ≤ √(K_ii K_jj) for an operator that is not a matrix. Cost: 2B².
 * @throws RangeError on a negative multiplier, on α = 0, or when some margin of W is not above 0 by more than rounding
 * (nothing is proved then).
 */
export function certify(K: Matrix | SymmetricOperator, alpha: Float64Array): Certificate {
  if ("data" in K ? K.rows !== K.cols || alpha.length !== K.rows : alpha.length !== K.n) {
    const shape = "data" in K ? `${K.rows} x ${K.cols}` : `${K.n} x ${K.n}`;
    throw new RangeError(`K must be square with a row for each multiplier, got ${shape} and ${alpha.length}`);
  }
  return certificateOf(alpha, product(K, alpha), absoluteProduct(K, alpha));
}

/**
 * The certificate of α ≥ 0 in f64 from the tasks themselves, for a K kept in f32, whose entries are off by 1e-7: W is
 * formed, and its margins and norm taken. Cost: 4Bd², and 8(2d² + Bd) bytes. @throws RangeError as `certify`.
 */
export function certifyTasks(alpha: Float64Array, { m, u }: Pick<Tasks, "m" | "u">): Certificate {
  if (alpha.length !== m.rows || u.rows !== m.rows || u.cols !== m.cols) {
    throw new RangeError(
      `${alpha.length} multipliers need as many tasks, got ${m.rows} x ${m.cols} and ${u.rows} x ${u.cols}`,
    );
  }
  const W = weightsFrom(alpha, { m, u });
  const q = margins(W, m, u);
  // |m|ᵀ(Σ α|m||u|ᵀ)|u| bounds what any order of summation can round, and ‖m‖‖u‖ Σ α‖m‖‖u‖ bounds that.
  const sizes = Float64Array.from({ length: m.rows }, (_, t) => norm(row(m, t)) * norm(row(u, t)));
  const total = dot(alpha, sizes);
  return certificateOf(
    alpha,
    q,
    sizes.map((size) => size * total),
    norm(W.data) ** 2,
    m.rows + 2 * m.cols,
  );
}

function certificateOf(
  alpha: Float64Array,
  q: Float64Array,
  absolute: Float64Array,
  squared = dot(alpha, q),
  terms = alpha.length,
): Certificate {
  let sum = 0;
  for (const value of alpha) {
    if (!(value >= 0)) throw new RangeError(`a multiplier must be at least 0, got ${value}`);
    sum += value;
  }
  const unit = (terms + 2) * 2 ** -53;
  const norm = Math.sqrt(squared + 2 * unit * dot(alpha, absolute));
  const least = minimum(q.map((value, t) => value - unit * absolute[t]!));
  if (!(least > 0)) throw new RangeError(`the certificate needs every margin above 0, the least is ${least}`);
  const lower = ((1 - unit) * sum) / norm;
  const upper = norm / least;
  return { lower, upper, gap: upper / lower - 1 };
}

/**
 * argmin ‖W‖_F subject to m_τᵀWu_τ ≥ 1 for every τ, from the kernel K = (MMᵀ) ∘ (UUᵀ) alone.
 *
 * W = Σ α_τ m_τ u_τᵀ with α the minimiser of ½αᵀKα − 1ᵀα over α ≥ 0, found by block principal pivoting: solve K_FF α_F
 * = 1, exchange all indices with α < 0 or a margin below 1 between F and the rest, again (Portugal, Júdice & Vicente
 * 1994; Kim & Park 2011). Up to 4096 tasks by a Cholesky factorisation a round; beyond, and from 1000 on where K is an
 * operator and that suffices, by conjugate gradients over K as it is stored. Where K is singular on F or the exchange
 * does not end (duplicates, contradictions, B > d²), the bounded problem min over α ≥ 0 of ½αᵀ(K/c + 11ᵀ)α − 1ᵀα
 * decides, with s = 1ᵀα < 1 at its minimum iff the data are separable, and then α/(c(1 − s)) the multipliers; c is
 * first the mean of K's diagonal, then the squared margin found, so that no digit is lost. Whatever found α, its
 * certificate is what it is worth. Cost: |F|³/3 a round of some 3 to 10; beyond 4096 tasks 2B² a product of some
 * hundred.
 * @throws RangeError when K is not square, is empty or has a diagonal entry outside [1e-280, 1e280]; Error when more
 * than 4096 tasks are not solved, as those that no W separates.
 */
export function maxMargin(K: Matrix | SymmetricOperator): MaxMargin {
  const B = "data" in K ? K.rows : K.n;
  if (B < 1 || ("data" in K && K.cols !== B)) {
    throw new RangeError(`K must be square and not empty, got ${B} x ${"data" in K ? K.cols : B}`);
  }
  const diagonal = "data" in K ? K.data.filter((_, at) => at % (B + 1) === 0) : K.diagonal();
  diagonal.forEach((value, t) => {
    if (value >= 1e-280 && value <= 1e280) return;
    throw new RangeError(
      `K's diagonal must be positive and finite, got ${value} at ${t}; from 1e-280 to 1e280 is allowed`,
    );
  });
  const iterate = (most: number) => {
    const found = conjugateGradients({ apply: (x, out) => applyTo(K, x, out), diagonal, most });
    return found && solved(K, found);
  };
  if (B > largestFactorised) {
    const solution = iterate(1000);
    if (solution) return solution;
    throw new Error(`the max-margin problem of ${B} tasks was not solved: they may not be separable`);
  }
  if (!("data" in K) && B >= smallestIterated) {
    const solution = iterate(100);
    if (solution && solution.certificate.gap < 1e-9) return solution;
  }
  const dense = "data" in K ? K : K.dense();
  const found = blockPivoting(
    {
      apply: (x, out) => applyTo(K, x, out),
      solve: (free) => {
        const backend = free.length < smallestOnKernels ? "ts" : defaultBackend;
        return solveFactored(dense, free, new Float64Array(free.length).fill(1), backend);
      },
    },
    B,
    1e-12,
    coordinateDescent(dense, 10),
  );
  const direct = found && solved(K, found);
  if (direct && direct.certificate.gap < 1e-9) return direct;
  const bounded = boundedSolution(dense, diagonal);
  if (!direct) return bounded;
  return bounded.separable && bounded.certificate.gap < direct.certificate.gap ? bounded : direct;
}

function boundedSolution(K: Matrix, diagonal: Float64Array): MaxMargin {
  const unit = diagonal.reduce((sum, value) => sum + value, 0) / diagonal.length;
  let scale = unit;
  let best: MaxMargin | undefined;
  for (let round = 0; round < 3; round++) {
    const alpha = leastDistance(K, scale);
    const sum = alpha.reduce((total, value) => total + value, 0);
    const q = product(K, alpha);
    const bound = Math.sqrt(Math.max(0, dot(alpha, q))) / sum;
    // Below 1e-7 of the tasks' own size, margins drown in the rounding of K's entries (1e-16 relative, squared away by
    // K).
    if (bound < 1e-7 * Math.sqrt(unit)) best = undefined;
    else best = solved(K, alpha) ?? best;
    best ??= { separable: false, alpha: alpha.map((value) => value / sum), marginAtMost: bound };
    if (best.separable ? best.certificate.gap < 1e-9 : bound < 1e-7 * Math.sqrt(unit)) break;
    scale = bound * bound;
  }
  return best!;
}

/**
 * α scaled to a least margin of 1, with what it proves; nothing where a margin is not above 0 by more than rounding.
 */
function solved(
  K: Matrix | SymmetricOperator,
  found: Float64Array,
): Extract<MaxMargin, { separable: true }> | undefined {
  const q = product(K, found);
  const least = minimum(q);
  if (!(least > 0)) return undefined;
  const alpha = found.map((value) => value / least);
  const margins = q.map((value) => value / least);
  const absolute = absoluteProduct(K, alpha);
  if (!alpha.every((value) => value < Number.POSITIVE_INFINITY)) return undefined;
  const unit = (alpha.length + 2) * 2 ** -53;
  if (!margins.every((value, t) => value > unit * absolute[t]!)) return undefined;
  const certificate = certificateOf(alpha, margins, absolute);
  const norm = Math.sqrt(dot(alpha, margins));
  return { separable: true, alpha, margins, norm, margin: 1 / norm, certificate };
}

function product(K: Matrix | SymmetricOperator, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  applyTo(K, x, out);
  return out;
}

function applyTo(K: Matrix | SymmetricOperator, x: Float64Array, out: Float64Array): void {
  if (!("data" in K)) K.apply(x, out);
  else for (let t = 0; t < x.length; t++) out[t] = dot(K.data.subarray(t * K.cols, (t + 1) * K.cols), x);
}

/** |K|α of a matrix, and a bound on it of an operator. */
function absoluteProduct(K: Matrix | SymmetricOperator, alpha: Float64Array): Float64Array {
  const out = new Float64Array(alpha.length);
  if (!("data" in K)) {
    const roots = K.diagonal().map(Math.sqrt);
    const total = dot(roots, alpha);
    return roots.map((root) => root * total);
  }
  for (let t = 0; t < alpha.length; t++) {
    const entries = K.data.subarray(t * K.cols, (t + 1) * K.cols);
    let sum = 0;
    for (let j = 0; j < entries.length; j++) sum += Math.abs(entries[j]!) * alpha[j]!;
    out[t] = sum;
  }
  return out;
}
