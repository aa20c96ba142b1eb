import { describe, expect, it } from "vitest";
import { projectedFactors, projectedWeights } from "../../src/learners/projected.js";
import { identity } from "../../src/linalg/matrix.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { haarSubspace } from "../../src/mixture/subspace.js";
import { binomial } from "../../src/random/counts.js";
import { Stream } from "../../src/random/stream.js";
import { riskAt, taskScalars } from "../../src/risk/conditional.js";
import { errorCurve } from "../../src/risk/curve.js";
import { exactRisk } from "../../src/risk/exact.js";

const d = 24;
const k = 5;
const R = 1.7;
const Ms = [0.4, 1, 3, 10, 40, 1000];
const stream = Stream.root("error curves");
const subspace = haarSubspace(stream.derive("subspace"), k, d);
const tasks = drawTestTasks(stream.derive("tasks"), taskLaw({ d, k, R, N: 1, subspace }), 4000);
const projected = taskScalars(projectedFactors(subspace), tasks);

describe("errorCurve", () => {
  /** The largest distance of a curve from the exact risk in dimension n, in standard errors. */
  const standardErrorsOff = (scalars: typeof projected, n: number) =>
    Math.max(
      ...errorCurve(scalars, Ms).map(({ M, error, standardError }) =>
        Math.abs((error - exactRisk({ R, M, k: n })) / standardError),
      ),
    );

  it("of two tasks is their mean, with half their gap for a standard error", () => {
    const [one, two] = projected.slice(0, 2).map((task) => riskAt(task, 3));
    const [point] = errorCurve(projected.slice(0, 2), [3]);
    expect(point!.error).toBeCloseTo((one! + two!) / 2, 15);
    expect(point!.standardError).toBeCloseTo(Math.abs(one! - two!) / 2, 15);
    expect(() => errorCurve(projected.slice(0, 1), [3])).toThrow(/at least 2 test tasks, got 1/);
  });

  it("is e(R, M, k) for W = PPᵀ and e(R, M, d) for W = I within 4 standard errors, and broken twins fail it", () => {
    const single = taskScalars(identity(d), tasks);
    expect(standardErrorsOff(projected, k)).toBeLessThan(4);
    expect(standardErrorsOff(taskScalars(projectedWeights(subspace), tasks), k)).toBeLessThan(4);
    expect(standardErrorsOff(single, d)).toBeLessThan(4);
    expect(standardErrorsOff(single, k)).toBeGreaterThan(20);
    expect(standardErrorsOff(projected, k + 1)).toBeGreaterThan(6);
    expect(standardErrorsOff(taskScalars(identity(d), { ...tasks, mu: tasks.zeta }), d)).toBeGreaterThan(20);
  });

  it("states the standard error of its mean, which a second sample confirms", () => {
    // 200 means of 20 tasks each: their spread over the stated error is 1 within 4/√(2·200) = 0.2.
    const groups = Array.from({ length: 200 }, (_, g) => errorCurve(projected.slice(20 * g, 20 * g + 20), [3])[0]!);
    const mean = groups.reduce((sum, { error }) => sum + error, 0) / 200;
    const spread = groups.reduce((sum, { error }) => sum + (error - mean) ** 2, 0) / 199;
    const stated = groups.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / 200;
    expect(Math.abs(Math.sqrt(spread / stated) - 1)).toBeLessThan(0.2);
  });

  it("takes label flips as a factor on the signal", () => {
    const flips = stream.derive("flips");
    const M = 20;
    const signals = projected.map(() => (M - 2 * binomial(flips, M, 0.2)) / M);
    const [flipped] = errorCurve(projected, [M], (task) => signals[task]!);
    const byHand = projected.reduce((sum, task, i) => sum + riskAt(task, M, signals[i]), 0) / projected.length;
    expect(Math.abs(flipped!.error - byHand)).toBeLessThan(1e-12);
    expect(flipped!.error).toBeGreaterThan(errorCurve(projected, [M])[0]!.error + 0.005);
  });

  it("refuses fewer than two tasks", () => {
    expect(() => errorCurve(projected.slice(0, 1), Ms)).toThrow(/at least 2 test tasks, got 1/);
    expect(() => errorCurve(projected, [0])).toThrow(RangeError);
  });
});
