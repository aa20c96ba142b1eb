import { describe, expect, it } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import { judgeItem, meets, suiteItems } from "../../src/claim/suite.js";
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

  it("takes a verdict for what it expects, any where either will do", () => {
    const verdicts = ["supported", "refuted", "undecided", "vacuous"] as const;
    const met = (expected: Parameters<typeof meets>[0]) => verdicts.filter((verdict) => meets(expected, verdict));
    expect(met("either")).toEqual(verdicts);
    expect(met("not supported")).toEqual(["refuted", "undecided", "vacuous"]);
    expect(met("refuted")).toEqual(["refuted"]);
    expect(met("supported")).toEqual(["supported"]);
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
