import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { largestBet, logisticBets } from "../../src/stats/capital.js";
import { drawsNeeded, type RangeTrial } from "../../src/stats/draws-needed.js";
import type { Hypothesis } from "../../src/stats/hypothesis.js";
import { Judge } from "../../src/stats/judge.js";
import { exactDecision } from "./bernoulli-walk.js";

const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
const trial = (hypothesis: Hypothesis, range: readonly [number, number] = [0, 1]): RangeTrial => ({
  hypothesis,
  range,
  ...rates,
});
const atMost = trial({ form: "atMost", bound: 0.1, slack: 0.02 });

/** The median over 201 streams; its standard error is about 1.25 sd / √201, 9% of an sd. */
function simulated(of: RangeTrial, draw: (stream: Stream) => number): number {
  const all = Array.from({ length: 201 }, (_, s) => {
    const stream = Stream.root("draws needed", s);
    const judge = new Judge(of);
    while (judge.push(draw(stream)) === undefined && judge.draws < 50_000);
    return judge.draws;
  });
  return all.sort((a, b) => a - b)[100]!;
}

describe("draws needed", () => {
  it("is within a seventh of the exact median for Bernoulli draws, and names the verdict", () => {
    for (const [mean, verdict] of [
      [0.02, "supported"],
      [0.05, "supported"],
      [0.08, "supported"],
      [0.1, "supported"],
      [0.15, "refuted"],
      [0.2, "refuted"],
      [0.4, "refuted"],
    ] as const) {
      const plan = drawsNeeded(atMost, { mean });
      const exact = exactDecision({ bound: 0.1, slack: 0.02, ...rates }, mean, 2 * plan.draws).medianDraws;
      expect(plan.verdict).toBe(verdict);
      expect(plan.draws / exact).toBeGreaterThan(6 / 7);
      expect(plan.draws / exact).toBeLessThan(8 / 7);
    }
  });

  it("foresees the simulated median in each form, for draws of any variance", () => {
    const equals = trial({ form: "equals", target: 0.5, within: 0.05 }, [0, 2]);
    const atLeast = trial({ form: "atLeast", bound: 0.7, slack: 0.1 });
    for (const [of, mean, halfWidth] of [
      [equals, 0.5, 0.3],
      [equals, 0.6, 0.3],
      [atLeast, 0.75, 0.2],
      [atLeast, 0.5, 0.5],
      [atMost, 0.05, 0.05],
    ] as const) {
      const median = simulated(of, (stream) => mean + halfWidth * (2 * stream.uniform() - 1));
      // From a pilot sample, here the law itself on a grid of 100.
      const pilot = Array.from({ length: 100 }, (_, i) => mean + halfWidth * (0.02 * i - 0.99));
      const plan = drawsNeeded(of, { pilot });
      expect(plan.draws / median).toBeGreaterThan(0.8);
      expect(plan.draws / median).toBeLessThan(1.2);
      // From the variance alone: the slowest law of that variance, so more draws than needed, by less than twice.
      const slowest = drawsNeeded(of, { mean, variance: halfWidth ** 2 / 3 });
      expect(slowest.verdict).toBe(plan.verdict);
      expect(slowest.draws).toBeGreaterThanOrEqual(plan.draws);
      expect(slowest.draws / median).toBeLessThan(2);
      // Planned as Bernoulli it would be far off: the variance matters.
      expect(drawsNeeded(of, { mean }).draws / median).toBeGreaterThan(2);
    }
  });

  it("grows as the slack shrinks and as the rates do", () => {
    const of = (slack: number, rate: number) =>
      drawsNeeded({ ...trial({ form: "atMost", bound: 0.1, slack }), falsePass: rate }, { mean: 0.1 }).draws;
    expect(of(0.02, 1e-6)).toBeGreaterThan(2.5 * of(0.04, 1e-6));
    expect(of(0.02, 1e-12)).toBeGreaterThan(1.5 * of(0.02, 1e-6));
  });

  it("decides a truth at bound + slack, which an even grid of 20 bets leaves open for ever", () => {
    const plan = drawsNeeded(atMost, { mean: 0.12 });
    expect(plan.verdict).toBe("refuted");
    // log(1e6)/KL(.12, .1) = 6,571 draws is the limit of any judge.
    expect(plan.draws / 6571).toBeLessThan(1.35);
    let refuted = 0;
    for (let s = 0; s < 40; s++) {
      const stream = Stream.root("small gap", s);
      const judge = new Judge(atMost);
      while (judge.push(stream.uniform() < 0.12 ? 1 : 0) === undefined && judge.draws < 2 * plan.draws);
      if (judge.verdict === "refuted") refuted++;
    }
    expect(refuted).toBeGreaterThan(30);
  });

  it("counts both sides of `equals`: a fair coin within .05 needs the later of two", () => {
    const of = trial({ form: "equals", target: 0.5, within: 0.05 });
    const plan = drawsNeeded(of, { mean: 0.5 });
    const median = simulated(of, (stream) => (stream.uniform() < 0.5 ? 1 : 0));
    // Either side alone is 23% short. The median of 201 streams is known to about 2%.
    expect(plan.draws / median).toBeGreaterThan(0.9);
    expect(plan.draws / median).toBeLessThan(1.1);
  });

  it("puts the later of two symmetric sides at the upper quartile of either, by the normal law", () => {
    for (const within of [0.02, 0.05, 0.1, 0.2]) {
      const alone = drawsNeeded(trial({ form: "atMost", bound: 0.5, slack: within }), { mean: 0.5 }).draws;
      const stake = -largestBet("below", 0.5 + within);
      const growths = [...logisticBets.fractions].map((fraction) =>
        [0, 1].map((x) => Math.log1p(fraction * stake * (x - 0.5 - within))),
      );
      const [lose, win] = growths.reduce((best, one) => (one[0]! + one[1]! > best[0]! + best[1]! ? one : best));
      const deviation = (Math.sqrt(alone) * Math.abs(win! - lose!)) / Math.abs(win! + lose!);
      const both = drawsNeeded(trial({ form: "equals", target: 0.5, within }), { mean: 0.5 });
      // One wants high draws and the other low ones: both have won with chance 2Φ − 1, a half where Φ is 3/4. The
      // distribution function's 1e-7 is far below a draw.
      expect(both).toEqual({ verdict: "supported", draws: Math.ceil(alone + 0.6744897501960817 * deviation) });
    }
  });

  it("is the later side alone where the draws do not vary", () => {
    for (const x of [0.5, 0.52, 0.47]) {
      const side = (form: "atMost" | "atLeast") =>
        drawsNeeded(trial({ form, bound: 0.5, slack: 0.1 }), { pilot: [x] }).draws;
      const both = drawsNeeded(trial({ form: "equals", target: 0.5, within: 0.1 }), { pilot: [x] });
      expect(both).toEqual({ verdict: "supported", draws: Math.max(side("atMost"), side("atLeast")) });
    }
  });

  it("is undecided where neither verdict comes", () => {
    // On the edge of `equals` neither side can win.
    expect(drawsNeeded(trial({ form: "equals", target: 0.5, within: 0.1 }), { mean: 0.6 }).verdict).toBe("undecided");
  });

  it("is one draw where one draw is proof", () => {
    const zero = trial({ form: "atMost", bound: 0, slack: 0.1 });
    expect(drawsNeeded(zero, { mean: 0.5, variance: 0 })).toEqual({ verdict: "refuted", draws: 1 });
    expect(drawsNeeded(zero, { mean: 0 }).verdict).toBe("supported");
    expect(drawsNeeded(trial({ form: "atLeast", bound: 0.9, slack: 0.1 }), { mean: 1 }).verdict).toBe("supported");
  });

  it("refuses impossible means and variances", () => {
    expect(() => drawsNeeded(atMost, { mean: 1.5 })).toThrow(/mean must lie in \[0, 1\], got 1.5/);
    expect(() => drawsNeeded(atMost, { mean: 0.5, variance: 0.3 })).toThrow(/variance in \[0, 0.25\], got 0.3/);
    expect(() => drawsNeeded(atMost, { mean: 0.5, variance: -1 })).toThrow(RangeError);
    expect(() => drawsNeeded(atMost, { pilot: [] })).toThrow(/at least one draw/);
    expect(() => drawsNeeded(atMost, { pilot: [0, 3] })).toThrow(/pilot draw 1 is 3, outside \[0, 1\]/);
    expect(() => drawsNeeded({ ...atMost, falsePass: 0 }, { mean: 0.5 })).toThrow(/falsePass/);
  });
});

describe("draws needed in any units", () => {
  it("plans the same for draws moved and stretched, on whichever side of 0 their range lies", () => {
    // 2^k and sums of few bits keep every number exact, so that the plans are the same to the draw.
    for (const [lo, width] of [
      [4, 8],
      [-64, 2],
    ] as const) {
      for (const [form, bound, slack, mean] of [
        ["atMost", 0.25, 0.125, 0.125],
        ["atLeast", 0.75, 0.125, 0.875],
        ["atMost", 0.25, 0.125, 0.5],
      ] as const) {
        const unit = drawsNeeded(trial({ form, bound, slack }), { mean });
        const moved = trial({ form, bound: lo + width * bound, slack: width * slack }, [lo, lo + width]);
        expect(drawsNeeded(moved, { mean: lo + width * mean })).toEqual(unit);
        const pilot = Array.from({ length: 64 }, (_, i) => (i < 64 * mean ? 1 : 0));
        const there = pilot.map((x) => lo + width * x);
        expect(drawsNeeded(moved, { pilot: there })).toEqual(drawsNeeded(trial({ form, bound, slack }), { pilot }));
      }
    }
  });
});
