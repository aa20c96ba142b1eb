import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { casesOf, configurationText as inWords, keyOf } from "../../src/claim/configurations.js";
import { findCounterexample, replayed, replayOf, tokenOf } from "../../src/claim/counterexample.js";
import { computeDraws, drawHere, findClaim } from "../../src/claim/drawing.js";
import { expectedVerdict, type Judging, judge } from "../../src/claim/judging.js";
import { drawingPool } from "../../src/claim/pool.js";
import { configurationWith } from "../../src/claim/setting.js";
import { judgeItem, ratesOfOne, suiteItems } from "../../src/claim/suite.js";
import { type Theorem, theorem, valueAt } from "../../src/claim/theorem.js";
import { estimateOf, failureText, numberText, targetOf, tellingCase } from "../../src/claim/wording.js";
import { Stream } from "../../src/random/stream.js";
import { coin, theorems } from "./toy-theorems.js";

const judging: Judging = {
  draw: drawHere(theorems),
  seed: 0,
  falseAlarm: 1e-6,
  falsePass: 1e-6,
  maxDraws: 4000,
  configurations: 6,
};

/** The coin with one field changed, as a broken twin. */
const withClaim = (id: string, change: object): Theorem => ({
  ...coin,
  claims: coin.claims.map((claim) => (claim.id === id ? { ...claim, ...change } : claim)) as Theorem["claims"],
});
const on = (changed: Theorem): Judging => ({ ...judging, draw: drawHere([changed]) });

describe("judging a claim", () => {
  it.each([
    ["at-most-half", "supported", "refuted"],
    ["at-least-tenth", "supported", "refuted"],
    ["its-bias", "supported", "refuted"],
    ["always-a-side", "supported", "refuted"],
    ["small-coins-only", "refuted", "supported"],
    ["too-few-draws", "undecided", "refuted"],
  ])("%s: %s, and %s in the control's world", async (id, verdict, control) => {
    expect((await judge(coin, id, "claim", judging)).verdict).toBe(verdict);
    expect((await judge(coin, id, "control", judging)).verdict).toBe(control);
  });

  it("is vacuous where no configuration meets the assumptions, which is not what is expected", async () => {
    const nowhere = {
      ...coin,
      assumptions: [{ ...coin.assumptions[0]!, at: () => ({ left: 0, right: 1, slack: 0, holds: false }) }],
    };
    for (const id of ["at-most-half", "always-a-side"]) {
      const judgement = await judge(nowhere, id, "claim", judging);
      expect(judgement).toMatchObject({ verdict: "vacuous", expected: "supported", cases: [], draws: 0 });
      const text = failureText(nowhere, { judgement, asExpected: false });
      expect(text).toBe(`coin/${id} vacuous, expected supported: no configuration meets the assumptions`);
    }
  });

  it("counts a certificate that is NaN as a counterexample", async () => {
    const broken = withClaim("always-a-side", { draw: () => Number.NaN });
    expect((await judge(broken, "always-a-side", "claim", on(broken))).verdict).toBe("refuted");
  });

  it("says which draw failed when one throws, and refuses draws outside the range", async () => {
    const throwing = withClaim("its-bias", {
      draw: () => {
        throw new RangeError("no coin");
      },
    });
    await expect(judge(throwing, "its-bias", "claim", on(throwing))).rejects.toThrow(
      /coin\/its-bias \(claim\) at \[\["bias",0.5\],\["size",1\]\], draw 0: no coin/,
    );
    const outside = withClaim("its-bias", { draw: () => 1.5 });
    await expect(judge(outside, "its-bias", "claim", on(outside))).rejects.toThrow(
      /^coin\/its-bias \(claim\) at .*: draw 0 is 1.5, outside the declared range \[0, 1\]/,
    );
  });

  it("draws the same numbers whatever the job's cut, and others for another seed, world, claim or purpose", () => {
    const job = {
      theorem: "coin",
      claim: "its-bias",
      world: "claim",
      seed: 3,
      purpose: "judge",
      from: 0,
      to: 40,
    } as const;
    const configuration = { size: 1, bias: 0.5 };
    const whole = computeDraws(coin, { ...job, configuration }).values;
    const cut = [0, 7, 8, 40]
      .slice(1)
      .flatMap((to, i) => [
        ...computeDraws(coin, { ...job, configuration: { bias: 0.5, size: 1 }, from: [0, 7, 8][i]!, to }).values,
      ]);
    expect(cut).toEqual([...whole]);
    for (const change of [
      { seed: 4 },
      { claim: "at-most-half" },
      { purpose: "confirm" },
      { world: "control" },
    ] as const) {
      expect(computeDraws(coin, { ...job, configuration, ...change }).values).not.toEqual(whole);
    }
  });

  it("gives the same bits in this thread, with one worker and with two", async () => {
    const registry = new URL("./toy-theorems.ts", import.meta.url).href;
    const untimed = async (draw: Judging["draw"]) => {
      const judgements = await Promise.all(coin.claims.map(({ id }) => judge(coin, id, "claim", { ...judging, draw })));
      return judgements.map((judgement) => ({ ...judgement, seconds: 0 }));
    };
    const here = await untimed(judging.draw);
    for (const workers of [1, 2]) {
      const pool = drawingPool(registry, workers);
      expect(await untimed(pool.draw)).toEqual(here);
      const elsewhere = {
        theorem: "dice",
        claim: "x",
        world: "claim",
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
    const [one, two] = await Promise.all([1, 2].map((seed) => judge(coin, "its-bias", "claim", { ...judging, seed })));
    expect(one!.verdict).toBe("supported");
    expect(two!.verdict).toBe("supported");
    expect(one!.cases.map(({ estimate }) => estimate)).not.toEqual(two!.cases.map(({ estimate }) => estimate));
  });

  it("knows its claims by name", async () => {
    await expect(judge(coin, "nonsense", "claim", judging)).rejects.toThrow(
      /coin has no claim "nonsense"; it has at-most-half, /,
    );
    await expect(drawHere([])({ theorem: "coin" } as never)).rejects.toThrow(/no theorem "coin"/);
    expect(expectedVerdict(findClaim(coin, "small-coins-only"), "control")).toBe("supported");
  });
});

describe("configurations", () => {
  it("are the examples and distinct draws of the regime, the same for the same stream", () => {
    const cases = casesOf(coin, Stream.root("cases"), 8);
    expect(cases).toHaveLength(8);
    expect(cases.slice(0, 2).map(({ name }) => name)).toEqual(["fair", "large"]);
    expect(new Set(cases.map(({ configuration }) => keyOf(configuration))).size).toBe(8);
    expect(casesOf(coin, Stream.root("cases"), 8)).toEqual(cases);
    expect(casesOf(coin, Stream.root("cases"), 1)).toHaveLength(2);
    expect(inWords({ d: 3, R: 1 / 3 })).toBe("d = 3, R = 0.333333");
  });

  it("can be set by hand, with one clear line where they cannot", () => {
    expect(configurationWith(coin, "size=3, bias=0.4")).toEqual({ size: 3, bias: 0.4 });
    expect(() => configurationWith(coin, "weight=3")).toThrow(/coin has no parameter "weight"; it has size, bias/);
    expect(() => configurationWith(coin, "size=x")).toThrow(/size must be a finite number, got "x"/);
    expect(() => configurationWith(coin, "size")).toThrow(/finite number, got ""/);
    const withDimensions = { ...coin, examples: { one: { d: 3, k: 1 } } };
    expect(() => configurationWith(withDimensions, "k=4")).toThrow(/k must not exceed d, got k = 4, d = 3/);
  });
});

describe("a counterexample", () => {
  it("is the smallest configuration that refutes, confirmed on fresh draws, and its token replays it to the bit", async () => {
    // Undeclared, the false claim is a refutation nobody expected.
    const undeclared = withClaim("small-coins-only", { expect: undefined });
    const [item] = suiteItems([undeclared]).filter(
      ({ claim, world }) => claim === "small-coins-only" && world === "claim",
    );
    const options = { draw: drawHere([undeclared]), configurations: 6 };
    const result = await judgeItem(item!, [undeclared], options);
    expect(result.asExpected).toBe(false);
    expect(result.counterexample!.configuration.size).toBe(31);
    expect(result.counterexample!.confirmation.verdict).toBe("refuted");
    const text = failureText(undeclared, result);
    expect(text).toMatch(
      /^coin\/small-coins-only refuted, expected supported: mean 1 \[.*\] over \d+ draws against ≤ 0.3, log10 e = .*; size = 31/,
    );
    expect(text).toContain(`replay: icl-claims replay "${result.counterexample!.token}"`);
    const again = await replayed(undeclared, replayOf(result.counterexample!.token), options.draw);
    expect({ ...again, seconds: 0 }).toEqual({ ...result.counterexample!.confirmation, seconds: 0 });
  });

  it("of a certificate is confirmed too, and nothing is looked for without a refutation", async () => {
    const control = await judge(coin, "always-a-side", "control", judging);
    const found = await findCounterexample(coin, control, judging);
    expect(found!.configuration.size).toBe(11);
    expect(failureText(coin, { judgement: control, asExpected: false })).toMatch(
      /worst 0.5 over 3 draws against ≤ 0 always/,
    );
    const supported = await judge(coin, "always-a-side", "claim", judging);
    expect(await findCounterexample(coin, supported, judging)).toBeUndefined();
  });

  it("that fresh draws do not confirm is said to be unconfirmed", async () => {
    const judgement = await judge(coin, "small-coins-only", "claim", judging);
    const confirmation = { ...(await judge(coin, "at-most-half", "claim", judging)) };
    const text = failureText(coin, {
      judgement,
      asExpected: false,
      counterexample: { configuration: {}, confirmation, token: "t" },
    });
    expect(text).toContain("on fresh seeds this configuration alone is supported");
  });

  it("has a token that is refused when it is none", () => {
    const whole = {
      theorem: "coin",
      claim: "its-bias",
      world: "claim",
      seed: 1,
      maxDraws: 9,
      falseAlarm: 0.1,
      falsePass: 0.1,
    } as const;
    const replay = { ...whole, configuration: { size: 1, bias: 0.5 } };
    expect(replayOf(tokenOf(replay))).toEqual(replay);
    const spoilt = [
      { ...replay, seed: "1" },
      { ...replay, world: "x" },
      { ...replay, configuration: { size: null } },
      { ...replay, claim: 3 },
      7,
    ];
    for (const value of spoilt) expect(() => replayOf(tokenOf(value as never))).toThrow(/is not a replay token/);
    expect(() => replayOf("@@@")).toThrow(RangeError);
  });
});

describe("a theorem", () => {
  const { claims, ...rest } = coin as Theorem;
  it.each([
    [{ ...rest, claims, id: "Not An Id" }, /theorem Not An Id: its id must be lower-case words/],
    [{ ...rest, claims: [] }, /at least one claim/],
    [{ ...rest, claims, examples: {} }, /at least one named example/],
    [{ ...rest, claims: [claims[0]!, claims[0]!] }, /two claims are called at-most-half/],
    [{ ...rest, claims: [{ ...claims[0]!, id: "A B" }] }, /claim id "A B" must be/],
    [{ ...rest, claims: [{ ...claims[0]!, atLeast: 0 }] }, /at-most-half needs one of atMost and atLeast/],
  ])("is refused with one clear line (%#)", (definition, message) => {
    expect(() => theorem(definition as Theorem)).toThrow(RangeError);
    expect(() => theorem(definition as Theorem)).toThrow(message);
  });

  it("shares the suite's rates over claims and controls, evenly", () => {
    expect(ratesOfOne(theorems, { falseAlarm: 0.12, falsePass: 0.24 })).toEqual({ falseAlarm: 0.01, falsePass: 0.02 });
    expect(valueAt((c: { a: number }) => 2 * c.a, { a: 3 })).toBe(6);
  });
});

describe("words", () => {
  it("show four digits, and infinities and small numbers as they are", () => {
    const shown = [0, 0.123456, 1234567, 1e-5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map(
      numberText,
    );
    expect(shown).toEqual(["0", "0.1235", "1.2e+6", "1.0e-5", "∞", "−∞", "–"]);
  });

  it("name the bound as the claim's form has it", async () => {
    const shown = await Promise.all(
      coin.claims.map(async (claim) => {
        const judgement = await judge(coin, claim.id, "claim", judging);
        const telling = tellingCase(judgement)!;
        expect(estimateOf(telling)).toMatch(claim.form === "always" ? /^worst/ : /^mean .* \[.*\]$/);
        return targetOf(claim, telling);
      }),
    );
    expect(shown.slice(0, 2)).toEqual(["≤ 0.55", "≥ 0.15"]);
    expect(shown[2]).toMatch(/^= 0\.\d+ ± 0\.15$/);
    const varying = withClaim("its-bias", { within: () => 0.15 });
    const telling = tellingCase(await judge(varying, "its-bias", "claim", on(varying)))!;
    expect(targetOf(findClaim(varying, "its-bias"), telling)).toMatch(/± 0\.15$/);
  });
});

// fast-check is seeded by the streams above; this makes sure no global seed is left behind for others.
afterAll(() => expect(fc.readConfigureGlobal()).toEqual({}));
