import type { Command } from "commander";
import { theorems } from "../theorems/index.js";
import { times } from "../theorems/times.js";
import { commandLine, runCommandLine } from "./command/program.js";
import { guardStreams, writesFiles } from "./command/streams.js";

const fromSource = import.meta.url.endsWith(".ts");
const url = new URL(fromSource ? "../theorems/index.ts" : "../theorems/index.js", import.meta.url).href;
const program = commandLine({ theorems, url, times });

let running: Command | undefined;
program.hook("preAction", (_, command) => {
  running = command;
});
guardStreams(() => running !== undefined && writesFiles(running));

await runCommandLine(program);
