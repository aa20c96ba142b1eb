import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { Capital, type Side } from "../../src/stats/capital.js";
import { confidenceInterval, intersection } from "../../src/stats/confidence.js";

const unit = [0, 1] as const;
const someDraws = fc.array(
  fc.integer({ min: 0, max: 1000 }).map((i) => i / 1000),
  { minLength: 1, maxLength: 80 },
);

function refuted(m: number, draws: readonly number[], error: number): boolean {
  return (["above", "below"] as const).some((side) => {
    const capital = new Capital(side, m);
    for (const x of draws) capital.push(x);
    return capital.reaches(Math.log(2 / error));
  });
}

describe("confidence sequence", () => {
  it("is the set of means that are not refuted, rounded outwards by a thousandth of its half-width", () => {
    fc.assert(
      fc.property(someDraws, fc.constantFrom(0.5, 0.05, 1e-6), (draws, error) => {
        const { lower, upper } = confidenceInterval(draws, unit, error);
        const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
        expect(lower).toBeLessThanOrEqual(mean);
        expect(upper).toBeGreaterThanOrEqual(mean);
        for (let i = 0; i <= 40; i++) {
          const m = i / 40;
          if (m < lower || m > upper) expect(refuted(m, draws, error)).toBe(true);
        }
        // Nothing inside is refuted: one step in from either end, and on a line between.
        const inside = [lower + 1.01e-3 * (mean - lower), upper - 1.01e-3 * (upper - mean)];
        const [from, to] = [inside[0]!, inside[1]!];
        for (let i = 0; i <= 10; i++) expect(refuted(from + (i / 10) * (to - from), draws, error)).toBe(false);
      }),
      { seed: 1 },
    );
  });

  it("says what the one-sided judge says: its lower end passes m when the capital above m reaches 2/error", () => {
    const stream = Stream.root("duality");
    const draws: number[] = [];
    const capital = new Capital("above", 0.3);
    for (let n = 1; n <= 300; n++) {
      draws.push(stream.uniform());
      capital.push(draws.at(-1)!);
      const { lower } = confidenceInterval(draws, unit, 0.01);
      if (lower > 0.3) expect(capital.reaches(Math.log(200))).toBe(true);
      if (capital.reaches(Math.log(200))) expect(lower).toBeGreaterThan(0.299);
    }
    expect(capital.reaches(Math.log(200))).toBe(true);
  });

  it("covers the mean at all times together; an interval by the normal approximation at each time does not", () => {
    const streams = 500;
    let missed = 0;
    let normalMissed = 0;
    for (let s = 0; s < streams; s++) {
      const stream = Stream.root("coverage", s);
      const draws: number[] = [];
      let [miss, normalMiss] = [false, false];
      // Looks at 30 times, the last at 1,000 draws: fewer looks than the guarantee allows.
      for (let look = 1; look <= 30; look++) {
        const until = Math.ceil(1.26 ** look);
        while (draws.length < until) draws.push(stream.uniform() < 0.3 ? 1 : 0);
        if (draws.length > 10) {
          const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
          normalMiss ||= Math.abs(mean - 0.3) > 1.96 * Math.sqrt((0.3 * 0.7) / draws.length);
        }
        // The mean is covered exactly when it is not refuted, which costs 1/20 of the interval.
        miss ||= refuted(0.3, draws, 0.05);
      }
      if (miss) missed += 1 / streams;
      if (normalMiss) normalMissed += 1 / streams;
    }
    // 4 standard errors of a share of 5% among 500.
    const allowed = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / streams);
    expect(missed).toBeLessThan(allowed);
    expect(normalMissed).toBeGreaterThan(2 * allowed);
  });

  it("narrows with draws and with a smaller variance, and scales with the range", () => {
    const stream = Stream.root("narrow");
    const draws = Float64Array.from({ length: 2000 }, () => stream.uniform());
    const width = (xs: Float64Array) => {
      const { lower, upper } = confidenceInterval(xs, unit, 1e-6);
      return upper - lower;
    };
    expect(width(draws)).toBeLessThan(0.5 * width(draws.subarray(0, 400)));
    expect(width(draws.map((x) => 0.5 + (x - 0.5) / 10))).toBeLessThan(0.5 * width(draws));
    const plain = confidenceInterval(draws, unit, 1e-6);
    const moved = confidenceInterval(
      draws.map((x) => 3 * x - 1),
      [-1, 2],
      1e-6,
    );
    expect(moved.lower).toBeCloseTo(3 * plain.lower - 1, 9);
    expect(moved.upper).toBeCloseTo(3 * plain.upper - 1, 9);
  });

  it("keeps to the range for draws that say nothing, or are all at its end", () => {
    expect(confidenceInterval([], [-1, 1], 0.05)).toEqual({ lower: -1, upper: 1 });
    expect(confidenceInterval([0.5], unit, 1e-6)).toEqual({ lower: 0, upper: 1 });
    const zeros = confidenceInterval(new Float64Array(1000), unit, 0.05);
    expect(zeros.lower).toBe(0);
    expect(zeros.upper).toBeLessThan(0.01);
    expect(confidenceInterval(new Float64Array(1000).fill(1), unit, 0.05)).toEqual({
      lower: 1 - zeros.upper,
      upper: 1,
    });
  });

  it("ends its search also where the bracket shrinks to neighbouring doubles", () => {
    for (const draw of [5e-324, 1e-300, 1e-85, 1e-17, 1 - 2 ** -53, 1 - 2 ** -50]) {
      const { lower, upper } = confidenceInterval(new Float64Array(50).fill(draw), unit, 0.05);
      expect(lower).toBeLessThanOrEqual(draw);
      expect(upper).toBeGreaterThanOrEqual(draw);
    }
  });

  it("intersects over time, and says when nothing is left", () => {
    const stream = Stream.root("drift");
    const early = Float64Array.from({ length: 500 }, () => 0.2 * stream.uniform());
    const late = Float64Array.from({ length: 5000 }, (_, i) => (i < 500 ? early[i]! : 0.8 + 0.2 * stream.uniform()));
    const [a, b] = [confidenceInterval(early, unit, 0.05), confidenceInterval(late, unit, 0.05)];
    expect(intersection([a])).toEqual(a);
    expect(intersection([a, { lower: 0, upper: a.lower }])).toEqual({ lower: a.lower, upper: a.lower });
    expect(intersection([a, b])).toBeUndefined();
    expect(() => intersection([])).toThrow(/at least one interval/);
  });

  it("takes a million draws, no narrower than draw by draw and no wider than by a thousandth", () => {
    const stream = Stream.root("a million");
    const million = [
      () => (stream.uniform() < 0.3 ? 1 : 0),
      () => stream.uniform(),
      () => stream.uniform() ** 30,
      () => 0.5 + 1e-3 * (stream.uniform() - 0.5),
    ].map((law) => Float64Array.from({ length: 1_000_000 }, law));
    // One draw among thousands that are another: it alone makes the lower end, or the upper.
    const lone = [0, 1].map((common) =>
      Float64Array.from({ length: 5000 }, (_, i) => (i === 99 ? 1 - common : common)),
    );
    for (const draws of [...million, ...lone]) {
      const { lower, upper } = confidenceInterval(draws, unit, 0.05);
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      const excess = (side: Side, m: number) => {
        const capital = new Capital(side, m);
        for (const x of draws) capital.push(x);
        return capital.log - Math.log(2 / 0.05);
      };
      // The ends are refuted (to the rounding of a million products); a thousandth further in, and more, they are not.
      expect(excess("above", lower)).toBeGreaterThan(-1e-8);
      expect(excess("below", upper)).toBeGreaterThan(-1e-8);
      expect(excess("above", lower + 1.2e-3 * (mean - lower))).toBeLessThan(0);
      expect(excess("below", upper - 1.2e-3 * (upper - mean))).toBeLessThan(0);
    }
  });

  it("costs some 20 capitals of n pushes, at most 36, whatever the law", () => {
    const push = vi.spyOn(Capital.prototype, "push");
    for (const [draws, chance] of [
      [10, 0.5],
      [20, 0.1],
      [40, 0.5],
      [80, 0.05],
      [300, 0.01],
      [3000, 0.3],
    ] as const) {
      for (const error of [0.05, 1e-6]) {
        const stream = Stream.root("cost", draws);
        push.mockClear();
        const coins = Array.from({ length: draws }, () => (stream.uniform() < chance ? 1 : 0));
        confidenceInterval(coins, unit, error);
        // 12 to 34 of them as it is; bisection would take 50, and a share kept from the middle some 100.
        expect(push.mock.calls.length / draws).toBeLessThanOrEqual(36);
      }
    }
    push.mockRestore();
  });

  it("is right at the largest doubles", () => {
    const wide = [-1e308, 1e308] as const;
    const zeros = confidenceInterval(new Float64Array(200), wide, 0.05);
    expect(zeros.lower / 1e308).toBeCloseTo(-zeros.upper / 1e308, 3);
    expect(zeros.upper / 1e308).toBeLessThan(0.1);
    const three = confidenceInterval([0, 0, 0], wide, 0.05);
    expect(three.upper / 1e308).toBeCloseTo(confidenceInterval([0, 0, 0], [-1, 1], 0.05).upper, 12);
    expect(three.lower).toBeLessThan(0);
  });

  it("refuses bad ranges, errors and draws", () => {
    expect(() => confidenceInterval([0.5], [1, 0], 0.05)).toThrow(/finite lo < hi, got \[1, 0\]/);
    expect(() => confidenceInterval([0.5], unit, 0)).toThrow(/strictly between 0 and 1, got 0/);
    expect(() => confidenceInterval([0.5, 2], unit, 0.05)).toThrow(/draw 1 is 2, outside the declared range \[0, 1\]/);
    expect(() => confidenceInterval([Number.NaN], unit, 0.05)).toThrow(/draw 0 is NaN/);
  });
});
