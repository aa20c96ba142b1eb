import { describe, expect, it } from "vitest";
import { auditConclusion, auditDrops, auditSweep } from "../../src/claim/audit.js";
import { drawHere } from "../../src/claim/drawing.js";
import { mapClaim } from "../../src/claim/map.js";
import { judgeWherever } from "../../src/claim/one-place.js";
import type { Theorem } from "../../src/claim/theorem.js";
import { audit } from "../../src/report/audit-table.js";
import { judging as stated } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

/** A coin that cannot be tossed below size 1, and of whose bias nothing is known above 40. */
const fragile: Theorem = {
  ...coin,
  simulate: (at, stream, world) => {
    if (at.size! < 1) throw new RangeError("a coin has a size");
    return coin.simulate(at as never, stream, world as never);
  },
  claims: coin.claims.map((claim) =>
    claim.id !== "its-bias" || claim.form === "always"
      ? claim
      : {
          ...claim,
          measure: (toss, at, world) => {
            if (at.size! > 40) throw new RangeError("too heavy to toss");
            return claim.measure(toss, at, world);
          },
        },
  ),
};
const judging = { ...stated, draw: drawHere([fragile]) };
const claims = ["its-bias", "always-a-side"];
const at = (size: number) => ({ configuration: { size, bias: 0.3 }, purpose: "audit" });

describe("a place that a simulation refuses", () => {
  it("is refused where it was asked for by itself", async () => {
    await expect(auditConclusion(fragile, at(50).configuration, claims, judging)).rejects.toThrow(
      /^coin\/its-bias \(as stated\) at size = 50, bias = 0.3, draw 0: too heavy to toss$/,
    );
  });

  it("is vacuous, with the reason, where it is one of many; claims that can be measured there are judged", async () => {
    const [bias, side] = await judgeWherever(fragile, claims, at(50), judging);
    expect(bias).toMatchObject({ verdict: "vacuous", refusal: "too heavy to toss", cases: [], draws: 0 });
    const [alone] = await auditConclusion(fragile, at(50).configuration, ["always-a-side"], judging);
    expect({ ...side, seconds: 0 }).toEqual({ ...alone, seconds: 0 });
    const none = await judgeWherever(fragile, claims, at(0), judging);
    expect(none.map(({ claim, refusal }) => [claim, refusal])).toEqual(claims.map((id) => [id, "a coin has a size"]));
    const here = await judgeWherever(fragile, claims, at(5), judging);
    expect(here.map(({ verdict, refusal }) => [verdict, refusal])).toEqual(claims.map(() => ["supported", undefined]));
  });

  it("fails the run all the same where the code is at fault", async () => {
    const broken: Theorem = {
      ...coin,
      simulate: () => {
        throw new TypeError("not a function");
      },
    };
    const how = { ...judging, draw: drawHere([broken]) };
    await expect(judgeWherever(broken, claims, at(5), how)).rejects.toThrow(/draw 0: not a function$/);
  });

  it("answers a drop with nothing to judge, unless another claim is refuted there", async () => {
    const question = { configuration: at(5).configuration, drop: true };
    const drop = (size: number): Theorem => ({
      ...fragile,
      assumptions: fragile.assumptions.map((assumption) => ({ ...assumption, drop: (c) => ({ ...c, size }) })),
    });
    expect((await auditDrops(drop(50), question.configuration, claims, judging))[0]!.answer).toBe(
      "nothing to judge here",
    );
    const heads = { ...fragile.claims.find(({ id }) => id === "always-a-side")!, tolerance: -1 };
    const refuting = { ...drop(50), claims: fragile.claims.map((claim) => (claim.id === heads.id ? heads : claim)) };
    const how = { ...judging, draw: drawHere([refuting as Theorem]) };
    const [dropped] = await auditDrops(refuting as Theorem, question.configuration, claims, how);
    expect(dropped!.answer).toBe("carries weight here");
    const { lines } = await audit(drop(0), { ...question, claim: "its-bias" }, judging);
    expect(lines).toContain("    size >= c * 1: nothing to judge here (size = 0)");
    expect(lines).toContain("      vacuous   its-bias: nothing to measure: a coin has a size");
  });

  it("is a row of a sweep and a cell of a map without a number", async () => {
    const sweep = { name: "size", values: [20, 50] };
    const rows = await auditSweep(fragile, at(20).configuration, sweep, ["its-bias"], judging);
    expect(rows.map(({ judgements }) => judgements[0]!.verdict)).toEqual(["supported", "vacuous"]);
    const axes = { x: sweep, y: { name: "bias", values: [0.2, 0.3] } };
    const cells = await mapClaim(fragile, { claim: "its-bias", ...at(20), ...axes }, judging);
    expect(cells.map(({ column, verdict }) => [column, verdict])).toEqual([
      [0, "supported"],
      [1, "vacuous"],
      [0, "supported"],
      [1, "vacuous"],
    ]);
    expect(cells[1]!.estimate).toBeNaN();
  });
});
