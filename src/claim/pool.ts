import { Tinypool } from "tinypool";
import type { Drawing, DrawJob, Draws } from "./drawing.js";

/** A pool of worker threads that make draws. */
export interface DrawingPool {
  readonly draw: Drawing;
  /** Ends the workers; jobs under way are dropped. */
  readonly close: () => Promise<void>;
}

/**
 * A pool of `workers` threads, each of which loads the theorems itself, since functions do not cross threads:
 * `registry` is the URL of a module that exports `theorems`, an array of theorems.
 * @throws RangeError unless workers is an integer from 1 to 256.
 */
export function drawingPool(registry: string, workers: number): DrawingPool {
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new RangeError(`workers must be an integer from 1 to 256, got ${workers}`);
  }
  const fromSource = import.meta.url.endsWith(".ts");
  const pool = new Tinypool({
    filename: new URL(fromSource ? "./worker-from-source.mjs" : "./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: 60_000,
  });
  return {
    draw: (job) => pool.run({ registry, job } satisfies { registry: string; job: DrawJob }) as Promise<Draws>,
    close: () => pool.destroy(),
  };
}
