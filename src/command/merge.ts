import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { mergeEvidence } from "../claim/claim-evidence.js";
import { ratesOfOne } from "../claim/suite.js";
import { numberText } from "../claim/wording.js";
import { suiteRates } from "../stats/budget.js";
import { parseEvidence } from "../stats/evidence.js";
import { rate } from "./options.js";
import type { Registry } from "./registry.js";

/** @throws RangeError when the file cannot be read. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Adds `merge` to the command line. */
export function addMergeCommand(program: Command, registry: Registry): void {
  program
    .command("merge")
    .description("add up the evidence of several runs on fresh seeds, as `verify --evidence` wrote it")
    .argument("<file...>")
    .option("--alarm <rate>", "false-alarm rate of the whole suite", rate, suiteRates.falseAlarm)
    .option("--pass <rate>", "false-pass rate of the whole suite", rate, suiteRates.falsePass)
    .action((files: string[], { alarm, pass }: { alarm: number; pass: number }) => {
      const records = files.flatMap((file) => {
        const text = readText(file);
        return text.split("\n").flatMap((line) => (line === "" ? [] : parseEvidence(line)));
      });
      const merged = mergeEvidence(records, ratesOfOne(registry.theorems, { falseAlarm: alarm, falsePass: pass }));
      for (const { evidence, verdict } of merged) {
        const log = verdict === "refuted" ? evidence.logCapitalAgainst : evidence.logCapitalFor;
        console.log(`${verdict.padEnd(9)} log10 e ${numberText(log / Math.LN10).padEnd(8)} ${evidence.claim}`);
      }
    });
}
