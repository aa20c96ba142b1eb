import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectedWeights } from "../../src/learners/projected.js";
import { identity, type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { dot } from "../../src/linalg/vector.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace, haarSubspace } from "../../src/mixture/subspace.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { alignment, oneStepAlignmentLaw, singularSubspaceAngles } from "../../src/transformer/alignment.js";
import { weightsFrom } from "../../src/transformer/descent/dual.js";
import { margins } from "../../src/transformer/linear.js";
import { logisticWeight } from "../../src/transformer/logistic.js";
import { trainingMinimiser } from "../../src/transformer/training-minimiser.js";

const gaussian = (d: number, seed: number): Matrix => matrix(d, d, normals(Stream.root("alignment", seed), d * d));

/** The mean squared cosine of one step's weights, and its standard error, over 400 sets of tasks. */
function oneStepCosines(d: number, k: number, R: number, N: number, B: number): [mean: number, standardError: number] {
  const law = taskLaw({ d, k, R, N });
  const values = Array.from({ length: 400 }, (_, i) => {
    const W = weightsFrom(new Float64Array(B).fill(1), drawTasks(Stream.root("one-step", i), law, B));
    return alignment(W, coordinateSubspace(k, d)).cosine ** 2;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / 400;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399 / 400)];
}

describe("alignment with a subspace", () => {
  it("is 1 for a positive multiple of the projector, −1 for a negative one, √(k/d) for the identity", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (a, b) => {
        const [k, d] = [Math.min(a, b), Math.max(a, b)];
        const subspace = haarSubspace(Stream.root("subspace", a, b), k, d);
        const projector = projectedWeights(subspace);
        const scaled = (scale: number) =>
          alignment(
            matrix(
              d,
              d,
              projector.data.map((x) => scale * x),
            ),
            subspace,
          );
        expect(scaled(0.3).cosine).toBeCloseTo(1, 12);
        expect(scaled(-7).cosine).toBeCloseTo(-1, 12);
        expect(scaled(-7).energyInside).toBeCloseTo(1, 12);
        expect(alignment(identity(d), subspace).cosine).toBeCloseTo(Math.sqrt(k / d), 12);
        expect(alignment(identity(d), subspace).energyInside).toBeCloseTo(k / d, 12);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("is the cosine of two vectors of ℝ^{d×d}, and a broken twin that forgets √k is not", () => {
    const [k, d] = [3, 7];
    const subspace = haarSubspace(Stream.root("subspace"), k, d);
    const W = gaussian(d, 1);
    const P = projectedWeights(subspace).data;
    const direct = dot(W.data, P) / Math.sqrt(dot(W.data, W.data) * dot(P, P));
    const { cosine } = alignment(W, subspace);
    expect(cosine).toBeCloseTo(direct, 13);
    expect(Math.abs(cosine * Math.sqrt(k) - direct)).toBeGreaterThan(0.1 * Math.abs(direct));
  });

  it("does not count energy that leaves the subspace on either side", () => {
    const e = (i: number, j: number) =>
      matrix(
        3,
        3,
        Float64Array.from({ length: 9 }, (_, a) => (a === 3 * i + j ? 2 : 0)),
      );
    const plane = coordinateSubspace(2, 3);
    expect(alignment(e(0, 1), plane)).toEqual({ cosine: 0, energyInside: 1 });
    for (const [i, j] of [
      [0, 2],
      [2, 0],
      [2, 2],
    ] as const)
      expect(alignment(e(i, j), plane).energyInside).toBe(0);
  });

  it("refuses a zero W, one that is not finite, and one of another shape", () => {
    const plane = coordinateSubspace(2, 3);
    expect(() => alignment(matrix(3, 3), plane)).toThrow(/0 < ‖W‖_F/);
    expect(() => alignment(matrix(3, 3, new Float64Array(9).fill(Number.NaN)), plane)).toThrow(RangeError);
    expect(() => alignment(identity(4), plane)).toThrow("W must be 3 x 3, got 4 x 4");
    expect(() => singularSubspaceAngles(identity(2), plane)).toThrow("W must be 3 x 3, got 2 x 2");
  });
});

describe("the angles of singular subspaces", () => {
  it("tell left from right", () => {
    // W = p qᵀ + small: left vector p in the subspace, right vector q turned out of it by 0.3.
    const line = coordinateSubspace(1, 3);
    const q = [Math.cos(0.3), Math.sin(0.3), 0];
    const W = matrix(
      3,
      3,
      Float64Array.from({ length: 9 }, (_, a) => (a < 3 ? q[a]! : 0)),
    );
    const { left, right } = singularSubspaceAngles(W, line);
    expect(left[0]).toBeCloseTo(0, 12);
    expect(right[0]).toBeCloseTo(0.3, 12);
  });

  it("vanish for the projector and are as many as k", () => {
    const subspace = haarSubspace(Stream.root("angles"), 3, 8);
    const { left, right } = singularSubspaceAngles(projectedWeights(subspace), subspace);
    expect(left.length).toBe(3);
    for (const angle of [...left, ...right]) expect(angle).toBeLessThan(1e-10);
  });
});

describe("the one-step law", () => {
  // The ratio of means is off the mean of the ratio by O(1/B): 0.02 at B = 32, on top of 4 standard errors (0.001
  // each).
  for (const [d, k, R, N, B] of [
    [20, 2, 4.5, 5, 32],
    [30, 3, 2, 10, 64],
    [12, 1, 6, 1, 32],
  ] as const) {
    it(`is met at d = ${d}, k = ${k}, R = ${R}, N = ${N}, B = ${B}, and a broken twin without the 1/N fails it`, () => {
      const [mean, standardError] = oneStepCosines(d, k, R, N, B);
      const slack = 4 * standardError + 0.6 / B;
      expect(Math.abs(mean - oneStepAlignmentLaw({ d, k, R, N }, B))).toBeLessThan(slack);
      if (N === 1) return;
      expect(Math.abs(mean - oneStepAlignmentLaw({ d, k, R, N: 1 }, B))).toBeGreaterThan(slack);
    });
  }

  it("tends to 1 as B grows and refuses B = 0 and R = 0", () => {
    expect(oneStepAlignmentLaw({ d: 9, k: 2, R: 3, N: 4 }, 1e12)).toBeCloseTo(1, 10);
    expect(() => oneStepAlignmentLaw({ d: 9, k: 2, R: 3, N: 4 }, 0)).toThrow("B must be an integer at least 1, got 0");
    expect(() => oneStepAlignmentLaw({ d: 9, k: 2, R: 0, N: 4 }, 3)).toThrow("needs R > 0");
  });
});

describe("the minimiser of the training loss", () => {
  const draw = (seed: number, B: number, R = 1) =>
    drawTasks(Stream.root("minimiser", seed), taskLaw({ d: 3, k: 2, R, N: 4 }), B);
  const gradient = (W: Matrix, tasks: ReturnType<typeof draw>) => {
    const weights = margins(W, tasks.m, tasks.u).map((q) => logisticWeight(q) / tasks.m.rows);
    return weightsFrom(weights, tasks).data;
  };

  it("has no gradient left, and a broken twin a hundredth off has", () => {
    for (const seed of [1, 2, 3]) {
      const tasks = draw(seed, 200);
      const W = trainingMinimiser(tasks)!;
      const scale = Math.hypot(...gradient(matrix(3, 3), tasks));
      // The stopping rule, 1e-10, with room for another order of summation.
      expect(Math.hypot(...gradient(W, tasks)) / scale).toBeLessThan(2e-10);
      expect(
        Math.hypot(
          ...gradient(
            matrix(
              3,
              3,
              W.data.map((x) => 1.01 * x),
            ),
            tasks,
          ),
        ) / scale,
      ).toBeGreaterThan(1e-4);
    }
  });

  it("is the same from any start, as near as it is asked to be, and refuses another shape and tolerance", () => {
    const tasks = draw(4, 300);
    const W = trainingMinimiser(tasks)!;
    const scale = Math.hypot(...gradient(matrix(3, 3), tasks));
    const start = matrix(3, 3, new Float64Array(9).fill(0.7));
    // Two points where the gradient is 1e-10 of its size are 1e-9 apart or nearer, at a condition of 10.
    const other = trainingMinimiser(tasks, start)!;
    expect(Math.hypot(...other.data.map((x, i) => x - W.data[i]!))).toBeLessThan(1e-8);
    const rough = trainingMinimiser(tasks, start, { tolerance: 1e-3, proved: true })!;
    const left = Math.hypot(...gradient(rough, tasks)) / scale;
    expect(left).toBeLessThan(1e-3);
    expect(left).toBeGreaterThan(1e-10);
    expect(() => trainingMinimiser(tasks, matrix(2, 2))).toThrow("the start must be 3 x 3, got 2 x 2");
    for (const tolerance of [0, 1, 1e-13, Number.NaN]) {
      expect(() => trainingMinimiser(tasks, start, { tolerance })).toThrow("the tolerance must lie in [1e-12, 1)");
    }
  });

  it("does not exist for separable tasks, and needs d² of them", () => {
    expect(trainingMinimiser(draw(1, 12, 60))).toBeUndefined();
    expect(() => trainingMinimiser(draw(1, 4))).toThrow(RangeError);
  });

  it("does not exist for quasi-separated tasks, though the gradient vanishes along them; a task across brings it back", () => {
    const column = (...values: number[]) => matrix(values.length, 1, Float64Array.from(values));
    const ones = (n: number) => column(...new Array<number>(n).fill(1));
    expect(trainingMinimiser({ m: column(1, 1, 0), u: ones(3) })).toBeUndefined();
    // Contradicting tasks span the first row and column, and the last task alone the rest: its margin grows for ever.
    const m = matrixOf([[1, 0], [-1, 0], [2, 0], [1, 0], [-1, 0], [0, 1], [0, 1]]); // biome-ignore format: tasks
    const u = matrixOf([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [1, 0], [0, 1]]); // biome-ignore format: tasks
    expect(trainingMinimiser({ m, u })).toBeUndefined();
    // log(1 + e^{−W}) · 2 + log(1 + e^{cW}): σ(−W)·2 = cσ(cW), at c = 2 where e^{−W} = e^{2W}: W = 0; small c: far out.
    expect(trainingMinimiser({ m: column(1, 1, -2, 0), u: ones(4) })!.data[0]).toBeCloseTo(0, 9);
    const c = 1e-7;
    const W = trainingMinimiser({ m: column(1, 1, -c, 0), u: ones(4) })!.data[0]!;
    // 1e-10 of a first gradient of 1, beside terms of c/2.
    expect(Math.abs(((2 / (1 + Math.exp(W))) * (1 + Math.exp(-c * W))) / c - 1)).toBeLessThan(2e-3);
  });

  it("is the same to the bit where it is known to exist", () => {
    const tasks = draw(4, 200);
    const W = trainingMinimiser(tasks)!;
    expect(trainingMinimiser(tasks, undefined, { proved: true })!.data).toEqual(W.data);
    // Without the proof, a start is still led to it.
    const near = matrix(
      3,
      3,
      Float64Array.from(W.data, (value) => 0.9 * value),
    );
    const again = trainingMinimiser(tasks, near, { proved: true })!;
    expect(Math.hypot(...gradient(again, tasks)) / Math.hypot(...gradient(matrix(3, 3), tasks))).toBeLessThan(2e-10);
  });

  it("is found where a full Newton step overshoots", () => {
    // Tasks found by searching 300 for one whose steps need halving.
    const tasks = drawTasks(Stream.root("h", 19), taskLaw({ d: 3, k: 2, R: 1, N: 4 }), 30);
    const scale = Math.hypot(...gradient(matrix(3, 3), tasks));
    expect(Math.hypot(...gradient(trainingMinimiser(tasks)!, tasks)) / scale).toBeLessThan(2e-10);
  });

  it("sees row and column apart", () => {
    const tasks = draw(5, 400);
    const shear = (x: Matrix) => {
      const copy = matrix(x.rows, x.cols, x.data.slice());
      for (let t = 0; t < x.rows; t++) row(copy, t)[0]! += 2 * row(copy, t)[1]!;
      return copy;
    };
    // mᵀWu with m sheared, A m, is minimised by A⁻ᵀW.
    const W = trainingMinimiser(tasks)!;
    const sheared = trainingMinimiser({ m: shear(tasks.m), u: tasks.u })!;
    expect(sheared.data[3]!).toBeCloseTo(W.data[3]! - 2 * W.data[0]!, 6);
    expect(sheared.data[0]!).toBeCloseTo(W.data[0]!, 6);
  });
});
