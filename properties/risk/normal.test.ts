import { describe, expect, it } from "vitest";
import { normalCdf, normalQuantile } from "../../src/risk/normal.js";

describe("normal", () => {
  it("keeps Φ's digits in the lower tail", () => {
    // Φ(−10) and Φ(−30) from 40-digit arithmetic; rounding of x/√2 costs x² ulps.
    expect(Math.abs(normalCdf(-10) / 7.61985302416052e-24 - 1)).toBeLessThan(1e-13);
    expect(Math.abs(normalCdf(-30) / 4.90671392714818e-198 - 1)).toBeLessThan(1e-12);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  });

  /** The worst relative error of Φ(Φ⁻¹(p)) against p. */
  const roundTrip = (quantile: (p: number) => number) =>
    Math.max(...[1e-100, 1e-20, 1e-10, 1e-3, 0.1, 0.5, 0.9].map((p) => Math.abs(normalCdf(quantile(p)) / p - 1)));

  it("inverts Φ down to probabilities far below the spacing of doubles at 1, and a broken twin fails it", () => {
    expect(roundTrip(normalQuantile)).toBeLessThan(1e-13);
    // Rounding p to the spacing of doubles at 1, as an inverse through 2p − 1 does.
    expect(roundTrip((p) => normalQuantile((1 + (2 * p - 1)) / 2))).toBeGreaterThan(1e-8);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses what is no probability", () => {
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});
