import { describe, expect, it } from "vitest";
import { lawOfDescent } from "../../src/risk/law-of-descent.js";
import { marginSpread, noiseToSignal } from "../../src/risk/law-of-the-limit.js";

const places = [
  { d: 1000, k: 5, R: 6, N: 20, B: 200 },
  { d: 400, k: 3, R: 3, N: 4, B: 50 },
];

/** E f(g) of a standard normal g, by the trapezoid rule, exact to rounding for smooth f. */
function normalMean(f: (g: number) => number): number {
  let sum = 0;
  for (let i = -400; i <= 400; i++) sum += (f(i / 40) * Math.exp(-((i / 40) ** 2) / 2)) / Math.sqrt(2 * Math.PI) / 40;
  return sum;
}

describe("the law of descent", () => {
  it("is kλ/B + (k − 1)/B after one step", () => {
    for (const at of places) {
      const own = (at.k * noiseToSignal(at)) / at.B;
      expect(lawOfDescent(at, 1) / (own + (at.k - 1) / at.B)).toBeCloseTo(1, 12);
    }
  });

  it("follows its equations: after two steps, written out", () => {
    for (const at of places) {
      const { k, B } = at;
      const own = (k * noiseToSignal(at)) / B;
      const step = 4 / (1 + own);
      // After one step every multiplier, the common part and the fluctuating one are half a step.
      const first = step / 2;
      const weight = (g: number) => 1 / (1 + Math.exp(first * (1 + marginSpread(at) * g) + own * first));
      const common = first + step * normalMean(weight);
      const curvature = step * normalMean((g) => weight(g) * (1 - weight(g)));
      const fluctuation = common - curvature * ((2 * first) / (k + 2) + own * (first - first));
      const squares = normalMean((g) => (first + step * weight(g)) ** 2);
      const expected = (own * squares + ((k - 1) / B) * fluctuation ** 2) / common ** 2;
      // The law's 20 nodes are good to more than that for a logistic of this steepness.
      expect(lawOfDescent(at, 2) / expected).toBeCloseTo(1, 6);
    }
  });

  it("refuses what is no count, naming it", () => {
    const [at] = places;
    expect(() => lawOfDescent(at!, 0)).toThrow(/steps must be an integer at least 1, got 0/);
    expect(() => lawOfDescent({ ...at!, k: 0 }, 1)).toThrow(/k must be an integer at least 1, got 0/);
  });
});
