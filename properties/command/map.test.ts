import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, it, vi } from "vitest";
import { addMapCommand } from "../../src/command/map.js";
import { theorems } from "../claim/toy-theorems.js";
import { poolHere } from "./run-here.js";

const registry = { theorems, url: "", pool: poolHere };

async function map(claim: string): Promise<{ files: string[]; csv: string }> {
  const directory = mkdtempSync(join(tmpdir(), "map-"));
  const quiet = [vi.spyOn(console, "log"), vi.spyOn(console, "error")].map((spy) => spy.mockImplementation(() => {}));
  try {
    const program = new Command("icl-claims").exitOverride();
    addMapCommand(program, registry);
    const grid = ["--x", "size=1..90", "--y", "bias=0.2..0.9", "--columns", "2", "--rows", "2", "--max-draws", "60"];
    await program.parseAsync(["map", "coin", "--claim", claim, ...grid, "--out", directory], { from: "user" });
    const files = readdirSync(directory).sort();
    return { files, csv: readFileSync(join(directory, files[0]!), "utf8") };
  } finally {
    for (const spy of quiet) spy.mockRestore();
    rmSync(directory, { recursive: true });
    process.exitCode = 0;
  }
}

it("of a sentence that is expected to be refuted shows where it is not, and leaves its three files and no other", async () => {
  const { files, csv } = await map("small-coins-only");
  expect(files).toEqual(["csv", "png", "svg"].map((kind) => `map-coin-small-coins-only.${kind}`));
  expect(csv).toContain("# columns: 2\n# rows: 2\n");
  const verdicts = csv
    .split("\n")
    .flatMap((line) => /^\d.*,(supported|refuted|undecided|vacuous),/.exec(line)?.[1] ?? []);
  expect(verdicts).toHaveLength(4);
  expect(verdicts.filter((verdict) => verdict === "refuted")).toHaveLength(2);
});

it("of a claim that the theorem has not says which it has", async () => {
  await expect(map("none")).rejects.toThrow(/coin has no claim "none"; it has at-most-half, /);
});
