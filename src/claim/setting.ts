import type { Configuration, Theorem } from "./theorem.js";

/** Parameters that count things, in every theorem that has them; beside them all whose name ends in Tests or Tasks. */
const counts = ["d", "k", "N", "B", "classes", "tests", "steps", "tasks", "c"];

/** Parameters that are sizes: 0 or more, and finite. */
const sizes = ["R", "condition", "testR", "norm"];

/** The most a count may be: beyond it no array of as many numbers can be made. */
const largestCount = 2 ** 32 - 1;

/** Whether a parameter's name says that it counts things. */
function isCount(name: string): boolean {
  return counts.includes(name) || /(Tests|Tasks)$/.test(name);
}

/**
 * What makes numbers no configuration, in a few words, or undefined: a number that is not finite, a count that is not
 * an integer above 0 (M may be infinite, and any real above 0), k > d. What a theorem asks besides is for its
 * assumptions.
 */
export function configurationProblem(configuration: Configuration): string | undefined {
  for (const [name, value] of Object.entries(configuration)) {
    if (name !== "M" && name !== "N" && !Number.isFinite(value)) return `${name} must be finite, got ${value}`;
    if (isCount(name) && Number.isFinite(value) && value > largestCount) {
      return `${name} must be at most ${largestCount}, got ${value}`;
    }
    if (isCount(name) && value !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(value) && value >= 1)) {
      return `${name} must be an integer at least 1, got ${value}`;
    }
    if (sizes.includes(name) && value < 0) return `${name} must be at least 0, got ${value}`;
  }
  const { k, d, M } = configuration;
  if (M !== undefined && !(M > 0)) return `M must be above 0, got ${M}`;
  if (k !== undefined && d !== undefined && k > d) return `k must not exceed d, got k = ${k}, d = ${d}`;
  return undefined;
}

/**
 * @throws RangeError unless these are the parameters of the theorem's examples, or of those that its regime draws, at
 * values that make a configuration.
 */
export function checkConfiguration(theorem: Theorem, configuration: Configuration): void {
  const names = Object.keys(Object.values(theorem.examples)[0]!);
  const missing = names.find((name) => !Object.hasOwn(configuration, name));
  if (missing !== undefined) throw new RangeError(`a configuration of ${theorem.id} needs ${missing}`);
  const unknown = Object.keys(configuration).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`${theorem.id} has no parameter "${unknown}"; it has ${names.join(", ")}`);
  }
  const problem = configurationProblem(configuration);
  if (problem !== undefined) throw new RangeError(problem);
}

/**
 * A configuration of the theorem with some numbers set by hand: its first example, changed as `settings` ("d=100,k=5";
 * empty for none) says.
 * @throws RangeError naming what is wrong: a name the theorem's configurations have not or that is set twice, a value
 * that is no finite number, or numbers that make no configuration.
 */
export function configurationWith(theorem: Theorem, settings: string): Configuration {
  const configuration: Record<string, number> = { ...Object.values(theorem.examples)[0]! };
  const names = Object.keys(configuration);
  const set = new Set<string>();
  for (const setting of settings === "" ? [] : settings.split(",")) {
    const [name = "", text = "", ...more] = setting.split("=").map((part) => part.trim());
    if (!names.includes(name)) {
      throw new RangeError(`${theorem.id} has no parameter "${name}"; it has ${names.join(", ")}, set as name=value`);
    }
    if (more.length > 0) throw new RangeError(`"${setting}" sets more than one value; a setting is name=value`);
    if (set.has(name)) throw new RangeError(`${name} is set twice`);
    set.add(name);
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got "${text}"`);
    configuration[name] = value;
  }
  const problem = configurationProblem(configuration);
  if (problem !== undefined) throw new RangeError(problem);
  return configuration;
}
