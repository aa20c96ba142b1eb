import { casesOf } from "../claim/configurations.js";
import { rootOf } from "../claim/drawing.js";
import type { Scale } from "../claim/judging.js";
import { type Configuration, type Cost, statedWorld, type Theorem } from "../claim/theorem.js";
import { numberText } from "../claim/wording.js";

/** Floating-point operations a second that one core makes of a training, roughly: enough for a warning. */
const speed = 4e9;
/** Draws that a claim at its target takes at the suite's rates, its range three tolerances wide to each side. */
const draws = 40;

/**
 * What a run will cost before it starts, where that is more than a minute or 2 GB, theorem by theorem; nothing where it is
 * less, or where a theorem does not say what its simulations cost.
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
    const seconds = costs.reduce((sum, { operations }) => sum + (draws * operations) / speed, 0) / workers;
    const bytes = Math.max(0, ...costs.map((cost) => cost.bytes)) * Math.min(workers, draws);
    if (seconds < 60 && bytes < 2e9) return [];
    return [
      `${theorem.id}: about ${timeText(seconds)} and ${memoryText(bytes)} for each world (${costText(costs)} a draw)`,
    ];
  });
}

function costText(costs: readonly Cost[]): string {
  const operations = Math.max(...costs.map((cost) => cost.operations));
  return `${numberText(operations)} operations, ${memoryText(Math.max(...costs.map(({ bytes }) => bytes)))}`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400
    ? `${Math.round(seconds / 60)} min`
    : `${numberText(Number((seconds / 3600).toPrecision(2)))} h`;
}

function memoryText(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${Number((bytes / 1e9).toPrecision(2))} GB`;
}
