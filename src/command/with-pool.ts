import { type DrawingPool, drawingPool } from "../claim/pool.js";
import { exitCodes } from "./exit-codes.js";
import { clusterOf, type RedisFlags } from "./redis-options.js";
import type { Registry } from "./registry.js";

/** Who makes the draws: so many threads, or the workers at a Redis. */
export type PoolFlags = { readonly workers: number } & Partial<RedisFlags>;

/**
 * Runs with a pool whose workers end with it (those of a queue: their work for it), at Ctrl-C or SIGTERM at once.
 * `byHand` says that the configuration was typed.
 * @returns the exit code.
 */
export async function withPool(
  registry: Registry,
  flags: PoolFlags,
  byHand: boolean,
  run: (pool: DrawingPool, interrupted: () => boolean) => Promise<number>,
): Promise<void> {
  const { workers } = flags;
  const pool = registry.pool?.(registry) ?? (await clusterOf(flags, registry)) ?? drawingPool(registry.url, workers);
  let interrupted = false;
  const stop = () => {
    interrupted = true;
    void pool.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    process.exitCode = await run(pool, () => interrupted);
    if (!interrupted) pool.finished?.();
  } catch (error) {
    if (!interrupted) {
      // A draw that refuses its configuration says so as a RangeError: a setting by hand was out of range.
      if (byHand && (error as Error).cause instanceof RangeError) throw new RangeError((error as Error).message);
      throw error;
    }
    process.exitCode = exitCodes.interrupted;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    await pool.close();
  }
  if (interrupted) console.error("icl-claims: interrupted");
}
