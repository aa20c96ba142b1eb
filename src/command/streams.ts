import type { Command } from "commander";
import { exitCodes } from "./exit-codes.js";

/** A command's answer beside what it prints: the files that it was asked for, and is to write though nobody reads. */
const files = ["out", "evidence", "csv", "accept"] as const;

/** Whether a command still has something to do once its lines are for nobody. */
export function writesFiles(command: Pick<Command, "opts">): boolean {
  const given = command.opts();
  return files.some((name) => given[name] !== undefined);
}

/**
 * What becomes of a failure to write to a standard stream, which Node would end in a stack trace and code 1. A reader
 * that has seen enough, such as head, closes the pipe: no failure, and the end of a command that has nothing left to
 * write but lines. A full disk is a failure, in a sentence.
 */
export function guardStreams(busy: () => boolean): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.stdout.write = () => true;
    if (error.code !== "EPIPE") {
      console.error(`icl-claims: cannot write what is found: ${error.message}`);
      process.exit(exitCodes.failure);
    }
    if (!busy()) process.exit(exitCodes.supported);
  });
  // Nobody is left to tell.
  process.stderr.on("error", () => {
    process.stderr.write = () => true;
  });
}

/** Ctrl-C and SIGTERM where no command listens for them, as before it has begun; and what slips through everything. */
export function guardProcess(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      console.error("icl-claims: interrupted");
      process.exit(exitCodes.interrupted);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      console.error(`icl-claims: ${(error as Error)?.message ?? error}`);
      process.exit(exitCodes.failure);
    });
  }
}
