import { describe, expect, it } from "vitest";
import { betsOn } from "../../src/stats/hypothesis.js";

describe("the edges of an equality", () => {
  it("are both bet on inside the range, one where the other lies beyond it or on its end", () => {
    const bets = (target: number, within: number) => betsOn({ form: "equals", target, within }, [0, 1]);
    expect(bets(0.5, 0.25)).toEqual({
      inFavour: [
        { side: "above", mean: 0.25 },
        { side: "below", mean: 0.75 },
      ],
      against: [
        { side: "below", mean: 0.25 },
        { side: "above", mean: 0.75 },
      ],
    });
    const low = { inFavour: [{ side: "below", mean: 0.5 }], against: [{ side: "above", mean: 0.5 }] };
    expect(bets(0.125, 0.375)).toEqual(low);
    // On the end: no mean is below it to refute, but a mean on it must be told from one inside.
    expect(bets(0.25, 0.25)).toEqual({ ...low, inFavour: [{ side: "above", mean: 0 }, ...low.inFavour] });
    const high = { inFavour: [{ side: "above", mean: 0.5 }], against: [{ side: "below", mean: 0.5 }] };
    expect(bets(0.875, 0.375)).toEqual(high);
    expect(bets(0.75, 0.25)).toEqual({ ...high, inFavour: [...high.inFavour, { side: "below", mean: 1 }] });
  });

  it("leave nothing to decide where the range lies inside them", () => {
    for (const target of [0, 1])
      expect(betsOn({ form: "equals", target, within: 0.1 }, [0, 1]).against).toHaveLength(1);
    expect(() => betsOn({ form: "equals", target: 0.5, within: 0.5 }, [0, 1])).toThrow(/cannot be refuted/);
    expect(() => betsOn({ form: "equals", target: 0.5, within: 3 }, [0, 1])).toThrow(/cannot be refuted/);
  });
});
