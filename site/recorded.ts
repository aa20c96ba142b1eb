import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { SuiteResult } from "../src/claim/suite.js";

/** What a run of `verify` found, as the page shows it, and of which code. */
export interface Recorded {
  readonly seed: number;
  readonly version: string;
  /** The commit that was run, with "+" where the checkout had changes. */
  readonly commit: string;
  /** The fingerprint of all that verdicts depend on. */
  readonly code: string;
  readonly node: string;
  readonly backend: string;
  readonly results: readonly SuiteResult[];
}

const root = new URL("..", import.meta.url);
const file = new URL("recorded.json", import.meta.url);

/** The committed recording. @throws Error when there is none. */
export function recorded(from: URL = file): Recorded {
  const text = readFileSync(from, "utf8");
  // JSON has no NaN: verify writes null for an estimate that is no number.
  return JSON.parse(text, (name, value) => (value === null && name !== "" ? Number.NaN : value)) as Recorded;
}

/** Rooms that a verdict depends on. */
const rooms = ["random", "linalg", "mixture", "transformer", "learners", "risk", "stats", "claim"];

/** A fingerprint of the theorems and of every room that their verdicts depend on. */
export function codeFingerprint(): string {
  const files = [...rooms.map((room) => `src/${room}/`), "theorems/"].flatMap((folder) =>
    (readdirSync(new URL(folder, root), { recursive: true }) as string[])
      .filter((name) => name.endsWith(".ts"))
      .map((name) => folder + name.replaceAll("\\", "/")),
  );
  const hash = createHash("sha256");
  for (const name of files.sort())
    hash
      .update(`${name}\0`)
      .update(readFileSync(new URL(name, root)))
      .update("\0");
  return hash.digest("hex").slice(0, 12);
}

/**
 * The text of a recording of what `verify --json` printed: numbers to six digits, a result a line.
 * @throws RangeError when it is not what verify prints.
 */
export function recordingOf(json: string, about: Omit<Recorded, "results" | "seed" | "backend">): string {
  let results: Record<string, unknown>[];
  try {
    results = JSON.parse(json) as Record<string, unknown>[];
  } catch (error) {
    throw new RangeError(`this is not what \`verify --json\` prints: ${(error as Error).message}`);
  }
  const [first] = Array.isArray(results) ? results : [];
  if (!first || typeof first.seed !== "number" || !Array.isArray(first.cases)) {
    throw new RangeError("this is not what `verify --json` prints: a list of judgements is needed");
  }
  const lines = results.map(({ expected, asExpected, counterexample: _, backend: __, ...judgement }) =>
    JSON.stringify({ expected, asExpected, judgement }, (___, value: unknown) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value,
    ),
  );
  const head = JSON.stringify({ ...about, seed: first.seed, backend: first.backend });
  return `${head.slice(0, -1)},"results":[\n${lines.join(",\n")}\n]}\n`;
}

/** Whether there is a recording. */
export function isRecorded(): boolean {
  return existsSync(file);
}
