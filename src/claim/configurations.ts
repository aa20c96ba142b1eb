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
 * A named configuration that misses an assumption: it is not judged, and says which assumption failed and by how much.
 */
export interface MissedCase extends Case {
  readonly expression: string;
  readonly slack: number;
}

/** The configurations to judge at, and those named ones that cannot be. */
export interface CaseList {
  readonly cases: readonly Case[];
  readonly missed: readonly MissedCase[];
}

/** Given configurations, parted by whether they meet the assumptions. */
export function casesOnly(theorem: Theorem, wanted: readonly Case[]): CaseList {
  const missed = wanted.flatMap((item) => {
    const failed = theorem.assumptions.find((assumption) => !assumption.at(item.configuration).holds);
    if (!failed) return [];
    return [{ ...item, expression: failed.expression, slack: failed.at(item.configuration).slack }];
  });
  return { cases: wanted.filter(({ configuration }) => meetsAssumptions(theorem, configuration)), missed };
}

/**
 * The configurations a theorem is judged at: at the paper's scale the paper's own, else its named examples, then
 * distinct draws of its regime, `count` in all, all of which meet the assumptions. Fewer when 50 draws for each one
 * wanted do not yield enough; none makes its claims vacuous. fast-check chooses them, from a seed that the stream
 * gives.
 */
export function casesOf(theorem: Theorem, stream: Stream, count: number, scale: "quick" | "paper" = "quick"): CaseList {
  const named = Object.entries(scale === "paper" ? (theorem.paper ?? {}) : theorem.examples);
  const { cases: first, missed } = casesOnly(
    theorem,
    named.map(([name, configuration]) => ({ name, configuration })),
  );
  const cases = [...first];
  const seen = new Set(cases.map(({ configuration }) => keyOf(configuration)));
  const wanted = scale === "paper" ? 0 : count - cases.length;
  if (wanted > 0) {
    for (const configuration of fc.sample(theorem.regime, { seed: stream.int32(), numRuns: 50 * wanted })) {
      if (cases.length >= count) break;
      const key = keyOf(configuration);
      if (seen.has(key) || !meetsAssumptions(theorem, configuration)) continue;
      seen.add(key);
      cases.push({ configuration });
    }
  }
  return { cases, missed };
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
