import type { Command } from "commander";
import type { Cluster } from "../cluster/cluster.js";
import { integer } from "./options.js";
import type { Registry } from "./registry.js";

/** What a command takes to have its draws made by a queue's workers. */
export interface RedisFlags {
  readonly redis?: string;
  readonly run?: string;
  readonly timeLimit: number;
  readonly patience: number;
}

/**
 * Adds --redis and what goes with it.
 * @param limit seconds that one piece of a job may take, unless told.
 */
export function addRedisOptions(command: Command, limit = 3600): Command {
  return command
    .option("--redis <url>", "have the work done by `icl-claims worker`s at this Redis, not by threads")
    .option("--run <name>", "with --redis: a run that was cut off goes on under the same name")
    .option("--time-limit <seconds>", "with --redis: longer than that no draw may take", integer(1), limit)
    .option(
      "--patience <seconds>",
      "with --redis: how long to wait for a worker, or a Redis that is gone",
      integer(1),
      600,
    );
}

/**
 * Joins the workers that the flags name; nothing without --redis. The queue's packages are loaded only then.
 * @throws RangeError in one sentence, as `openCluster`, or on flags that do not go together.
 */
export async function clusterOf(flags: Partial<RedisFlags>, registry?: Registry): Promise<Cluster | undefined> {
  const { redis, run, timeLimit: limit = 3600, patience = 600 } = flags;
  if (redis === undefined) {
    if (run !== undefined) throw new RangeError("--run names a run of workers, and so needs --redis");
    return undefined;
  }
  const { openCluster } = await import("../cluster/cluster.js");
  return openCluster({
    ...{ redis, limit, patience, say: (line) => console.error(`icl-claims: ${line}`) },
    ...(run === undefined ? {} : { run }),
    ...(registry?.own ? { own: registry.own } : {}),
  });
}
