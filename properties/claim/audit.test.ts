import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assume } from "../../src/claim/assumption.js";
import {
  auditAssumptions,
  auditConclusion,
  auditDrops,
  auditSweep,
  conclusionOf,
  onsetOf,
  sweepOf,
} from "../../src/claim/audit.js";
import { drawHere } from "../../src/claim/drawing.js";
import type { Judging } from "../../src/claim/judging.js";
import { type Theorem, theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import { audit } from "../../src/report/audit-table.js";
import { coin } from "./toy-theorems.js";

type C = { readonly B: number; readonly noise: number; readonly colour: number };

/**
 * Draws 1 with probability 1/B plus noise: "at most 0.2 on average" holds from B = 8 on, needs no noise, and does not
 * care for colour.
 */
const toy: Theorem = theorem({
  ...(coin as unknown as Pick<Theorem, "title" | "source" | "statement">),
  id: "toy",
  regime: fc.record({ B: fc.integer({ min: 2, max: 64 }), noise: fc.constant(0), colour: fc.constant(0) }),
  examples: { usual: { B: 64, noise: 0, colour: 0 } },
  assumptions: [
    assume<C>("B >= c", {
      why: "tasks enough",
      constants: { c: { value: 32, from: "calibrated: generously" } },
      drop: (c) => ({ ...c, B: 2 }),
    }),
    assume<C>("noise == 0", { why: "no noise", drop: (c) => ({ ...c, noise: 0.23, B: 1000 }) }),
    assume<C>("colour == 0", { why: "it is red", drop: (c) => ({ ...c, colour: 1, B: 16 }) }),
  ],
  world: { value: undefined as number | undefined },
  rivals: { "always 1": { says: "1 whatever B", world: { value: 1 } } },
  simulate: (c: C, stream: Stream, world: { value: number | undefined }) =>
    world.value ?? (stream.uniform() < 1 / c.B + c.noise ? 1 : 0),
  claims: [
    {
      id: "rarely-one",
      says: "rarely 1",
      form: "mean",
      range: [0, 1],
      measure: (one) => one,
      atMost: 0.2,
      slack: 0.05,
      rivals: ["always 1"],
    },
    {
      id: "zero",
      says: "0 is 0",
      form: "always",
      tolerance: 0,
      because: "exact",
      measure: (_one, _c, world) => world.value ?? 0,
      rivals: ["always 1"],
    },
  ],
});
const judging: Judging = {
  draw: drawHere([toy]),
  seed: 0,
  falseAlarm: 1e-6,
  falsePass: 1e-6,
  maxDraws: 1500,
  configurations: 1,
};
const usual = { B: 64, noise: 0, colour: 0 };

describe("an audit", () => {
  it("gives each assumption's sides, slack and constants", () => {
    expect(auditAssumptions(toy, { ...usual, B: 16 })[0]).toMatchObject({
      ...{ expression: "B >= c", left: 16, right: 32, slack: 0.5, holds: false, why: "tasks enough" },
      constants: { c: { value: 32, from: "calibrated: generously" } },
    });
  });

  it("says of each assumption whether it carries weight, and what its drop breaks besides", async () => {
    const [tasks, noise, colour] = await auditDrops(toy, usual, conclusionOf(toy), judging);
    expect(tasks).toMatchObject({ answer: "carries weight here", alsoBroken: [] });
    expect(noise).toMatchObject({ answer: "undecided", alsoBroken: [] });
    expect(colour).toMatchObject({ answer: "not needed here", alsoBroken: ["B >= c"] });
  });

  it("finds where along a sweep a claim starts to hold", async () => {
    const sweep = sweepOf(toy, "B=2..256", 8);
    expect(sweep).toEqual({ name: "B", values: [2, 4, 8, 16, 32, 64, 128, 256] });
    const rows = await auditSweep(toy, usual, sweep, ["rarely-one", "zero"], judging);
    expect(rows.map(({ judgements }) => judgements[0]!.verdict)).toEqual([
      "refuted",
      // 1/4 is the bound and its slack: exactly where nothing is promised.
      "undecided",
      ...Array(6).fill("supported"),
    ]);
    expect(onsetOf(rows, 0)).toMatchObject({ after: { value: 4 }, from: { value: 8 } });
    expect(onsetOf(rows, 1).after).toBeUndefined();
    expect(onsetOf(rows.slice(0, 2), 0).from).toBeUndefined();
  });

  it("asks the same draws for the same question", async () => {
    const [one, two] = await Promise.all([1, 2].map(() => auditConclusion(toy, usual, ["rarely-one"], judging)));
    expect({ ...one![0], seconds: 0 }).toEqual({ ...two![0], seconds: 0 });
  });

  it("is told as lines, and as CSV", async () => {
    const dropped = await audit(toy, { configuration: usual, drop: true }, judging);
    const text = dropped.lines.join("\n");
    expect(text).toContain("holds  B >= c  (64 against 32, slack 2) — tasks enough");
    expect(text).toContain("c = 32, calibrated: generously");
    expect(text).toMatch(/supported rarely-one: .* \(≤ 0.2\), \d+ draws/);
    expect(text).toContain("B >= c: carries weight here (B = 2)");
    expect(text).toMatch(/carries weight here \(B = 2\)\n {6}refuted {3}rarely-one/);
    expect(text).toContain("this also breaks B >= c");
    const plain = await audit(toy, { configuration: usual, drop: false }, judging);
    expect(plain.lines.join("\n")).not.toContain("dropping");
    const swept = await audit(toy, { configuration: usual, drop: false, sweep: sweepOf(toy, "B=2..256", 8) }, judging);
    const lines = swept.lines.join("\n");
    expect(lines).toContain("it starts to hold between B = 4 and 8");
    expect(lines).toContain("calibrated: B >= c has its edge there for c between 4 and 8");
    expect(lines).toContain("it holds along the whole sweep, from B = 2");
    expect(lines).toContain("fails: B >= c (slack 0.25)");
    const csv = swept.csv!.trim().split("\n");
    expect(csv[0]).toBe(
      "B,claim,verdict,estimate,lower,upper,bound,draws,slack of B >= c,slack of noise == 0,slack of colour == 0",
    );
    expect(csv).toHaveLength(17);
    expect(csv[2]).toBe("2,zero,supported,0,,,0,3,0.0625,1,1");
    const short = await audit(
      toy,
      { configuration: usual, drop: false, claim: "rarely-one", sweep: sweepOf(toy, "B=2..4", 2) },
      judging,
    );
    expect(short.lines.join("\n")).toContain("it holds nowhere along the sweep");
    const sweep = sweepOf(toy, "noise=0.01..0.5", 3);
    const ending = await audit(toy, { configuration: usual, drop: false, claim: "rarely-one", sweep }, judging);
    expect(ending.lines.join("\n")).toContain("it is last supported at noise = 0.07071, and no more at 0.5");
  });

  it("says so where a claim does not speak of the place, and does not count it", async () => {
    const speaking = (where: (at: { B: number }) => boolean): Theorem => ({
      ...toy,
      claims: toy.claims.map((claim) => (claim.id === "zero" ? { ...claim, where: where as never } : claim)),
    });
    const draw = drawHere([speaking(() => false)]);
    const silent = { ...judging, draw };
    const { lines } = await audit(
      speaking(() => false),
      { configuration: usual, drop: true },
      silent,
    );
    expect(lines).toContain("    vacuous   zero: it does not speak of this configuration");
    expect(lines.join("\n")).toContain("B >= c: carries weight here");
    const large = speaking(({ B }) => B > 4);
    const sweep = sweepOf(large, "B=2..8", 3);
    const swept = await audit(large, { configuration: usual, drop: false, claim: "zero", sweep }, silent);
    expect(swept.lines.join("\n")).toMatch(/B = 2 +vacuous +it does not speak of this configuration +fails: B >= c/);
    expect(swept.csv!.split("\n")[1]).toBe("2,zero,vacuous,,,,,0,0.0625,1,1");
    const [dropped] = await auditDrops(
      speaking(() => false),
      usual,
      ["zero"],
      silent,
    );
    expect(dropped!.answer).toBe("undecided");
  });

  it.each([
    [() => sweepOf(toy, "B", 4), /written name=from..to, such as B=4..1024, got "B"/],
    [() => sweepOf(toy, "Q=1..2", 4), /toy has no parameter "Q"; it has B, noise, colour/],
    [() => sweepOf(toy, "B=4..2", 4), /numbers 0 < from < to, got 4..2/],
    [() => sweepOf(toy, "B=0..2", 4), /0 < from < to/],
    [() => sweepOf(toy, "B=4..4", 4), /0 < from < to, got 4..4/],
    [() => sweepOf(toy, "B=x..2", 4), /0 < from < to/],
    [() => conclusionOf(toy, "nonsense"), /toy does not conclude "nonsense"; it concludes rarely-one, zero/],
  ])("is refused with one clear line (%#)", (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });

  it("keeps fractions where an end of the sweep is one, and leaves false statements out of the conclusion", () => {
    expect(sweepOf(toy, "noise=0.5..2", 3)).toEqual({ name: "noise", values: [0.5, 1, 2] });
    expect(conclusionOf(coin as Theorem)).not.toContain("small-coins-only");
  });
});
