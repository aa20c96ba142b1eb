import { createHash } from "node:crypto";
import { keyOf } from "../claim/configurations.js";
import type { DrawJob } from "../claim/drawing.js";
import { settingsText } from "../figure/figure.js";
import type { PartJob } from "../figure/worker.js";

/** What a queue's job carries. It names theorems and figures, and holds no code. */
export interface Parcel {
  /** The run whose results these become. */
  readonly run: string;
  /** What the run computes with, as `codeIdentity` has it. */
  readonly code: string;
  /** Hash of the module that the theorem comes from; absent for this package's own. */
  readonly module?: string;
  /** Seconds that one piece may take. */
  readonly limit: number;
  /** Seconds that results are kept after the last of them. */
  readonly keep: number;
  readonly draws?: readonly DrawJob[];
  readonly part?: PartJob;
}

/** What a worker tells the run's coordinator, as a hint: what counts is kept under the run's keys. */
export interface Notice {
  readonly landed?: readonly string[];
  readonly failed?: readonly string[];
  /** The part of a figure whose training has a state to keep, or is so far done. */
  readonly part?: string;
  readonly share?: number;
}

/** Why a piece came to nothing on the workers. */
export interface Failure {
  readonly message: string;
}

/** The room of all keys in Redis. */
export const space = "icl";

/** The workers and the runs that were seen lately. */
export const rosters = { workers: `${space}:workers`, runs: `${space}:runs` } as const;

/** Where a run's results are: by the hash of the piece. */
export const keysOf = (run: string) => ({
  results: `${space}:run:${run}:results`,
  failures: `${space}:run:${run}:failures`,
  /** How often each parcel was begun. */
  begun: `${space}:run:${run}:begun`,
  /** Trainings under way. */
  states: `${space}:run:${run}:states`,
  notices: `${space}:run:${run}:notices`,
});

/** The queue of a code and a module: workers see only what they can compute. */
export function queueName(code: string, module?: string): string {
  return `draws-${hashOf(code, module ?? "").slice(0, 16)}`;
}

/** The name of a piece of work, by its content: whoever computes it, whenever, means the same numbers. */
export function pieceName(code: string, module: string | undefined, piece: DrawJob | PartJob): string {
  if ("figure" in piece) return hashOf(code, piece.figure, settingsText(piece.part), piece.seed);
  const { theorem, world, claims, configuration, seed, purpose, from, to } = piece;
  return hashOf(
    code,
    module ?? "",
    theorem,
    world,
    JSON.stringify(claims),
    keyOf(configuration),
    seed,
    purpose,
    from,
    to,
  );
}

/** SHA-256 of texts and numbers, each written so that no two lists are written alike. */
export function hashOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A value as text, bit for bit: JSON has neither arrays of doubles nor NaN, ±∞ and −0. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Float64Array) return { $doubles: bytesOf(item).toString("base64") };
    if (typeof item === "number" && (!Number.isFinite(item) || Object.is(item, -0))) {
      return { $number: Object.is(item, -0) ? "-0" : String(item) };
    }
    return item;
  });
}

/** What `encode` wrote. @throws SyntaxError when it is no JSON. */
export function decode(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    if (typeof item !== "object" || item === null) return item;
    if ("$doubles" in item) return doublesOf(Buffer.from(String(item.$doubles), "base64"));
    return "$number" in item ? Number(item.$number) : item;
  });
}

// Little-endian, whatever the machine.
function bytesOf(values: Float64Array): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    bytes.writeDoubleLE(value, 8 * i);
  });
  return bytes;
}

function doublesOf(bytes: Buffer): Float64Array {
  return Float64Array.from({ length: bytes.length >> 3 }, (_, i) => bytes.readDoubleLE(8 * i));
}

/** The parcel in a queue's job. @throws RangeError when it is none: whoever reaches Redis can write there. */
export function parcelIn(data: unknown): Parcel {
  const parcel = data as Parcel;
  const { run, code, module, limit, keep, draws, part } = (parcel ?? {}) as Partial<Parcel>;
  const sound =
    isRunName(run) &&
    isText(code) &&
    (module === undefined || isText(module)) &&
    isCount(limit) &&
    isCount(keep) &&
    (draws === undefined) !== (part === undefined) &&
    (draws === undefined || (Array.isArray(draws) && draws.every(isDrawJob))) &&
    (part === undefined || isPartJob(part));
  if (!sound) throw new RangeError("a job of the queue is no parcel of draws");
  return parcel;
}

/** What may name a run: it becomes part of keys. */
export function isRunName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z0-9._-]{1,80}$/.test(name);
}

const isText = (value: unknown) => typeof value === "string" && value.length <= 200;
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** The most draws of one piece: what a worker holds at once. */
const mostDraws = 1e7;

function isDrawJob(value: unknown): boolean {
  const { theorem, world, claims, configuration, seed, purpose, from, to } = (value ?? {}) as Partial<DrawJob>;
  return (
    [theorem, world, purpose].every(isText) &&
    Array.isArray(claims) &&
    claims.length > 0 &&
    claims.every(isText) &&
    typeof configuration === "object" &&
    configuration !== null &&
    Object.values(configuration).every((item) => typeof item === "number") &&
    [seed, from, to].every(isWhole) &&
    to! > from! &&
    (to! - from!) * claims.length <= mostDraws
  );
}

function isPartJob(value: unknown): boolean {
  const { figure, part, seed } = (value ?? {}) as Partial<PartJob>;
  const isSetting = (item: unknown) =>
    typeof item === "number" || (Array.isArray(item) && item.every((one) => typeof one === "number"));
  return isText(figure) && typeof part === "object" && Object.values(part).every(isSetting) && isWhole(seed);
}
