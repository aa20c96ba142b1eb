import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ExactRiskArguments, exactRisk } from "../../src/risk/exact.js";
import { normalCdf } from "../../src/risk/normal.js";
import { fixture } from "../fixture.js";

type Risk = (world: ExactRiskArguments) => number;

type Row = ExactRiskArguments & { error: number };
const rowsOf = (name: string) => fixture<{ rows: Row[] }>(name).rows;
const worst = (risk: Risk, rows: Row[]) => Math.max(...rows.map((row) => Math.abs(risk(row) / row.error - 1)));

/** The approximation behind the sharpened sample complexity: the angle of the context's mean taken as fixed. */
const fixedAngle: Risk = ({ R, M, k }) => normalCdf((-R * R) / Math.sqrt(R * R + k / M));

describe("exactRisk", () => {
  it("meets the oracle to its own accuracy, and broken twins fail even 1e-7", () => {
    const rows = rowsOf("exact-risk");
    expect(rows.length).toBe(64);
    expect(worst(exactRisk, rows)).toBeLessThan(1e-10);
    expect(worst((world) => exactRisk({ ...world, k: world.k - 1 }), rows)).toBeGreaterThan(1e-3);
    expect(worst(fixedAngle, rows)).toBeGreaterThan(1e-3);
  });

  it("meets another method at k from 1e5 to 3e12, to that one's own accuracy, and stays the limit to k = 2^53", () => {
    const rows = rowsOf("exact-risk-large-k");
    expect(rows.length).toBe(15);
    expect(worst(exactRisk, rows)).toBeLessThan(1e-11);
    expect(
      worst((world) => exactRisk({ ...world, k: world.k * 1.001 + 1 - ((world.k * 1.001) % 1) }), rows),
    ).toBeGreaterThan(1e-6);
    // The error falls short of ½ like k^{-1/2}: what is left at k = 1e15 is a tenth of that at 1e13, to 1/k and
    // rounding.
    const short = (k: number) => 0.5 - exactRisk({ R: 2, M: 1e6, k });
    expect(Math.abs((10 * short(1e15)) / short(1e13) - 1)).toBeLessThan(1e-6);
  });

  it("has its limit at strengths whose square overflows: Φ(−√M R)", () => {
    for (const R of [1e19, 1e21, 1e100, 1e154, 1e200, 1e308]) {
      expect(exactRisk({ R, M: 1, k: 3 })).toBe(0);
      for (const share of [0.5, 1, 5]) {
        const M = (share / R) ** 2;
        if (M > 1e-290)
          expect(Math.abs(exactRisk({ R, M, k: 3 }) / normalCdf(-Math.sqrt(M) * R) - 1)).toBeLessThan(1e-12);
      }
    }
    expect(exactRisk({ R: 1e308, M: Number.MIN_VALUE, k: 3 })).toBe(0);
  });

  it("meets two other methods at real M, from 0.03 to 1e6, and k up to 3000", () => {
    const rows = rowsOf("exact-risk-real-lengths");
    expect(rows.length).toBeGreaterThan(40);
    // The product rule in the fixture agrees with itself to 1e-11 only.
    expect(worst(exactRisk, rows)).toBeLessThan(1e-11);
    expect(worst((world) => exactRisk({ ...world, M: Math.ceil(world.M) }), rows)).toBeGreaterThan(1e-2);
  });

  it("is ½ exp(−R²/2) at M = 1, k = 2 (differential phase-shift keying)", () => {
    for (const R of [1e-8, 0.1, 0.5, 1, 2, 5, 10, 20, 30]) {
      expect(Math.abs(exactRisk({ R, M: 1, k: 2 }) / (0.5 * Math.exp((-R * R) / 2)) - 1)).toBeLessThan(1e-11);
    }
  });

  it("is the chance that two normals differ in sign at k = 1", () => {
    for (const R of [1e-3, 0.5, 1, 2, 5, 10]) {
      for (const M of [1e-6, 0.5, 1, 3, 100, 1e6, 1e100]) {
        const s = Math.sqrt(M) * R;
        const differ = normalCdf(s) * normalCdf(-R) + normalCdf(-s) * normalCdf(R);
        expect(Math.abs(exactRisk({ R, M, k: 1 }) / differ - 1)).toBeLessThan(1e-11);
      }
    }
  });

  it("has the right ends: ½ without signal, Φ(−R) with endless context, 0 under the least double", () => {
    expect(exactRisk({ R: 0, M: 5, k: 3 })).toBe(0.5);
    expect(exactRisk({ R: 2, M: Number.POSITIVE_INFINITY, k: 300 })).toBe(normalCdf(-2));
    expect(Math.abs(exactRisk({ R: 2, M: 1e15, k: 300 }) / normalCdf(-2) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(exactRisk({ R: 2, M: 1e-20, k: 3 }) - 0.5)).toBeLessThan(1e-9);
    expect(exactRisk({ R: 1e5, M: 1, k: 2 })).toBe(0);
  });

  it("falls with M and R and rises with k, and a broken twin fails it", () => {
    const monotone = (risk: Risk) =>
      fc.property(
        fc.double({ min: 0.05, max: 8, noNaN: true }),
        fc.double({ min: -7, max: 12, noNaN: true }),
        fc.integer({ min: 1, max: 4000 }),
        (R, logM, k) => {
          const M = Math.exp(logM);
          // Steps of 1% or more in each: the changes are far above the rounding of 1e-12.
          const here = risk({ R, M, k }) * (1 + 1e-11);
          return (
            risk({ R, M: 1.1 * M, k }) <= here &&
            risk({ R: 1.01 * R, M, k }) <= here &&
            risk({ R, M, k: Math.ceil(1.01 * k + 1) }) * (1 + 2e-11) >= here
          );
        },
      );
    fc.assert(monotone(exactRisk), { seed: 1, numRuns: 300 });
    const swapped: Risk = ({ R, M, k }) => exactRisk({ R, M: k, k: Math.ceil(M) });
    expect(fc.check(monotone(swapped), { seed: 1, numRuns: 300 }).failed).toBe(true);
  });

  it("gives the published setting's accuracies (d = 500, k = 30, R = 2) with and without the subspace", () => {
    const lengths = [1, 5, 10, 20, 40, 100];
    const accuracies = (k: number) => lengths.map((M) => (1 - exactRisk({ R: 2, M, k })).toFixed(3));
    expect(accuracies(30)).toEqual(["0.743", "0.893", "0.933", "0.956", "0.967", "0.973"]);
    // .7705 at M = 20 is .770 or .771 by rounding; compared to half a unit of the third digit and a little.
    const single = [0.57, 0.652, 0.706, 0.771, 0.837, 0.909];
    lengths.forEach((M, i) => {
      expect(Math.abs(1 - exactRisk({ R: 2, M, k: 500 }) - single[i]!)).toBeLessThan(0.0006);
    });
  });

  it("refuses bad worlds", () => {
    const good = { R: 1, M: 2, k: 3 };
    for (const bad of [{ R: -1 }, { R: Number.NaN }, { R: Number.POSITIVE_INFINITY }]) {
      expect(() => exactRisk({ ...good, ...bad })).toThrow(RangeError);
    }
    for (const M of [0, -1, Number.NaN]) expect(() => exactRisk({ ...good, M })).toThrow(/M must be > 0/);
    for (const k of [0, 1.5, Number.NaN]) expect(() => exactRisk({ ...good, k })).toThrow(/k must be an integer >= 1/);
  });
});
