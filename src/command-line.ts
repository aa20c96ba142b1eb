import { Command, CommanderError } from "commander";
import { theorems } from "../theorems/index.js";
import { times } from "../theorems/times.js";
import { addAuditCommand } from "./command/audit.js";
import { addDriftCommand } from "./command/drift.js";
import { exitCodeOfError } from "./command/exit-codes.js";
import { addFigureCommand } from "./command/figure.js";
import { addInitCommand } from "./command/init.js";
import { addListCommand } from "./command/list.js";
import { addMapCommand } from "./command/map.js";
import { addMergeCommand } from "./command/merge.js";
import type { Registry } from "./command/registry.js";
import { addReplayCommand } from "./command/replay.js";
import { addSiteCommand } from "./command/site.js";
import { guardStreams, writesFiles } from "./command/streams.js";
import { addVerifyCommand } from "./command/verify.js";
import { addWorkerCommand } from "./command/worker.js";
import { checkBackend } from "./linalg/kernels/backend.js";
import { version } from "./report/version.js";

const fromSource = import.meta.url.endsWith(".ts");
const url = new URL(fromSource ? "../theorems/index.ts" : "../theorems/index.js", import.meta.url).href;
const registry: Registry = { theorems, url, times };

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

let running: Command | undefined;
program.hook("preAction", (_, command) => {
  running = command;
});
guardStreams(() => running !== undefined && writesFiles(running));

try {
  checkBackend();
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) console.error(`icl-claims: ${(error as Error).message}`);
  process.exitCode = exitCodeOfError(error);
}
