import type { Command } from "commander";
import { mergedOutcome, mergeEvidence } from "../claim/claim-evidence.js";
import { ratesOfOne } from "../claim/suite.js";
import { numberText } from "../claim/wording.js";
import { suiteRates } from "../stats/budget.js";
import { exitCodes, exitCodeText } from "./exit-codes.js";
import { rate } from "./options.js";
import { readText } from "./read-text.js";
import type { Registry } from "./registry.js";

/** Adds `merge` to the command line. */
export function addMergeCommand(program: Command, registry: Registry): void {
  program
    .command("merge")
    .description("add up the evidence of several runs on fresh seeds, as `verify --evidence` wrote it")
    .argument("<file...>")
    .option("--alarm <rate>", "false-alarm rate of the whole suite", rate, suiteRates.falseAlarm)
    .option("--pass <rate>", "false-pass rate of the whole suite", rate, suiteRates.falsePass)
    .addHelpText("after", exitCodeText)
    .action((files: string[], { alarm, pass }: { alarm: number; pass: number }) => {
      const texts = files.map((name) => ({ name, text: readText(name) }));
      const rates = ratesOfOne(registry.theorems, { falseAlarm: alarm, falsePass: pass });
      const merged = mergeEvidence(texts, registry.theorems, rates);
      for (const { evidence, verdict, expected } of merged) {
        const log = verdict === "refuted" ? evidence.logCapitalAgainst : evidence.logCapitalFor;
        const surprise = verdict === expected ? "" : ` (expected ${expected})`;
        console.log(
          `${verdict.padEnd(9)} log10 e ${numberText(log / Math.LN10).padEnd(8)} ${evidence.claim}${surprise}`,
        );
      }
      const outcome = mergedOutcome(merged);
      process.exitCode = outcome === "as expected" ? exitCodes.supported : exitCodes[outcome];
    });
}
