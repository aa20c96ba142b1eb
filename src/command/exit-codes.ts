import { CommanderError } from "commander";
import type { SuiteResult } from "../claim/suite.js";

/** Exit codes, worst first where several apply; 70 is a failure of the program itself. */
export const exitCodes = {
  supported: 0,
  refuted: 1,
  usage: 2,
  undecided: 3,
  vacuous: 4,
  failure: 70,
  interrupted: 130,
} as const;

/** What help texts say of them. */
export const exitCodeText =
  "\nExit code: 0 all as expected, 1 refuted, 2 bad usage, 3 undecided, 4 vacuous, 70 failure, 130 interrupted.";

/** The same of a command that judges nothing, or whose findings are no failure of the run. */
export const plainExitCodeText = "\nExit code: 0 done, 2 bad usage, 70 failure, 130 interrupted.";

/** The code of an error that ended a command: help and version also end it so, with code 0. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.supported : exitCodes.usage;
  return error instanceof RangeError ? exitCodes.usage : exitCodes.failure;
}

/** 0 when all are as expected, else by the worst: refuted (or supported where it must not be), undecided, vacuous. */
export function exitCodeOf(results: readonly SuiteResult[]): number {
  const bad = new Set(results.filter((result) => !result.asExpected).map((result) => result.judgement.verdict));
  if (bad.has("refuted") || bad.has("supported")) return exitCodes.refuted;
  if (bad.has("undecided")) return exitCodes.undecided;
  return bad.has("vacuous") ? exitCodes.vacuous : exitCodes.supported;
}
