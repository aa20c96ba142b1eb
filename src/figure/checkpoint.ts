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
 * @throws RangeError when another training's checkpoint is there: two runs in one folder must not take turns in a file.
 */
export function saveCheckpoint(path: string, origin: Origin, { step, alpha }: DualState): void {
  const other = differenceFrom(recordAt(path), origin);
  if (other !== undefined) {
    throw new RangeError(`${path} ${other}: another run is in this folder, so this one needs its own, with --out`);
  }
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
  const record = recordAt(path);
  if (!record) return refuse("is not a checkpoint");
  const other = differenceFrom(record, origin);
  if (other !== undefined) refuse(other);
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

/** What a file says as a checkpoint, or nothing where it is none. */
function recordAt(path: string): Record<string, unknown> | undefined {
  try {
    const record = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown> | null;
    return record?.kind === kind ? record : undefined;
  } catch {
    return undefined;
  }
}

/** What makes a checkpoint one of another training, in a few words; of no checkpoint, nothing. */
function differenceFrom(record: Record<string, unknown> | undefined, origin: Origin): string | undefined {
  if (!record) return undefined;
  const [name, here] = Object.entries(describe(origin)).find(([key, value]) => record[key] !== value) ?? [];
  return name === undefined ? undefined : `was made with ${name} ${record[name]}, this run has ${here}`;
}

function describe({ figure, settings, seed, version }: Origin) {
  return { figure, settings: settingsText(settings), seed, version, backend: defaultBackend };
}

function checksumOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
