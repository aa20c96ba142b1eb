import { expect, it } from "vitest";
import { evidenceOf, mergeEvidence } from "../../src/claim/claim-evidence.js";
import { drawHere } from "../../src/claim/drawing.js";
import { judge } from "../../src/claim/judging.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { coin, theorems } from "./toy-theorems.js";

const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
/** Too few draws for a verdict at these rates. */
const weak = { ...rates, draw: drawHere(theorems), maxDraws: 24, configurations: 2 };
const run = async (seed: number, claim = "at-most-half", world = statedWorld) =>
  (await judge(coin, [claim], world, { ...weak, seed }))[0]!;

it("weak evidence of several seeds adds up to a verdict, at each configuration by itself", async () => {
  const runs = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => run(seed)));
  expect(runs.every(({ verdict }) => verdict === "undecided")).toBe(true);
  const records = runs.flatMap((judgement) => evidenceOf(judgement, "abc"));
  expect(records).toHaveLength(12);
  const merged = mergeEvidence(records, rates);
  expect(merged.map(({ evidence }) => evidence.claim)).toEqual([
    'coin/at-most-half at [["bias",0.5],["size",1]]',
    'coin/at-most-half at [["bias",0.25],["size",50]]',
  ]);
  // The coin of bias ¼ is far from the bound; the fair one has earned less.
  expect(merged[1]!.verdict).toBe("supported");
  expect(merged[1]!.evidence.seeds).toEqual([[1, 6]]);
  expect(merged[0]!.evidence.logCapitalFor).toBeLessThan(merged[1]!.evidence.logCapitalFor);
});

it("is refused twice from one seed, or from different code; certificates and rivals leave none", async () => {
  const one = evidenceOf(await run(1), "abc");
  const other = evidenceOf(await run(2), "def");
  expect(() => mergeEvidence([...one, ...one], rates)).toThrow(/overlap/);
  expect(() => mergeEvidence([...one, ...other], rates)).toThrow(/cannot be combined/);
  expect(evidenceOf(await run(1, "always-a-side"), "abc")).toEqual([]);
  expect(evidenceOf(await run(1, "at-most-half", "no heads"), "abc")).toEqual([]);
});
