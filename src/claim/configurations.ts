import fc from "fast-check";
import type { Stream } from "../random/stream.js";
import type { Configuration, Theorem } from "./theorem.js";

/** A configuration to judge, with its name when it is one of the theorem's examples. */
export interface Case {
  readonly name?: string;
  readonly configuration: Configuration;
}

/** Whether every assumption of the theorem holds there. */
export function meetsAssumptions(theorem: Theorem, configuration: Configuration): boolean {
  return theorem.assumptions.every((assumption) => assumption.at(configuration).holds);
}

/**
 * The configurations a theorem is judged at: its named examples, then distinct draws of its regime, `count` in all, all
 * of which meet the assumptions. Fewer when 50 draws for each one wanted do not yield enough; none makes its claims
 * vacuous. fast-check chooses them, from a seed that the stream gives.
 */
export function casesOf(theorem: Theorem, stream: Stream, count: number): Case[] {
  const cases: Case[] = [];
  const seen = new Set<string>();
  const add = (configuration: Configuration, name?: string) => {
    const key = keyOf(configuration);
    if (seen.has(key) || !meetsAssumptions(theorem, configuration)) return;
    seen.add(key);
    cases.push(name === undefined ? { configuration } : { name, configuration });
  };
  for (const [name, configuration] of Object.entries(theorem.examples)) add(configuration, name);
  const wanted = count - cases.length;
  if (wanted > 0) {
    for (const configuration of fc.sample(theorem.regime, { seed: stream.int32(), numRuns: 50 * wanted })) {
      if (cases.length >= count) break;
      add(configuration);
    }
  }
  return cases;
}

/** One text for one configuration, whatever the order of its names. */
export function keyOf(configuration: Configuration): string {
  return JSON.stringify(Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** "d = 30, k = 3": a configuration as a person reads it. */
export function configurationText(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(6))}`)
    .join(", ");
}
