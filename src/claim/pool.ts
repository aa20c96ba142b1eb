import { Tinypool } from "tinypool";
import type { Drawing, DrawJob, Draws } from "./drawing.js";

/** What makes draws: worker threads, or workers on other machines. */
export interface DrawingPool {
  readonly draw: Drawing;
  /** Ends the workers' work for this pool; jobs under way are dropped. */
  readonly close: () => Promise<void>;
  /** How many sets of simulations to ask for at once, where that is not the usual few. */
  readonly lanes?: number;
  /** Who is at work, in a few words. */
  readonly note?: () => string;
  /** Told that the run came to its end: what was kept to go on from is not needed any more. */
  readonly finished?: () => void;
}

/** Worker threads that make draws of any registry's theorems. */
export interface DrawingThreads {
  /** The signal ends the thread that makes them; another takes its place. */
  readonly draw: (registry: string, job: DrawJob, signal?: AbortSignal) => Promise<Draws>;
  readonly close: () => Promise<void>;
}

/** @throws RangeError unless workers is an integer from 1 to 256. */
export function drawingThreads(workers: number): DrawingThreads {
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new RangeError(`workers must be an integer from 1 to 256, got ${workers}`);
  }
  const fromSource = import.meta.url.endsWith(".ts");
  const pool = new Tinypool({
    filename: new URL(fromSource ? "./worker-from-source.mjs" : "./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: 60_000,
    ...(fromSource ? { execArgv: [] } : {}),
    // A draw's thousands of small arrays outlive the 16 MB that V8 gives young objects, and would be copied twice: with
    // 32 MB lda-equivalence takes 30% less, and nothing takes more. Costs at most 48 MB a thread.
    resourceLimits: { maxYoungGenerationSizeMb: 96 },
  });
  return {
    draw: (registry, job, signal) => pool.run({ registry, job }, signal ? { signal } : {}) as Promise<Draws>,
    close: () => pool.destroy(),
  };
}

/**
 * A pool of `workers` threads, each of which loads the theorems itself, since functions do not cross threads:
 * `registry` is the URL of a module that exports `theorems`, an array of theorems.
 * @throws RangeError unless workers is an integer from 1 to 256.
 */
export function drawingPool(registry: string, workers: number): DrawingPool {
  const threads = drawingThreads(workers);
  // Draws that are not wanted any more are made nevertheless: to end a thread costs more than the rest of its second.
  return { draw: (job) => threads.draw(registry, job), close: threads.close };
}
