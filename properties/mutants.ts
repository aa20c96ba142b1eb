// How well a room's tests bite: a sample of small changes to its code, each of which some test of the room must notice.
// `npm run mutants -- src/stats [--count 40] [--seed 0] [--workers 2] [--seconds 60] [--tests properties/stats]`
// prints the survivors, to be looked at: some change nothing that can be seen. What it printed, kept in a file, can be
// tried again once there are new tests: `npm run mutants -- src/stats --replay FILE`.

import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Stream } from "../src/random/stream.js";
import { filesOf, type Mutant, mutantsOf, replayed, shown } from "./mutants-changes.js";

/** What a lane is told: a file of tests to run, and the files that have changed since it last ran any. */
export interface Errand {
  readonly test: string;
  readonly changed: readonly string[];
}

export type Ending = "passed" | "failed" | "late";

/** The files of the project that a file names between quotes: what it imports, and what it starts as another process. */
function named(file: string): string[] {
  const texts = [...readFileSync(file, "utf8").matchAll(/"([^"\s]+)"/g)].map(([, text]) =>
    text!.replace(/\.js$/, ".ts"),
  );
  const aliased = texts.map((text) =>
    text.replace(/^icl-claims$/, "src/index.ts").replace(/^icl-claims\/(.*)/, "src/$1.ts"),
  );
  return [...texts.map((text) => join(dirname(file), text)), ...aliased].filter(
    (path) => path.endsWith(".ts") && existsSync(path),
  );
}

/** How many imports away from a file the files are that it reaches. */
function distancesFrom(file: string): Map<string, number> {
  const distances = new Map([[file, 0]]);
  // A map goes on to what is put in it on the way.
  for (const [path, distance] of distances) {
    for (const next of named(path)) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}

/** A copy of the project in which one mutant at a time stands, and the process that runs its tests. */
class Lane {
  readonly #copy: string;
  #changed: string[] = [];
  #child: ChildProcess | undefined;

  constructor(copy: string) {
    this.#copy = copy;
    const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
    for (const path of [...tracked, "src/linalg/kernels/kernels.wasm"]) cpSync(path, join(copy, path));
    symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#copy, file), text);
    this.#changed.push(join(this.#copy, file));
  }

  async run(file: string, seconds: number): Promise<Ending> {
    const errand: Errand = { test: join(this.#copy, file), changed: this.#changed.splice(0) };
    if (!this.#child) await this.#started();
    const answer = this.#heard<Ending>();
    this.#child!.send(errand);
    const late = setTimeout(() => this.end(), 1000 * seconds);
    const ending = await answer;
    clearTimeout(late);
    return ending ?? "late";
  }

  /** Kills the process with all it has started: a test that does not end cannot be asked to. */
  end(): void {
    const child = this.#child;
    this.#child = undefined;
    try {
      if (child) process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  async #started(): Promise<void> {
    const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
    this.#child = fork("properties/mutants-lane.ts", [this.#copy], { detached: true, stdio: [...stdio] });
    await this.#heard();
  }

  /** What the process says next, or nothing when it has been ended. */
  #heard<T>(): Promise<T | undefined> {
    const child = this.#child!;
    return new Promise((resolve, reject) => {
      child.removeAllListeners();
      child.once("message", (said) => resolve(said as T));
      child.once("exit", () => {
        if (this.#child === child) reject(new Error("a process that runs tests has ended by itself"));
        else resolve(undefined);
      });
    });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "0" },
    workers: { type: "string", default: "2" },
    seconds: { type: "string", default: "60" },
    tests: { type: "string", multiple: true },
    replay: { type: "string" },
  },
});
if (positionals.length === 0) throw new Error("name a room, as in: npm run mutants -- src/stats");
const rooms = values.tests ?? positionals.map((path) => path.replace(/^src\/([^/]+).*/, "properties/$1"));
const tests = rooms.flatMap(filesOf).filter((path) => path.endsWith(".test.ts"));
const reach = new Map(tests.map((test) => [test, distancesFrom(test)]));
const milliseconds = new Map<string, number>();

function sampled(): Mutant[] {
  const stream = Stream.root("mutants", Number(values.seed), ...positionals);
  const keyed = positionals.flatMap(filesOf).flatMap(mutantsOf);
  return keyed
    .map((mutant) => ({ mutant, key: stream.uniform() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, Number(values.count))
    .map(({ mutant }) => mutant);
}

/** Runs all tests on the code as it is, to know that they pass, and how long they take. */
async function refuseFailing(lane: Lane): Promise<void> {
  for (const test of tests) {
    const start = performance.now();
    const ending = await lane.run(test, 20 * Number(values.seconds));
    if (ending !== "passed") throw new Error(`the tests of ${test} do not pass as they are: ${ending}`);
    milliseconds.set(test, performance.now() - start);
  }
}

/** How the tests end that reach the mutant: the nearest first, as they are the likeliest to notice, and the quickest. */
async function endingWith(mutant: Mutant, lane: Lane): Promise<Ending> {
  const away = (test: string) => reach.get(test)!.get(mutant.file)!;
  const reaching = tests
    .filter((test) => reach.get(test)!.has(mutant.file))
    .sort((a, b) => away(a) - away(b) || milliseconds.get(a)! - milliseconds.get(b)!);
  const text = readFileSync(mutant.file, "utf8");
  lane.write(mutant.file, text.slice(0, mutant.start) + mutant.after + text.slice(mutant.end));
  try {
    for (const test of reaching) {
      // On a machine that has turned busy, what took long takes longer yet.
      const ending = await lane.run(test, Number(values.seconds) + milliseconds.get(test)! / 200);
      if (ending !== "passed") return ending;
    }
    return "passed";
  } finally {
    lane.write(mutant.file, text);
  }
}

const root = mkdtempSync(join(tmpdir(), "icl-mutants-"));
const lanes: Lane[] = [];
process.on("exit", () => {
  for (const lane of lanes) lane.end();
  rmSync(root, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
for (let lane = 0; lane < Number(values.workers); lane++) lanes.push(new Lane(join(root, String(lane))));

await refuseFailing(lanes[0]!);
const words = { passed: "survives", late: "does not end", failed: "killed" };
const counts = { passed: 0, late: 0, failed: 0 };
const chosen = values.replay ? replayed(values.replay) : sampled();
const waiting = chosen.values();
await Promise.all(
  lanes.map(async (lane) => {
    for (const mutant of waiting) {
      const ending = await endingWith(mutant, lane);
      counts[ending]++;
      if (ending !== "failed") console.log(`${words[ending]}: ${shown(mutant)}`);
    }
  }),
);
console.log(
  `${positionals.join(" ")}: of ${chosen.length}, killed by a test ${counts.failed}, ` +
    `did not end ${counts.late}, survived ${counts.passed}`,
);
process.exit();
