import { describe, expect, it } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import { judgeItem, suiteItems } from "../../src/claim/suite.js";
import { statedWorld, type Theorem } from "../../src/claim/theorem.js";
import { withClaim } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

describe("a suite", () => {
  const speaking = (where: (at: { size: number }) => boolean) => withClaim("at-most-half", { where });
  const quick = async (theorem: Theorem) => {
    const [item] = suiteItems([theorem], { quick: true });
    return (await judgeItem(item!, [theorem], { draw: drawHere([theorem]), quick: true }))[0]!.judgement;
  };

  it("when quick judges one claim at one place of which it speaks: an example, or else one of the regime", async () => {
    expect((await quick(coin)).cases.map(({ name }) => name)).toEqual(["fair"]);
    expect((await quick(speaking(({ size }) => size > 10))).cases.map(({ name }) => name)).toEqual(["large"]);
    const [elsewhere, ...more] = (await quick({ ...coin, examples: { none: { size: 0, bias: 0.2 } } })).cases;
    expect(more).toEqual([]);
    expect(elsewhere!.name).toBeUndefined();
    expect(elsewhere!.configuration.size).toBeGreaterThan(0);
  });

  it("judges at a scale the claims that speak of one of its named places", () => {
    const heavy = { ...speaking(({ size }) => size > 1000), paper: { heavy: { size: 2000, bias: 0.2 } } };
    const judged = (scale: "quick" | "paper") =>
      suiteItems([heavy], { scale }).find(({ world }) => world === statedWorld)!.claims;
    expect(judged("paper")).toContain("at-most-half");
    expect(judged("quick")).not.toContain("at-most-half");
    expect(judged("quick")).toContain("its-bias");
    expect(suiteItems([coin], { scale: "paper" })).toEqual([]);
  });
});
