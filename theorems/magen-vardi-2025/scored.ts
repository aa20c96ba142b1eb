import { lazily } from "../../src/claim/lazily.js";
import type { SymmetricOperator } from "../../src/linalg/symmetric-operator.js";
import { type ReducedRankOneSum, reducedProjector } from "../../src/mixture/signed/dimension-free.js";
import type { Stream } from "../../src/random/stream.js";
import { type TaskScalars, taskScalars } from "../../src/risk/conditional.js";
import { normalQuantile } from "../../src/risk/normal.js";
import { sampleComplexity } from "../../src/risk/sample-complexity.js";
import {
  gramOf,
  type Learner,
  meanError,
  type Setting,
  statedTasks,
  type TaskWorld,
  testTasks,
  trained,
  trainingTasks,
} from "./setup.js";

/** A world in which both of the paper's learners are trained: the one of its figures and the one of its theorems. */
export interface LearnerWorld extends TaskWorld {
  readonly descent: Learner;
  readonly limit: Learner;
}

export const statedLearners: LearnerWorld = { ...statedTasks, descent: "300 steps", limit: "limit" };

/** The learners, and the one that knows P, on the same test tasks. */
export interface Scored {
  readonly descent: readonly TaskScalars[];
  readonly limit: readonly TaskScalars[];
  readonly known: readonly TaskScalars[];
  /** The same weights on test tasks of another strength, with the same random numbers. */
  readonly againAt: (Rtest: number) => Scored;
}

/**
 * Trains both learners on the same B tasks and scores them on the same `tests` ones of strength R̃; each when asked
 * for. @param stepSize of the descent; 1/β unless given.
 */
export function scoredLearners(
  at: Setting & { readonly B: number; readonly Rtest: number },
  stream: Stream,
  world: LearnerWorld,
  tests: number,
  stepSize?: number,
): Scored {
  const tasks = trainingTasks(at, stream.derive("training"), world);
  const weights: {
    readonly K: SymmetricOperator;
    readonly descent: ReducedRankOneSum;
    readonly limit: ReducedRankOneSum;
  } = lazily({
    K: () => gramOf(tasks),
    descent: () => trained(tasks, world.descent, shared),
    limit: () => trained(tasks, world.limit, shared),
  });
  const shared = { K: () => weights.K, stepSize };
  const scored = (Rtest: number): Scored => {
    const drawn = lazily({ tests: () => testTasks(stream.derive("test"), { ...at, Rtest }, tasks, tests) });
    return lazily<Scored>({
      descent: () => taskScalars(weights.descent, drawn.tests),
      limit: () => taskScalars(weights.limit, drawn.tests),
      known: () => taskScalars(reducedProjector(tasks), drawn.tests),
      againAt: () => scored,
    });
  };
  return scored(at.Rtest);
}

/**
 * What training leaves of noise, in units of the noise that PPᵀ has to live with: ν = v/v(PPᵀ) − 1, where v is the
 * variance that makes Φ(−R̃²/√v) the mean error at M examples, for W and for PPᵀ on the same test tasks. After one step
 * the moments say ν = (k(1 + s) − 1)/B + k²s(1 + s)/(NBM)/(R̃² + k/M), s = d/R²: it is 1/B times the number of tasks
 * that are needed. Infinite where the error is ½ or more.
 */
export function trainingNoise(of: readonly TaskScalars[], known: readonly TaskScalars[], M: number): number {
  const error = meanError(of, M);
  if (error >= 0.5) return Number.POSITIVE_INFINITY;
  return (normalQuantile(meanError(known, M)) / normalQuantile(error)) ** 2 - 1;
}

/** The log of M* over M*(PPᵀ) at error 0.1, a thousandfold standing for never. */
export function logRatio(of: readonly TaskScalars[], known: readonly TaskScalars[]): number {
  return Math.log(Math.min(1000, sampleComplexity(of, 0.1) / sampleComplexity(known, 0.1)));
}
