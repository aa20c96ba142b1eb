import { readFileSync } from "node:fs";

/** @throws RangeError when the file cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
