import { existsSync, readFileSync, rmSync } from "node:fs";
import { writeWhole } from "../command/whole-file.js";
import type { DualState } from "../transformer/descent/dual.js";
import { type Settings, settingsText } from "./figure.js";

/** What a training belongs to: resuming it anywhere else would give other numbers than an uninterrupted run. */
export interface Origin {
  readonly figure: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly version: string;
}

/**
 * Keeps a training under way in one file: JSON with where it comes from and its weights, as base64 of little-endian
 * doubles. The tasks are drawn again from the seed.
 */
export function saveCheckpoint(path: string, origin: Origin, { step, alpha }: DualState): void {
  const bytes = Buffer.alloc(8 * alpha.length);
  alpha.forEach((value, i) => {
    bytes.writeDoubleLE(value, 8 * i);
  });
  const record = { kind: "icl-claims checkpoint", ...describe(origin), step, alpha: bytes.toString("base64") };
  writeWhole(path, `${JSON.stringify(record)}\n`);
}

/**
 * The training kept there, or nothing where there is no file.
 * @throws RangeError when the file is no checkpoint, or one of another figure, of other settings, another seed or
 * version.
 */
export function loadCheckpoint(path: string, origin: Origin): DualState | undefined {
  if (!existsSync(path)) return undefined;
  const refuse = (why: string): never => {
    throw new RangeError(`${path} ${why}; remove it to start afresh`);
  };
  let record: Record<string, unknown> = {};
  try {
    record = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    refuse("is not a checkpoint");
  }
  if (record.kind !== "icl-claims checkpoint") refuse("is not a checkpoint");
  for (const [name, here] of Object.entries(describe(origin))) {
    if (record[name] !== here) refuse(`was made with ${name} ${record[name]}, this run has ${here}`);
  }
  const bytes = Buffer.from(String(record.alpha), "base64");
  const alpha = Float64Array.from({ length: bytes.length >> 3 }, (_, i) => bytes.readDoubleLE(8 * i));
  return { step: Number(record.step), alpha };
}

/** Removes a checkpoint that has served. */
export function dropCheckpoint(path: string): void {
  rmSync(path, { force: true });
}

function describe({ figure, settings, seed, version }: Origin) {
  return { figure, settings: settingsText(settings), seed, version };
}
