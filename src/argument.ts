// What functions ask of their arguments, in one dialect of errors: "N must be an integer at least 1, got 0".

/** @throws RangeError unless `value` is an integer at least `least`, 1 unless given. */
export function checkCount(name: string, value: number, least = 1): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(`${name} must be an integer at least ${least}, got ${value}`);
  }
}

/** @throws RangeError unless `value` is a finite number above 0. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be finite and above 0, got ${value}`);
  }
}
