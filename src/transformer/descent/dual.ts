import { largestEigenvalue } from "../../linalg/largest-eigenvalue.js";
import { type Matrix, row, transpose } from "../../linalg/matrix.js";
import { multiply } from "../../linalg/products.js";
import type { SymmetricOperator } from "../../linalg/symmetric-operator.js";
import { dot, minimum } from "../../linalg/vector.js";
import type { Tasks } from "../../mixture/signed/tasks.js";
import { margins as marginsOf } from "../linear.js";
import { logisticWeight, meanLogisticLoss } from "../logistic.js";
import { checkSchedule } from "./schedule.js";

/**
 * Where the dual starts from a W₀ other than zero: its margins m_τᵀW₀u_τ and ‖W₀‖²_F are all that the trajectory of α,
 * the margins and the norm depend on.
 */
export interface DualStart {
  readonly margins: Float64Array;
  readonly normSquared: number;
}

/** What the dual needs to know of W₀. Cost: 2Bd². */
export function dualStart(W0: Matrix, tasks: Tasks): DualStart {
  return { margins: marginsOf(W0, tasks.m, tasks.u), normSquared: dot(W0.data, W0.data) };
}

/** One step of a training in the dual: W = W₀ + Σ α_τ m_τ u_τᵀ, its margins, its mean loss and its Frobenius norm. */
export interface DualSnapshot {
  readonly step: number;
  readonly alpha: Float64Array;
  readonly margins: Float64Array;
  readonly loss: number;
  readonly norm: number;
}

/** How to train in the dual; as `Training`, with W₀ known by its `dualStart`. */
export interface DualTraining {
  readonly stepSize: number;
  readonly at: readonly number[];
  readonly start?: DualStart;
}

/**
 * The same gradient descent as `trainPrimal`, in the coordinates it never leaves.
 *
 * Every gradient lies in span{m_τ u_τᵀ}, so W_t = W₀ + Σ α_τ m_τ u_τᵀ, and with K = (MMᵀ) ∘ (UUᵀ), the inner products
 * of the m_τ u_τᵀ, the margins are q = q₀ + Kα and the step is α ← α + (η/B) σ(−q). Cost: B² a step, whatever d.
 * @param K the B × B operator `gramProduct(m, u)`.
 * @throws RangeError on a step size ≤ 0, steps that do not rise, or a start of another length.
 */
export function trainDual(K: SymmetricOperator, training: DualTraining): DualSnapshot[] {
  const B = K.n;
  const { stepSize, at, start } = training;
  checkSchedule(stepSize, at);
  checkStart(B, start);
  const alpha = new Float64Array(B);
  const q = new Float64Array(B);
  const scale = stepSize / B;
  const snapshots: DualSnapshot[] = [];
  const last = at[at.length - 1]!;
  for (let step = 0; ; step++) {
    K.apply(alpha, q);
    if (start) for (let t = 0; t < B; t++) q[t]! += start.margins[t]!;
    if (step === at[snapshots.length]) snapshots.push(dualSnapshot(step, alpha, q, start));
    if (step === last) return snapshots;
    for (let t = 0; t < B; t++) alpha[t]! += scale * logisticWeight(q[t]!);
  }
}

/** A copy of the state, with its loss and norm: ‖W₀ + Σα m uᵀ‖² = ‖W₀‖² + αᵀ(q₀ + q). */
export function dualSnapshot(step: number, alpha: Float64Array, q: Float64Array, start?: DualStart): DualSnapshot {
  const squared = dot(alpha, q) + (start ? start.normSquared + dot(alpha, start.margins) : 0);
  return {
    step,
    alpha: alpha.slice(),
    margins: q.slice(),
    loss: meanLogisticLoss(q),
    norm: Math.sqrt(Math.max(0, squared)),
  };
}

/** @throws RangeError when a start knows another number of tasks. */
export function checkStart(B: number, start: DualStart | undefined): void {
  if (start && start.margins.length !== B) {
    throw new RangeError(`the start has the margins of ${start.margins.length} tasks, the operator has ${B}`);
  }
}

/** W₀ + Σ α_τ m_τ u_τᵀ as a d × d matrix (W₀ = 0 unless given): one matrix product. Cost: 2Bd². */
export function weightsFrom(alpha: Float64Array, { m, u }: Pick<Tasks, "m" | "u" | "reduced">, start?: Matrix): Matrix {
  if (alpha.length !== m.rows) throw new RangeError(`alpha has ${alpha.length} entries, there are ${m.rows} tasks`);
  const weighted = transpose(m);
  for (let a = 0; a < m.cols; a++) {
    const target = row(weighted, a);
    for (let t = 0; t < m.rows; t++) target[t]! *= alpha[t]!;
  }
  const W = multiply(weighted, u);
  if (start) for (let i = 0; i < W.data.length; i++) W.data[i]! += start.data[i]!;
  return W;
}

/** γ(W) = min_τ q_τ / ‖W‖_F, the normalised margin. @throws RangeError for W = 0, which has none. */
export function normalisedMargin(snapshot: Pick<DualSnapshot, "margins" | "norm">): number {
  if (!(snapshot.norm > 0)) throw new RangeError("the normalised margin of W = 0 is not defined");
  return minimum(snapshot.margins) / snapshot.norm;
}

/**
 * Where a training in the dual stands: W = Σ α_τ m_τ u_τᵀ after so many steps from zero. All there is to know to go on.
 */
export interface DualState {
  readonly step: number;
  readonly alpha: Float64Array;
}

/**
 * Gradient descent in the dual from a state to a later step, to the bit as `trainDual` does it in one go: α ← α + (η/B)
 * σ(−Kα). Cost: 2B² a step. @param visit sees every new state, its own copy.
 * @throws RangeError when the state is of another number of tasks or beyond `lastStep`, or on a step size not above 0.
 */
export function continueDual(
  K: SymmetricOperator,
  state: DualState,
  stepSize: number,
  lastStep: number,
  visit?: (state: DualState) => void,
): DualState {
  const B = K.n;
  if (state.alpha.length !== B) throw new RangeError(`the state has ${state.alpha.length} tasks, the operator ${B}`);
  if (!(Number.isSafeInteger(lastStep) && lastStep >= state.step)) {
    throw new RangeError(`the last step must be an integer at least ${state.step}, got ${lastStep}`);
  }
  if (!(stepSize > 0 && stepSize < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the step size must be finite and above 0, got ${stepSize}`);
  }
  const alpha = state.alpha.slice();
  const q = new Float64Array(B);
  const scale = stepSize / B;
  for (let step = state.step; step < lastStep; step++) {
    K.apply(alpha, q);
    for (let t = 0; t < B; t++) alpha[t]! += scale * logisticWeight(q[t]!);
    visit?.({ step: step + 1, alpha: alpha.slice() });
  }
  return { step: lastStep, alpha };
}

/** The state before the first step. */
export function untrained(B: number): DualState {
  return { step: 0, alpha: new Float64Array(B) };
}

/**
 * β, the smoothness of the training loss: its Hessian is (1/B) Σ σ(q)σ(−q) vec(m uᵀ)vec(m uᵀ)ᵀ, and σσ ≤ ¼, so β =
 * λ_max(K)/(4B). Gradient descent with η ≤ 1/β never raises the loss (standard: the descent lemma).
 */
export function smoothness(K: SymmetricOperator): number {
  return largestEigenvalue(K) / (4 * K.n);
}
