import { totalmem } from "node:os";
import { casesOf, configurationText } from "../claim/configurations.js";
import { rootOf } from "../claim/drawing.js";
import type { Scale } from "../claim/judging.js";
import { type Configuration, statedWorld, type Theorem } from "../claim/theorem.js";
import { costText } from "../transformer/cost.js";

/** Draws that a claim at its target takes at the suite's rates, its range three tolerances wide to each side. */
const draws = 40;

/**
 * What a run will cost before it starts, where that is more than a minute or 2 GB, theorem by theorem; nothing where it
 * is less, or where a theorem does not say what its simulations cost.
 */
export function costLines(
  theorems: readonly Theorem[],
  { workers, seed, scale, only }: { workers: number; seed: number; scale: Scale; only?: Configuration },
): string[] {
  return theorems.flatMap((theorem) => {
    if (!theorem.cost) return [];
    const stream = rootOf({ theorem: theorem.id, world: statedWorld, seed, purpose: "judge" }).derive("cases");
    const cases = only ? [{ configuration: only }] : casesOf(theorem, stream, theorem.configurations ?? 8, scale).cases;
    const costs = cases.map(({ configuration }) => theorem.cost!(configuration));
    const seconds = draws * costs.reduce((sum, cost) => sum + cost.seconds, 0);
    const bytes = Math.max(0, ...costs.map((cost) => cost.bytes)) * Math.min(workers, draws);
    const text = costText({ seconds, bytes }, workers);
    return text === undefined ? [] : [`${theorem.id}: ${text} for each world, if ${draws} draws decide`];
  });
}

/**
 * Refuses configurations set by hand of which one simulation is larger than this machine's memory: the system would end
 * the process in the midst of it, without a word.
 * @throws RangeError that says how much it would take.
 */
export function checkMemory(theorem: Theorem, configurations: readonly Configuration[], memory = totalmem()): void {
  for (const configuration of configurations) {
    const { bytes = 0 } = theorem.cost?.(configuration) ?? {};
    if (!(bytes > memory)) continue;
    const [takes, has] = [bytes, memory].map((size) => `${(size / 1e9).toPrecision(2)} GB`);
    throw new RangeError(
      `a simulation of ${theorem.id} at ${configurationText(configuration)} takes about ${takes} of memory, ` +
        `and this machine has ${has}`,
    );
  }
}
