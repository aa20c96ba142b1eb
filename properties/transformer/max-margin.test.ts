import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { norm } from "../../src/linalg/vector.js";
import { contradict } from "../../src/mixture/signed/contradiction.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, type Tasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";
import { conjugateGradients, coordinateDescent } from "../../src/transformer/block-pivoting.js";
import { weightsFrom } from "../../src/transformer/descent/dual.js";
import { certify, certifyTasks, maxMargin } from "../../src/transformer/max-margin.js";
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

describe("block pivoting", () => {
  const separable = (K: Parameters<typeof maxMargin>[0]) => {
    const solution = maxMargin(K);
    if (!solution.separable) throw new Error("the tasks are separable");
    return solution;
  };

  it("solves K = diag(1, 1e-16): ‖W_MM‖² = 1 + 1e16", () => {
    const { norm, certificate } = separable(
      matrixOf([
        [1, 0],
        [0, 1e-16],
      ]),
    );
    expect(Math.abs(norm / Math.sqrt(1 + 1e16) - 1)).toBeLessThan(1e-14);
    expect(certificate.gap).toBeLessThan(1e-14);
  });

  it("brackets [[1, −1], [−1, 1 + 1e-10]], where rounding leaves four digits", () => {
    const { lower, upper, gap } = separable(
      matrixOf([
        [1, -1],
        [-1, 1 + 1e-10],
      ]),
    ).certificate;
    // 1ᵀK⁻¹1 = (4 + δ)/δ for the δ that 1 + 1e-10 rounds to: ‖W_MM‖ = 199999.9917.
    const delta = 1 + 1e-10 - 1;
    const truth = Math.sqrt((4 + delta) / delta);
    expect(truth).toBeCloseTo(199999.9917, 3);
    expect(lower).toBeLessThanOrEqual(truth);
    expect(upper).toBeGreaterThanOrEqual(truth);
    expect(gap).toBeLessThan(1e-3);
  });

  it("refuses kernels whose multipliers would overflow", () => {
    expect(() =>
      maxMargin(
        matrixOf([
          [1e-320, 0],
          [0, 1e-320],
        ]),
      ),
    ).toThrow(/got 1e-320 at 0; from 1e-280 to 1e280/);
    expect(() => maxMargin(matrixOf([[1e300]]))).toThrow(/got 1e\+300 at 0/);
  });

  it("leaves the solution as it is when tasks are repeated, once or all of them", () => {
    const tasks = drawTasks(Stream.root("repeated"), taskLaw({ d: 8, k: 2, R: 20, N: 10 }), 30);
    const repeated = (count: number) => {
      const more = (a: Matrix) => matrixOf([...Array(30 + count).keys()].map((t) => row(a, t % 30)));
      return { m: more(tasks.m), u: more(tasks.u) };
    };
    const { norm: once } = separable(kernelOf(tasks));
    for (const count of [1, 30, 90]) {
      const { norm: again, certificate } = separable(kernelOf(repeated(count)));
      expect(Math.abs(again / once - 1)).toBeLessThan(1e-9);
      expect(certificate.gap).toBeLessThan(1e-9);
    }
  });

  it("ends on near-contradictions, and what it says is proved: a bracket that holds the truth, or multipliers", () => {
    for (const apart of [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-12]) {
      const tasks = contradict(drawTasks(Stream.root("near"), taskLaw({ d: 6, k: 2, R: 20, N: 10 }), 12), 1);
      const u = matrix(13, 6, tasks.u.data.slice());
      u.data[12 * 6]! *= 1 + apart;
      const solution = maxMargin(kernelOf({ m: tasks.m, u }));
      if (!solution.separable) expect(apart).toBeLessThan(1e-6);
      else {
        // W must turn what is left, apart·u₀ of the one task, into 2: ‖W‖ ≥ 2/(apart·|u₀|‖m‖).
        const least = 2 / (apart * Math.abs(row(tasks.u, 12)[0]!) * norm(row(tasks.m, 12)));
        expect(solution.certificate.upper).toBeGreaterThan(least * (1 - 1e-6));
        expect(solution.certificate.lower).toBeLessThanOrEqual(solution.certificate.upper);
      }
    }
  });

  it("ends where B > d², separable or not, with a certificate or a proof", () => {
    for (const [d, R, B] of [
      [4, 12, 60],
      [6, 15, 300],
      [3, 0.5, 200],
      [6, 1, 120],
    ] as const) {
      const tasks = drawTasks(Stream.root("many", d), taskLaw({ d, k: 2, R, N: 10 }), B);
      const solution = maxMargin(kernelOf(tasks));
      if (solution.separable) expect(solution.certificate.gap).toBeLessThan(1e-8);
      else
        expect(norm(weightsFrom(solution.alpha, tasks).data)).toBeLessThan(
          1e-6 * norm(row(tasks.m, 0)) * norm(row(tasks.u, 0)),
        );
    }
  });

  it("takes operators, in f64 and f32, to the same solution as their matrices, by factors and by conjugate gradients", () => {
    const tasks = drawTasks(Stream.root("operators"), taskLaw({ d: 60, k: 4, R: 8, N: 10 }), 1100);
    const few = { m: matrix(200, 60, tasks.m.data.slice(0, 12000)), u: matrix(200, 60, tasks.u.data.slice(0, 12000)) };
    for (const { m, u } of [few, tasks]) {
      const direct = separable(kernelOf({ m, u }));
      const double = separable(gramProduct(m, u));
      const single = separable(gramProduct(m, u, "f32"));
      expect(Math.abs(double.norm / direct.norm - 1)).toBeLessThan(1e-9);
      expect(double.certificate.gap).toBeLessThan(1e-8);
      // K's entries are off by 1e-7 of the diagonal, some of them all one way.
      expect(Math.abs(single.norm / direct.norm - 1)).toBeLessThan(1e-5);
      const K = gramProduct(m, u);
      const iterated = conjugateGradients({ apply: (x, out) => K.apply(x, out), diagonal: K.diagonal(), most: 1000 });
      expect(certify(K, iterated!).gap).toBeLessThan(1e-8);
      const proved = certifyTasks(single.alpha, { m, u });
      expect(proved.lower).toBeLessThanOrEqual(direct.certificate.upper);
      expect(proved.upper).toBeGreaterThanOrEqual(direct.certificate.lower);
      expect(proved.gap).toBeLessThan(1e-4);
    }
  });

  it("is not what it starts from: ten sweeps of coordinate descent are certified to no six digits", () => {
    const K = kernelOf(drawTasks(Stream.root("start"), taskLaw({ d: 60, k: 4, R: 8, N: 10 }), 200));
    expect(certify(K, coordinateDescent(K, 10)).gap).toBeGreaterThan(1e-6);
  });

  it("is near the solution after many sweeps, where no constraint is slack", () => {
    const K = matrixOf([
      [2, 0.5],
      [0.5, 1],
    ]);
    // K⁻¹1.
    const [a, b] = coordinateDescent(K, 60);
    expect(a).toBeCloseTo(2 / 7, 14);
    expect(b).toBeCloseTo(6 / 7, 14);
    // A task whose margin is above 1 for nothing keeps its multiplier at 0.
    const idle = matrixOf([
      [1, 2],
      [2, 5],
    ]);
    expect([...coordinateDescent(idle, 60)]).toEqual([1, 0]);
    expect([...coordinateDescent(idle, 0)]).toEqual([0, 0]);
    expect([...coordinateDescent(K, 1)]).toEqual([0.5, 0.75]);
  });

  it("says so where conjugate gradients meet tasks that no W separates", () => {
    const tasks = contradict(drawTasks(Stream.root("none"), taskLaw({ d: 6, k: 2, R: 20, N: 10 }), 12), 12);
    const K = gramProduct(tasks.m, tasks.u);
    const problem = {
      apply: (x: Float64Array, out: Float64Array) => K.apply(x, out),
      diagonal: K.diagonal(),
      most: 100,
    };
    expect(conjugateGradients(problem)).toBeUndefined();
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

  it("proves nothing by a margin that rounding could have made", () => {
    const near = matrixOf([
      [1, -1],
      [-1, 1 + 1e-15],
    ]);
    // As computed the margins are 1e-16 and 9e-16; the sums round by up to 9e-16.
    expect(() => certify(near, Float64Array.of(1, 1 - 2 ** -53))).toThrow(/every margin above 0/);
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
    [() => certify(gramProduct(tasks.m, tasks.u), new Float64Array(2)), /got 30 x 30 and 2/],
    [() => certifyTasks(new Float64Array(2), tasks), /2 multipliers need as many tasks, got 30 x 8 and 30 x 8/],
    [() => certifyTasks(new Float64Array(30).fill(-1), tasks), /multiplier must be at least 0, got -1/],
    [() => maxMargin(matrix(2, 3)), /square and not empty, got 2 x 3/],
    [() => maxMargin(matrix(0, 0)), /not empty/],
    [() => maxMargin(matrix(1, 1)), /diagonal must be positive and finite, got 0 at 0/],
  ])("refuses bad input with one clear line (%#)", (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });
});
