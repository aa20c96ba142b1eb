import type { Figure, Row } from "../figure/figure.js";
import { digestOf, type Measurement } from "./measurement.js";

/**
 * Every figure's rows at its quick settings and seed 0, made in this thread. Cost: some ten seconds for all.
 * @param between is waited for before each part of one.
 */
export async function measureFigures(
  figures: readonly Figure[],
  between?: () => Promise<void>,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const figure of figures) {
    const rows: Row[] = [];
    const nothing = () => undefined;
    for (const part of figure.parts({ ...figure.settings, ...figure.quick })) {
      await between?.();
      rows.push(...figure.compute(part, { seed: 0, progress: nothing, keep: nothing }));
    }
    const computed = rows.filter(({ kind }) => kind === "computed").map(({ value }) => value);
    const samples = rows
      .filter(({ kind }) => kind === "measured")
      .map(({ value, high }) => ({ mean: value, standardError: (high - value) / 1.96, head: [value] }));
    measurements.push({
      ...{ room: "figures", name: figure.id },
      digest: digestOf(rows.flatMap(({ x, value, low, high }) => [x, value, low, high])),
      ...(computed.length > 0 ? { values: computed } : {}),
      ...(samples.length > 0 ? { samples } : {}),
      // Trainings of hundreds of steps, and what solvers leave at tolerances of 1e-10.
      rounding: 1e-8,
    });
  }
  return measurements;
}
