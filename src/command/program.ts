import { Command, CommanderError } from "commander";
import { checkBackend } from "../linalg/kernels/backend.js";
import { version } from "../report/version.js";
import { addAuditCommand } from "./audit.js";
import { addDriftCommand } from "./drift.js";
import { exitCodeOfError } from "./exit-codes.js";
import { addFigureCommand } from "./figure.js";
import { addInitCommand } from "./init.js";
import { addListCommand } from "./list.js";
import { addMapCommand } from "./map.js";
import { addMergeCommand } from "./merge.js";
import type { Registry } from "./registry.js";
import { addReplayCommand } from "./replay.js";
import { addSiteCommand } from "./site.js";
import { addVerifyCommand } from "./verify.js";
import { addWorkerCommand } from "./worker.js";

/** All the commands, of a registry's theorems; what is refused is thrown, after its one line. */
export function commandLine(registry: Registry): Command {
  const program = new Command("icl-claims")
    .description("Papers on in-context learning, made executable: which claims hold, with stated error rates")
    .version(version, "--version")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "icl-claims: ")) });
  addListCommand(program, registry);
  addVerifyCommand(program, registry);
  addAuditCommand(program, registry);
  addMapCommand(program, registry);
  addReplayCommand(program, registry);
  addMergeCommand(program, registry);
  addDriftCommand(program, registry);
  addFigureCommand(program);
  addInitCommand(program);
  addSiteCommand(program);
  addWorkerCommand(program, registry);
  return program;
}

/** Runs a command line, the process's own unless given: an error ends in a line on stderr and in `process.exitCode`. */
export async function runCommandLine(program: Command, args?: readonly string[]): Promise<void> {
  try {
    checkBackend();
    await (args ? program.parseAsync([...args], { from: "user" }) : program.parseAsync());
  } catch (error) {
    if (!(error instanceof CommanderError)) console.error(`icl-claims: ${(error as Error).message}`);
    process.exitCode = exitCodeOfError(error);
  }
}
