import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { Drawing } from "../claim/drawing.js";
import { measureClaims } from "../drift/claims.js";
import { type Catalogue, compare, type Drift, driftOf } from "../drift/compare.js";
import { catalogueOf, logAcceptance, type Part, parts, readGolden, writeGolden } from "../drift/goldens.js";
import type { Measurement } from "../drift/measurement.js";
import { driftReport } from "../drift/report.js";
import { version } from "../report/version.js";
import { exitCodes } from "./exit-codes.js";
import { integer } from "./options.js";
import { addRedisOptions, type RedisFlags } from "./redis-options.js";
import type { Registry } from "./registry.js";
import { withPool } from "./with-pool.js";

interface DriftFlags extends RedisFlags {
  readonly only: readonly Part[];
  readonly goldens: string;
  readonly workers: number;
  readonly json?: true;
  readonly github?: true;
  readonly accept?: string;
}

/** What help says of the exit codes. */
const codes =
  "\nExit code: 0 identical, 10 consistent (moved within rounding, or other streams and the same means), 11 drifted, " +
  "12 not measured,\n2 bad usage, 70 failure, 130 interrupted. Later rooms see what earlier ones make: " +
  "look at the first that changed.";

/** Adds `drift` to the command line. */
export function addDriftCommand(program: Command, registry: Registry): void {
  const command = program
    .command("drift")
    .description("compare every room's numbers, every figure's and every claim's with the goldens: did a number move?")
    .option("--only <part,…>", `of ${parts.join(", ")}, these`, partsOf, parts)
    .option("--goldens <directory>", "where they are kept", "fixtures/drift")
    .option("--accept <why>", "make today's numbers the goldens, and log why; refused in CI")
    .option("--json", "as JSON")
    .option("--github", "besides, annotations for GitHub's workflows")
    .option("--workers <N>", "worker threads, for the claims", integer(1), availableParallelism())
    .addHelpText("after", codes)
    .action(async (flags: DriftFlags) => {
      const { only, goldens, json, github, accept } = flags;
      if (accept !== undefined && (process.env.CI ?? "") !== "") {
        throw new RangeError("--accept is refused in CI (the variable CI is set): accept where a person looks");
      }
      if (accept?.trim() === "") throw new RangeError("--accept needs a reason, for the log");
      // Read first: a damaged golden must not be found out after minutes.
      const known = new Map(only.map((part) => [part, readGolden(goldens, part)]));
      const workers = only.includes("claims") ? flags.workers : 1;
      await withPool(registry, { ...flags, workers }, false, async (pool, interrupted) => {
        // A turn for signals, which are not heard in the midst of a measurement.
        const between = async () => {
          await setImmediate();
          if (interrupted()) throw new Error("the run was interrupted");
        };
        const compared: Drift[] = [];
        const made: [Part, Catalogue][] = [];
        for (const part of only) {
          const catalogue = catalogueOf(await measure(part, registry, pool.draw, between));
          made.push([part, catalogue]);
          compared.push(compare(known.get(part), catalogue));
        }
        const drift = driftOf(compared);
        const { lines, json: text, annotations, exitCode } = driftReport(drift);
        for (const line of json ? [text] : lines) console.log(line);
        if (github) for (const line of annotations) console.log(line);
        if (accept === undefined) return exitCode;
        for (const [part, catalogue] of made) writeGolden(goldens, part, catalogue);
        const first = drift.first ? `, first ${drift.first.room}: ${drift.first.name}` : "";
        logAcceptance(
          goldens,
          `${version}, Node ${process.version}, ${only.join("+")}: ${drift.outcome}${first}: ${accept}`,
        );
        if (!json) console.log(`accepted; the reason is in ${goldens}/accepted.log`);
        return exitCodes.supported;
      });
    });
  addRedisOptions(command);
}

/** The numbers of a part; `between` is waited for between its measurements, where those are made in this thread. */
export async function measure(
  part: Part,
  { theorems }: Registry,
  draw: Drawing,
  between?: () => Promise<void>,
): Promise<Measurement[]> {
  if (part === "claims") return measureClaims(theorems, draw);
  // Loaded when wanted: the figures bring their drawing with them.
  if (part === "figures") {
    const [{ measureFigures }, { figures }] = await Promise.all([
      import("../drift/figures.js"),
      import("../figure/figures/index.js"),
    ]);
    return measureFigures(figures, between);
  }
  return (await import("../drift/rooms.js")).measureRooms(between);
}

function partsOf(text: string): readonly Part[] {
  const asked = text.split(",").map((part) => part.trim());
  const unknown = asked.find((part) => !(parts as readonly string[]).includes(part));
  if (unknown !== undefined) throw new InvalidArgumentError(`It must be some of ${parts.join(", ")}.`);
  return parts.filter((part) => asked.includes(part));
}
