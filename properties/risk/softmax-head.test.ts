import { describe, expect, it } from "vitest";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { normalCdf } from "../../src/risk/normal.js";
import { exactSampleComplexity } from "../../src/risk/sample-complexity.js";
import { softmaxHeadComplexity, softmaxHeadRisk } from "../../src/risk/softmax-head.js";
import { headErrors } from "../../src/transformer/softmax/head-training.js";

describe("the law of one softmax head", () => {
  it("says e times the examples of averaging in the subspace as k grows, at q = a²(k + R²) = 1", () => {
    const over = (R: number, k: number) => {
      const { M, a } = softmaxHeadComplexity({ R, k, epsilon: 0.05 });
      return { factor: M / exactSampleComplexity({ R, k, epsilon: 0.05 }), q: a * a * (k + R * R) };
    };
    for (const R of [2, 3]) {
      const { factor, q } = over(R, 65_536);
      expect(Math.abs(factor / Math.E - 1)).toBeLessThan(2e-3);
      expect(Math.abs(q - 1)).toBeLessThan(5e-3);
      // From above, where k is smaller.
      expect(over(R, 256).factor).toBeGreaterThan(over(R, 4096).factor);
    }
  });

  it("is what heads do where a context is long enough for the central limit, and not at half the scores", () => {
    const [k, R, tests] = [64, 2, 20_000];
    const law = taskLaw({ d: k, k, R, N: 1 });
    const { a } = softmaxHeadComplexity({ R, k, epsilon: 0.05 });
    const theta = (scores: number) => {
      const result = new Float64Array(k * k + 1);
      for (let i = 0; i < k; i++) result[i * (k + 1)] = scores * a * Math.sqrt(k);
      result[k * k] = 1;
      return result;
    };
    const lengths = [103, 400];
    const found = headErrors(Stream.root("law of the head"), law, theta(1), lengths, tests);
    lengths.forEach((M, i) => {
      const said = softmaxHeadRisk({ R, M, k, a });
      // Rounding of 20,000 tests, 3%, and the central limit's own error, measured to be 4%.
      expect(Math.abs(found[i]! / said - 1)).toBeLessThan(0.12);
    });
    const cooler = headErrors(Stream.root("law of the head"), law, theta(0.5), lengths, tests);
    expect(cooler[0]! / softmaxHeadRisk({ R, M: 103, k, a })).toBeGreaterThan(1.3);
  });

  it("is the integral of its definition in the plane, to the error of its rule, 1e-4", () => {
    const { R, M, k, a } = { R: 1.5, M: 12, k: 2, a: 0.4 };
    const step = 0.04;
    let sum = 0;
    for (let g = -8; g <= 8; g += step) {
      for (let z = -8; z <= 8; z += step) {
        const t = R * R + R * g;
        const q = a * a * ((R + g) ** 2 + z * z);
        const mean = Math.sinh(a * t);
        const ratio = mean / Math.sqrt(Math.exp(q) * Math.cosh(2 * a * t) - mean * mean);
        sum += (step * step * Math.exp(-(g * g + z * z) / 2) * normalCdf(-Math.sqrt(M) * ratio)) / (2 * Math.PI);
      }
    }
    // 160,000 trapezia are right to rounding; the rule of 24 × 32 nodes is off by 2e-5 here.
    expect(Math.abs(softmaxHeadRisk({ R, M, k, a }) - sum)).toBeLessThan(1e-4);
  });

  it("is the mean of its definition over queries, at small k too", () => {
    const n = 200_000;
    for (const { R, M, k, a } of [
      { R: 1.5, M: 12, k: 1, a: 0.4 },
      { R: 2, M: 30, k: 3, a: 0.3 },
    ]) {
      const z = normals(Stream.root("queries", k), k * n);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const own = z.subarray(k * i, k * (i + 1));
        const t = R * R + R * own[0]!;
        const q = a * a * (own.reduce((square, x) => square + x * x, 0) + 2 * R * own[0]! + R * R);
        const mean = Math.sinh(a * t);
        sum += normalCdf((-Math.sqrt(M) * mean) / Math.sqrt(Math.exp(q) * Math.cosh(2 * a * t) - mean * mean));
      }
      // Five standard errors of a mean of numbers of [0, 1]: at most half of 1/√n.
      expect(Math.abs(softmaxHeadRisk({ R, M, k, a }) - sum / n)).toBeLessThan(2.5 / Math.sqrt(n));
    }
  });

  it("reaches the error asked for at the length it names, no other scores sooner", () => {
    for (const [R, k, epsilon] of [
      [5, 1, 0.05],
      [2, 8, 0.05],
      [3, 500, 0.01],
    ] as const) {
      const { M, a } = softmaxHeadComplexity({ R, k, epsilon });
      expect(softmaxHeadRisk({ R, k, M, a }) / epsilon).toBeCloseTo(1, 4);
      for (const factor of [0.9, 1.1]) expect(softmaxHeadRisk({ R, k, M, a: factor * a })).toBeGreaterThan(epsilon);
    }
  });

  it("is infinite where no context is long enough, and refuses what is out of range", () => {
    const none = { M: Number.POSITIVE_INFINITY, a: 1 / 2 };
    expect(softmaxHeadComplexity({ R: 1, k: 3, epsilon: 0.05 })).toEqual(none);
    expect(() => softmaxHeadComplexity({ R: 2, k: 3, epsilon: 0.5 })).toThrow(/must be in \(0, 1\/2\), got 0.5/);
    expect(() => softmaxHeadRisk({ R: 2, M: 0, k: 3, a: 1 })).toThrow(RangeError);
    expect(() => softmaxHeadRisk({ R: 2, M: 5, k: 0.5, a: 1 })).toThrow(RangeError);
  });
});
