import fc from "fast-check";
import type { Configuration, Theorem } from "../src/claim/theorem.js";

/** A parameter of a theorem's configurations, as a slider moves it. */
export interface Parameter {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly whole: boolean;
}

/**
 * The parameters of a theorem with ranges a factor of four beyond everything that its regime, its examples, the paper's
 * own settings and its broken assumptions have; linear where one of those is 0 or below.
 */
export function parametersOf(theorem: Theorem): Parameter[] {
  const named = [...Object.values(theorem.examples), ...Object.values(theorem.paper ?? {})];
  const broken = named.flatMap((at) => theorem.assumptions.map(({ drop }) => drop(at)));
  // What the regime draws is looked at only for its ends: any seed would do.
  const drawn = fc.sample(theorem.regime, { seed: 1, numRuns: 200 });
  const all: Configuration[] = [...named, ...broken, ...drawn];
  return Object.keys(named[0]!).map((name) => {
    const values = all.map((at) => at[name]!).filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const whole = values.every(Number.isInteger);
    if (low <= 0) return { name, from: low, to: Math.max(high, low + 1), log: false, whole };
    return { name, from: whole ? Math.max(1, Math.floor(low / 4)) : low / 4, to: high * 4, log: true, whole };
  });
}
