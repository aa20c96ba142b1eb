import { describe, expect, it } from "vitest";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { Stream } from "../../src/random/stream.js";
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

  it("is infinite where no context is long enough, and refuses what is out of range", () => {
    expect(softmaxHeadComplexity({ R: 1, k: 3, epsilon: 0.05 }).M).toBe(Number.POSITIVE_INFINITY);
    expect(() => softmaxHeadComplexity({ R: 2, k: 3, epsilon: 0.5 })).toThrow(/must be in \(0, 1\/2\), got 0.5/);
    expect(() => softmaxHeadRisk({ R: 2, M: 0, k: 3, a: 1 })).toThrow(RangeError);
    expect(() => softmaxHeadRisk({ R: 2, M: 5, k: 0.5, a: 1 })).toThrow(RangeError);
  });
});
