import { InvalidArgumentError } from "commander";
import type { Scale } from "../claim/judging.js";

/** An option's value as an integer, `least` or more. The parser's @throws end the command with exit code 2. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be an integer at least ${least}.`);
  };
}

/** Settings of an option that may be given several times: joined, so that none is dropped. */
export function joined(text: string, before: string | undefined): string {
  return before === undefined || before === "" ? text : `${before},${text}`;
}

/** An option's value as a rate strictly between 0 and 1. */
export function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("It must be a rate strictly between 0 and 1.");
}

/** An option's value as one of the two scales. */
export function scale(text: string): Scale {
  if (text === "quick" || text === "paper") return text;
  throw new InvalidArgumentError("It must be quick or paper.");
}
