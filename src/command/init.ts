import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { writeWhole } from "../report/whole-file.js";
import { plainExitCodeText } from "./exit-codes.js";
import { starterFiles } from "./starter.js";

/**
 * Writes the starter's files into a directory, which is made. A package.json that is there already is left as it is: an
 * installed package has one.
 * @returns the paths written. @throws RangeError, before anything is written, when another of the files is there.
 */
export function writeStarter(directory: string): string[] {
  const paths = Object.entries(starterFiles).map(([name, text]) => ({ name, text, path: join(directory, name) }));
  const wanted = paths.filter(({ name, path }) => !(name === "package.json" && existsSync(path)));
  const there = wanted.find(({ path }) => existsSync(path));
  if (there) throw new RangeError(`${there.path} is there already; nothing was written`);
  for (const { path, text } of wanted) writeWhole(path, text);
  return wanted.map(({ path }) => path);
}

/** Adds `init` to the command line. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("write a theorem of your own to start from, with its test and scripts")
    .argument("[directory]", "where to; here unless given", ".")
    .addHelpText("after", plainExitCodeText)
    .action((directory: string) => {
      for (const path of writeStarter(directory)) console.log(`wrote ${path}`);
      console.log(`next: npx icl-claims verify ./${join(directory, "theorem.ts")}`);
    });
}
