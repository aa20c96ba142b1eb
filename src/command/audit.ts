import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { conclusionOf, sweepOf } from "../claim/audit.js";
import { configurationWith } from "../claim/setting.js";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { audit } from "../report/audit-table.js";
import { checkMemory } from "../report/cost-line.js";
import { csvHead } from "../report/csv.js";
import { checkWritable, writeWhole } from "../report/whole-file.js";
import { suiteRates } from "../stats/budget.js";
import { exitCodes, plainExitCodeText } from "./exit-codes.js";
import { integer, joined } from "./options.js";
import { named } from "./own-modules.js";
import { progressLines } from "./progress.js";
import { addRedisOptions, type RedisFlags } from "./redis-options.js";
import type { Registry } from "./registry.js";
import { oneTheorem } from "./select.js";
import { withPool } from "./with-pool.js";

interface AuditFlags extends RedisFlags {
  readonly seed: number;
  readonly maxDraws: number;
  readonly workers: number;
  readonly set?: string;
  readonly claim?: string;
  readonly sweep?: string;
  readonly points: number;
  readonly drop?: true;
  readonly csv?: string;
}

/** Adds `audit` to the command line. */
export function addAuditCommand(program: Command, known: Registry): void {
  const command = program
    .command("audit")
    .description(
      "a theorem's assumptions at a configuration, by which slack they hold, and the conclusion measured there",
    )
    .argument("<theorem>", "as `list` names it, or the path of a module that exports one")
    .option("--set <name=value,…>", "the configuration: the theorem's first example so changed", joined, "")
    .option("--claim <id>", "this claim only, not all of the conclusion")
    .option("--drop", "break each assumption in turn, all others kept: does it carry weight here?")
    .option("--sweep <name=from..to>", "the conclusion along a parameter, on a logarithmic grid")
    .option("--points <N>", "points of the grid", integer(2), 9)
    .option("--csv <file>", "write the sweep there")
    .option("--seed <N>", "moves every random stream; same seed, same bits", integer(0), 0)
    .option("--max-draws <N>", "draws a configuration may take before it is undecided", integer(1), 300)
    .option("--workers <N>", "worker threads", integer(1), availableParallelism())
    .addHelpText("after", plainExitCodeText)
    .action(async (id: string, flags: AuditFlags) => {
      const { registry, ids } = await named(known, [id]);
      const theorem = oneTheorem(registry.theorems, ids);
      const configuration = configurationWith(theorem, flags.set ?? "");
      const sweep = flags.sweep === undefined ? undefined : sweepOf(theorem, flags.sweep, flags.points);
      const places = sweep?.values.map((value) => ({ ...configuration, [sweep.name]: value }));
      if (flags.redis === undefined) checkMemory(theorem, places ?? [configuration]);
      if (flags.csv !== undefined && !sweep) throw new RangeError("--csv needs --sweep: only a sweep makes a table");
      // Before the sweep, which may take hours.
      if (flags.csv !== undefined) checkWritable(flags.csv);
      const { claim, seed, maxDraws } = flags;
      const question = {
        configuration,
        drop: flags.drop === true,
        ...(claim ? { claim } : {}),
        ...(sweep ? { sweep } : {}),
      };
      conclusionOf(theorem, claim);
      await withPool(registry, flags, true, async (pool) => {
        const judging = { ...suiteRates, draw: pool.draw, seed, maxDraws, configurations: 1 };
        const voice = progressLines(pool.note);
        try {
          const report = await audit(theorem, question, judging, voice.progress);
          for (const line of report.lines) voice.line(line);
          if (flags.csv !== undefined && report.csv !== undefined) {
            const about = { theorem: theorem.id, configuration: JSON.stringify(configuration), seed, maxDraws };
            writeWhole(
              flags.csv,
              csvHead({ ...about, rate: suiteRates.falseAlarm, backend: defaultBackend }) + report.csv,
            );
          }
          return exitCodes.supported;
        } finally {
          voice.stop();
        }
      });
    });
  addRedisOptions(command);
}
