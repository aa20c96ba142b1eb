import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** The command line as built, whose processes start in a fraction of a second. */
export const builtCommand = new URL("../dist/src/cli.js", import.meta.url).pathname;
if (!existsSync(builtCommand)) throw new Error("npm run build comes first");

/** A process of it. */
export function startBuilt(...args: string[]): ChildProcess {
  return spawn(process.execPath, [builtCommand, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

/** CPU seconds, user and system, that a process has taken: Linux says. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
