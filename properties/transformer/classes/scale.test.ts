import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Stream } from "../../../src/random/stream.js";
import { populationScale } from "../../../src/transformer/classes/scale.js";
import { standardScore } from "../../standard-score.js";

const infinity = Number.POSITIVE_INFINITY;

interface ScaleRow {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly N: number;
  readonly a: number;
  readonly standardError: number;
}
const { rows } = JSON.parse(
  readFileSync(new URL("../../../fixtures/population-scale.json", import.meta.url), "utf8"),
) as {
  rows: ScaleRow[];
};

describe("the population scale", () => {
  it.each(rows)("agrees with an independent computation: c = $classes, d = $d, ρ = $rho, N = $N", (golden) => {
    const { classes, d, rho, N } = golden;
    const { scale, standardError } = populationScale(Stream.root("golden"), { classes, d, norm: rho, N }, 20_000);
    const error = Math.hypot(standardError, golden.standardError);
    expect(Math.abs(scale - golden.a)).toBeLessThan(4 * error);
    // Broken twins: half the examples, and the limit.
    expect(Math.abs(populationScale(Stream.root("golden"), { classes, d, norm: rho, N: N / 2 }, 20_000).scale - golden.a)).toBeGreaterThan(4 * error); // biome-ignore format: short
    expect(Math.abs(classes - golden.a)).toBeGreaterThan(4 * error);
  });

  it("has the standard error its spread over streams shows", () => {
    const runs = Array.from({ length: 100 }, (_, i) => {
      return populationScale(Stream.root("spread", i), { classes: 3, d: 1, norm: 2, N: 30 }, 1000);
    });
    const mean = runs.reduce((sum, run) => sum + run.scale, 0) / 100;
    const squares = runs.map((run) => ((run.scale - mean) / run.standardError) ** 2);
    // Mean of a χ²_99/100-like sum: 1 with standard error .14.
    expect(Math.abs(standardScore(squares, 0.99))).toBeLessThan(4);
  });

  it("is c when N is infinite, and far below it when N is 1", () => {
    const at = (N: number) => populationScale(Stream.root("limit"), { classes: 4, d: 3, norm: 2, N }, 500);
    expect(at(infinity).scale).toBeCloseTo(4, 8);
    expect(at(1).scale).toBeLessThan(1);
  });

  it("refuses bad input by name", () => {
    const good = { classes: 2, d: 3, norm: 2, N: 10 };
    const scale =
      (bad: Partial<typeof good>, tasks = 10) =>
      () =>
        populationScale(Stream.root(0), { ...good, ...bad }, tasks);
    expect(scale({}, 2)).not.toThrow();
    expect(scale({ norm: infinity })).toThrow(/norm must be finite/);
    expect(scale({ classes: 1 })).toThrow(/at least 2 classes/);
    expect(scale({}, 1)).toThrow(/2 tasks/);
    expect(scale({ norm: Number.NaN })).toThrow(/norm must be/);
    expect(scale({ N: 0 })).toThrow(/N must be/);
    expect(scale({ d: 0 })).toThrow(/d must be/);
    // Classes so far apart that every posterior rounds to 0 or 1: no finite scale is best.
    expect(scale({ norm: 1000, N: infinity })).toThrow(/no finite scale/);
  });
});
