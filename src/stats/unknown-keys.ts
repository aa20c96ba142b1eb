/**
 * @throws RangeError naming the keys of an object that are not among those allowed: a typo must not pass for a default.
 */
export function refuseUnknownKeys(what: string, given: object, allowed: readonly string[]): void {
  const unknown = Object.keys(given).filter((key) => !allowed.includes(key));
  if (unknown.length === 0) return;
  throw new RangeError(`${what} has no ${unknown.map((key) => `"${key}"`).join(", ")}; it has ${allowed.join(", ")}`);
}
