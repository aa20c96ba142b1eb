import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { certifiedFailureShare } from "../../src/stats/certificate.js";
import { combinedLogCapital } from "../../src/stats/combined.js";
import {
  averageEvidence,
  type Evidence,
  multiplyEvidence,
  parseEvidence,
  verdictOf,
} from "../../src/stats/evidence.js";
import { Judge } from "../../src/stats/judge.js";
import { configurationRates } from "../../src/stats/verdict.js";

const record = (part: Partial<Evidence> = {}): Evidence => ({
  claim: "risk",
  code: "a1b2c3",
  seeds: [[1, 100]],
  draws: 100,
  logCapitalAgainst: -2,
  logCapitalFor: 5,
  ...part,
});

/** A night's few draws of a coin: too few to decide at one in a million. */
function night(chance: number, from: number, draws: number): Evidence {
  const judge = new Judge({
    hypothesis: { form: "atMost", bound: 0.3, slack: 0.1 },
    range: [0, 1],
    falseAlarm: 1e-6,
    falsePass: 1e-6,
  });
  for (let seed = from; seed < from + draws; seed++)
    judge.push(Stream.root("night", chance, seed).uniform() < chance ? 1 : 0);
  return record({
    seeds: [[from, from + draws - 1]],
    logCapitalAgainst: judge.logCapitalAgainst,
    logCapitalFor: judge.logCapitalFor,
  });
}

describe("evidence", () => {
  const million = { falseAlarm: 1e-6, falsePass: 1e-6 };

  it("survives being written and read", () => {
    expect(parseEvidence(JSON.stringify(record()))).toEqual(record());
  });

  it("of fresh seeds multiplies, in any order and grouping, and remembers its seeds", () => {
    const [a, b, c] = [record(), record({ seeds: [[101, 150]], logCapitalFor: 4 }), record({ seeds: [[300, 300]] })];
    const all = multiplyEvidence([c!, a!, b!]);
    expect(all).toEqual(
      record({
        seeds: [
          [1, 150],
          [300, 300],
        ],
        draws: 300,
        logCapitalAgainst: -6,
        logCapitalFor: 14,
      }),
    );
    expect(multiplyEvidence([multiplyEvidence([a!, c!]), b!])).toEqual(all);
    expect(verdictOf(a!, million)).toBe("undecided");
    expect(verdictOf(all, million)).toBe("supported");
    expect(verdictOf(record({ logCapitalAgainst: 14 }), million)).toBe("refuted");
    const edge = -Math.log(1e-6);
    expect(verdictOf(record({ logCapitalAgainst: edge }), million)).toBe("refuted");
    expect(verdictOf(record({ logCapitalAgainst: 0, logCapitalFor: edge }), million)).toBe("supported");
  });

  it("adds up over nights to what none of them could decide", () => {
    const nights = Array.from({ length: 8 }, (_, i) => night(0.45, 100 * i, 100));
    for (const one of nights) expect(verdictOf(one, million)).not.toBe("supported");
    expect(verdictOf(multiplyEvidence(nights), million)).toBe("refuted");
  });

  it("multiplied wrongly decides by mistake: the same night counted ten times refutes far too often", () => {
    const five = { falseAlarm: 0.05, falsePass: 0.05 };
    const runs = 1000;
    let fresh = 0;
    let repeated = 0;
    for (let i = 0; i < runs; i++) {
      const nights = Array.from({ length: 10 }, (_, j) => night(0.3, 5 * (10 * i + j), 5));
      if (verdictOf(multiplyEvidence(nights), five) === "refuted") fresh += 1 / runs;
      if (verdictOf({ ...nights[0]!, logCapitalAgainst: 10 * nights[0]!.logCapitalAgainst }, five) === "refuted") {
        repeated += 1 / runs;
      }
    }
    // 4 standard errors of a share of 5% among 1,000: 2.8%.
    const allowed = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs);
    expect(fresh).toBeLessThan(allowed);
    expect(repeated).toBeGreaterThan(allowed);
  });

  it("of a true claim at its bound refutes it at 5% at most, over 1, 10 and 50 seeds of 4 configurations each", () => {
    const five = { falseAlarm: 0.05, falsePass: 0.05 };
    const runs = 400;
    const allowed = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs);
    for (const seeds of [1, 10, 50]) {
      let together = 0;
      let apart = 0;
      for (let run = 0; run < runs; run++) {
        const perSeed = Array.from({ length: seeds }, (_, seed) => {
          const stream = Stream.root("merge", seeds, run, seed);
          return Array.from({ length: 4 }, () => {
            const judge = new Judge({
              hypothesis: { form: "atMost", bound: 0.3, slack: 0.2 },
              range: [0, 1],
              ...configurationRates(five, 4),
            });
            while (judge.verdict === undefined && judge.draws < 100) judge.push(stream.uniform() < 0.3 ? 1 : 0);
            return judge.logCapitalAgainst;
          });
        });
        const log = perSeed.reduce((sum, logs) => sum + combinedLogCapital(logs), 0);
        if (log >= Math.log(20)) together += 1 / runs;
        if (perSeed.flat().some((one) => one >= Math.log(20))) apart += 1 / runs;
      }
      expect(together, `${seeds} seeds`).toBeLessThan(allowed);
      // Each configuration of each seed judged alone at the claim's whole rate, as it once was.
      if (seeds === 50) expect(apart).toBeGreaterThan(0.5);
    }
  });

  it("that is dependent averages, seeds shared or not", () => {
    const average = averageEvidence([
      record({ logCapitalAgainst: Math.log(2) }),
      record({ seeds: [[50, 120]], logCapitalAgainst: Math.log(4) }),
    ]);
    expect(average.logCapitalAgainst).toBeCloseTo(Math.log(3), 12);
    expect(average.seeds).toEqual([[1, 120]]);
    expect(averageEvidence([record(), record({ seeds: [[20, 30]] })]).seeds).toEqual([[1, 100]]);
    expect(averageEvidence([record({ draws: 30 }), record({ draws: 12 })]).draws).toBe(42);
  });

  it("refuses overlapping seeds, other claims, other code, and nothing", () => {
    expect(() => multiplyEvidence([record(), record({ seeds: [[100, 200]] })])).toThrow(
      /seeds 100–200 and 1–100 overlap: a product needs fresh seeds/,
    );
    // Inside an earlier, longer range too, and when the records come in another order.
    expect(() => multiplyEvidence([record({ seeds: [[50, 60]] }), record()])).toThrow(/overlap/);
    expect(() => multiplyEvidence([record(), record({ claim: "bound", seeds: [[101, 102]] })])).toThrow(
      /about claim "bound" cannot be combined with claim "risk"/,
    );
    expect(() => averageEvidence([record(), record({ code: "ffff" })])).toThrow(/code "ffff" cannot be combined/);
    expect(() => multiplyEvidence([])).toThrow(/at least one record, got none/);
    expect(() => verdictOf(record(), { falseAlarm: 0, falsePass: 0.1 })).toThrow(/falseAlarm/);
  });

  it("refuses malformed records", () => {
    const refused = (part: object, message: RegExp) =>
      expect(() => parseEvidence(JSON.stringify({ ...record(), ...part }))).toThrow(message);
    refused({ claim: "" }, /evidence needs a claim, a string that is not empty, got ""/);
    refused({ code: 7 }, /evidence needs a code, a string that is not empty, got 7/);
    refused({ draws: 0 }, /evidence needs draws, an integer >= 1, got 0/);
    expect(parseEvidence(JSON.stringify(record({ draws: 1, logCapitalAgainst: 0, logCapitalFor: 0 }))).draws).toBe(1);
    // 53 bits a draw.
    const most = 16 * 53 * Math.log(2);
    expect(parseEvidence(JSON.stringify(record({ draws: 16, logCapitalAgainst: most * 0.9999 }))).draws).toBe(16);
    refused({ draws: 16, logCapitalAgainst: most * 1.0001 }, /which 16 draws cannot have won/);
    refused({ draws: 16, logCapitalAgainst: 690.8 }, /logCapitalAgainst of 690.8, which 16 draws cannot have won/);
    refused({ sedes: [] }, /evidence has no "sedes"; it has claim/);
    refused({ logCapitalFor: Number.NaN }, /finite logCapitalFor, got null/);
    refused({ logCapitalAgainst: "3" }, /finite logCapitalAgainst, got 3/);
    for (const seeds of [
      undefined,
      [],
      [[3, 1]],
      [[1, 2, 3]],
      [[1.5, 2]],
      [3],
      [
        [1, 5],
        [5, 9],
      ],
      [
        [6, 9],
        [1, 5],
      ],
    ]) {
      refused({ seeds }, /evidence needs seeds as \[from, to\] pairs of integers, disjoint and increasing/);
    }
    expect(() => parseEvidence("null")).toThrow(/needs a claim/);
    expect(() => parseEvidence("{")).toThrow(/must be JSON, got "\{"/);
  });
});

describe("a certificate", () => {
  it("of n seeds proves that it fails in less than the share that n seeds in a row survive at 5%", () => {
    for (const seeds of [1, 3, 59]) expect((1 - certifiedFailureShare(seeds)) ** seeds).toBeCloseTo(0.05, 12);
    expect(certifiedFailureShare(3)).toBeCloseTo(0.632, 3);
    expect(certifiedFailureShare(59)).toBeLessThan(0.05);
    expect(certifiedFailureShare(58)).toBeGreaterThan(0.05);
    expect(() => certifiedFailureShare(0)).toThrow(/seeds >= 1, got 0/);
    for (const error of [0, 1]) expect(() => certifiedFailureShare(3, error)).toThrow(/strictly between 0 and 1, got/);
  });
});

describe("seeds of many records", () => {
  it("join where three and more touch or lie inside each other, in whatever order they come", () => {
    const of = (...seeds: [number, number][]) => record({ seeds });
    const joined = (...records: Evidence[]) => averageEvidence(records).seeds;
    expect(joined(of([5, 6]), of([1, 2]), of([3, 4]))).toEqual([[1, 6]]);
    expect(joined(of([1, 10]), of([2, 3]), of([4, 5]))).toEqual([[1, 10]]);
    expect(joined(of([1, 2], [8, 9]), of([4, 5]), of([6, 7]))).toEqual([
      [1, 2],
      [4, 9],
    ]);
    expect(multiplyEvidence([of([3, 3]), of([1, 1]), of([2, 2]), of([5, 5])]).seeds).toEqual([
      [1, 3],
      [5, 5],
    ]);
  });
});
