import type { Configuration, Theorem } from "./theorem.js";

/**
 * A configuration of the theorem with some numbers set by hand: its first example, changed as `settings` ("d=100,k=5";
 * empty for none) says.
 * @throws RangeError naming what is wrong: a name the theorem's configurations have not, a value that is no finite
 * number, or k > d.
 */
export function configurationWith(theorem: Theorem, settings: string): Configuration {
  const configuration: Record<string, number> = { ...Object.values(theorem.examples)[0]! };
  const names = Object.keys(configuration);
  for (const setting of settings === "" ? [] : settings.split(",")) {
    const [name = "", text = ""] = setting.split("=").map((part) => part.trim());
    if (!names.includes(name)) {
      throw new RangeError(`${theorem.id} has no parameter "${name}"; it has ${names.join(", ")}, set as name=value`);
    }
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got "${text}"`);
    configuration[name] = value;
  }
  const { k, d } = configuration;
  if (k !== undefined && d !== undefined && k > d) {
    throw new RangeError(`k must not exceed d, got k = ${k}, d = ${d}`);
  }
  return configuration;
}
