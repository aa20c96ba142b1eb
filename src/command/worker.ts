import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { plainExitCodeText } from "./exit-codes.js";
import { integer } from "./options.js";
import { named } from "./own-modules.js";
import type { Registry } from "./registry.js";

interface WorkerFlags {
  readonly redis: string;
  readonly threads: number;
  readonly lock: number;
}

/** Adds `worker` to the command line. */
export function addWorkerCommand(program: Command, known: Registry): void {
  program
    .command("worker")
    .description("make the draws of runs with --redis, on as many machines as there are, until it is ended")
    .argument("[module...]", "theorems of one's own that it makes draws of as well: the files that the runs have")
    .requiredOption("--redis <url>", "redis://host:6379; rediss:// for TLS; the password from ICL_REDIS_PASSWORD")
    .option("--threads <N>", "jobs at once, a thread each", integer(1), availableParallelism())
    .option("--lock <seconds>", "when it has died, its jobs go to others after so long", integer(1), 30)
    .addHelpText("after", plainExitCodeText)
    .action(async (names: string[], { redis, threads, lock }: WorkerFlags) => {
      const { registry } = await named(known, names);
      const hashes = new Set(registry.own?.values() ?? []);
      const modules = new Map([...hashes].map((hash) => [hash, registry.url] as const));
      const { serve } = await import("../cluster/serving.js");
      const say = (line: string) => console.log(line);
      const serving = await serve({ redis, threads, lock, registry: known.url, modules, say });
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      });
      say("ending; jobs under way get ten seconds");
      await serving.close();
    });
}
