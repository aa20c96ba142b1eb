/**
 * Checks what every trainer takes: a finite positive step size and the steps at which to look, integers ≥ 0, rising.
 * @throws RangeError saying which is wrong and what is allowed.
 */
export function checkSchedule(stepSize: number, at: readonly number[]): void {
  if (!(stepSize > 0 && stepSize < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the step size must be finite and above 0, got ${stepSize}`);
  }
  if (at.length === 0) throw new RangeError("at least one step to look at is needed, got none");
  let before = -1;
  for (const step of at) {
    if (!(Number.isSafeInteger(step) && step > before)) {
      throw new RangeError(`the steps to look at must be rising integers at least 0, got ${at.join(", ")}`);
    }
    before = step;
  }
}
