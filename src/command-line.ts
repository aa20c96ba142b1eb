import { type Command, CommanderError } from "commander";
import { theorems } from "../theorems/index.js";
import { times } from "../theorems/times.js";
import { exitCodeOfError } from "./command/exit-codes.js";
import { commandLine } from "./command/program.js";
import { guardStreams, writesFiles } from "./command/streams.js";
import { checkBackend } from "./linalg/kernels/backend.js";

const fromSource = import.meta.url.endsWith(".ts");
const url = new URL(fromSource ? "../theorems/index.ts" : "../theorems/index.js", import.meta.url).href;
const program = commandLine({ theorems, url, times });

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
