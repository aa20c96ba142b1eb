import type { SymmetricOperator } from "../../linalg/symmetric-operator.js";
import { logisticWeight } from "../logistic.js";

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
