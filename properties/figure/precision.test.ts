import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/linalg/kernels/backend.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";
import { taskScalars } from "../../src/risk/conditional.js";
import { errorCurve } from "../../src/risk/curve.js";
import { trainDual, weightsFrom } from "../../src/transformer/descent/dual.js";

describe("a Gram matrix in f32", () => {
  it("moves the accuracies of a figure by less than 1e-8, though it does move them, and a twin with one task fewer by more", () => {
    const law = taskLaw({ d: 60, k: 6, R: 2, N: 40 });
    const stream = Stream.root("precision");
    const { m, u } = drawTasks(stream, law, 300);
    const tests = drawTestTasks(stream.derive("tests"), law, 500);
    const accuracies = (precision: Precision, drop = false) => {
      const [end] = trainDual(gramProduct(m, u, precision), { stepSize: 0.01, at: [300] });
      if (drop) end!.alpha[0] = 0;
      return errorCurve(taskScalars(weightsFrom(end!.alpha, { m, u }), tests), [1, 10, 100]).map(({ error }) => error);
    };
    const double = accuracies("f64");
    const departure = (values: number[]) => Math.max(...values.map((value, i) => Math.abs(value - double[i]!)));
    // Entries of K carry 1e-7, independently: a margin's 300 of them 1e-8, and errors, near stationary in W, less.
    expect(departure(accuracies("f32"))).toBeLessThan(1e-8);
    expect(departure(accuracies("f32"))).toBeGreaterThan(0);
    expect(departure(accuracies("f32", true))).toBeGreaterThan(1e-6);
  });
});
