import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { commandLine } from "./command-line.js";

it("Ctrl-C ends a figure with code 130, and leaves its checkpoint and no half-written file", async () => {
  const directory = mkdtempSync(join(tmpdir(), "icl-interrupt-"));
  const settings = "d=20,k=2,B=1000,steps=1000000";
  const child = spawn(process.execPath, [...commandLine, "figure", "1", "--set", settings, "--out", directory], {
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => resolve(code));
  });
  const first = "1.part-1.checkpoint.json";
  while (child.exitCode === null && !readdirSync(directory).includes(first)) await sleep(50);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  const files = readdirSync(directory);
  expect(files).toContain(first);
  expect(files.filter((name) => !/^1\.part-[12]\.checkpoint\.json$/.test(name))).toEqual([]);
});

it("Ctrl-C ends verify with code 130 and a word, and leaves the evidence of before as it was", async () => {
  const directory = mkdtempSync(join(tmpdir(), "icl-interrupt-"));
  const file = join(directory, "evidence");
  const record = { claim: "max-margin-direction/angle-falls", code: "a", seeds: [[1, 1]], draws: 9 };
  const before = `${JSON.stringify({ ...record, logCapitalAgainst: 0, logCapitalFor: 0 })}\n`;
  writeFileSync(file, before);
  const args = ["verify", "max-margin-direction", "--workers", "1", "--evidence", file, "--code", "a"];
  const child = spawn(process.execPath, [...commandLine, ...args]);
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => resolve(code));
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  // It says what is ahead before it begins.
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(said).toBe("icl-claims: interrupted\n");
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(directory)).toEqual(["evidence"]);
});

it("Ctrl-C ends drift with code 130 and a word, and accepts nothing", async () => {
  const goldens = mkdtempSync(join(tmpdir(), "icl-interrupt-"));
  const args = ["drift", "--only", "figures,claims", "--workers", "1", "--goldens", goldens, "--accept", "because"];
  const env = { ...process.env, CI: "" };
  const child = spawn(process.execPath, [...commandLine, ...args], { env });
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => resolve(code));
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  // Figures and claims take half a minute; the command line takes a second to start.
  await sleep(3000);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(said).toBe("icl-claims: interrupted\n");
  expect(readdirSync(goldens)).toEqual([]);
});
