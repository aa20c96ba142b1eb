import cdf from "@stdlib/stats-base-dists-normal-cdf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { row } from "../../../src/linalg/matrix.js";
import { dot, norm } from "../../../src/linalg/vector.js";
import { contradict } from "../../../src/mixture/signed/contradiction.js";
import { contextMean, drawPrompt, reducePrompts } from "../../../src/mixture/signed/prompt.js";
import { fillSignal, type TaskLaw, taskLaw } from "../../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks, type Tasks } from "../../../src/mixture/signed/tasks.js";
import { coordinateSubspace, haarSubspace } from "../../../src/mixture/subspace.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";

/**
 * Statistics of (m, u, μ) whose means the two samplers must share: first and second moments along and across the
 * signal, the signs of the in-context label, and the conditional risk of W = I.
 */
const statistics: Readonly<Record<string, (m: Float64Array, u: Float64Array, mu: Float64Array, R: number) => number>> =
  {
    m·μ: (m, _u, mu) => dot(m, mu),
    "(m·μ)²": (m, _u, mu) => dot(m, mu) ** 2,
    "‖m‖²": (m) => dot(m, m),
    "‖u‖²": (_m, u) => dot(u, u),
    u·μ: (_m, u, mu) => dot(u, mu),
    m·u: (m, u) => dot(m, u),
    "(m·u)²": (m, u) => dot(m, u) ** 2,
    risk: (m, _u, mu) => cdf(-dot(m, mu) / norm(m), 0, 1),
    mistake: (m, u) => (dot(m, u) < 0 ? 1 : 0),
  };

/** The largest difference of the two samples' means, in standard errors, over all statistics. */
function discrepancy(one: Tasks, two: Tasks, R: number): { name: string; sigmas: number } {
  let worst = { name: "none", sigmas: 0 };
  for (const [name, statistic] of Object.entries(statistics)) {
    const [a, b] = [one, two].map((tasks) => {
      const n = tasks.m.rows;
      const values = Array.from({ length: n }, (_, t) =>
        statistic(row(tasks.m, t), row(tasks.u, t), row(tasks.mu, t), R),
      );
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      return { mean, squaredError: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n / (n - 1) };
    });
    const sigmas = Math.abs(a!.mean - b!.mean) / Math.sqrt(a!.squaredError + b!.squaredError);
    if (sigmas > worst.sigmas) worst = { name, sigmas };
  }
  return worst;
}

const rawTasks = (stream: Stream, law: TaskLaw, count: number) =>
  reducePrompts(Array.from({ length: count }, () => drawPrompt(stream, law)));

const law = fc.record({
  d: fc.integer({ min: 2, max: 6 }),
  R: fc.double({ min: 0.5, max: 3, noNaN: true }),
  N: fc.integer({ min: 1, max: 12 }),
  p: fc.constantFrom(0, 0.1, 0.3),
});

describe("the sufficient statistic", () => {
  const count = 4000;

  it("has the law of the raw examples: moments and risk, with and without flips, shared and per-task subspaces", () => {
    fc.assert(
      fc.property(law, fc.boolean(), ({ d, R, N, p }, perTask) => {
        const stream = Stream.root("sufficient", d, R, N, p);
        const subspace = perTask ? "per-task" : haarSubspace(stream.derive("P"), 2, d);
        const tasks = taskLaw({ d, k: 2, R, N, p, subspace });
        const { sigmas, name } = discrepancy(
          drawTasks(stream.derive("short"), tasks, count),
          rawTasks(stream.derive("raw"), tasks, count),
          R,
        );
        // 16 laws × 9 statistics are looked at: 5 standard errors leave a chance of about 1e-4 that one is off by luck.
        expect(sigmas, name).toBeLessThan(5);
      }),
      { seed: 1, numRuns: 16 },
    );
  });

  it("would be caught forgetting 1/√N, the flips' binomial spread, or the flips", () => {
    const stream = Stream.root("broken");
    const tasks = taskLaw({ d: 4, k: 2, R: 3, N: 4, p: 0.3 });
    const raw = rawTasks(stream.derive("raw"), tasks, count);
    const noAverage = drawTasks(stream.derive("a"), { ...tasks, N: 1, p: 0 }, count);
    expect(discrepancy(noAverage, raw, 3).sigmas).toBeGreaterThan(5);
    const noFlips = drawTasks(stream.derive("b"), { ...tasks, p: 0 }, count);
    expect(discrepancy(noFlips, raw, 3).sigmas).toBeGreaterThan(5);
    // The mean of (N − 2F)/N without its spread: right in the mean of m·μ, wrong in its square.
    const spreadless = drawTasks(stream.derive("c"), { ...tasks, p: 0 }, count);
    for (let t = 0; t < count; t++) {
      const m = row(spreadless.m, t);
      row(spreadless.mu, t).forEach((value, a) => {
        m[a]! -= 2 * 0.3 * value;
      });
    }
    expect(discrepancy(spreadless, raw, 3).sigmas).toBeGreaterThan(5);
  });
});

describe("the task law", () => {
  it("puts μ on the sphere of radius R in span P", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(8),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (k, more, R) => {
          const d = k + more;
          const stream = Stream.root("signal", k, d);
          const subspace = haarSubspace(stream, k, d);
          const mu = fillSignal(stream, taskLaw({ d, k, R, N: 1, subspace }), new Float64Array(d));
          let inside = 0;
          for (let i = 0; i < k; i++) inside += dot(subspace.basis.subarray(i * d, (i + 1) * d), mu) ** 2;
          // kd products and sums round by at most about k + d units each way.
          expect(Math.abs(norm(mu) - R)).toBeLessThanOrEqual(4 * (k + d) * 2 ** -53 * R);
          expect(Math.abs(Math.sqrt(inside) - R)).toBeLessThanOrEqual(4 * (k + d) * 2 ** -53 * R);
        },
      ),
      { seed: 1 },
    );
  });

  it("draws the same tasks from the same stream, and test tasks with their noise apart", () => {
    const tasks = taskLaw({ d: 5, k: 2, R: 2, N: 3 });
    expect(drawTasks(Stream.root(1), tasks, 4)).toEqual(drawTasks(Stream.root(1), tasks, 4));
    const test = drawTestTasks(Stream.root(1), tasks, 1000);
    expect(norm(row(test.mu, 7))).toBeCloseTo(2, 12);
    // ‖ζ‖² over 5,000 coordinates: mean 1, standard error √(2/5000) = .02.
    expect(Math.abs(dot(test.zeta.data, test.zeta.data) / 5000 - 1)).toBeLessThan(0.1);
  });

  it.each([
    [{ k: 6 }, /k must not exceed d, got k = 6, d = 5/],
    [{ k: 0 }, /k must be an integer at least 1, got 0/],
    [{ d: 2.5 }, /d must be an integer at least 1, got 2.5/],
    [{ d: Number.NaN }, /d must be an integer/],
    [{ N: 0 }, /N must be an integer at least 1, got 0/],
    [{ p: 0.5 }, /p must be at least 0 and below 1\/2, got 0.5/],
    [{ p: -0.1 }, /p must be/],
    [{ p: Number.NaN }, /p must be/],
    [{ R: -1 }, /R must be finite and at least 0, got -1/],
    [{ R: Number.NaN }, /R must be finite/],
    [{ R: Number.POSITIVE_INFINITY }, /R must be finite/],
    [{ subspace: coordinateSubspace(3, 5) }, /the subspace has k = 3, d = 5, the tasks k = 2, d = 5/],
  ])("refuses %j with one clear line", (change, message) => {
    expect(() => taskLaw({ d: 5, k: 2, R: 1, N: 4, ...change })).toThrow(RangeError);
    expect(() => taskLaw({ d: 5, k: 2, R: 1, N: 4, ...change })).toThrow(message);
  });

  it("may be without noise: then a task's mean and query are its signal", () => {
    const still = taskLaw({ d: 4, k: 2, R: 3, N: 5, contextNoise: 0, queryNoise: 0 });
    const { m, u, mu } = drawTasks(Stream.root("still"), still, 6);
    expect(m.data).toEqual(mu.data);
    expect(u.data).toEqual(mu.data);
  });

  it("refuses counts of tasks that are none, empty contexts and empty lists", () => {
    const tasks = taskLaw({ d: 2, k: 1, R: 1, N: 1 });
    expect(() => drawTasks(Stream.root(), tasks, 0)).toThrow(/B must be an integer at least 1/);
    expect(() => drawTestTasks(Stream.root(), tasks, 1.5)).toThrow(/count must be/);
    expect(() => contextMean({ rows: 1, cols: 2, data: normals(Stream.root(), 2) }, [])).toThrow(/as many labels/);
    expect(() => reducePrompts([])).toThrow(/at least one prompt/);
    expect(() => contradict(drawTasks(Stream.root(), tasks, 2), 3)).toThrow(/integer from 0 to B = 2, got 3/);
    expect(() => haarSubspace(Stream.root(), 3, 2)).toThrow(/k must not exceed d/);
  });
});
