// Records what `verify --json` prints, on standard input, as the verdicts that the page shows: npm run site:record

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { version } from "../src/report/version.js";
import { writeWhole } from "../src/report/whole-file.js";
import { codeFingerprint, recordingOf } from "./recorded.js";

const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const about = {
  version,
  commit: git("rev-parse", "--short=10", "HEAD") + (git("status", "--porcelain", "src", "theorems") === "" ? "" : "+"),
  code: codeFingerprint(),
  node: process.version,
};
const path = new URL("recorded.json", import.meta.url).pathname;
try {
  writeWhole(path, recordingOf(readFileSync(0, "utf8"), about));
  console.log(`recorded: commit ${about.commit}, code ${about.code}`);
} catch (error) {
  console.error(`site:record: ${(error as Error).message}`);
  process.exitCode = 2;
}
