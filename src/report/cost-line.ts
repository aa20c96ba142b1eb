import { casesOf } from "../claim/configurations.js";
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
