import type { Configuration, Theorem } from "./theorem.js";

/** Parameters that count things, in every theorem that has them. */
const counts = ["d", "k", "N", "B", "M", "classes", "tests", "steps"];

/**
 * What makes numbers no configuration, in a few words, or undefined: a number that is not finite, a count that is not
 * an integer above 0 (M may be infinite, and any real above 0), k > d. What a theorem asks besides is for its
 * assumptions.
 */
export function configurationProblem(configuration: Configuration): string | undefined {
  for (const [name, value] of Object.entries(configuration)) {
    if (name === "M" || name === "tests" || name === "steps") continue;
    if (counts.includes(name) && !(Number.isSafeInteger(value) && value >= 1)) {
      return `${name} must be an integer at least 1, got ${value}`;
    }
  }
  const { k, d, M } = configuration;
  if (M !== undefined && !(M > 0)) return `M must be above 0, got ${M}`;
  if (k !== undefined && d !== undefined && k > d) return `k must not exceed d, got k = ${k}, d = ${d}`;
  return undefined;
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
