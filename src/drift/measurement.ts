import { createHash } from "node:crypto";

/** The rooms in the order of their imports: a change in one shows in those after it, so the first tells most. */
export const rooms = [
  ...["random", "linalg", "mixture", "transformer", "learners", "risk", "stats", "claims", "figures"],
] as const;

export type Room = (typeof rooms)[number] | (string & {});

/** The sufficient statistics of a sample, with its first draws: they tell moved bits from other streams. */
export interface Sample {
  readonly mean: number;
  /** Of the mean: the sample's deviation over √n. */
  readonly standardError: number;
  /** Draws behind it; absent where only mean and error are known, as of a figure's row. */
  readonly n?: number;
  /** An interval that holds every draw. */
  readonly range?: readonly [number, number];
  /** The first draws, as many as are kept. */
  readonly head: readonly number[];
}

/** One number, or a few that belong together, of the catalogue, as goldens keep it. */
export interface Measurement {
  readonly room: Room;
  readonly name: string;
  /** SHA-256 of the doubles behind it (the first 16 hexadecimal digits): equal when every bit is. */
  readonly digest: string;
  /** Values that no stream moves but through the data; a claim's draws and verdict are among `facts`. */
  readonly values?: readonly number[];
  readonly samples?: readonly Sample[];
  /** What has to be the same, such as a verdict. */
  readonly facts?: Readonly<Record<string, string>>;
  /** How far rounding may move a value, relative to the largest of the values or of a sample's first draws. */
  readonly rounding: number;
  /** Each sample must show a drift of this size, or nothing was measured; absent where none is promised. */
  readonly sees?: number;
}

/** Draws kept with a sample. */
const headLength = 32;

/** The sufficient statistics of draws. */
export function sampleOf(draws: ArrayLike<number>, range?: readonly [number, number]): Sample {
  const n = draws.length;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const off = draws[i]! - mean;
    mean += off / (i + 1);
    squares += off * (draws[i]! - mean);
  }
  const standardError = Math.sqrt(squares / Math.max(1, n - 1) / n);
  return { mean, standardError, n, ...(range ? { range } : {}), head: Array.from(draws).slice(0, headLength) };
}

/** The fingerprint of doubles, bit by bit. */
export function digestOf(values: ArrayLike<number>): string {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) bytes.setFloat64(8 * i, values[i]!, true);
  return createHash("sha256").update(new Uint8Array(bytes.buffer)).digest("hex").slice(0, 16);
}
