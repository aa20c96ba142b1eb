import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { computeDraws, drawHere, findClaim } from "../../src/claim/drawing.js";
import { type Judgement, type Judging, judge } from "../../src/claim/judging.js";
import { lazily } from "../../src/claim/lazily.js";
import { drawingPool } from "../../src/claim/pool.js";
import { expectation } from "../../src/claim/suite.js";
import { coinFlips, rivalName, statedWorld } from "../../src/claim/theorem.js";
import { estimateOf, failureText } from "../../src/claim/wording.js";
import { judgeOne, judging, on, unexpected, withClaim } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

const halfOnTheUpperEnd = ({ heads }: { heads: number }) => (heads === 1 ? 0.9 : 0.5);

describe("judging a claim", () => {
  it.each([
    ["at-most-half", "supported", "the coin turned round", "refuted"],
    ["at-most-half", "supported", "no heads", "supported"],
    ["at-least-tenth", "supported", "no heads", "refuted"],
    ["its-bias", "supported", "half as often", "refuted"],
    ["always-a-side", "supported", "large coins stand on their edge", "refuted"],
    ["small-coins-only", "refuted", "no heads", "refuted"],
    ["too-few-draws", "undecided", "all heads", "refuted"],
  ])("%s: %s as stated; in the world of %s %s", async (id, verdict, world, there) => {
    expect((await judgeOne(coin, id)).verdict).toBe(verdict);
    expect((await judgeOne(coin, id, judging, world)).verdict).toBe(there);
  });

  it("of all claims from one set of simulations comes to what each alone comes to", async () => {
    const ids = coin.claims.map(({ id }) => id);
    const together = await judge(coin, ids, statedWorld, judging);
    const alone = await Promise.all(ids.map((id) => judgeOne(coin, id)));
    const untimed = (judgements: readonly Judgement[]) => judgements.map((one) => ({ ...one, seconds: 0 }));
    expect(untimed(together)).toEqual(untimed(alone));
  });

  it("refutes at once what many configurations each speak against a little", async () => {
    const low = withClaim("its-bias", { equals: (at: { bias: number }) => at.bias + 0.2, within: 0.05 });
    const many = await judgeOne(low, "its-bias", { ...on(low), configurations: 8 });
    expect(many.verdict).toBe("refuted");
    expect(many.cases.some(({ verdict }) => verdict === "undecided")).toBe(true);
  });

  it("says how strong the evidence is that decided: at least what the rates ask, whichever way", async () => {
    const [supported] = await judge(coin, ["at-most-half"], statedWorld, judging);
    const [refuted] = await judge(coin, ["at-most-half"], "the coin turned round", judging);
    const poorest = Math.min(...supported!.cases.map(({ logCapitalFor }) => logCapitalFor!));
    expect(supported!.log10Evidence).toBe(poorest / Math.LN10);
    expect(supported!.log10Evidence).toBeGreaterThan(6);
    expect(refuted!.log10Evidence).toBeGreaterThan(6);
    expect((await judgeOne(coin, "always-a-side")).log10Evidence).toBeUndefined();
    // One draw may be a counterexample.
    const once = withClaim("always-a-side", { tolerance: -1, seeds: 1 });
    const { verdict, cases } = await judgeOne(once, "always-a-side", on(once));
    expect([verdict, cases[0]!.draws]).toEqual(["refuted", 1]);
  });

  it("speaks of the configurations that a claim speaks of", async () => {
    const large = withClaim("its-bias", { where: ({ size }: { size: number }) => size === 50 });
    const judgement = await judgeOne(large, "its-bias", on(large));
    expect(judgement.cases.map(({ name }) => name)).toEqual(["large"]);
    const none = withClaim("its-bias", { where: () => false });
    expect((await judgeOne(none, "its-bias", on(none))).verdict).toBe("vacuous");
  });

  it("clips where a claim says so, counts it, and never supports what the clip flatters", async () => {
    const clipped = (clip: string) => withClaim("at-most-half", { clip, measure: () => 3 });
    const above = clipped("above");
    const judgement = await judgeOne(above, "at-most-half", on(above));
    expect(judgement.verdict).toBe("refuted");
    expect(judgement.cases[0]!.onEnds).toBe(1);
    const low = withClaim("at-most-half", { range: [0.05, 1], clip: "below" });
    expect((await judgeOne(low, "at-most-half", on(low))).verdict).toBe("supported");
    const flattered = withClaim("at-least-tenth", { range: [0.02, 1], clip: "below" });
    const result = await judgeOne(flattered, "at-least-tenth", on(flattered));
    expect(result.verdict).toBe("undecided");
    const text = failureText(flattered, { judgement: result, expected: "supported", asExpected: false });
    const [, share] = / {2}([\d.]+)% of the draws lie on an end of the range: widen it/.exec(text)!;
    expect(Number(share) / 100).toBeCloseTo(Math.max(...result.cases.map(({ onEnds }) => onEnds)), 3);
    const first = { ...result, cases: result.cases.slice(0, 1) };
    expect(failureText(flattered, unexpected(first))).toMatch(/% of the draws lie on an end of the range: widen it/);
    // The end that the clip does not flatter counts for nothing: a draw in two on it is no harm.
    const lucky = withClaim("at-least-tenth", { range: [0, 0.9], clip: "below", measure: halfOnTheUpperEnd });
    expect((await judgeOne(lucky, "at-least-tenth", on(lucky))).verdict).toBe("supported");
    const unlucky = { range: [0.04, 1], clip: "below", measure: ({ heads }: { heads: number }) => 0.8 * heads };
    const twin = withClaim("at-least-tenth", unlucky);
    expect((await judgeOne(twin, "at-least-tenth", on(twin))).verdict).toBe("undecided");
    const below = clipped("below");
    await expect(judgeOne(below, "at-most-half", on(below))).rejects.toThrow(/draw 0 is 3, outside the declared range/);
  });

  it("supports no claim that a tossed coin between the ends of its range must not meet", async () => {
    const judgements = await judge(coin, ["its-bias", "always-a-side"], coinFlips, judging);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["refuted", "refuted"]);
    const job = { theorem: "coin", claims: ["its-bias", "always-a-side"], world: coinFlips, seed: 3, purpose: "judge" };
    const tossed = computeDraws(coin, { ...job, configuration: { size: 1, bias: 0.5 }, from: 0, to: 400 });
    // Both ends, evenly: 5 of √100 off would be one toss in a million.
    const [heads, failures] = tossed.values.map((ends) => ends.filter((end) => end > 0).length);
    expect(new Set(tossed.values[0])).toEqual(new Set([0, 1]));
    expect(new Set(tossed.values[1])).toEqual(new Set([0, Number.POSITIVE_INFINITY]));
    expect(Math.max(Math.abs(heads! - 200), Math.abs(failures! - 200))).toBeLessThan(50);
  });

  it("judges a rival's place by the claim's own bound", async () => {
    const sized = withClaim("its-bias", { measure: ({ side }: { side: number }) => side, equals: 0.3, within: 0.29 });
    const twin = { ...sized, world: { ...coin.world, edge: 10 } };
    const elsewhere = await judge(twin, ["always-a-side"], "a large coin", on(twin));
    expect(elsewhere[0]!.verdict).toBe("refuted");
    expect(elsewhere[0]!.cases[0]!.configuration).toEqual({ size: 1, bias: 0.5 });
  });

  it("is vacuous where no configuration meets the assumptions, which is not what is expected", async () => {
    const nowhere = {
      ...coin,
      assumptions: [{ ...coin.assumptions[0]!, at: () => ({ left: 0, right: 1, slack: 0, holds: false }) }],
    };
    for (const id of ["at-most-half", "always-a-side"]) {
      const judgement = await judgeOne(nowhere, id);
      expect(judgement).toMatchObject({ verdict: "vacuous", cases: [], draws: 0 });
      const text = failureText(nowhere, unexpected(judgement));
      expect(text).toBe(
        `coin/${id} vacuous, expected supported: no configuration meets the assumptions: ` +
          "fair size >= c * 1 fails, slack 0; large size >= c * 1 fails, slack 0",
      );
    }
  });

  it("leaves a certificate that is NaN undecided, and refutes it by a counterexample beside the NaN", async () => {
    const broken = withClaim("always-a-side", { measure: () => Number.NaN });
    const unknown = await judgeOne(broken, "always-a-side", on(broken));
    expect(unknown.verdict).toBe("undecided");
    expect(estimateOf(unknown.cases[0]!)).toBe("a draw was no number");
    let draws = 0;
    const both = withClaim("always-a-side", { measure: () => (draws++ % 2 === 0 ? Number.NaN : 1) });
    expect((await judgeOne(both, "always-a-side", on(both))).verdict).toBe("refuted");
  });

  it("is not failed by a draw past its verdict, and calls off those not made", async () => {
    const known = await judgeOne(coin, "at-most-half", { ...judging, configurations: 2 });
    const last = Math.max(...known.cases.map(({ draws }) => draws));
    const failingAt = (failing: number) => {
      const signals: AbortSignal[] = [];
      const draw: Judging["draw"] = async (job, signal) => {
        signals.push(signal!);
        const made = computeDraws(coin, job);
        // As a simulation that throws at that index, whatever piece it is in.
        if (job.to <= failing) return made;
        const values = made.values.map((row) => row.slice(0, Math.max(0, failing - job.from)));
        return { ...made, values, failure: { where: `draw ${failing}`, reason: "none", refused: false } };
      };
      const judged = judgeOne(coin, "at-most-half", { ...judging, configurations: 2, draw });
      return { judged, signals };
    };
    const past = failingAt(last);
    expect({ ...(await past.judged), seconds: 0 }).toEqual({ ...known, seconds: 0 });
    expect(past.signals.every(({ aborted }) => aborted)).toBe(true);
    await expect(failingAt(last - 1).judged).rejects.toThrow(`draw ${last - 1}`);
  });

  it("gives the same bits in this thread, with one worker and with two", async () => {
    const registry = new URL("./toy-theorems.ts", import.meta.url).href;
    const untimed = async (draw: Judging["draw"]) => {
      const judgements = await Promise.all(coin.claims.map(({ id }) => judgeOne(coin, id, { ...judging, draw })));
      return judgements.map((judgement) => ({ ...judgement, seconds: 0 }));
    };
    const here = await untimed(judging.draw);
    for (const workers of [1, 2]) {
      const pool = drawingPool(registry, workers);
      expect(await untimed(pool.draw)).toEqual(here);
      const elsewhere = {
        theorem: "dice",
        claims: [],
        world: statedWorld,
        seed: 0,
        purpose: "",
        configuration: {},
        from: 0,
        to: 1,
      } as const;
      await expect(pool.draw(elsewhere)).rejects.toThrow(/no theorem "dice"/);
      await pool.close();
    }
    expect(() => drawingPool(registry, 0)).toThrow(/workers must be an integer from 1 to 256, got 0/);
  });

  it("moves with the seed, and comes to the same verdict", async () => {
    const [one, two] = await Promise.all([1, 2].map((seed) => judgeOne(coin, "its-bias", { ...judging, seed })));
    expect(one!.verdict).toBe("supported");
    expect(two!.verdict).toBe("supported");
    expect(one!.cases.map(({ estimate }) => estimate)).not.toEqual(two!.cases.map(({ estimate }) => estimate));
  });

  it("knows its claims by name", async () => {
    await expect(judgeOne(coin, "nonsense")).rejects.toThrow(/coin has no claim "nonsense"; it has at-most-half, /);
    await expect(drawHere([])({ theorem: "coin" } as never)).rejects.toThrow(/no theorem "coin"/);
    const [half, small] = ["at-most-half", "small-coins-only"].map((id) => findClaim(coin, id));
    expect(expectation(small!, statedWorld)).toBe("refuted");
    expect(expectation(half!, "the coin turned round")).toBe("refuted");
    expect(expectation(half!, "no heads")).toBe("either");
    expect(expectation(half!, coinFlips)).toBe("not supported");
  });
});

describe("a simulation", () => {
  it("makes its parts when they are asked for, once", () => {
    let made = 0;
    const parts = lazily({ one: () => ++made, two: () => parts.one + 1 } as {
      one: () => number;
      two: () => number;
    }) as { one: number; two: number };
    expect(made).toBe(0);
    expect([parts.two, parts.one, made]).toEqual([2, 1, 1]);
  });
});

describe("a rival's world", () => {
  it("is drawn from one configuration after another until the claim is refuted, the stated one everywhere", async () => {
    const claim = coin.claims.find(({ form, rivals }) => form !== "always" && rivals.length > 0)!;
    const rival = rivalName(claim.rivals[0]!);
    const places = async (world: string) => {
      const seen = new Set<string>();
      const draw: Judging["draw"] = (job) => {
        seen.add(JSON.stringify(job.configuration));
        return judging.draw(job);
      };
      const judgement = await judgeOne(coin, claim.id, { ...judging, draw }, world);
      expect(judgement.cases).toHaveLength(seen.size);
      return { verdict: judgement.verdict, places: seen.size };
    };
    const asStated = await places(statedWorld);
    const asRival = await places(rival);
    expect(asRival.verdict).toBe("refuted");
    expect(asRival.places).toBeLessThan(asStated.places);
  });
});

// fast-check is seeded by the streams above; this makes sure no global seed is left behind for others.
afterAll(() => expect(fc.readConfigureGlobal()).toEqual({}));
