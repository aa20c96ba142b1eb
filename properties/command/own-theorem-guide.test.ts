import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { starterFiles } from "../../src/command/starter.js";

const root = new URL("../..", import.meta.url).pathname;
const guide = readFileSync(join(root, "docs/own-theorem.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "icl-guide-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a command of the guide as the reader does, from source. */
function icl(...args: string[]) {
  const tsx = join(root, "node_modules/tsx/dist/loader.mjs");
  return spawnSync(process.execPath, ["--import", tsx, join(root, "src/cli.ts"), ...args], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

/** What a run prints, but for its times. */
const untimed = (text: string) => text.replaceAll(/ +\d+\.\d s$/gm, " s").trim();

it("the guide to a theorem of one's own shows the starter, and what every command of it prints", () => {
  const blocks = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text! }));
  const code = blocks.filter(({ kind }) => kind === "ts").map(({ text }) => text);
  expect(code).toEqual([starterFiles["theorem.ts"]]);
  const shown = blocks.filter(({ kind }) => kind === "console").map(({ text }) => text);
  expect(shown).toHaveLength(4);
  for (const block of shown) {
    const [, command = "", printed = ""] = /^\$ npx icl-claims (.*)\n([\s\S]*)$/.exec(block)!;
    const { status, stdout, stderr } = icl(...command.split(" "));
    expect(stderr).toBe("");
    expect(untimed(stdout)).toBe(untimed(printed));
    expect(status).toBe(0);
  }
}, 900_000);

it("refutes the starter with one sign wrong, and replays what it prints", () => {
  const wrong = starterFiles["theorem.ts"]!.replace("N + sign * ridge", "N - sign * ridge");
  expect(wrong).not.toBe(starterFiles["theorem.ts"]);
  writeFileSync(join(directory, "wrong.ts"), wrong);
  const { status, stdout } = icl("verify", "./wrong.ts");
  expect(stdout).toMatch(/✗ refuted +no-more-error/);
  expect(status).toBe(1);
  const [, command = ""] = /replay: npx tsx src\/cli.ts (replay "\S+" \S+)$/m.exec(stdout)!;
  const again = icl(...command.replaceAll('"', "").split(" "));
  expect(again.stdout).toMatch(/✗ refuted +no-more-error/);
  expect(again.status).toBe(1);
}, 900_000);
