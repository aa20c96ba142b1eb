import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { writeWhole } from "../report/whole-file.js";
import type { DualState } from "../transformer/descent/dual.js";
import { type Settings, settingsText } from "./figure.js";

const kind = "icl-claims checkpoint";

/** What a training belongs to: resuming it anywhere else would give other numbers than an uninterrupted run. */
export interface Origin {
  readonly figure: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly version: string;
}

/**
 * Keeps a training under way in one file: JSON with where it comes from, the kernels that made it (they move last bits)
 * and its weights, as base64 of little-endian doubles, under a checksum of all this. The tasks are drawn again from the
 * seed.
 */
export function saveCheckpoint(path: string, origin: Origin, { step, alpha }: DualState): void {
  const bytes = Buffer.alloc(8 * alpha.length);
  alpha.forEach((value, i) => {
    bytes.writeDoubleLE(value, 8 * i);
  });
  const record = { kind, ...describe(origin), step, alpha: bytes.toString("base64") };
  writeWhole(path, `${JSON.stringify({ ...record, checksum: checksumOf(record) })}\n`);
}

/**
 * The training kept there, or nothing where there is no file.
 * @throws RangeError when the file is no checkpoint, is damaged, or is one of another figure, of other settings,
 * another seed, version or backend.
 */
export function loadCheckpoint(path: string, origin: Origin): DualState | undefined {
  if (!existsSync(path)) return undefined;
  const refuse = (why: string): never => {
    throw new RangeError(`${path} ${why}; remove it to start afresh`);
  };
  let record: Record<string, unknown> | null = null;
  try {
    record = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown> | null;
  } catch {
    refuse("is not a checkpoint");
  }
  if (record?.kind !== kind) return refuse("is not a checkpoint");
  for (const [name, here] of Object.entries(describe(origin))) {
    if (record[name] !== here) refuse(`was made with ${name} ${record[name]}, this run has ${here}`);
  }
  const { checksum, ...content } = record;
  if (checksum !== checksumOf(content)) refuse("is damaged: its content has not the checksum it was written with");
  const { step, alpha: text } = content;
  if (!(Number.isSafeInteger(step) && (step as number) >= 0)) refuse(`must have a whole step at least 0, has ${step}`);
  const bytes = Buffer.from(String(text), "base64");
  const alpha = Float64Array.from({ length: bytes.length >> 3 }, (_, i) => bytes.readDoubleLE(8 * i));
  if (bytes.length % 8 !== 0 || !alpha.every(Number.isFinite)) refuse("has weights that are no finite doubles");
  return { step: step as number, alpha };
}

/** Removes a checkpoint that has served. */
export function dropCheckpoint(path: string): void {
  rmSync(path, { force: true });
}

function describe({ figure, settings, seed, version }: Origin) {
  return { figure, settings: settingsText(settings), seed, version, backend: defaultBackend };
}

function checksumOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
