import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { sweepOf } from "../claim/audit.js";
import { type MapCell, type MapQuestion, mapClaim } from "../claim/map.js";
import { configurationWith } from "../claim/setting.js";
import type { Theorem } from "../claim/theorem.js";
import { withDrawingPackages } from "../figure/drawing-packages.js";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { checkMemory } from "../report/cost-line.js";
import { mapCsv, mapLines } from "../report/map-table.js";
import { version } from "../report/version.js";
import { cannotWrite, writeWhole } from "../report/whole-file.js";
import { splitRates, suiteRates } from "../stats/budget.js";
import { exitCodes, plainExitCodeText } from "./exit-codes.js";
import { integer, joined } from "./options.js";
import { named } from "./own-modules.js";
import { progressLines } from "./progress.js";
import { addRedisOptions, type RedisFlags } from "./redis-options.js";
import type { Registry } from "./registry.js";
import { oneTheorem } from "./select.js";
import { withPool } from "./with-pool.js";

interface MapFlags extends RedisFlags {
  readonly claim: string;
  readonly x: string;
  readonly y: string;
  readonly columns: number;
  readonly rows: number;
  readonly set: string;
  readonly seed: number;
  readonly maxDraws: number;
  readonly workers: number;
  readonly out: string;
  readonly name?: string;
}

/** Adds `map` to the command line. */
export function addMapCommand(program: Command, known: Registry): void {
  const command = program
    .command("map")
    .description("where a claim holds, over two parameters: a grid judged cell by cell, as SVG, PNG and CSV")
    .argument("<theorem>", "as `list` names it, or the path of a module that exports one")
    .requiredOption("--claim <id>", "the claim")
    .requiredOption("--x <name=from..to>", "the parameter across, on a logarithmic grid")
    .requiredOption("--y <name=from..to>", "the parameter upwards")
    .option("--columns <N>", "cells across on the finest grid", integer(2), 17)
    .option("--rows <N>", "cells upwards on the finest grid", integer(2), 17)
    .option("--set <name=value,…>", "the other parameters: the theorem's first example so changed", joined, "")
    .option("--seed <N>", "moves every random stream; same seed, same bits", integer(0), 0)
    .option("--max-draws <N>", "draws a cell may take before it is undecided", integer(1), 300)
    .option("--workers <N>", "worker threads", integer(1), availableParallelism())
    .option("--out <directory>", "where the files go", "figures")
    .option("--name <name>", "what they are called; map-<theorem>-<claim> unless given")
    .addHelpText("after", `\nAn interrupted map goes on with the same command.${plainExitCodeText}`)
    .action(async (name: string, flags: MapFlags) => {
      const { registry, ids } = await named(known, [name]);
      const theorem = oneTheorem(registry.theorems, ids);
      const { id } = theorem;
      const question = questionOf(theorem, flags);
      const { seed, maxDraws, out } = flags;
      const path = join(out, flags.name ?? `map-${id}-${flags.claim}`);
      const largest = { [question.x.name]: question.x.values.at(-1)!, [question.y.name]: question.y.values.at(-1)! };
      if (flags.redis === undefined) checkMemory(theorem, [{ ...question.configuration, ...largest }]);
      const cellsAsked = question.x.values.length * question.y.values.length;
      const rates = splitRates(cellsAsked, suiteRates);
      const { mapSpecification } = await withDrawingPackages(() => import("../figure/map-picture.js"));
      const { toPng, toSvg } = await withDrawingPackages(() => import("../figure/picture.js"));
      const origin = { version, id, question, seed, maxDraws, backend: defaultBackend };
      const record = new CellRecord(`${path}.partial.jsonl`, origin);
      await withPool(registry, flags, true, async (pool) => {
        const bar = progressLines(pool.note);
        try {
          const judging = { ...rates, draw: pool.draw, seed, maxDraws, configurations: 1 };
          const cells = await mapClaim(theorem, question, judging, record.cells, (cell, share) => {
            record.add(cell);
            bar.progress(share);
          });
          const svg = await toSvg(mapSpecification(theorem, question, cells));
          for (const line of mapLines(theorem, question, cells)) bar.line(line);
          writeWhole(
            `${path}.csv`,
            mapCsv(theorem, question, cells, { seed, maxDraws, rate: rates.falseAlarm, backend: defaultBackend }),
          );
          writeWhole(`${path}.svg`, svg);
          writeWhole(`${path}.png`, toPng(svg));
          record.remove();
          bar.line(`  ${cells.length} of ${cellsAsked} cells judged; written to ${path}.svg, .png and .csv`);
          return exitCodes.supported;
        } finally {
          bar.stop();
        }
      });
    });
  addRedisOptions(command);
}

function questionOf(theorem: Theorem, { claim, x, y, columns, rows, set }: MapFlags): MapQuestion {
  // A sentence that is expected to be refuted has places where it holds: that is what its map is for.
  const claims = theorem.claims.map(({ id }) => id);
  if (!claims.includes(claim)) {
    throw new RangeError(`${theorem.id} has no claim "${claim}"; it has ${claims.join(", ")}`);
  }
  const question = {
    claim,
    configuration: configurationWith(theorem, set),
    x: sweepOf(theorem, x, columns),
    y: sweepOf(theorem, y, rows),
  };
  if (question.x.name === question.y.name) throw new RangeError(`a map needs two parameters, got ${x} and ${y}`);
  if (question.x.values.length < 2 || question.y.values.length < 2) {
    throw new RangeError(`a map needs at least two values a side, got ${x} and ${y}`);
  }
  return question;
}

/**
 * The cells of a map under way, a line each after one that says whose they are: what an interrupted map goes on from.
 */
class CellRecord {
  readonly cells: MapCell[] = [];
  readonly #path: string;

  constructor(path: string, origin: object) {
    this.#path = path;
    const head = JSON.stringify(origin);
    if (!existsSync(path)) {
      this.#write(head);
      return;
    }
    const [first, ...lines] = readFileSync(path, "utf8").split("\n");
    if (first !== head) throw new RangeError(`${path} is of another map; remove it to start afresh`);
    for (const line of lines) {
      // The last line of a run that was killed may be cut short: it is judged again.
      try {
        if (line !== "") this.cells.push(cellOf(JSON.parse(line)));
      } catch {
        break;
      }
    }
  }

  add(cell: MapCell): void {
    this.#write(JSON.stringify(cell));
  }

  #write(line: string): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      appendFileSync(this.#path, `${line}\n`);
    } catch (error) {
      throw cannotWrite(this.#path, error);
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

/** JSON has no NaN: it writes null, which is read as one. */
function cellOf(record: Record<string, number | string | null>): MapCell {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, value ?? Number.NaN]),
  ) as unknown as MapCell;
}
