import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../argument.js";
import type { DualState } from "../transformer/descent/dual.js";
import type { Row, Settings } from "./figure.js";
import { figureOf } from "./figures/index.js";

/** What a worker thread is asked for: a part of a figure. */
export interface PartJob {
  readonly figure: string;
  readonly part: Settings;
  readonly seed: number;
  readonly resume?: DualState;
}

/** What it answers: how far it is, a state worth keeping, and at last the rows, or why there are none. */
export type PartMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "state"; readonly state: DualState }
  | { readonly kind: "rows"; readonly rows: Row[] }
  | { readonly kind: "failure"; readonly message: string; readonly usage: boolean };

/** Makes the part in this thread. */
export function work({ figure, part, seed, resume }: PartJob, answer: (message: PartMessage) => void): void {
  try {
    const rows = figureOf(figure).compute(part, {
      seed,
      ...(resume ? { resume } : {}),
      progress: (share) => answer({ kind: "progress", share }),
      keep: (state) => answer({ kind: "state", state }),
    });
    answer({ kind: "rows", rows });
  } catch (error) {
    answer({ kind: "failure", message: messageOf(error), usage: error instanceof RangeError });
  }
}

if (parentPort) {
  const port = parentPort;
  const job = workerData as { readonly partJob?: PartJob } | null;
  if (job?.partJob) work(job.partJob, (message) => port.postMessage(message));
}
