import { describe, expect, it } from "vitest";
import { row, transpose } from "../../src/linalg/matrix.js";
import { matvec } from "../../src/linalg/products.js";
import { dot } from "../../src/linalg/vector.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";
import { taskScalars } from "../../src/risk/conditional.js";
import { errorCurve } from "../../src/risk/curve.js";
import { type MomentLawArguments, momentLaw } from "../../src/risk/moment-law.js";
import { normalCdf, normalQuantile } from "../../src/risk/normal.js";
import { weightsFrom } from "../../src/transformer/descent/dual.js";

const cases: MomentLawArguments[] = [
  { d: 30, k: 4, R: 4, N: 10, B: 40, testR: 2, M: 10 },
  { d: 30, k: 4, R: 4, N: 1, B: 40, testR: 2, M: 10 },
  { d: 20, k: 5, R: 2, N: 5, B: 100, testR: 1.5, M: 40 },
];

/** One step of training, and one test task. */
function oneStep({ d, k, R, N, B, testR }: MomentLawArguments, seed: number, tests: number) {
  const tasks = drawTasks(Stream.root("moment-law", seed), taskLaw({ d, k, R, N }), B);
  const W = weightsFrom(new Float64Array(B).fill(k / (R * R * B)), tasks);
  return { W, test: drawTestTasks(Stream.root("moment-law-test", seed), taskLaw({ d, k, R: testR, N }), tests) };
}

describe("the moment law", () => {
  it("has the exact second moment of Wᵀm, and a broken twin that forgets the tasks' noise fails it", () => {
    for (const c of cases) {
      const values = Array.from({ length: 1500 }, (_, seed) => {
        const { W, test } = oneStep(c, seed, 1);
        const m = row(test.mu, 0).map((value, a) => value + row(test.zeta, 0)[a]! / Math.sqrt(c.M));
        const projected = matvec(transpose(W), m);
        return dot(projected, projected);
      });
      const mean = values.reduce((sum, value) => sum + value, 0) / 1500;
      const standardError = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 1499 / 1500);
      const variance = (law: number) => (c.testR ** 2 / normalQuantile(law)) ** 2;
      expect(Math.abs(mean - variance(momentLaw(c)))).toBeLessThan(4.5 * standardError);
      expect(Math.abs(mean - variance(momentLaw({ ...c, B: 1e9 })))).toBeGreaterThan(4.5 * standardError);
    }
  });

  it("predicts the error after one step to 12%, and a broken twin that forgets the tasks' noise does not", () => {
    for (const c of cases) {
      let error = 0;
      for (let seed = 0; seed < 60; seed++) {
        const { W, test } = oneStep(c, seed, 50);
        error += errorCurve(taskScalars(W, test), [c.M])[0]!.error / 60;
      }
      expect(Math.abs(error / momentLaw(c) - 1)).toBeLessThan(0.12);
      expect(Math.abs(error / momentLaw({ ...c, B: 1e9 }) - 1)).toBeGreaterThan(0.12);
    }
  });

  it("is the sum of its derivation: pairs of tasks off the diagonal of the double sum, and each task's own", () => {
    for (const c of cases) {
      const { d, k, R, N, B, testR, M } = c;
      const [inside, all] = [testR ** 2 + k / M, testR ** 2 + d / M];
      const own = (k ** 2 / R ** 4) * ((R ** 2 / k) * inside + all / N) * (R ** 2 + d);
      const variance = (1 - 1 / B) * inside + own / B;
      expect(momentLaw(c)).toBeCloseTo(normalCdf(-(testR ** 2) / Math.sqrt(variance)), 13);
    }
  });

  it("ends at the floor Φ(−R̃) for a training set without limit, and at ½ without a signal", () => {
    const c = cases[0]!;
    expect(momentLaw({ ...c, B: 1e15, M: Number.POSITIVE_INFINITY })).toBeCloseTo(normalCdf(-2), 12);
    expect(momentLaw({ ...c, testR: 0 })).toBe(0.5);
  });

  it("refuses numbers out of range, naming them", () => {
    const c = cases[0]!;
    expect(() => momentLaw({ ...c, B: 0 })).toThrow("B must be an integer at least 1, got 0");
    expect(() => momentLaw({ ...c, R: 0 })).toThrow("R must be finite and > 0, got 0");
    expect(() => momentLaw({ ...c, testR: -1 })).toThrow("the test strength must be finite and >= 0, got -1");
    expect(() => momentLaw({ ...c, M: Number.NaN })).toThrow("M must be > 0, got NaN");
  });
});
