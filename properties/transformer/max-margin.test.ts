import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { norm } from "../../src/linalg/vector.js";
import { contradict } from "../../src/mixture/signed/contradiction.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, type Tasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";
import { weightsFrom } from "../../src/transformer/descent/dual.js";
import { certify, maxMargin } from "../../src/transformer/max-margin.js";
import { fixture } from "../fixture.js";

interface Golden {
  cases: { m: number[][]; u: number[][]; W: number[][]; norm: number }[];
}

const kernelOf = (tasks: Pick<Tasks, "m" | "u">): Matrix => gramProduct(tasks.m, tasks.u).dense();

describe("the max-margin solution", () => {
  fixture<Golden>("max-margin").cases.forEach((golden, number) => {
    it(`meets the Lawson–Hanson oracle, case ${number}: ‖W_MM‖ and W_MM to 1e-7`, () => {
      const tasks = { m: matrixOf(golden.m), u: matrixOf(golden.u), mu: matrixOf(golden.m) };
      const solution = maxMargin(kernelOf(tasks));
      if (!solution.separable) throw new Error("the oracle says separable");
      expect(Math.abs(solution.norm - golden.norm)).toBeLessThan(1e-7 * golden.norm);
      const W = weightsFrom(solution.alpha, tasks);
      const truth = matrixOf(golden.W).data;
      expect(norm(W.data.map((value, i) => value - truth[i]!))).toBeLessThan(1e-7 * norm(truth));
    });
  });

  it("is proved by its certificate to 1e-8, and meets the KKT conditions, from 1 task to 150, d from 1 to 20", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 150 }), (seed, d, B) => {
        const k = Math.min(3, d);
        const tasks = drawTasks(Stream.root("margin", seed), taskLaw({ d, k, R: 8 * Math.sqrt(d), N: 10 }), B);
        const solution = maxMargin(kernelOf(tasks));
        if (!solution.separable) throw new Error("R = 8√d is separable");
        expect(solution.certificate.gap).toBeLessThan(1e-8);
        for (let t = 0; t < B; t++) {
          expect(solution.margins[t]!).toBeGreaterThanOrEqual(1 - 1e-9);
          if (solution.alpha[t]! > 0) expect(solution.margins[t]!).toBeLessThan(1 + 1e-7);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("scales as it must: tasks twice as large need a quarter of the weights", () => {
    const tasks = drawTasks(Stream.root("scale"), taskLaw({ d: 6, k: 2, R: 9, N: 4 }), 20);
    const double = (a: Matrix) =>
      matrix(
        a.rows,
        a.cols,
        a.data.map((value) => 2 * value),
      );
    const [one, two] = [maxMargin(kernelOf(tasks)), maxMargin(kernelOf({ m: double(tasks.m), u: double(tasks.u) }))];
    if (!one.separable || !two.separable) throw new Error("both are separable");
    expect(Math.abs((4 * two.norm) / one.norm - 1)).toBeLessThan(1e-9);
  });

  it("reports contradictory tasks as not separable, with the multipliers that prove it, instead of looping", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 }), (seed, d, B) => {
        const tasks = contradict(drawTasks(Stream.root("no", seed), taskLaw({ d, k: 1, R: 5, N: 4 }), B), B);
        const solution = maxMargin(kernelOf(tasks));
        if (solution.separable) throw new Error("contradictory tasks are not separable");
        expect(solution.alpha.every((value) => value >= 0)).toBe(true);
        const W = weightsFrom(solution.alpha, tasks);
        const size = norm(row(tasks.m, 0)) * norm(row(tasks.u, 0));
        expect(norm(W.data)).toBeLessThan(1e-6 * size);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("finds low-signal data separable while B < d², and not separable once B is many times d²", () => {
    const few = drawTasks(Stream.root("low"), taskLaw({ d: 6, k: 2, R: 0.5, N: 4 }), 12);
    const many = drawTasks(Stream.root("low"), taskLaw({ d: 3, k: 2, R: 0.5, N: 4 }), 80);
    const separated = maxMargin(kernelOf(few));
    expect(separated.separable && separated.certificate.gap).toBeLessThan(1e-8);
    expect(maxMargin(kernelOf(many)).separable).toBe(false);
  });
});

describe("the certificate", () => {
  const tasks = drawTasks(Stream.root("certificate"), taskLaw({ d: 8, k: 3, R: 20, N: 10 }), 30);
  const K = kernelOf(tasks);
  const solution = maxMargin(K);
  if (!solution.separable) throw new Error("R = 20 is separable");

  it("holds the optimum between its bounds for any multipliers with positive margins", () => {
    for (let seed = 0; seed < 50; seed++) {
      const stream = Stream.root("bounds", seed);
      const alpha = solution.alpha.map((value) => value * (1 + 0.2 * stream.uniform()) + 1e-6 * stream.uniform());
      const { lower, upper } = certify(K, alpha);
      expect(lower).toBeLessThanOrEqual(solution.norm * (1 + 1e-9));
      expect(upper).toBeGreaterThanOrEqual(solution.norm * (1 - 1e-9));
    }
  });

  it("is wide for multipliers that are not optimal: shuffled, or equal", () => {
    expect(certify(K, solution.alpha).gap).toBeLessThan(1e-9);
    const shuffled = solution.alpha.map((_, i, all) => all[(i + 7) % all.length]!);
    expect(certify(K, shuffled).gap).toBeGreaterThan(1e-2);
    expect(certify(K, new Float64Array(30).fill(1)).gap).toBeGreaterThan(1e-2);
  });

  it.each([
    [() => certify(K, new Float64Array(30)), /every margin above 0/],
    [() => certify(K, new Float64Array(30).fill(-1)), /multiplier must be at least 0, got -1/],
    [() => certify(K, new Float64Array(2)), /a row for each multiplier/],
    [() => maxMargin(matrix(2, 3)), /square and not empty, got 2 x 3/],
    [() => maxMargin(matrix(0, 0)), /not empty/],
    [() => maxMargin(matrix(1, 1)), /diagonal must be positive and finite, got 0 at 0/],
  ])("refuses bad input with one clear line (%#)", (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });
});
