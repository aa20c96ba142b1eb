// The whole judge, for a page and for its workers alike: one function, of which a worker runs the text.

import { auditAssumptions } from "../../src/claim/audit.js";
import { computeDraws, findTheorem } from "../../src/claim/drawing.js";
import { checkConfiguration } from "../../src/claim/setting.js";
import type { Configuration } from "../../src/claim/theorem.js";
import { dualTrainingCost } from "../../src/transformer/cost.js";
import { theorems } from "../../theorems/index.js";
import { train } from "./training.js";
import type { Answer, Task } from "./web-pool.js";

export { numberText } from "../../src/claim/wording.js";
export { defaultBackend as backend } from "../../src/linalg/kernels/backend.js";
export { type Asked, askAll, commandOf, type Found, type Question } from "./question.js";
export { Stopped, webPool } from "./web-pool.js";

/** Where a theorem's assumptions stand at a configuration. @throws RangeError when it is none of the theorem's. */
export function assumptionsAt(theorem: string, configuration: Configuration) {
  const found = findTheorem(theorems, theorem);
  checkConfiguration(found, configuration);
  return auditAssumptions(found, configuration).map(({ left, right, slack, holds }) => ({ left, right, slack, holds }));
}

/** The configuration with that assumption broken, and as far as possible no other. */
export function dropped(theorem: string, assumption: number, configuration: Configuration): Configuration {
  return findTheorem(theorems, theorem).assumptions[assumption]!.drop(configuration);
}

/** Seconds of one core that a training of the playground's takes, 300 steps and the limit. */
export function trainingSeconds({ d, k, B }: { readonly d: number; readonly k: number; readonly B: number }): number {
  return dualTrainingCost({ B, columns: Math.min(d, k + B), steps: 300, limit: true }).seconds;
}

if (typeof document === "undefined") {
  const scope = self as unknown as { onmessage: unknown; postMessage(answer: Answer): void };
  scope.onmessage = ({ data }: MessageEvent<Task>) => {
    try {
      const result =
        data.kind === "draw" ? computeDraws(findTheorem(theorems, data.job.theorem), data.job) : train(data.job);
      scope.postMessage({ result });
    } catch (error) {
      scope.postMessage({ error: (error as Error).message });
    }
  };
}
