import type { Drawing, DrawJob, Draws } from "../../src/claim/drawing.js";
import type { DrawingPool } from "../../src/claim/pool.js";
import type { Training, TrainingJob } from "./training.js";

/** What a worker is asked for. */
export type Task =
  | { readonly kind: "draw"; readonly job: DrawJob }
  | { readonly kind: "train"; readonly job: TrainingJob };

/** What it answers. */
export type Answer = { readonly result: Draws | Training } | { readonly error: string };

/** Web Workers that make draws, as the pool of threads does; that can wait; and that can train for the playground. */
export interface WebPool extends DrawingPool {
  readonly train: (job: TrainingJob) => Promise<Training>;
  /** Hands out no more work until `resume`; what is under way is finished. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Said by work that `close` ended. */
export class Stopped extends Error {}

interface Waiting {
  readonly task: Task;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A pool of Web Workers, each running `source` from a blob, so that a page opened as a file has them too. Work is handed
 * out in the order in which it is asked for.
 */
export function webPool(source: string, workers: number): WebPool {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const crew: Worker[] = [];
  const idle: Worker[] = [];
  const queue: Waiting[] = [];
  const busy = new Map<Worker, Waiting>();
  let paused = false;
  let closed = false;
  const hand = () => {
    while (!paused && queue.length > 0) {
      if (idle.length === 0 && crew.length < workers) idle.push(hire());
      const worker = idle.pop();
      if (!worker) return;
      const waiting = queue.shift()!;
      busy.set(worker, waiting);
      worker.postMessage(waiting.task);
    }
  };
  const hire = (): Worker => {
    const worker = new Worker(url);
    crew.push(worker);
    const settle = (settled: (waiting: Waiting) => void) => {
      const waiting = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if (waiting) settled(waiting);
      hand();
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      settle(({ resolve, reject }) =>
        "error" in data ? reject(new Error(data.error)) : resolve(data.result as never),
      );
    worker.onerror = ({ message }) => settle(({ reject }) => reject(new Error(message)));
    return worker;
  };
  const ask = <T>(task: Task): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) return reject(new Stopped());
      queue.push({ task, resolve: resolve as (result: never) => void, reject });
      hand();
    });
  return {
    draw: ((job) => ask<Draws>({ kind: "draw", job })) satisfies Drawing,
    train: (job) => ask<Training>({ kind: "train", job }),
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      hand();
    },
    close: async () => {
      closed = true;
      for (const worker of crew) worker.terminate();
      URL.revokeObjectURL(url);
      for (const { reject } of [...busy.values(), ...queue.splice(0)]) reject(new Stopped());
      busy.clear();
    },
  };
}
