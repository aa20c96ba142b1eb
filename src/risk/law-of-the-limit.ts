import { checkCount } from "../argument.js";
import { gaussLegendre } from "../linalg/quadrature.js";
import type { TaskLaw } from "../mixture/signed/task-law.js";
import { normalCdf } from "./normal.js";

/** A training set that the law of the limit is asked about. */
export interface LimitLawArguments extends Pick<TaskLaw, "d" | "k" | "R" | "N"> {
  /** Training tasks. */
  readonly B: number;
}

/** What the law says of the max-margin solution W_MM. */
export interface LimitLaw {
  /** A task is a support vector when its own noise g ~ N(0, 1) is below −t. */
  readonly t: number;
  /** tan²∠(W_MM, PPᵀ), the noise of W_MM over its signal. */
  readonly tanSquared: number;
  /** The share of tasks that are support vectors. */
  readonly support: number;
}

/** λ = (1 + s)(1 + s/N) − 1, s = d/R²: the square of a task's own noise beside its signal, in K_ττ/R⁴ = 1 + λ. */
export function noiseToSignal({ d, R, N }: Pick<TaskLaw, "d" | "R" | "N">): number {
  checkStrength(R);
  const s = d / R ** 2;
  return s + s / N + (s * s) / N;
}

/** The standard deviation of a task's margin under the projector, mᵀPPᵀu/R² ≈ 1 + σg: σ = √(1 + 1/N)/R. */
export function marginSpread({ R, N }: Pick<TaskLaw, "R" | "N">): number {
  checkStrength(R);
  return Math.sqrt(1 + 1 / N) / R;
}

/**
 * The angle of the max-margin solution with the projector, and its share of support vectors, from the numbers of the
 * problem alone.
 *
 * Derivation (mean field; for B ≫ k² and d ≫ B). In many dimensions the noise of different tasks is orthogonal, so a
 * task's margin is a(1 + σg_τ) from a common part aPPᵀ, and what is short of 1 its own noise must pay, which costs the
 * square of it over λ: min over a of ka² + (1/λ) Σ_τ (1 − a(1 + σg_τ))₊², with multipliers α_τ in proportion to the
 * shortfalls. With h₁(t) = E(g − t)₊ and h₂(t) = E(g − t)₊² its minimum is at h₁(t) = kλ/(Bσ), the share of tasks that
 * fall short 1 − Φ(t), and noise over signal λ Σα²/(ka²) = σ h₂(t)/h₁(t). For few tasks (t → −∞) all are support
 * vectors and the solution is that of ridge regression, tan² = kλ/B; beyond B ≈ kλ/σ it falls like 1/√log B only, from
 * about 0.8σ.
 *
 * `nextOrder` counts what the other directions of k × k matrices take: the D = k(k + 1)/2 − 1 symmetric ones without a
 * trace, each of variance ν = 2/(k(k + 2)) a task, fit the shortfalls too. A task's shortfall is then shared by its own
 * noise (λ) and by what the fit moves for its sake (γ = νD/(1 + νBp/(λ + γ)), p the share of support vectors): λ + γ in
 * place of λ in the equation for t. The fitted part b has ‖b‖² = νD Σα²/(1 + νBp/(λ + γ))², which adds to the noise
 * and, as ν‖b‖²/a², to σ². For all tasks at margin 1 this is ridge regression's count of degrees of freedom: B − D in
 * place of B.
 * @throws RangeError unless B, d, k and N are integers ≥ 1 and R > 0.
 */
export function lawOfTheLimit(at: LimitLawArguments, nextOrder = false): LimitLaw {
  const { d, k, N, B } = at;
  for (const [name, value] of Object.entries({ d, k, N, B })) checkCount(name, value);
  return lawOfNoise({ k, B, lambda: noiseToSignal(at), spread: marginSpread(at) }, nextOrder);
}

/** `lawOfTheLimit` from λ and σ themselves (`spread`), both above 0. */
export function lawOfNoise(
  {
    k,
    B,
    lambda,
    spread,
  }: { readonly k: number; readonly B: number; readonly lambda: number; readonly spread: number },
  nextOrder = false,
): LimitLaw {
  let sigma = spread;
  const first = solve(sigma, (k * lambda) / (B * sigma));
  if (!nextOrder || k === 1) return first;
  const D = (k * (k + 1)) / 2 - 1;
  const nu = 2 / (k * (k + 2));
  let law = first;
  let shared = lambda;
  for (let round = 0; round < 200; round++) {
    const damping = 1 + (nu * B * law.support) / shared;
    shared = lambda + (nu * D) / damping;
    // Σα² over (ka²): law.tanSquared is (λ + γ)Σα²/(ka²).
    const multipliers = law.tanSquared / shared;
    const fitted = (nu * D * multipliers) / damping ** 2;
    sigma = Math.sqrt(spread ** 2 + nu * k * fitted);
    const next = solve(sigma, (k * shared) / (B * sigma));
    const settled = Math.abs(next.tanSquared / law.tanSquared - 1) < 1e-12;
    law = next;
    if (settled) break;
  }
  const damping = 1 + (nu * B * law.support) / shared;
  return { ...law, tanSquared: (law.tanSquared / shared) * (lambda + (nu * D) / damping ** 2) };
}

/**
 * The error of W_MM on test tasks of strength R̃ after M examples: Φ(−R̃²/√v) with T = tan²∠(W_MM, PPᵀ) and
 *   v = (R̃² + k/M)(1 + Ts/λ) + kTs(1 + s)/(NλM).
 *
 * W_MM's noise has the energy Tk beside the projector's k; it sits in the queries' noise (s of the λ), the contexts'
 * (s/N) and both (s²/N). At a test task m = μ + ζ/√M the first lengthens Wᵀm as ‖Pᵀm‖² does, of mean R̃² + k/M, the
 * other two as ‖m_⊥‖² does, d/M: v is E‖Wᵀm‖². Putting in means is good for M ≥ 10.
 * @param M any real > 0, `Infinity` for the floor.
 * @throws RangeError as `lawOfTheLimit`, or unless testR ≥ 0 is finite and M > 0.
 */
export function errorOfTheLimit(
  at: LimitLawArguments & { readonly testR: number; readonly M: number },
  { tanSquared } = lawOfTheLimit(at),
): number {
  const { d, k, R, N, testR, M } = at;
  if (!(testR >= 0 && testR < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the test strength must be finite and at least 0, got ${testR}`);
  }
  if (!(M > 0)) throw new RangeError(`the context length M must be above 0, got ${M}`);
  if (testR === 0) return 0.5;
  const s = d / R ** 2;
  const share = (tanSquared * s) / noiseToSignal(at);
  const variance = (testR ** 2 + k / M) * (1 + share) + (k * share * (1 + s)) / (N * M);
  return normalCdf(-(testR ** 2) / Math.sqrt(variance));
}

/** E(g − t)₊ⁿ for g ~ N(0, 1) and n = 1, 2, to 1e-13 relative on either side. */
export function partialMoment(n: 1 | 2, t: number): number {
  const density = Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
  if (t <= 0) {
    const above = normalCdf(-t);
    return n === 1 ? density - t * above : (1 + t * t) * above - t * density;
  }
  // φ(t) ∫₀^∞ uⁿ exp(−u²/2 − tu) du: the closed forms cancel for t > 0.
  const end = Math.min(9, 40 / t);
  const { nodes, weights } = gaussLegendre(64);
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const u = (end / 2) * (1 + nodes[i]!);
    sum += weights[i]! * u ** n * Math.exp(-u * (u / 2 + t));
  }
  return (density * sum * end) / 2;
}

/** t from h₁(t) = target, which falls in t from −t, and what follows from it. */
function solve(sigma: number, target: number): LimitLaw {
  let [low, high] = [-target - 1, 37];
  if (!(target > partialMoment(1, high))) throw new RangeError("the law of the limit needs fewer tasks");
  while (high - low > 1e-14 * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (partialMoment(1, middle) > target) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return { t, tanSquared: (sigma * partialMoment(2, t)) / partialMoment(1, t), support: normalCdf(-t) };
}

function checkStrength(R: number): void {
  if (!(R > 0 && R < Number.POSITIVE_INFINITY)) throw new RangeError(`R must be finite and above 0, got ${R}`);
}
