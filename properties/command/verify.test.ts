import { describe, expect, it } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import type { DrawingPool } from "../../src/claim/pool.js";
import { exitCodeOf } from "../../src/command/exit-codes.js";
import { selectTheorems } from "../../src/command/select.js";
import { type VerifyOptions, verify } from "../../src/command/verify.js";
import { checkMemory, costLines } from "../../src/report/cost-line.js";
import type { Verdict } from "../../src/stats/verdict.js";
import { coin, theorems } from "../claim/toy-theorems.js";

const pool: DrawingPool = { draw: drawHere(theorems), close: async () => undefined };
const rates = { falseAlarm: 1e-4, falsePass: 1e-4 };
const options: VerifyOptions = { ids: [], json: false, rates, configurations: 4, interrupted: () => false };

async function run(change: Partial<VerifyOptions> = {}, using = pool) {
  const lines: string[] = [];
  const steps: number[] = [];
  const listener = { line: (text: string) => lines.push(text), progress: (done: number) => steps.push(done) };
  const { exitCode: code } = await verify(theorems, using, { ...options, ...change }, listener);
  return { code, text: lines.join("\n"), steps };
}

describe("verifying", () => {
  it("prints every claim and its first rival in order, with what was expected, and the code of the worst", async () => {
    const { code, text, steps } = await run();
    expect(text).toContain("coin — A coin lands heads with its bias");
    expect(text).toMatch(/✓ supported at-most-half +0\.\d+ \[.*\] ≤ 0.75 .* s/);
    expect(text).toContain("expected refuted: the regime has larger ones");
    expect(text).toMatch(/✗ undecided too-few-draws/);
    expect(text).toMatch(/coin\/too-few-draws undecided, expected supported: 0/);
    expect(text).toContain("10 as expected, 1 not; seed 0");
    expect(steps).toEqual(Array.from({ length: 6 }, (_, i) => (i + 1) / 6));
    expect(code).toBe(3);
  });

  it("as JSON is the same for the same seed but for times, and says the same", async () => {
    const [one, two] = await Promise.all([run({ json: true }), run({ json: true })]);
    const untimed = (text: string) => text.replaceAll(/"seconds": [\d.e-]+/g, "");
    expect(untimed(one!.text)).toBe(untimed(two!.text));
    const rows = JSON.parse(one!.text) as { claim: string; verdict: Verdict; asExpected: boolean }[];
    expect(rows).toHaveLength(11);
    expect(rows[0]).toMatchObject({ claim: "at-most-half", verdict: "supported", asExpected: true });
  });

  it("at one configuration is vacuous where that misses an assumption", async () => {
    const { code, text } = await run({ only: { configuration: { size: 0, bias: 0.5 } } });
    expect(text).toContain("no configuration meets the assumptions");
    expect(code).toBe(4);
  });

  it("is quick when asked: a claim of each theorem, once, without rivals", async () => {
    const { text } = await run({ quick: true });
    expect(text).toMatch(/✓ supported at-most-half/);
    expect(text.match(/[✓✗] (supported|refuted|undecided)/g)).toHaveLength(1);
    expect(text).toContain("1 as expected, 0 not; seed 0");
    const [row] = JSON.parse((await run({ quick: true, json: true })).text) as { cases: { name?: string }[] }[];
    expect(row!.cases.map(({ name }) => name)).toEqual(["fair"]);
  });

  it("prints the matrix of rivals, and says of the paper's scale what there is", async () => {
    const { text, code } = await run({ matrix: true });
    expect(text).toContain("- b *no heads*: it never lands heads.");
    expect(text).toMatch(/\| claim +\| a \| b \| c \| d \| e \| f \| g \|/);
    const row = text.split("\n").find((candidate) => candidate.startsWith("| at-most-half"))!;
    // As it must, as the claim says, as it happens; the coin toss that it must not support.
    expect(row).toMatch(/^\| at-most-half +\| ✗ \| = \| x \| ✓ \| [?✓] \| [x✓] \| ! \|$/);
    expect(text).toContain("- at-most-half is true of *no heads* too: no heads are few heads.");
    expect(text).not.toMatch(/small-coins-only +\|/);
    // A tossed coin meets "at most half" as well: said, and no pass.
    expect(text).toContain("coin/at-most-half (rival: coin flips between the ends) supported, expected not supported");
    expect(code).toBe(1);
    expect((await run({ scale: "paper" })).text).toContain("0 as expected, 0 not");
  });

  it("ends with what was reached when interrupted, and with the error when a draw fails", async () => {
    let made = 0;
    const failing: DrawingPool = {
      ...pool,
      draw: (job) => (made++ < 30 ? pool.draw(job) : Promise.reject(new Error("the pool is closed"))),
    };
    const { code, text } = await run({ interrupted: () => made >= 30 }, failing);
    expect(text).toMatch(/\d+ as expected, 0 not, \d+ not reached; seed 0/);
    expect(code).toBe(130);
    await expect(run({}, failing)).rejects.toThrow("the pool is closed");
  });

  it("says beforehand what costs more than a minute or 2 GB, and nothing of what costs less", () => {
    const costing = (seconds: number, bytes: number) => [{ ...coin, cost: () => ({ seconds, bytes }) }];
    const asked = { workers: 2, seed: 0, scale: "quick" } as const;
    expect(costLines([coin], asked)).toEqual([]);
    expect(costLines(costing(1e-3, 1e6), asked)).toEqual([]);
    expect(costLines(costing(50, 1.2e9), { ...asked, only: { size: 1, bias: 0.5 } })).toEqual([
      "coin: about 17 minutes on 2 cores, 2.4 GB for each world, if 40 draws decide",
    ]);
  });

  it("refuses a configuration of which one simulation is larger than the machine", () => {
    const large = { ...coin, cost: ({ size = 0 }) => ({ seconds: 1, bytes: 1e9 * size }) };
    expect(() => checkMemory(large, [{ size: 1, bias: 0.5 }], 4e9)).not.toThrow();
    expect(() => checkMemory(large, [{ size: 1 }, { size: 32, bias: 0.5 }], 4e9)).toThrow(
      "a simulation of coin at size = 32, bias = 0.5 takes about 32 GB of memory, and this machine has 4.0 GB",
    );
    expect(() => checkMemory(large, [{ size: 4, bias: 0.5 }], 4e9)).not.toThrow();
    expect(() => checkMemory(coin, [{ size: 1e9, bias: 0.5 }], 1)).not.toThrow();
  });

  it("knows theorems by their ids", () => {
    expect(selectTheorems(theorems, ["coin"])).toEqual([coin]);
    expect(() => selectTheorems(theorems, ["dice"])).toThrow(/there is no theorem "dice"; there are coin/);
  });

  it.each([
    [["supported"], 1],
    [["undecided", "refuted"], 1],
    [["vacuous", "undecided"], 3],
    [["vacuous"], 4],
    [[], 0],
  ] as [Verdict[], number][])("with %j not as expected exits with %d", (verdicts, code) => {
    const results = verdicts.map((verdict) => ({
      ...{ judgement: { verdict } as never, expected: "supported" as const, asExpected: false },
    }));
    expect(exitCodeOf(results)).toBe(code);
  });
});
