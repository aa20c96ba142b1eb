import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { register } from "tsx/esm/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { starterFiles } from "../../src/command/starter.js";
import { theorems } from "../../theorems/index.js";
import { commandLine } from "./command-line.js";
import { poolHere, runHere } from "./run-here.js";

// The starter imports this package from source here, as under tsx.
afterAll(register());

const root = new URL("../..", import.meta.url).pathname;
const guide = readFileSync(join(root, "docs/own-theorem.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "icl-guide-"));
const before = process.cwd();
beforeAll(() => process.chdir(directory));
afterAll(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

/** Runs a command of the guide in the reader's folder. */
const icl = (...args: string[]) => runHere({ theorems, url: "", pool: poolHere }, args);

/** What a run prints, but for its times. */
const untimed = (text: string) => text.replaceAll(/ +\d+\.\d s$/gm, " s").trim();

it("the guide to a theorem of one's own shows the starter, and what every command of it prints", async () => {
  const blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text! }));
  const code = blocks.filter(({ kind }) => kind === "ts").map(({ text }) => text);
  expect(code).toEqual([starterFiles["theorem.ts"]]);
  const shown = blocks.filter(({ kind }) => kind === "console").map(({ text }) => text);
  expect(shown).toHaveLength(4);
  for (const block of shown) {
    const [, command = "", printed = ""] = /^\$ npx icl-claims (.*)\n([\s\S]*)$/.exec(block)!;
    const { code, stdout, stderr } = await icl(...command.split(" "));
    expect(stderr).toBe("");
    expect(untimed(stdout)).toBe(untimed(printed));
    expect(code).toBe(0);
  }
});

it("refutes the starter with one sign wrong, and replays what it prints", async () => {
  const wrong = starterFiles["theorem.ts"]!.replace("N + sign * ridge", "N - sign * ridge");
  expect(wrong).not.toBe(starterFiles["theorem.ts"]);
  writeFileSync(join(directory, "wrong.ts"), wrong);
  // In a process with threads of its own, which load the reader's file as the command line does.
  const { status, stdout } = spawnSync(process.execPath, [...commandLine, "verify", "./wrong.ts"], {
    encoding: "utf8",
  });
  expect(stdout).toMatch(/✗ refuted +no-more-error/);
  expect(status).toBe(1);
  const [, command = ""] = /replay: npx (?:tsx src\/cli.ts|icl-claims) (replay "\S+" \S+)$/m.exec(stdout)!;
  const again = await icl(...command.replaceAll('"', "").split(" "));
  expect(again.stdout).toMatch(/✗ refuted +no-more-error/);
  expect(again.code).toBe(1);
});
