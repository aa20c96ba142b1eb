import { Worker } from "node:worker_threads";
import type { PartJob, PartMessage } from "./worker.js";

/**
 * Makes a part, telling of every message; resolves to nothing, its rows being the last message. The signal ends it
 * before, without rows.
 */
export type PartRunner = (job: PartJob, hear: (message: PartMessage) => void, signal?: AbortSignal) => Promise<void>;

/** Worker threads for the parts of a figure. */
export interface PartPool {
  readonly run: PartRunner;
  /** Ends the threads at once; parts under way never settle. */
  readonly close: () => Promise<void>;
}

/**
 * A thread of its own for each part, at most `workers` at once: a part's memory, gigabytes in the large ones, goes with
 * its thread.
 * @throws RangeError unless workers is an integer from 1 to 256.
 */
export function partPool(workers: number): PartPool {
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new RangeError(`workers must be an integer from 1 to 256, got ${workers}`);
  }
  const fromSource = import.meta.url.endsWith(".ts");
  const file = new URL(fromSource ? "./worker-from-source.mjs" : "./worker.js", import.meta.url);
  const running = new Set<Worker>();
  const waiting: (() => void)[] = [];
  const next = () => {
    if (running.size < workers) waiting.shift()?.();
  };
  return {
    run: (partJob, hear, signal) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          if (signal?.aborted) return resolve();
          const worker = new Worker(file, { workerData: { partJob }, ...(fromSource ? { execArgv: [] } : {}) });
          running.add(worker);
          signal?.addEventListener("abort", () => void worker.terminate(), { once: true });
          worker.on("message", (message: PartMessage) => {
            try {
              hear(message);
            } catch (error) {
              // As when a checkpoint cannot be written: thrown here it would end the process with a trace.
              reject(error);
              void worker.terminate();
            }
          });
          worker.on("error", reject);
          worker.on("exit", () => {
            running.delete(worker);
            next();
            resolve();
          });
        });
        next();
      }),
    close: async () => {
      waiting.length = 0;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
