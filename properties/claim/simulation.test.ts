import { describe, expect, it } from "vitest";
import { judgeSimulation, type Simulation } from "../../src/claim/simulation.js";
import type { Stream } from "../../src/random/stream.js";
import { matchers } from "../../src/vitest.js";

expect.extend(matchers);

const coin = (bias: number) => (stream: Stream) => (stream.uniform() < bias ? 1 : 0);
const claim = { form: "atMost", bound: 0.5, slack: 0.1 } as const;
const simulation = (bias: number, more: Partial<Simulation> = {}): Simulation => {
  return { draw: coin(bias), range: [0, 1], claim, ...more };
};

describe("a simulation", () => {
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

  it("takes fewer draws at looser rates, the same under one name, and others under another", async () => {
    const strict = await judgeSimulation(simulation(0.3));
    const loose = await judgeSimulation(simulation(0.3, { falseAlarm: 0.01, falsePass: 0.01 }));
    expect(loose.draws).toBeLessThan(strict.draws);
    expect(await judgeSimulation(simulation(0.3))).toEqual(strict);
    expect((await judgeSimulation(simulation(0.3, { name: "other" }))).estimate).not.toBe(strict.estimate);
  });

  it("may be asynchronous, and refuses draws outside its range", async () => {
    const draw = async (stream: Stream) => coin(0.2)(stream);
    expect((await judgeSimulation(simulation(0, { draw }))).verdict).toBe("supported");
    await expect(judgeSimulation(simulation(0, { draw: () => 2 }))).rejects.toThrow(
      /outside the declared range \[0, 1\]/,
    );
  });
});

describe("the matchers", () => {
  it("pass on their verdict and fail on the other, saying what was found", async () => {
    await expect(simulation(0.3)).toBeSupported();
    await expect(simulation(0.8)).toBeRefuted();
    await expect(simulation(0.3)).not.toBeRefuted();
    await expect(expect(simulation(0.8)).toBeSupported()).rejects.toThrow(
      /"mean <= 0.5 \(slack 0.1\)" is refuted, expected supported: mean 0\.\d+ \[0\.\d+, .*\] over \d+ draws/,
    );
    await expect(expect(simulation(0.3)).not.toBeSupported()).rejects.toThrow(/is supported, expected not supported/);
  });

  it("fail on an undecided simulation, negated or not", async () => {
    const short = simulation(0.55, { maxDraws: 5 });
    await expect(expect(short).toBeSupported()).rejects.toThrow(/is undecided, expected supported/);
    await expect(expect(short).not.toBeSupported()).rejects.toThrow(/is undecided, expected not supported/);
  });
});
