import { describe, expect, it } from "vitest";
import type { Stream } from "../../src/random/stream.js";
import { shortNumber } from "../../src/stats/number-text.js";
import { sameLaw } from "../../src/stats/same-law.js";
import { asked, judgeSimulation, type Simulation, simulation as typed } from "../../src/stats/simulation.js";
import { matchers } from "../../src/vitest.js";

expect.extend(matchers);

const coin = (bias: number) => (stream: Stream) => (stream.uniform() < bias ? 1 : 0);
const claim = { form: "atMost", bound: 0.5, slack: 0.1 } as const;
const simulation = (bias: number, more: Partial<Simulation> = {}) => {
  return { name: "coin", draw: coin(bias), range: [0, 1], claim, ...more } as Simulation & { name: string };
};

describe("a number in a message", () => {
  it.each([
    [0, "0"],
    [12.34567, "12.35"],
    [-0.5, "-0.5"],
    [1e-3, "0.001"],
    [9.99e-4, "1.0e-3"],
    [-2e-5, "-2.0e-5"],
    [123_456, "123500"],
    [1e6, "1.0e+6"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("has four digits, or two and a power of ten beyond 0.001 and a million: %d is %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});

describe("a simulation", () => {
  it("may take 20,000 draws at one in a million from seed 0, unless it asks for others", () => {
    const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
    expect(asked({}, "x")).toMatchObject({ rates, maxDraws: 20_000, seed: 0 });
    const own = { falseAlarm: 0.1, falsePass: 0.2, maxDraws: 1, seed: 4 };
    expect(asked(own, "x")).toMatchObject({ rates: { falseAlarm: 0.1, falsePass: 0.2 }, maxDraws: 1, seed: 4 });
    expect(() => asked({ maxDraws: 0 }, "x")).toThrow(/maxDraws must be an integer >= 1, got 0/);
    expect(() => asked({ seed: 0.5 }, "x")).toThrow(/a seed must be an integer, got 0.5/);
  });

  it("is supported, refuted or, when its draws run out, undecided, with its estimate and interval", async () => {
    expect(await judgeSimulation(simulation(0.3))).toMatchObject({ verdict: "supported" });
    const refuted = await judgeSimulation(simulation(0.8));
    expect(refuted.verdict).toBe("refuted");
    expect(refuted.interval.lower).toBeGreaterThan(0.5);
    expect(refuted.interval.upper).toBeGreaterThanOrEqual(refuted.estimate);
    expect(await judgeSimulation(simulation(0.55, { maxDraws: 10 }))).toMatchObject({
      verdict: "undecided",
      draws: 10,
    });
  });

  it("takes fewer draws at looser rates, the same under one name and seed, and others under another", async () => {
    const strict = await judgeSimulation(simulation(0.3));
    const loose = await judgeSimulation(simulation(0.3, { falseAlarm: 0.01, falsePass: 0.01 }));
    expect(loose.draws).toBeLessThan(strict.draws);
    expect(await judgeSimulation(simulation(0.3))).toEqual(strict);
    expect((await judgeSimulation(simulation(0.3, { name: "other" }))).estimate).not.toBe(strict.estimate);
    expect((await judgeSimulation(simulation(0.3, { seed: 1 }))).estimate).not.toBe(strict.estimate);
  });

  it("may be asynchronous, and refuses draws outside its range", async () => {
    const draw = async (stream: Stream) => coin(0.2)(stream);
    expect((await judgeSimulation(simulation(0, { draw }))).verdict).toBe("supported");
    await expect(judgeSimulation(simulation(0, { draw: () => 2 }))).rejects.toThrow(
      /outside the declared range \[0, 1\]/,
    );
  });

  it("refuses misspelt keys, no name, no spread, and budgets that are none", async () => {
    const refused = (more: object, message: RegExp) =>
      expect(judgeSimulation({ ...simulation(0.3), ...more } as never)).rejects.toThrow(message);
    await refused({ maxdraws: 10 }, /a simulation has no "maxdraws"; it has draw, range, deviation, claim/);
    await refused({ name: undefined }, /needs a name: it names the random streams/);
    await refused({ range: undefined }, /a range of its draws or a bound on their deviation/);
    await refused({ maxDraws: 0.5 }, /maxDraws must be an integer >= 1, got 0.5/);
    await refused({ seed: Number.NaN }, /a seed must be an integer, got NaN/);
  });
});

describe("the matchers", () => {
  it("pass on their verdict and fail on the other", async () => {
    await expect(simulation(0.3)).toBeSupported();
    await expect(simulation(0.8)).toBeRefuted();
    await expect(simulation(0.3)).not.toBeRefuted();
    await expect(expect(simulation(0.3)).not.toBeSupported()).rejects.toThrow(/^supported, expected not supported/);
  });

  it("say what was found, claimed and needed, what would help, and on which streams", async () => {
    const failure = (more: Simulation) =>
      expect(more)
        .toBeSupported()
        .then(
          () => "",
          (error: Error) => error.message,
        );
    expect(await failure(simulation(0.8))).toMatch(
      /^refuted, expected supported\n {2}mean 0\.\d+ \[0\.\d+, [\d.]+\] at 95% over \d+ draws; claimed: mean <= 0.5 \(slack 0.1\)\n {2}log10 e: against [6-9][\d.]* of 6 needed, for -[\d.]+ of 6 needed\n {2}remedy: more draws will not change it; mend what is simulated, or claim something else\n {2}streams of "coin", seed 0$/,
    );
    const short = await failure(simulation(0.5, { maxDraws: 300 }));
    expect(short).toMatch(/^undecided, expected supported/);
    const [, draws, slack] = /remedy: about (\d+) draws \("supported".*\), or a slack of (0\.\d+) for/.exec(short)!;
    // The remedies work.
    await expect(simulation(0.5, { maxDraws: 2 * Number(draws) })).toBeSupported();
    const wider = { form: "atMost", bound: 0.5, slack: Number(slack) } as const;
    await expect(simulation(0.5, { claim: wider, maxDraws: 600 })).toBeSupported();
    const narrow = (stream: Stream) => 0.5 + 0.04 * stream.uniform();
    const tight = { form: "atMost", bound: 0.52, slack: 0.01 } as const;
    expect(await failure(simulation(0, { draw: narrow, claim: tight, maxDraws: 100 }))).toMatch(
      /narrower range: the draws lie in \[0\.5\d*, 0\.5\d*\]/,
    );
    // A third of the range is not said to be narrow.
    const third = (stream: Stream) => (stream.uniform() < 0.5 ? 1 : 2);
    const wide = { range: [0, 3] as const, claim: { form: "atMost", bound: 1.5, slack: 0.01 } as const, maxDraws: 100 };
    expect(await failure(simulation(0, { draw: third, ...wide }))).not.toMatch(/narrower/);
    const ends = (stream: Stream) => Math.floor(3 * stream.uniform()) / 2;
    const { report, shareAtEnds } = await judgeSimulation({
      ...simulation(0, { draw: ends, maxDraws: 50 }),
      name: "e",
    });
    const [, lower, upper] = /([\d.]+)% of the draws lie on the lower end .*, ([\d.]+)% on the upper/.exec(
      report.join("\n"),
    )!;
    expect(Number(lower) / 100).toBeCloseTo(shareAtEnds.lower, 3);
    expect(Number(upper) / 100).toBeCloseTo(shareAtEnds.upper, 3);
    const clamped = (stream: Stream) => Math.min(1, 0.8 + 0.4 * stream.uniform());
    expect(await failure(simulation(0, { draw: clamped }))).toMatch(
      /0% of the draws lie on the lower end .*, \d\d[\d.]*% on/,
    );
  });

  it("name remedies in the draws' own units", async () => {
    const remedy = async (lo: number, width: number) => {
      const report = await judgeSimulation({
        name: "units",
        draw: (stream) => lo + width * (stream.uniform() < 0.5 ? 0.375 : 0.625),
        range: [lo, lo + width],
        claim: { form: "atMost", bound: lo + width / 2, slack: width / 64 },
        maxDraws: 200,
      }).then(({ report }) => report.find((line) => line.startsWith("remedy"))!);
      const [, draws, slack, least, most] =
        /about (\d+) draws .*slack of ([\d.]+) for .*\[(-?[\d.]+), (-?[\d.]+)\]/.exec(report)!;
      return { draws, slack: Number(slack) / width, least: Number(least) - lo, most: Number(most) - lo };
    };
    const unit = await remedy(0, 1);
    expect(unit).toMatchObject({ least: 0.375, most: 0.625 });
    // Powers of two keep the draws exact; the slack is shown to four digits.
    for (const [lo, width] of [
      [4, 8],
      [-64, 2],
    ] as const) {
      const other = await remedy(lo, width);
      expect(other).toMatchObject({ draws: unit.draws, least: 0.375 * width, most: 0.625 * width });
      expect(Math.abs(other.slack / unit.slack - 1)).toBeLessThan(1e-3);
    }
  });

  it("fail on an undecided simulation, negated or not", async () => {
    const short = simulation(0.55, { maxDraws: 5 });
    await expect(expect(short).toBeSupported()).rejects.toThrow(/^undecided, expected supported/);
    await expect(expect(short).not.toBeSupported()).rejects.toThrow(/^undecided, expected not supported/);
  });

  it("give two simulations without names streams of their own, the same in every run", async () => {
    const seen: number[][] = [];
    const recording = () => {
      const values: number[] = [];
      seen.push(values);
      const draw = (stream: Stream) => {
        values.push(stream.uniform());
        return 0;
      };
      return { draw, range: [0, 1], claim };
    };
    await expect(recording()).toBeSupported();
    await expect(recording()).toBeSupported();
    expect(seen[0]![0]).not.toBe(seen[1]![0]);
    await expect(expect({ draw: () => 1, range: [0, 1], claim }).toBeSupported()).rejects.toThrow(
      /streams of "the matchers > give two simulations without names .* #\d+", seed 0/,
    );
  });

  it("do not compile on what is misspelt or no simulation (checked by tsc)", () => {
    const draw = coin(0.3);
    // Never run: only their types matter.
    const calls = [
      () => expect({ draw, range: [0, 1], claim }).toBeSupported(),
      () => expect({ draw, deviation: 1, claim }).toBeRefuted(),
      () => expect(sameLaw({ a: draw, b: draw, within: 0.1 })).toBeSupported(),
      // @ts-expect-error maxdraws is no key
      () => expect({ draw, range: [0, 1], claim, maxdraws: 10 }).toBeSupported(),
      // @ts-expect-error falsealarm is no key
      () => expect({ draw, range: [0, 1], claim, falsealarm: 0.1 }).toBeRefuted(),
      // @ts-expect-error slak is no key of a claim
      () => expect({ draw, range: [0, 1], claim: { form: "atMost", bound: 0.5, slak: 0.1 } }).toBeSupported(),
      // @ts-expect-error a number is no simulation
      () => expect(3).toBeSupported(),
      // @ts-expect-error no claim
      () => expect({ draw, range: [0, 1] }).toBeSupported(),
      // @ts-expect-error the form is misspelt
      () => typed({ draw, range: [0, 1], claim: { form: "atmost", bound: 0.5, slack: 0.1 } }),
      // @ts-expect-error a range and a deviation
      () => typed({ draw, range: [0, 1], deviation: 1, claim }),
    ];
    expect(calls).toHaveLength(10);
  });
});
