import { describe, expect, it } from "vitest";
import type { Figure, Row, Settings } from "../../src/figure/figure.js";
import { exploreDirection } from "../../src/figure/figures/explore-direction.js";
import { exploreTradeOff } from "../../src/figure/figures/explore-trade-off.js";

const rowsOf = (figure: Figure, change: Settings): Row[] => {
  const settings = { ...figure.settings, ...figure.quick, ...change };
  const surroundings = { seed: 0, progress: () => undefined, keep: () => undefined };
  return figure.parts(settings).flatMap((part) => figure.compute(part, surroundings));
};

describe("the explorations", () => {
  it("are labelled as such, in title and caption", () => {
    for (const figure of [exploreTradeOff, exploreDirection]) {
      expect(figure.title).toMatch(/^Exploration: /);
      expect(figure.caption(figure.settings)).toContain("Explored, not judged");
    }
  });

  it("of the trade-off finds more tasks better than longer contexts, as the law does", () => {
    const rows = rowsOf(exploreTradeOff, { d: 30, k: 3, total: [64], N: [1, 32, 128], trainings: 3, tests: 40 });
    for (const kind of ["measured", "computed"]) {
      // There is no way to split 64 examples into contexts of 128.
      const [short, long, ...none] = rows.filter((row) => row.kind === kind);
      expect(none).toEqual([]);
      expect(short!.value).toBeLessThan(long!.value / 2);
    }
  });

  it("of the direction shows no max-margin solution where no W separates the tasks", () => {
    const rows = rowsOf(exploreDirection, { d: 4, k: 2, snr: [0.3], B: [4, 400], trainings: 3 });
    expect(rows.filter(({ series }) => series === "max-margin").map(({ x }) => x)).toEqual([4]);
  });

  it("of the direction shows 300 steps near their law", () => {
    const rows = rowsOf(exploreDirection, { d: 40, k: 4, snr: [1], B: [128], trainings: 3 });
    const [measured, computed] = rows.filter(({ series }) => series === "300 steps").map(({ value }) => value);
    // The law is one step's; 300 are within a tenth of it in the full figure, three trainings leave twice that.
    expect(Math.abs(measured! / computed! - 1)).toBeLessThan(0.2);
  });
});
