import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, expect, it } from "vitest";
import { writesFiles } from "../../src/command/streams.js";
import { commandLine } from "./command-line.js";

const directory = mkdtempSync(join(tmpdir(), "streams-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The command line in a pipe or with a redirection, as a shell runs it; the code is the command line's. */
function piped(rest: string, ...args: string[]) {
  const line = `"$@" ${rest}\nexit \${PIPESTATUS[0]}`;
  const command = [process.execPath, ...commandLine, ...args];
  return spawnSync("bash", ["-c", line, "bash", ...command], { encoding: "utf8" });
}

it("a reader that has seen enough ends a command quietly", () => {
  expect(piped("| true", "list")).toMatchObject({ status: 0, stderr: "" });
});

it("but not one that is to write a file", () => {
  const evidence = join(directory, "evidence");
  const set = ["--set", "d=2", "--workers", "1", "--max-draws", "20", "--evidence", evidence, "--code", "a"];
  const { status, stderr } = piped("| true", "verify", "linear-rate", ...set);
  expect(stderr).toBe("");
  expect([0, 3]).toContain(status);
  expect(readFileSync(evidence, "utf8")).toMatch(/linear-rate/);
});

it.skipIf(!existsSync("/dev/full"))("a full disk under the lines is a failure, in a sentence", () => {
  const { status, stderr } = piped("> /dev/full", "list");
  expect(stderr).toMatch(/^icl-claims: cannot write what is found: ENOSPC[^\n]*\n$/);
  expect(status).toBe(70);
});

it("knows which commands have files to write", () => {
  const given = (...args: string[]) =>
    writesFiles(new Command().option("--evidence <file>").option("--seed <N>").parse(args, { from: "user" }));
  expect(given("--evidence", "x")).toBe(true);
  expect(given("--seed", "1")).toBe(false);
  expect(writesFiles(new Command().option("--out <directory>", "", "figures").parse([], { from: "user" }))).toBe(true);
});
