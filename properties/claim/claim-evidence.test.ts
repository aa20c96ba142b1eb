import { expect, it } from "vitest";
import {
  checkEvidence,
  type EvidenceFile,
  evidenceOf,
  mergedOutcome,
  mergeEvidence,
  withEvidence,
} from "../../src/claim/claim-evidence.js";
import { drawHere } from "../../src/claim/drawing.js";
import { judge } from "../../src/claim/judging.js";
import { statedWorld, type Theorem } from "../../src/claim/theorem.js";
import type { Evidence } from "../../src/stats/evidence.js";
import { coin, theorems } from "./toy-theorems.js";

const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
/** Too few draws for a verdict at these rates. */
const weak = { ...rates, draw: drawHere(theorems), maxDraws: 24, configurations: 2 };
const run = async (seed: number, claim = "at-most-half", world = statedWorld) =>
  (await judge(coin, [claim], world, { ...weak, seed }))[0]!;
const file = (name: string, records: readonly Evidence[]): EvidenceFile => ({
  name,
  text: withEvidence({ name, text: "" }, records),
});
const record = (part: Partial<Evidence>): Evidence => {
  return {
    ...{ claim: "coin/at-most-half", code: "abc", seeds: [[1, 1]], draws: 48, logCapitalAgainst: -1, logCapitalFor: 3 },
    ...part,
  };
};

it("weak evidence of several seeds adds up to a verdict, all configurations together", async () => {
  const runs = await Promise.all(Array.from({ length: 40 }, (_, i) => run(i + 1)));
  expect(runs.every(({ verdict }) => verdict === "undecided")).toBe(true);
  const files = runs.map((judgement, i) => file(`${i}.jsonl`, evidenceOf(judgement, "abc")));
  const merged = mergeEvidence(files, theorems, rates);
  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatchObject({ verdict: "supported", expected: "supported" });
  expect(merged[0]!.evidence).toMatchObject({ claim: "coin/at-most-half", seeds: [[1, 40]] });
  expect(merged[0]!.evidence.draws).toBe(runs.reduce((sum, { draws }) => sum + draws, 0));
  expect(mergedOutcome(merged)).toBe("as expected");
});

it("knows which claims are expected refuted, and what is a surprise", () => {
  const believed: Theorem = {
    ...coin,
    claims: coin.claims.map((claim) => ({ ...claim, expect: { verdict: "refuted", because: "so it is" } })),
  };
  const outcome = (theorem: Theorem, part: Partial<Evidence>) =>
    mergedOutcome(mergeEvidence([file("x", [record(part)])], [theorem], rates));
  for (const [part, asItIs, believedFalse] of [
    [{ logCapitalAgainst: 20 }, "refuted", "as expected"],
    [{ logCapitalFor: 20 }, "as expected", "refuted"],
    [{}, "undecided", "undecided"],
  ] as const) {
    expect(outcome(coin, part)).toBe(asItIs);
    expect(outcome(believed, part)).toBe(believedFalse);
  }
});

it("refuses with the file and the line: seeds twice, two codes, unknown claims, impossible capitals, what is no record", () => {
  const merge =
    (...files: EvidenceFile[]) =>
    () =>
      mergeEvidence(files, theorems, rates);
  const one = file("a.jsonl", [record({})]);
  expect(merge(one, file("b.jsonl", [record({ seeds: [[7, 9]] }), record({ seeds: [[2, 2]] })]))).not.toThrow();
  expect(merge(one, file("b.jsonl", [record({ seeds: [[7, 9]] }), record({ seeds: [[0, 1]] })]))).toThrow(
    /^b.jsonl:2: "coin\/at-most-half" has a seed of a.jsonl:1 again/,
  );
  expect(merge(file("a.jsonl", [record({ seeds: [[0, 5]] })]), file("b.jsonl", [record({ seeds: [[2, 3]] })]))).toThrow(
    /^b.jsonl:1: "coin\/at-most-half" has a seed of a.jsonl:1 again/,
  );
  const other = record({ code: "def", claim: "coin/its-bias" });
  expect(merge(one, file("b.jsonl", [other]))).toThrow(/^b.jsonl:1: its code is "def", that of a.jsonl:1 "abc"/);
  expect(merge(file("b.jsonl", [record({ claim: "coin/lands" })]))).toThrow(
    /^b.jsonl:1: there is no claim "coin\/lands"/,
  );
  const rich = { name: "c", text: `\n${JSON.stringify(record({ draws: 16, logCapitalAgainst: 300 * Math.LN10 }))}\n` };
  expect(merge(rich)).toThrow(/^c:2: evidence has a logCapitalAgainst of 690.7\d*, which 16 draws cannot have won/);
  expect(merge({ name: "d", text: "hello" })).toThrow(/^d:1: evidence must be JSON/);
  expect(merge({ name: "d", text: "" })).toThrow(/there is no evidence in d/);
});

it("is appended to what a file holds, which stays as it is; a seed that is there already is refused", async () => {
  const records = evidenceOf(await run(1), "abc");
  expect(records).toHaveLength(1);
  const first = withEvidence({ name: "e", text: "" }, records);
  const both = withEvidence({ name: "e", text: first }, evidenceOf(await run(2), "abc"));
  expect(both.startsWith(first)).toBe(true);
  expect(both.split("\n")).toHaveLength(3);
  // A last line without its end is not run into.
  expect(withEvidence({ name: "e", text: first.trimEnd() }, evidenceOf(await run(2), "abc"))).toBe(both);
  expect(() => withEvidence({ name: "e", text: first }, records)).toThrow(
    /this run \(seed 1\): .* has a seed of e:1 again/,
  );
  expect(() => withEvidence({ name: "e", text: "{" }, records)).toThrow(/^e:1: /);
});

it("is left by claims about means alone: certificates and rivals have none", async () => {
  expect(evidenceOf(await run(1, "always-a-side"), "abc")).toEqual([]);
  expect(evidenceOf(await run(1, "at-most-half", "no heads"), "abc")).toEqual([]);
});

it("is refused before a run where it would be after it: the same seed, other code, a file that holds none", () => {
  const name = "x.jsonl";
  const check =
    (text: string, seed = 2, code = "abc") =>
    () =>
      checkEvidence({ name, text }, theorems, { seed, code });
  const one = JSON.stringify(record({}));
  expect(check("")).not.toThrow();
  expect(check(one)).not.toThrow();
  expect(check(one, 1)).toThrow(/this run \(seed 1\): "coin\/at-most-half" has a seed of x.jsonl:1 again/);
  expect(check(one, 2, "abd")).toThrow(/its code is "abd", that of x.jsonl:1 "abc"/);
  expect(check("junk")).toThrow(/x.jsonl:1: evidence must be JSON/);
});
