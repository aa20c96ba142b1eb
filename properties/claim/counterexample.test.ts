import { describe, expect, it } from "vitest";
import { assume } from "../../src/claim/assumption.js";
import { findCounterexample, replayed, replayOf, tokenOf } from "../../src/claim/counterexample.js";
import { drawHere } from "../../src/claim/drawing.js";
import { judgeItem } from "../../src/claim/suite.js";
import { statedWorld, type Theorem } from "../../src/claim/theorem.js";
import { failureText } from "../../src/claim/wording.js";
import { judgeOne, judging, on, unexpected, withClaim } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

const outside = { size: 500, bias: 0.5 };
const excess = (_: unknown, { size }: { size: number }) => (size > 100 ? 11 : 9);

describe("a counterexample", () => {
  it("is the smallest configuration that refutes, confirmed on fresh draws, and its token replays it to the bit", async () => {
    // Undeclared, the false claim is a refutation nobody expected.
    const undeclared = withClaim("small-coins-only", { expect: undefined });
    const options = { draw: drawHere([undeclared]), configurations: 6 };
    const item = { theorem: undeclared, world: statedWorld, claims: ["small-coins-only"] };
    const result = (await judgeItem(item, [undeclared], options))[0]!;
    expect(result.asExpected).toBe(false);
    expect(result.counterexample!.configuration.size).toBe(31);
    expect(result.counterexample!.confirmation.verdict).toBe("refuted");
    const text = failureText(undeclared, result);
    expect(text).toMatch(
      /^coin\/small-coins-only refuted, expected supported: 1 \[.*\] over \d+ draws against ≤ 0.3, log10 e = .*; size = 31/,
    );
    expect(text).toContain(`replay: icl-claims replay "${result.counterexample!.token}"`);
    const again = await replayed(undeclared, replayOf(result.counterexample!.token), options.draw);
    expect({ ...again, seconds: 0 }).toEqual({ ...result.counterexample!.confirmation, seconds: 0 });
  });

  it("of a certificate is confirmed too, and nothing is looked for without a refutation", async () => {
    const impossible = withClaim("always-a-side", { tolerance: -1 });
    const here = { ...judging, draw: drawHere([impossible]) };
    const found = await findCounterexample(impossible, await judgeOne(impossible, "always-a-side", here), here);
    expect(found!.configuration.size).toBe(1);
    const control = await judgeOne(coin, "always-a-side", judging, "large coins stand on their edge");
    expect(failureText(coin, unexpected(control))).toMatch(/worst 0.5 over 3 draws against ≤ 0;/);
    const supported = await judgeOne(coin, "always-a-side");
    expect(await findCounterexample(coin, supported, judging)).toBeUndefined();
  });

  it("of a certificate starts where it is refuted, though the cases that are not could be shrunk", async () => {
    // The excess is 1 over the bound at the example of size 500, outside the regime's own ranges, and 1 under elsewhere.
    const large = { ...withClaim("always-a-side", { tolerance: 10, measure: excess }), examples: { large: outside } };
    const here = on(large);
    const found = await findCounterexample(large, await judgeOne(large, "always-a-side", here), here);
    expect(found!.configuration).toEqual(outside);
    expect(found!.confirmation.verdict).toBe("refuted");
  });

  it("is looked for among configurations that meet the assumptions", async () => {
    const assumptions = [assume("size >= 20", { why: "large", drop: (at) => at })];
    // False below 20 as well, of which nothing is claimed.
    const measure = (_: unknown, { size }: { size: number }) => (size > 30 || size < 20 ? 1 : 0);
    const large = { ...withClaim("small-coins-only", { expect: undefined, measure }), assumptions } as Theorem;
    const here = on(large);
    const found = await findCounterexample(large, await judgeOne(large, "small-coins-only", here), here);
    expect(found!.configuration.size).toBe(31);
  });

  it("that fresh draws do not confirm is said to be unconfirmed", async () => {
    const judgement = await judgeOne(coin, "small-coins-only");
    const confirmation = { ...(await judgeOne(coin, "at-most-half")) };
    const text = failureText(coin, {
      ...unexpected(judgement),
      counterexample: { configuration: {}, confirmation, token: "t" },
    });
    expect(text).toContain("on fresh seeds this configuration alone is supported");
  });

  it("has a token that is refused when it is none", () => {
    const whole = {
      theorem: "coin",
      claim: "its-bias",
      world: statedWorld,
      seed: 1,
      maxDraws: 9,
      falseAlarm: 0.1,
      falsePass: 0.1,
    } as const;
    const replay = { ...whole, configuration: { size: 1, bias: 0.5 } };
    expect(replayOf(tokenOf(replay))).toEqual(replay);
    expect(replayOf(tokenOf({ ...replay, falseAlarm: 1e-100, maxDraws: 1 }))).toMatchObject({ maxDraws: 1 });
    const spoilt = [
      [{ ...replay, seed: "1" }, /the token's seed must be an integer, got "1"/],
      [{ ...replay, world: 7 }, /the token's world must be a world's name, got 7/],
      [{ ...replay, configuration: { size: null } }, /configuration must be numbers by name, got {"size":null}/],
      [{ ...replay, configuration: undefined }, /configuration must be numbers by name, got nothing/],
      [{ ...replay, configuration: [1] }, /configuration must be numbers by name, got \[1\]/],
      [{ ...replay, claim: 3 }, /the token's claim must be a claim's id, got 3/],
      [{ ...replay, maxDraws: -1 }, /the token's maxDraws must be an integer at least 1, got -1/],
      [{ ...replay, falsePass: 1 }, /the token's falsePass must be a rate from 1e-100 to below 1, got 1/],
      [{ ...replay, seed: 0.5 }, /the token's seed must be an integer, got 0.5/],
      [{ ...replay, maxDraws: 0 }, /the token's maxDraws must be an integer at least 1, got 0/],
      [{ ...replay, maxDraws: 1.5 }, /the token's maxDraws must be an integer at least 1, got 1.5/],
      [{ ...replay, falseAlarm: 1 }, /the token's falseAlarm must be a rate from 1e-100 to below 1, got 1/],
      [{ ...replay, falsePass: 0 }, /the token's falsePass must be a rate from 1e-100 to below 1, got 0/],
      [{ ...replay, falsePass: 1e-101 }, /the token's falsePass must be a rate from 1e-100 to below 1, got 1e-101/],
      [7, /is not a replay token/],
      [null, /is not a replay token/],
    ] as const;
    for (const [value, message] of spoilt) expect(() => replayOf(tokenOf(value as never))).toThrow(message);
    expect(() => replayOf("@@@")).toThrow(RangeError);
  });
});
