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

/** What an error says, in words of a user's: of an array that cannot be made the engine says no more than a number. */
export function messageOf(error: unknown): string {
  const { message } = error as Error;
  const length = /^Invalid (?:typed )?array length(?:: (\d+|Infinity))?$/.exec(message);
  if (length) return `it needs an array of ${length[1] ?? "so many"} numbers, which is more than can be made`;
  return /^Array buffer allocation failed$/.test(message) ? "it needs more memory than there is" : message;
}
