import { momentLaw } from "../risk/moment-law.js";
import { published, publishedPoints } from "./published.js";

/** A number of training tasks, with the ends of its 95% interval. */
export interface InferredTasks {
  readonly B: number;
  readonly low: number;
  readonly high: number;
  /** χ² of the fit, and the points it was made to, less one. */
  readonly misfit: number;
  readonly degrees: number;
}

/** The settings Figure 2 states. */
const stated = { d: 2000, N: 40 };
/** Test tasks behind a published point, and the standard deviation of reading it, uniform on ±.004. */
const tests = 1200;
const reading = 0.004 / Math.sqrt(3);

/** A correction to the law's accuracy at one point. */
export type Correction = (R: number, k: number, M: number) => number;

/**
 * The number B of training tasks that the points of the published Figure 2 speak for: least squares of accuracy by the
 * moment law at its points with M ≥ 10, where the law is accurate, each weighted by its binomial and reading errors.
 * The interval holds every B whose χ² exceeds the least by at most 1.96², times the least χ² a degree of freedom where
 * that is above 1. It knows nothing of what the law itself misses: `correction` adds that, where it is known.
 */
export function inferTasks(correction: Correction = () => 0): InferredTasks {
  const points = Object.entries(published.figure2.accuracy).flatMap(([panel, curves]) =>
    Object.keys(curves).flatMap((series) =>
      publishedPoints("figure2", panel, series)
        .filter(({ M }) => M >= 10)
        .map(({ M, accuracy }) => {
          const [R, k] = [Number(panel.slice(2)), Number(series.slice(2))];
          return { M, R, k, accuracy, shift: correction(R, k, M) };
        }),
    ),
  );
  const chiSquared = (B: number) =>
    points.reduce((sum, { M, accuracy, R, k, shift }) => {
      const expected = 1 - momentLaw({ ...stated, k, R, B, testR: R, M }) + shift;
      return sum + (accuracy - expected) ** 2 / ((expected * (1 - expected)) / tests + reading ** 2);
    }, 0);
  // Steps of 10 are finer than any interval such points can give.
  const grid = Array.from({ length: 1000 }, (_, i) => 10 * (i + 1)).map((B) => ({ B, misfit: chiSquared(B) }));
  const best = grid.reduce((least, candidate) => (candidate.misfit < least.misfit ? candidate : least));
  const degrees = points.length - 1;
  const allowed = best.misfit + 1.96 ** 2 * Math.max(1, best.misfit / degrees);
  const inside = grid.filter(({ misfit }) => misfit <= allowed);
  return { ...best, low: inside[0]!.B, high: inside.at(-1)!.B, degrees };
}
