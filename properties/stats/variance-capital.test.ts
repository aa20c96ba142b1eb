import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VarianceCapital } from "../../src/stats/variance-capital.js";

/** The definition: the mean over λσ = √2·2^{−j/2}, j = 0 … 23, of the product of the factors that a draw's bet is worth. */
function definition(draws: readonly number[], m: number, sigma: number): number {
  const factor = (lambda: number, x: number) => {
    const y = lambda * (x - m);
    const worth = y >= 0 ? 1 + y + y ** 2 / 2 : 1 / (1 - y + y ** 2 / 2);
    return worth / (1 + (lambda * sigma) ** 2 / 2);
  };
  const products = Array.from({ length: 24 }, (_, j) => {
    const lambda = (Math.SQRT2 * 2 ** (-j / 2)) / sigma;
    return draws.reduce((product, x) => product * factor(lambda, x), 1);
  });
  return Math.log(products.reduce((sum, product) => sum + product, 0) / 24);
}

function capitalAfter(draws: readonly number[], m: number, sigma: number, side: "above" | "below" = "above") {
  const capital = new VarianceCapital(side, m, sigma);
  for (const x of draws) capital.push(x);
  return capital;
}

const draw = fc.double({ min: -8, max: 8, noNaN: true });
const sample = {
  draws: fc.array(draw, { maxLength: 12 }),
  m: draw,
  sigma: fc.double({ min: 0.25, max: 4, noNaN: true }),
};

describe("capital that knows a deviation and no range", () => {
  it("starts at 1 and is the mixture of its definition; 'below' mirrors, and equal draws settle together", () => {
    expect(new VarianceCapital("above", 3, 2).log).toBe(0);
    fc.assert(
      fc.property(fc.record(sample), ({ draws, m, sigma }) => {
        const capital = capitalAfter(draws, m, sigma);
        expect(capital.log).toBeCloseTo(definition(draws, m, sigma), 9);
        const negated = draws.map((x) => -x);
        expect(capitalAfter(negated, -m, sigma, "below").log).toBeCloseTo(capital.log, 9);
        const threshold = definition(draws, m, sigma);
        expect([capital.reaches(threshold - 1e-6), capital.reaches(threshold + 1e-6)]).toEqual([true, false]);
      }),
      { seed: 1, numRuns: 200 },
    );
    const together = new VarianceCapital("above", 0, 1);
    together.push(0.5, 3);
    expect(together.log).toBeCloseTo(definition([0.5, 0.5, 0.5], 0, 1), 12);
  });

  it("is fair at most: a draw of mean m and deviation σ leaves 1 of it on average, or less", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (p) => {
        // Mean 0, variance 1: √((1 − p)/p) with chance p.
        const [high, low] = [Math.sqrt((1 - p) / p), -Math.sqrt(p / (1 - p))];
        const worth = (x: number) => Math.exp(capitalAfter([x], 0, 1).log);
        expect(p * worth(high) + (1 - p) * worth(low)).toBeLessThanOrEqual(1 + 1e-12);
        // Of twice the variance it would not be.
        const wider = (x: number) => Math.exp(capitalAfter([2 * x], 0, 1).log);
        if (p === 0.5) expect(p * wider(high) + (1 - p) * wider(low)).toBeGreaterThan(1);
      }),
      { seed: 1, numRuns: 100, examples: [[0.5]] },
    );
  });

  it("neither gains nor loses without end by a draw as far as doubles go, and refuses what is no number", () => {
    for (const x of [Number.MAX_VALUE, -Number.MAX_VALUE]) {
      expect(Math.abs(capitalAfter([x], 0, 1).log)).toBeLessThan(700);
    }
    expect(() => capitalAfter([Number.NaN], 0, 1)).toThrow(/needs finite draws, got NaN/);
    expect(() => new VarianceCapital("above", Number.NaN, 1)).toThrow(/needs a finite mean, got NaN/);
    for (const deviation of [0, Number.POSITIVE_INFINITY]) {
      expect(() => new VarianceCapital("above", 0, deviation)).toThrow(/must be a finite number above 0, got/);
    }
  });
});
