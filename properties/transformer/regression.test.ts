import { expect, it } from "vitest";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import {
  drawInputs,
  regressionError,
  regressionScales,
  trainOnRegressionPrompts,
} from "../../src/transformer/regression.js";

it("Γ⁻¹ is where the exact error is least, to second order, and no other N's is", () => {
  const eigenvalues = [1, 0.5, 0.2];
  const weights = regressionScales(eigenvalues, 6).map((scale) => 1 / scale);
  const least = regressionError(weights, eigenvalues, 6);
  for (let i = 0; i < 3; i++) {
    for (const step of [-1e-3, 1e-3]) {
      const moved = weights.map((weight, j) => weight + (i === j ? step : 0));
      expect(regressionError(moved, eigenvalues, 6)).toBeGreaterThan(least);
    }
  }
  const other = regressionScales(eigenvalues, 7).map((scale) => 1 / scale);
  expect(regressionError(other, eigenvalues, 6)).toBeGreaterThan(least);
});

it("of infinitely many examples Γ is Λ, and one example of one dimension has fourth moment 3λ²", () => {
  expect(regressionScales([2], 1)[0]).toBe(6);
  expect(regressionScales([2], 1, 1)[0]).toBe(2);
  expect(regressionScales([2, 1], 1e9)[1]).toBeCloseTo(1, 8);
  expect(() => regressionScales([1], 0)).toThrow("N must be an integer at least 1, got 0");
});

it.each([1, 2, 3])("inputs have unit variance and kurtosis %d", (kurtosis) => {
  const { data } = drawInputs(Stream.root("regression", kurtosis), 40_000, [1], kurtosis);
  const moment = (power: number) => data.reduce((sum, x) => sum + x ** power, 0) / data.length;
  // Four standard deviations: Var x² ≤ 2, Var x⁴ ≤ 96.
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 40_000));
  expect(Math.abs(moment(4) - kurtosis)).toBeLessThan(4 * Math.sqrt(96 / 40_000));
});

it("training is least squares of the queries' labels on what the prompts say: in one dimension, their quotient", () => {
  const [B, N] = [5, 3];
  const stream = Stream.root("one dimension");
  const { data } = drawInputs(stream.derive("inputs"), B * (N + 1), [0.7], 3);
  const tasks = normals(stream.derive("tasks"), B);
  let [above, below] = [0, 0];
  for (let b = 0; b < B; b++) {
    const prompt = data.subarray(b * (N + 1), (b + 1) * (N + 1));
    const square = prompt.subarray(0, N).reduce((sum, x) => sum + (x * x) / N, 0);
    const [feature, y] = [square * tasks[b]! * prompt[N]!, tasks[b]! * prompt[N]!];
    above += feature * y;
    below += feature * feature;
  }
  expect(trainOnRegressionPrompts(stream, { B, N }, [0.7]).data[0]).toBeCloseTo(above / below, 12);
});

it("training on one example with an infinite N would invert Λ; on prompts it fits all when they are few", () => {
  const W = trainOnRegressionPrompts(Stream.root("few"), { B: 2000, N: 400 }, [1, 0.5]);
  expect(W.data[0]).toBeCloseTo(1 / regressionScales([1, 0.5], 400)[0]!, 1);
  expect(W.data[3]).toBeCloseTo(1 / regressionScales([1, 0.5], 400)[1]!, 1);
});
