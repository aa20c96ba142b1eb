import type { Figure } from "../figure/figure.js";
import { digestOf, type Measurement } from "./measurement.js";

/** Every figure's rows at its quick settings and seed 0, made in this thread. Cost: some ten seconds for all. */
export function measureFigures(figures: readonly Figure[]): Measurement[] {
  return figures.map((figure) => {
    const parts = figure.parts({ ...figure.settings, ...figure.quick });
    const nothing = () => undefined;
    const rows = parts.flatMap((part) => figure.compute(part, { seed: 0, progress: nothing, keep: nothing }));
    const computed = rows.filter(({ kind }) => kind === "computed").map(({ value }) => value);
    const samples = rows
      .filter(({ kind }) => kind === "measured")
      .map(({ value, high }) => ({ mean: value, standardError: (high - value) / 1.96, head: [value] }));
    return {
      ...{ room: "figures", name: figure.id },
      digest: digestOf(rows.flatMap(({ x, value, low, high }) => [x, value, low, high])),
      ...(computed.length > 0 ? { values: computed } : {}),
      ...(samples.length > 0 ? { samples } : {}),
      // Trainings of hundreds of steps, and what solvers leave at tolerances of 1e-10.
      rounding: 1e-8,
    };
  });
}
