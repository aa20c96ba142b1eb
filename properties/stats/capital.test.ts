import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { averageLogCapital, Capital, evenBets, logisticBets, type Side } from "../../src/stats/capital.js";
import { fixture } from "../fixture.js";

interface Case {
  mean: number;
  bets: number;
  x: number[];
  at: number[];
  logCapitalAbove: number[];
  logCapitalBelow: number[];
}
const oracle = JSON.parse(readFileSync(new URL("../../fixtures/betting.json", import.meta.url), "utf8")) as {
  info: { accuracy: string };
  cases: Case[];
};

const grid = fixture<{
  rows: { mean: number; draws: number[]; above: number; below: number }[];
}>("logistic-grid-capital");

/** The definition, in logs throughout and without a running state: Σ_j w_j Π_i (1 + λ_j (x_i − m)). */
function definition(side: Side, m: number, xs: readonly number[]): number {
  const fractions = Array.from({ length: 24 }, (_, j) => 1 / (1 + Math.exp(8 - (14 * (j + 0.5)) / 24)));
  const weights = fractions.map((f) => Math.sqrt(f * (1 - f)));
  const sum = weights.reduce((a, b) => a + b, 0);
  const logs = fractions.map((f, j) => {
    const lambda = f / (side === "above" ? m : 1 - m);
    const log = xs.reduce((sum, x) => sum + Math.log1p(side === "above" ? lambda * (x - m) : lambda * (m - x)), 0);
    return log + Math.log((24 * weights[j]!) / sum);
  });
  return averageLogCapital(logs);
}

function logAfter(side: Side, mean: number, xs: Iterable<number>, bets = logisticBets): number {
  const capital = new Capital(side, mean, bets);
  for (const x of xs) capital.push(x);
  return capital.log;
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const inner = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const someDraws = fc.array(unit, { minLength: 1, maxLength: 60 });
const fixed = { seed: 1, numRuns: 200 };

describe("capital", () => {
  it("meets the values computed with confseq, and with a stake of the wrong mean does not", () => {
    expect(oracle.info.accuracy).toBe("1e-10");
    for (const { mean, bets, x, at, logCapitalAbove, logCapitalBelow } of oracle.cases) {
      for (const [i, n] of at.entries()) {
        const seen = x.slice(0, n);
        expect(Math.abs(logAfter("above", mean, seen, evenBets(bets)) - logCapitalAbove[i]!)).toBeLessThan(1e-10);
        expect(Math.abs(logAfter("below", mean, seen, evenBets(bets)) - logCapitalBelow[i]!)).toBeLessThan(1e-10);
      }
      expect(Math.abs(logAfter("above", mean * 0.999, x, evenBets(bets)) - logCapitalAbove.at(-1)!)).toBeGreaterThan(
        1e-6,
      );
    }
  });

  it("meets the logistic grid computed apart, to 1e-12, and on an even grid does not", () => {
    for (const { mean, draws, above, below } of grid.rows) {
      // 1e-12 absolute; the logs sum up to some thousand roundings of their own size.
      for (const [side, wanted] of [
        ["above", above],
        ["below", below],
      ] as const) {
        const found = logAfter(side, mean, draws);
        expect(Math.abs(found - wanted)).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted)));
        expect(Math.abs(logAfter(side, mean, draws, evenBets(24)) - wanted)).toBeGreaterThan(1e-6);
      }
    }
  });

  it("is the average of products that its definition says, also past where a product leaves the doubles", () => {
    const stream = Stream.root("long stream");
    // A run of losses that takes the large bets to e^-9000, then the wins that bring them back.
    const xs = Array.from({ length: 9000 }, (_, i) => (stream.uniform() < (i < 3000 ? 0.01 : 0.9) ? 1 : 0));
    for (const [side, m] of [
      ["above", 0.3],
      ["below", 0.7],
      ["above", 1e-6],
    ] as const) {
      const expected = definition(side, m, xs);
      // 9000 roundings of 1e-16 in products, and the same in sums of logs of up to 1e5.
      expect(Math.abs(logAfter(side, m, xs) - expected)).toBeLessThan(1e-11 * (100 + Math.abs(expected)));
    }
  });

  it("does not depend on the order of the draws, and mirrors", () => {
    fc.assert(
      fc.property(inner, someDraws, (m, xs) => {
        const log = logAfter("above", m, xs);
        expect(logAfter("above", m, [...xs].reverse())).toBeCloseTo(log, 9);
        expect(
          logAfter(
            "below",
            1 - m,
            xs.map((x) => 1 - x),
          ),
        ).toBeCloseTo(log, 8);
      }),
      fixed,
    );
  });

  it("above m falls as m grows, and is at most 1 when m is at or past the sample mean", () => {
    fc.assert(
      fc.property(inner, inner, someDraws, (a, b, xs) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(logAfter("above", high, xs)).toBeLessThanOrEqual(logAfter("above", low, xs) + 1e-9);
        const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
        expect(logAfter("above", Math.min(1, Math.max(mean, high)), xs)).toBeLessThanOrEqual(1e-9);
      }),
      fixed,
    );
  });

  it("is fair: its expectation over one draw of mean m is 1, and a bet that sees its draw is not", () => {
    fc.assert(
      fc.property(inner, inner, (m, height) => {
        // Two atoms with mean exactly m: 0 and `top`.
        const top = m + (1 - m) * height;
        const chance = m / top;
        for (const side of ["above", "below"] as const) {
          const expectation =
            chance * Math.exp(logAfter(side, m, [top])) + (1 - chance) * Math.exp(logAfter(side, m, [0]));
          expect(expectation).toBeCloseTo(1, 9);
        }
        const peek = (x: number) => Math.max(1, Math.exp(logAfter("above", m, [x])));
        expect(chance * peek(top) + (1 - chance) * peek(0)).toBeGreaterThan(1);
      }),
      fixed,
    );
  });

  it("needs no exception at m = 0 and m = 1: one draw away from the edge is proof, none is no evidence", () => {
    const proof = Math.log(1e80);
    expect(logAfter("above", 0, [0, 0, 0])).toBe(0);
    expect(logAfter("above", 0, [0, 0, 0.5])).toBeGreaterThan(proof);
    expect(logAfter("above", 0, Array(1000).fill(1))).toBeGreaterThan(1000 * proof);
    expect(logAfter("below", 1, [1, 1])).toBe(0);
    expect(logAfter("below", 1, [1, 0.5])).toBeGreaterThan(proof);
    expect(logAfter("above", 1, [1, 1])).toBe(0);
    expect(logAfter("below", 0, [0, 0])).toBe(0);
    expect(Number.isFinite(logAfter("above", 5e-324, [0, 1, 1]))).toBe(true);
  });

  it("reaches a threshold exactly when its log has", () => {
    fc.assert(
      fc.property(inner, someDraws, fc.double({ min: -5, max: 5, noNaN: true }), (m, xs, gap) => {
        const capital = new Capital("above", m);
        for (const x of xs) capital.push(x);
        expect(capital.reaches(capital.log + gap)).toBe(capital.log >= capital.log + gap);
        expect(capital.reaches(capital.log)).toBe(true);
      }),
      fixed,
    );
  });

  it("refuses means and draws outside [0, 1], and bets that are not a count", () => {
    expect(() => new Capital("above", 1.5)).toThrow(/mean in \[0, 1\], got 1.5/);
    expect(() => new Capital("above", Number.NaN)).toThrow(RangeError);
    expect(() => evenBets(0)).toThrow(/number of bets >= 1, got 0/);
    for (const x of [-0.1, 1.1, Number.NaN])
      expect(() => new Capital("below", 0.5).push(x)).toThrow(/draws in \[0, 1\]/);
  });
});

describe("average of capitals", () => {
  it("is the log of the mean, without overflow", () => {
    expect(averageLogCapital([Math.log(2), Math.log(4)])).toBeCloseTo(Math.log(3), 12);
    expect(averageLogCapital([5000, 0])).toBeCloseTo(5000 - Math.log(2), 9);
    expect(averageLogCapital([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(() => averageLogCapital([])).toThrow(/at least one/);
    expect(() => averageLogCapital([0, Number.NaN])).toThrow(/log capital 1 is NaN/);
  });
});
