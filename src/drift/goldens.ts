import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { writeWhole } from "../report/whole-file.js";
import { type Catalogue, schema } from "./compare.js";
import type { Measurement } from "./measurement.js";

/** The parts of the catalogue, each a golden file of its own, from cheap to dear. */
export const parts = ["rooms", "figures", "claims"] as const;
export type Part = (typeof parts)[number];

/** Measurements with what made them. */
export function catalogueOf(measurements: readonly Measurement[]): Catalogue {
  return { schema, node: process.version, kernels: defaultBackend, measurements };
}

/** The golden of a part, or nothing where there is none. @throws RangeError when the file is no golden. */
export function readGolden(directory: string, part: Part): Catalogue | undefined {
  const path = join(directory, `${part}.json`);
  if (!existsSync(path)) return undefined;
  try {
    const found = JSON.parse(readFileSync(path, "utf8")) as Catalogue | null;
    if (Number.isInteger(found?.schema) && Array.isArray(found?.measurements)) return found!;
  } catch {
    // Said below, with what parses and is still no golden.
  }
  throw new RangeError(`${path} is no golden of this command; --accept writes one`);
}

/** Writes the golden of a part, a line a measurement, so that a change is seen line by line. */
export function writeGolden(directory: string, part: Part, { measurements, ...made }: Catalogue): void {
  const lines = measurements.map((each) => `    ${JSON.stringify(each)}`).join(",\n");
  const head = Object.entries(made).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  writeWhole(join(directory, `${part}.json`), `{\n${head.join("")}  "measurements": [\n${lines}\n  ]\n}\n`);
}

/** Appends why goldens were rewritten to the log beside them. */
export function logAcceptance(directory: string, entry: string): void {
  const path = join(directory, "accepted.log");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  writeWhole(path, `${before}${entry.replaceAll(/\s+/g, " ").trim()}\n`);
}
