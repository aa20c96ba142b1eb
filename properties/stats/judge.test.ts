import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { splitRates, suiteRates } from "../../src/stats/budget.js";
import { averageLogCapital, Capital } from "../../src/stats/capital.js";
import { combinedLogCapital } from "../../src/stats/combined.js";
import type { Hypothesis } from "../../src/stats/hypothesis.js";
import { Judge } from "../../src/stats/judge.js";
import { configurationRates, overallVerdict } from "../../src/stats/verdict.js";

const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
const unit = [0, 1] as const;
const atMost: Hypothesis = { form: "atMost", bound: 0.1, slack: 0.05 };
const atLeast: Hypothesis = { form: "atLeast", bound: 0.9, slack: 0.05 };
const equals: Hypothesis = { form: "equals", target: 0.5, within: 0.1 };

function judged(hypothesis: Hypothesis, draw: () => number, range: readonly [number, number] = unit, budget = 50_000) {
  const judge = new Judge({ hypothesis, range, ...rates });
  while (judge.verdict === undefined && judge.draws < budget) judge.push(draw());
  return judge;
}

function bernoulli(chance: number, name: string): () => number {
  const stream = Stream.root("judge", name, chance);
  return () => (stream.uniform() < chance ? 1 : 0);
}

describe("a judge", () => {
  it("supports what holds and refutes what does not, in each form", () => {
    for (const [hypothesis, chance, verdict] of [
      [atMost, 0.05, "supported"],
      [atMost, 0.3, "refuted"],
      [atLeast, 0.95, "supported"],
      [atLeast, 0.7, "refuted"],
      [equals, 0.5, "supported"],
      [equals, 0.7, "refuted"],
      [equals, 0.3, "refuted"],
    ] as const) {
      const judge = judged(hypothesis, bernoulli(chance, "forms"));
      expect(judge.verdict).toBe(verdict);
      expect(Math.abs(judge.estimate - chance)).toBeLessThan(5 * Math.sqrt(0.25 / judge.draws));
      const evidence = verdict === "refuted" ? judge.logCapitalAgainst : judge.logCapitalFor;
      expect(evidence).toBeGreaterThanOrEqual(Math.log(1e6));
    }
  });

  it("stops at the first draw at which the definition's capital has crossed", () => {
    const judge = new Judge({ hypothesis: atMost, range: unit, ...rates });
    const against = new Capital("above", 0.1);
    const inFavour = new Capital("below", 0.1 + 0.05);
    const draw = bernoulli(0.05, "first crossing");
    for (let n = 1; judge.verdict === undefined; n++) {
      const x = draw();
      against.push(x);
      inFavour.push(x);
      expect(judge.push(x)).toBe(inFavour.log >= Math.log(1e6) ? "supported" : undefined);
      expect(judge.draws).toBe(n);
      expect(judge.logCapitalAgainst).toBeCloseTo(against.log, 12);
      expect(judge.logCapitalFor).toBeCloseTo(inFavour.log, 12);
    }
  });

  it("ignores draws after its verdict", () => {
    const judge = judged(atMost, () => 1);
    const { draws, estimate, logCapitalAgainst } = judge;
    expect(judge.push(0)).toBe("refuted");
    expect([judge.draws, judge.estimate, judge.logCapitalAgainst]).toEqual([draws, estimate, logCapitalAgainst]);
  });

  it("judges in any range as it does in [0, 1], and `atLeast` as `atMost` mirrored", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0.5, max: 10, noNaN: true }),
        (xs, lo, width) => {
          const plain = new Judge({ hypothesis: { form: "atMost", bound: 0.4, slack: 0.1 }, range: unit, ...rates });
          const moved = new Judge({
            hypothesis: { form: "atMost", bound: lo + 0.4 * width, slack: 0.1 * width },
            range: [lo, lo + width],
            ...rates,
          });
          const mirrored = new Judge({
            hypothesis: { form: "atLeast", bound: -0.4, slack: 0.1 },
            range: [-1, 0],
            ...rates,
          });
          for (const x of xs) {
            plain.push(x);
            moved.push(Math.min(lo + width, lo + x * width));
            mirrored.push(-x);
          }
          for (const other of [moved, mirrored]) {
            expect(other.verdict).toBe(plain.verdict);
            expect(other.logCapitalAgainst).toBeCloseTo(plain.logCapitalAgainst, 8);
            expect(other.logCapitalFor).toBeCloseTo(plain.logCapitalFor, 8);
          }
        },
      ),
      { seed: 1 },
    );
  });

  it("keeps an edge of `equals` that was won, whatever the draws do to it afterwards", () => {
    const judge = new Judge({ hypothesis: equals, range: unit, falseAlarm: 1e-12, falsePass: 0.05 });
    const above = new Capital("above", 0.4);
    while (!above.reaches(Math.log(20))) {
      above.push(1);
      judge.push(1);
    }
    // Now the upper edge's turn; the capital above .4 would lose all it had.
    for (let i = 0; i < 60 && judge.verdict === undefined; i++) judge.push(0);
    expect(judge.verdict).toBe("supported");
  });

  it("refutes `equals` on the average of its two capitals", () => {
    const judge = judged(equals, bernoulli(0.7, "average"));
    const capitals = [new Capital("below", 0.4), new Capital("above", 0.6)];
    const draw = bernoulli(0.7, "average");
    for (let n = 0; n < judge.draws; n++) {
      const x = draw();
      for (const capital of capitals) capital.push(x);
    }
    expect(judge.logCapitalAgainst).toBeCloseTo(averageLogCapital(capitals.map((capital) => capital.log)), 10);
    expect(capitals[1]!.log).toBeGreaterThan(Math.log(2e6) - 1e-9);
  });

  it("judges claims at the end of the range: one draw refutes, many support", () => {
    const hypothesis: Hypothesis = { form: "atMost", bound: 0, slack: 0.05 };
    const zeros = judged(hypothesis, () => 0);
    expect(zeros.verdict).toBe("supported");
    expect(zeros.estimate).toBe(0);
    const refuted = judged(hypothesis, () => 1e-3);
    expect([refuted.verdict, refuted.draws]).toEqual(["refuted", 1]);
    // Supporting 0.7 with slack 0.3 below 1, whose sum rounds: one draw below 1 proves it.
    expect(judged({ form: "atMost", bound: 0.7, slack: 0.3 }, () => 0.5).draws).toBe(1);
    expect(judged({ form: "atMost", bound: 0.1, slack: 0.2 }, () => 0.1, [0, 0.3]).verdict).toBe("supported");
    // One edge of `equals` at or beyond the end: only the other can refute it.
    for (const within of [0.05, 0.08]) {
      expect(judged({ form: "equals", target: 0.05, within }, bernoulli(0.05, "edge")).verdict).toBe("supported");
      const single = judged({ form: "equals", target: 0.05, within }, bernoulli(0.5, "edge"));
      expect(single.verdict).toBe("refuted");
    }
    expect(judged({ form: "equals", target: 0.97, within: 0.05 }, bernoulli(0.5, "edge")).verdict).toBe("refuted");
  });

  it("refuses draws outside its range by name", () => {
    const judge = new Judge({ hypothesis: atMost, range: unit, ...rates });
    judge.push(0.5);
    expect(() => judge.push(1.2)).toThrow(
      /draw 1 is 1.2, outside the declared range \[0, 1\] of "mean <= 0.1 \(slack 0.05\)"/,
    );
    for (const draw of [-1e-9, Number.NaN]) expect(() => judge.push(draw)).toThrow(RangeError);
    expect(judge.draws).toBe(1);
  });

  it("refuses claims that its range leaves nothing to decide about", () => {
    const refusal = (hypothesis: Hypothesis, range: readonly [number, number] = unit) => {
      return () => new Judge({ hypothesis, range, ...rates });
    };
    const irrefutable = /cannot be refuted: every mean of draws in \[0, 1\] satisfies it/;
    const unsupportable = /cannot be supported: no mean of draws in \[0, 1\] lies strictly inside it/;
    const outside = /needs its bound, with the slack, inside \[0, 1\]/;
    expect(refusal({ form: "atMost", bound: 1, slack: 0 })).toThrow(irrefutable);
    expect(refusal({ form: "atMost", bound: 0, slack: 0 })).toThrow(unsupportable);
    expect(refusal({ form: "atLeast", bound: 0, slack: 0 })).toThrow(irrefutable);
    expect(refusal({ form: "atLeast", bound: 1, slack: 0 })).toThrow(unsupportable);
    expect(refusal({ form: "atMost", bound: 1.2, slack: 0.1 })).toThrow(outside);
    expect(refusal({ form: "atMost", bound: 0.95, slack: 0.1 })).toThrow(outside);
    expect(refusal({ form: "atLeast", bound: 0.05, slack: 0.1 })).toThrow(outside);
    expect(refusal({ form: "atMost", bound: -0.1, slack: 0.2 })).toThrow(outside);
    expect(refusal({ form: "equals", target: 0.5, within: 0.5 })).toThrow(irrefutable);
    expect(refusal({ form: "equals", target: 0.5, within: 2 })).toThrow(irrefutable);
    expect(refusal({ form: "equals", target: 0.5, within: 1e-17 })).toThrow(unsupportable);
    expect(refusal({ form: "equals", target: 1.5, within: 0.1 })).toThrow(/needs a target in \[0, 1\]/);
    expect(refusal({ form: "equals", target: 0.5, within: 0 })).toThrow(/within > 0/);
    expect(refusal({ form: "atMost", bound: Number.NaN, slack: 0 })).toThrow(/finite bound/);
    for (const slack of [-1, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(refusal({ form: "atMost", bound: 0.5, slack })).toThrow(/finite slack >= 0/);
    }
    expect(refusal(atMost, [1, 1])).toThrow(/finite lo < hi, got \[1, 1\]/);
    expect(() => new Judge({ hypothesis: atMost, range: unit, falseAlarm: 0, falsePass: 0.5 })).toThrow(/falseAlarm/);
    expect(() => new Judge({ hypothesis: atMost, range: unit, falseAlarm: 0.5, falsePass: 1 })).toThrow(/falsePass/);
  });
});

describe("several configurations", () => {
  const part = (verdict: "supported" | "refuted" | undefined, logCapitalAgainst: number) => ({
    verdict,
    logCapitalAgainst,
  });

  it("are supported only together, refuted on their average, vacuous if there is none", () => {
    expect(overallVerdict([], 1e-6)).toBe("vacuous");
    expect(overallVerdict([part("supported", -3), part("supported", -2)], 1e-6)).toBe("supported");
    expect(overallVerdict([part("supported", -3), part(undefined, 2)], 1e-6)).toBe("undecided");
    expect(overallVerdict([part("supported", -3), part("refuted", Math.log(4.1e6))], 1e-6)).toBe("refuted");
    // Weak evidence in each adds up; strong evidence in one of many does not, unless it was judged for so many.
    expect(overallVerdict(Array(10).fill(part(undefined, Math.log(20))), 1e-6)).toBe("refuted");
    expect(overallVerdict([part("refuted", Math.log(1.1e6))], 1e-6)).toBe("refuted");
    expect(overallVerdict([part("refuted", Math.log(1e6)), part("supported", -5)], 1e-6)).toBe("undecided");
    expect(() => overallVerdict([part("supported", 0)], 0)).toThrow(/falseAlarm/);
  });

  it("one false configuration among eight refutes, when each judge has its share of the false alarms", () => {
    const configurations = [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.4];
    const judges = configurations.map((chance, i) => {
      const judge = new Judge({ hypothesis: atMost, range: unit, ...configurationRates(rates, 8) });
      const draw = bernoulli(chance, `configuration ${i}`);
      while (judge.verdict === undefined) judge.push(draw());
      return judge;
    });
    expect(overallVerdict(judges, 1e-6)).toBe("refuted");
    expect(overallVerdict(judges.slice(0, 7), 1e-6)).toBe("supported");
  });
});

describe("the combined capital", () => {
  it("is half the mean and half the mean of all products of subsets; of one, that one", () => {
    const capitals = [3, 0.2, 5];
    let subsets = 0;
    for (let bits = 0; bits < 8; bits++) {
      subsets += capitals.reduce((product, e, i) => (bits & (1 << i) ? product * e : product), 1) / 8;
    }
    const wanted = Math.log(capitals.reduce((a, b) => a + b) / 6 + subsets / 2);
    expect(combinedLogCapital(capitals.map(Math.log))).toBeCloseTo(wanted, 12);
    expect(combinedLogCapital([7])).toBe(7);
    expect(combinedLogCapital([900, Number.NEGATIVE_INFINITY])).toBeCloseTo(900 + Math.log(3 / 8), 9);
    expect(() => combinedLogCapital([])).toThrow(/at least one/);
  });

  it("is reached by one configuration alone at its own rate, and not before, whatever the others lost", () => {
    for (const K of [1, 2, 5, 8, 40]) {
      const own = -Math.log(configurationRates(rates, K).falseAlarm);
      const others = Array<number>(K - 1).fill(Number.NEGATIVE_INFINITY);
      expect(combinedLogCapital([own + 1e-9, ...others])).toBeGreaterThan(Math.log(1e6));
      // The constant 1/2^(K+1) of the empty product is left out of the bound: below 1e-6 of it at these rates.
      expect(combinedLogCapital([own - 1e-5, ...others])).toBeLessThan(Math.log(1e6));
    }
    expect(() => configurationRates(rates, 0)).toThrow(/configurations >= 1, got 0/);
  });

  it("refutes with many configurations that each say a little in half of the draws that the mean needs", () => {
    const judges = Array.from({ length: 8 }, (_, i) => ({
      judge: new Judge({ hypothesis: atMost, range: unit, ...configurationRates(rates, 8) }),
      draw: bernoulli(0.2, `combined ${i}`),
    }));
    const against = () => judges.map(({ judge }) => judge.logCapitalAgainst);
    let combined = 0;
    let mean = 0;
    while (mean === 0) {
      for (const { judge, draw } of judges) judge.push(draw());
      if (
        combined === 0 &&
        overallVerdict(
          judges.map(({ judge }) => judge),
          1e-6,
        ) === "refuted"
      )
        combined = judges[0]!.judge.draws;
      if (averageLogCapital(against()) >= Math.log(1e6)) mean = judges[0]!.judge.draws;
    }
    expect(combined / mean).toBeLessThan(0.55);
  });
});

describe("the judge refuses what it cannot mean", () => {
  const judge = (trial: object) => () => new Judge({ hypothesis: atMost, range: unit, ...rates, ...trial } as never);

  it("unknown forms and keys, and values that are no numbers", () => {
    expect(judge({ hypothesis: { form: "atmost", bound: 0.3, slack: 0.1 } })).toThrow(
      /form is one of atMost, atLeast, equals, got "atmost"/,
    );
    expect(judge({ hypothesis: { form: "toString", bound: 0.3, slack: 0.1 } })).toThrow(/form is one of/);
    expect(judge({ hypothesis: undefined })).toThrow(/form is one of/);
    expect(judge({ hypothesis: { form: "atMost", bound: 0.3, slak: 0.1 } })).toThrow(
      /has no "slak"; it has form, bound/,
    );
    expect(judge({ hypothesis: { form: "atMost", bound: "0.3", slack: 0.1 } })).toThrow(
      /a number as its bound, got 0.3/,
    );
    expect(judge({ falsealarm: 0.1 })).toThrow(/a trial has no "falsealarm"; it has hypothesis, range/);
    expect(judge({ falseAlarm: "0.1" })).toThrow(/falseAlarm must lie strictly/);
    expect(judge({ range: [0, "1"] })).toThrow(/finite lo < hi/);
    expect(judge({ range: 3 })).toThrow(/finite lo < hi, got \[3\]/);
    expect(judge({ range: undefined })).toThrow(/a range of its draws or a bound on their deviation, and not both/);
    expect(judge({ deviation: 1 })).toThrow(/not both/);
  });

  it("draws that are no numbers", () => {
    for (const draw of [null, true, "0.2", undefined]) {
      expect(() => judge({})().push(draw as never), String(draw)).toThrow(
        /draw 0 of "mean <= 0.1 .*" must be a number/,
      );
    }
  });

  it("rates too small for a double's reciprocal, at once", () => {
    expect(judge({ falseAlarm: 1e-322 })).toThrow(/falseAlarm must be at least 1e-100/);
    expect(() => splitRates(100, { falseAlarm: 1e-322, falsePass: 0.1 })).toThrow(/falseAlarm must be at least 1e-50/);
    expect(splitRates(1000, { falseAlarm: 1e-50, falsePass: 1e-50 }).falseAlarm).toBeCloseTo(1e-53, 60);
  });

  it("to move an edge further than rounding did", () => {
    const wide = new Judge({ hypothesis: { form: "atMost", bound: 4, slack: 10 }, range: [0, 1e13], ...rates });
    for (const draw of [1, 2, 3]) expect(wide.push(draw)).toBeUndefined();
    const narrow = { form: "equals", target: 5e-4, within: 5e-4 - 9e-13 } as const;
    const below = new Judge({ hypothesis: narrow, range: unit, falseAlarm: 0.01, falsePass: 0.01 });
    for (let n = 0; n < 3000 && below.verdict === undefined; n++) below.push(1e-15);
    expect(below.verdict).not.toBe("supported");
  });
});

describe("a judge of wide ranges and clamped draws", () => {
  it("judges up to the largest doubles", () => {
    const judge = new Judge({
      hypothesis: { form: "atMost", bound: 0, slack: 9e307 },
      range: [-1e308, 1e308],
      ...rates,
    });
    while (judge.verdict === undefined) judge.push(judge.draws % 2 ? -9e307 : -7e307);
    expect(judge.verdict).toBe("supported");
    expect(judge.estimate / -8e307).toBeCloseTo(1, 1);
    const positive = new Judge({
      hypothesis: { form: "atLeast", bound: 5e307, slack: 4e307 },
      range: [0, 1e308],
      ...rates,
    });
    while (positive.verdict === undefined) positive.push(positive.draws % 2 ? 9e307 : 7e307);
    expect(positive.estimate / 8e307).toBeCloseTo(1, 1);
  });

  it("says which share of the draws lies on an end of the range", () => {
    const judge = new Judge({ hypothesis: equals, range: unit, ...rates });
    expect(judge.shareAtEnds).toEqual({ lower: 0, upper: 0 });
    judge.push(0);
    expect(judge.shareAtEnds).toEqual({ lower: 1, upper: 0 });
    for (const draw of [0.5, 1, 1]) judge.push(draw);
    expect(judge.shareAtEnds).toEqual({ lower: 0.25, upper: 0.5 });
  });
});

describe("the budget", () => {
  it("adds up to the suite's rates", () => {
    expect(splitRates(1)).toEqual(suiteRates);
    const { falseAlarm, falsePass } = splitRates(20, { falseAlarm: 0.1, falsePass: 0.01 });
    expect(20 * falseAlarm).toBeCloseTo(0.1, 15);
    expect(20 * falsePass).toBeCloseTo(0.01, 15);
    expect(() => splitRates(0)).toThrow(/claims >= 1, got 0/);
    expect(() => splitRates(3, { falseAlarm: 2, falsePass: 0.1 })).toThrow(/falseAlarm/);
  });
});
