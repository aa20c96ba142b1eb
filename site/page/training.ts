import { Stream } from "../../src/random/stream.js";
import { scoredLearners, statedLearners } from "../../theorems/magen-vardi-2025/scored.js";
import { meanError } from "../../theorems/magen-vardi-2025/setup.js";

/** The transformer, trained at these numbers: by the inner products of its tasks, so that d costs nothing. */
export interface TrainingJob {
  readonly at: { readonly d: number; readonly k: number; readonly R: number; readonly N: number; readonly B: number };
  readonly testR: number;
  readonly lengths: readonly number[];
  readonly seed: number;
  /** Which of the trainings this is. */
  readonly number: number;
}

/** Errors at each length: of 300 steps, and of the max-margin limit where the tasks can be separated. */
export interface Training {
  readonly descent: readonly number[];
  readonly limit: readonly number[] | undefined;
}

/** Test tasks a training is scored on, the same for every learner. */
export const testTasks = 200;

/** Draws B tasks and trains on them; 300 steps of η = 1/β, and the limit of all the steps. */
export function train({ at, testR, lengths, seed, number }: TrainingJob): Training {
  const stream = Stream.root("icl-claims", seed, "playground", number);
  const scored = scoredLearners({ ...at, Rtest: testR }, stream, statedLearners, testTasks);
  return {
    descent: lengths.map((M) => meanError(scored.descent, M)),
    limit: limitOr(() => lengths.map((M) => meanError(scored.limit, M))),
  };
}

/** Undefined where no W separates the tasks. */
function limitOr<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
