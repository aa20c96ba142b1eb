import { describe, expect, it } from "vitest";
import { exactRisk } from "../../src/risk/exact.js";
import { lawOfDescent } from "../../src/risk/law-of-descent.js";
import {
  errorOfTheLimit,
  type LimitLawArguments,
  lawOfNoise,
  lawOfTheLimit,
  marginSpread,
  noiseToSignal,
  partialMoment,
} from "../../src/risk/law-of-the-limit.js";
import { normalCdf } from "../../src/risk/normal.js";
import { oneStepAlignmentLaw } from "../../src/transformer/alignment.js";
import { fixture } from "../fixture.js";

interface Row extends Omit<LimitLawArguments, "R"> {
  readonly s: number;
  readonly t: number;
  readonly tanSquared: number;
  readonly support: number;
}

const many: LimitLawArguments = { d: 1e6, k: 4, R: 1000, N: 20, B: 320 };

describe("the law of the limit", () => {
  it("solves its equation as another implementation does", () => {
    const { rows } = fixture<{ rows: Row[] }>("law-of-the-limit");
    for (const { s, t, tanSquared, support, ...at } of rows) {
      const law = lawOfTheLimit({ ...at, R: Math.sqrt(at.d / s) });
      expect(law.t).toBeCloseTo(t, 9);
      expect(law.tanSquared / tanSquared).toBeCloseTo(1, 9);
      expect(law.support / support).toBeCloseTo(1, 9);
    }
  });

  it("has partial moments that differentiate into each other on both sides of 0, and do not cancel", () => {
    for (const t of [-20, -3, -0.5, 0, 0.5, 3, 8, 30]) {
      // h₂' = −2h₁ and h₁' = −(1 − Φ): h₂ + t h₁ = 1 − Φ by parts.
      expect((partialMoment(2, t) + t * partialMoment(1, t)) / normalCdf(-t)).toBeCloseTo(1, 11);
    }
    expect(partialMoment(1, 1e-9) / partialMoment(1, -1e-9)).toBeCloseTo(1, 8);
  });

  it("is ridge regression's where every task is a support vector, and stops falling at the square root of 1/R", () => {
    const strong = { ...many, d: 1e10, R: 1e5 };
    expect(lawOfTheLimit(strong).tanSquared / ((4 * noiseToSignal(strong)) / 320)).toBeCloseTo(1, 5);
    const D = 9;
    expect(lawOfTheLimit(strong, true).tanSquared / ((4 * noiseToSignal(strong)) / (320 - D))).toBeCloseTo(1, 2);
    const crowded = { ...many, B: 4e4 };
    expect(lawOfTheLimit(crowded).tanSquared).toBeGreaterThan(5 * ((4 * noiseToSignal(many)) / 4e4));
    expect(lawOfTheLimit(crowded).tanSquared / marginSpread(many)).toBeLessThan(1);
  });

  it("meets the equations of the next order, solved the other way about: from t and the share of support vectors", () => {
    for (const k of [2, 4, 16]) {
      for (const B of [2 * k * k, 10 * k * k, 1000 * k * k]) {
        for (const s of [0.2, 5]) {
          const at = { ...many, k, B, R: Math.sqrt(many.d / s) };
          const [lambda, spread, D, nu] = [
            noiseToSignal(at),
            marginSpread(at),
            (k * (k + 1)) / 2 - 1,
            2 / (k * (k + 2)),
          ];
          const { t, support, tanSquared } = lawOfTheLimit(at, true);
          expect(support).toBeCloseTo(normalCdf(-t), 12);
          let [low, high] = [0, nu * D];
          for (let halving = 0; halving < 100; halving++) {
            const gamma = (low + high) / 2;
            if (gamma < (nu * D) / (1 + (nu * B * support) / (lambda + gamma))) low = gamma;
            else high = gamma;
          }
          const shared = lambda + low;
          const damping = 1 + (nu * B * support) / shared;
          // Σα²/(ka²) = σ·ratio, and σ² = spread² + νk·νD/damping²·σ·ratio: the positive root.
          const ratio = partialMoment(2, t) / partialMoment(1, t) / shared;
          const half = (nu * k * nu * D * ratio) / damping ** 2 / 2;
          const sigma = half + Math.sqrt(half * half + spread * spread);
          expect((partialMoment(1, t) * B * sigma) / (k * shared)).toBeCloseTo(1, 9);
          expect(tanSquared / (sigma * ratio * (lambda + (nu * D) / damping ** 2))).toBeCloseTo(1, 9);
        }
      }
    }
    const noise = { k: 4, B: 200, lambda: 2, spread: 0.1 };
    expect(lawOfNoise(noise)).toEqual(lawOfNoise(noise, false));
    expect(lawOfNoise(noise)).not.toEqual(lawOfNoise(noise, true));
  });

  it("counts the other directions only where B is not far above k²", () => {
    const ratio = (B: number) =>
      lawOfTheLimit({ ...many, B }, true).tanSquared / lawOfTheLimit({ ...many, B }).tanSquared;
    expect(ratio(160)).toBeGreaterThan(1.04);
    expect(ratio(16_000)).toBeLessThan(1.002);
    expect(lawOfTheLimit({ ...many, k: 1 }, true)).toEqual(lawOfTheLimit({ ...many, k: 1 }));
  });

  it("gives an error above the projector's, with the floor that the noise of the queries sets", () => {
    const at = { ...many, testR: 2 };
    const share = lawOfTheLimit(many).tanSquared / noiseToSignal(many);
    expect(errorOfTheLimit({ ...at, M: Number.POSITIVE_INFINITY })).toBeCloseTo(
      normalCdf(-2 / Math.sqrt(1 + share)),
      12,
    );
    expect(errorOfTheLimit({ ...at, B: 1e7, M: 10 }) / exactRisk({ R: 2, M: 10, k: 4 })).toBeCloseTo(1, 1);
    expect(errorOfTheLimit({ ...at, testR: 0, M: 10 })).toBe(0.5);
  });

  it("refuses what it does not speak of", () => {
    expect(() => lawOfTheLimit({ ...many, R: 0 })).toThrow("R must be finite and above 0, got 0");
    expect(() => lawOfTheLimit({ ...many, B: 0 })).toThrow("B must be");
    expect(() => errorOfTheLimit({ ...many, testR: 2, M: 0 })).toThrow("M must be above 0, got 0");
    expect(() => errorOfTheLimit({ ...many, testR: Number.NaN, M: 1 })).toThrow("the test strength");
  });
});

describe("the law of descent", () => {
  it("begins with one step's law, falls from step to step, and ends at ridge regression's", () => {
    const strong = { ...many, d: 1e12, R: 1e6 };
    expect(lawOfDescent(strong, 1) / (1 / oneStepAlignmentLaw(strong, 320) - 1)).toBeCloseTo(1, 12);
    const along = [1, 10, 100, 1000, 10_000].map((steps) => lawOfDescent(strong, steps));
    for (let i = 1; i < along.length; i++) expect(along[i]).toBeLessThan(along[i - 1]!);
    const ridge = (4 * noiseToSignal(strong)) / 320;
    // What is left of the fluctuation falls like ((k + 2)/(2 log t))².
    expect(along[4]! / ridge - 1).toBeLessThan((3 / 320 / ridge) * (3 / Math.log(1e4)) ** 2 * 1.2);
    expect(along[4]! / ridge).toBeGreaterThan(1);
  });

  it("falls like 1/B where the limit has stopped to", () => {
    const crowded = { d: 1e5, k: 4, R: 100, N: 20, B: 1e4 };
    const halving = lawOfDescent({ ...crowded, B: 1e5 }, 300) / lawOfDescent(crowded, 300);
    expect(halving).toBeCloseTo(0.1, 2);
    expect(lawOfTheLimit({ ...crowded, B: 1e5 }).tanSquared / lawOfTheLimit(crowded).tanSquared).toBeGreaterThan(0.5);
  });

  it("refuses what it does not speak of", () => {
    expect(() => lawOfDescent(many, 0)).toThrow("steps");
    expect(() => lawOfDescent({ ...many, R: -1 }, 1)).toThrow("R must be finite and above 0, got -1");
  });
});
