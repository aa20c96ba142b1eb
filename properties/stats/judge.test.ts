import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { splitRates, suiteRates } from "../../src/stats/budget.js";
import { averageLogCapital, Capital } from "../../src/stats/capital.js";
import type { Hypothesis } from "../../src/stats/hypothesis.js";
import { Judge } from "../../src/stats/judge.js";
import { overallVerdict } from "../../src/stats/verdict.js";

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
    expect(refusal({ form: "atMost", bound: 0.5, slack: -1 })).toThrow(/slack >= 0/);
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
    expect(overallVerdict([part("supported", -3), part("refuted", Math.log(2.1e6))], 1e-6)).toBe("refuted");
    // Weak evidence in each adds up; strong evidence in one of many does not, unless it was judged for so many.
    expect(overallVerdict(Array(10).fill(part(undefined, Math.log(1.1e6))), 1e-6)).toBe("refuted");
    expect(overallVerdict([part("refuted", Math.log(1e6)), part("supported", -5)], 1e-6)).toBe("undecided");
    expect(() => overallVerdict([part("supported", 0)], 0)).toThrow(/falseAlarm/);
  });

  it("one false configuration among eight refutes, when each judge has an eighth of the false alarms", () => {
    const configurations = [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.4];
    const judges = configurations.map((chance, i) => {
      const judge = new Judge({ hypothesis: atMost, range: unit, falseAlarm: 1e-6 / 8, falsePass: 1e-6 });
      const draw = bernoulli(chance, `configuration ${i}`);
      while (judge.verdict === undefined) judge.push(draw());
      return judge;
    });
    expect(overallVerdict(judges, 1e-6)).toBe("refuted");
    expect(overallVerdict(judges.slice(0, 7), 1e-6)).toBe("supported");
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
