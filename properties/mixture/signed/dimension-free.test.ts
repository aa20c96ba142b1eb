import { describe, expect, it } from "vitest";
import { type Matrix, row } from "../../../src/linalg/matrix.js";
import { gramProduct } from "../../../src/linalg/symmetric-operator.js";
import { dot, norm } from "../../../src/linalg/vector.js";
import {
  drawReducedTasks,
  drawReducedTestTasks,
  firstTasks,
  reducedProjector,
} from "../../../src/mixture/signed/dimension-free.js";
import { type TaskLaw, type TaskParameters, taskLaw } from "../../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../../src/mixture/signed/tasks.js";
import { coordinateSubspace } from "../../../src/mixture/subspace.js";
import { Stream } from "../../../src/random/stream.js";
import { riskAt, type TaskScalars, taskScalars } from "../../../src/risk/conditional.js";
import { exactSampleComplexity, sampleComplexity } from "../../../src/risk/sample-complexity.js";
import { alignment, singularSubspaceAngles } from "../../../src/transformer/alignment.js";
import { smoothness, trainDual, weightsFrom } from "../../../src/transformer/descent/dual.js";
import { maxMargin } from "../../../src/transformer/max-margin.js";
import { standardScore } from "../../standard-score.js";

const B = 20;
const shape = { d: 40, k: 3, R: Math.sqrt(40), N: 5 };

type Learner = "300 steps" | "limit";
type Sample = Record<string, number[]>;

function multipliers(learner: Learner, m: Matrix, u: Matrix) {
  const K = gramProduct(m, u);
  return learner === "limit"
    ? maxMargin(K.dense()).alpha
    : trainDual(K, { stepSize: 1 / smoothness(K), at: [300] })[0]!.alpha;
}

function measures(
  scalars: readonly TaskScalars[],
  reached: ReturnType<typeof alignment>,
  angles: ReturnType<typeof singularSubspaceAngles>,
  length: number,
  across: number,
): Record<string, number> {
  return {
    "risk at M = 10": scalars.reduce((sum, task) => sum + riskAt(task, 10), 0) / scalars.length,
    "log M*": Math.log(sampleComplexity(scalars, 0.1)),
    "‖W‖": length,
    cosine: reached.cosine,
    energy: reached.energyInside,
    "largest left angle": angles.left.at(-1)!,
    "largest right angle": angles.right.at(-1)!,
    "‖m‖² outside P": across,
  };
}

/** What is measured of one training, a number each, over `count` trainings by the full or the reduced sampler. */
function sample(learner: Learner, law: TaskLaw, reduced: boolean, count: number, tests = 100): Sample {
  const result: Sample = {};
  const testLaw = taskLaw({ ...shape, d: law.d, R: 2 });
  for (let i = 0; i < count; i++) {
    const stream = Stream.root("dimension-free", String(reduced), law.d, law.R, i);
    const outside = (m: Matrix) =>
      Array.from({ length: B }, (_, t) => norm(row(m, t).subarray(shape.k)) ** 2).reduce((a, b) => a + b) / B;
    let measured: Record<string, number>;
    if (reduced) {
      const tasks = drawReducedTasks(stream.derive("tasks"), law, B);
      const W = { alpha: multipliers(learner, tasks.m, tasks.u), ...tasks };
      const scalars = taskScalars(W, drawReducedTestTasks(stream.derive("tests"), testLaw, tasks, tests));
      const q = new Float64Array(B);
      gramProduct(tasks.m, tasks.u).apply(W.alpha, q);
      const length = Math.sqrt(dot(q, W.alpha));
      measured = measures(scalars, alignment(W), singularSubspaceAngles(W), length, outside(tasks.m));
    } else {
      const tasks = drawTasks(stream.derive("tasks"), law, B);
      const W = weightsFrom(multipliers(learner, tasks.m, tasks.u), tasks);
      const scalars = taskScalars(W, drawTestTasks(stream.derive("tests"), testLaw, tests));
      const P = coordinateSubspace(shape.k, law.d);
      measured = measures(scalars, alignment(W, P), singularSubspaceAngles(W, P), norm(W.data), outside(tasks.m));
    }
    for (const [name, value] of Object.entries(measured)) {
      result[name] ??= [];
      result[name].push(value);
    }
  }
  return result;
}

function worst(one: Sample, two: Sample): { name: string; score: number } {
  return Object.keys(one)
    .map((name) => ({ name, score: Math.abs(standardScore(one[name]!, two[name]!)) }))
    .reduce((a, b) => (b.score > a.score ? b : a));
}

describe("dimension-free tasks", () => {
  // Two learners × 8 measures × 2 laws of noise: 5 standard errors leave a chance of 2e-5 that one is off by luck.
  const worlds: [string, Partial<TaskParameters>][] = [
    ["the papers' law", {}],
    ["another noise, flips and means on the axes", { contextNoise: 0.7, queryNoise: 1.3, p: 0.1, means: "axes" }],
  ];
  describe.each(worlds)("under %s", (_, change) => {
    it.each(["300 steps", "limit"] as const)("have all that the full sampler gives, for %s", (learner) => {
      const law = taskLaw({ ...shape, ...change });
      const { name, score } = worst(sample(learner, law, false, 200), sample(learner, law, true, 200));
      expect(score, name).toBeLessThan(5);
    });
  });

  it("would be caught with χ² of one degree of freedom too many in every row (d + 1), or with 1/N for 1/√N", () => {
    // What shows it is of the training: few test tasks will do.
    const full = sample("limit", taskLaw(shape), false, 600, 5);
    expect(worst(full, sample("limit", taskLaw({ ...shape, d: 41 }), true, 600, 5)).score).toBeGreaterThan(5);
    const rival = taskLaw({ ...shape, contextNoise: 1 / Math.sqrt(shape.N) });
    expect(worst(full, sample("limit", rival, true, 100, 5)).score).toBeGreaterThan(5);
  });

  it("are the full ones where d − k ≤ B, and nested: the first of many are a draw of few", () => {
    const small = taskLaw({ d: 12, k: 3, R: 2, N: 5 });
    expect(drawReducedTasks(Stream.root(1), small, 9).reduced.columns).toBe(12);
    const many = drawReducedTasks(Stream.root(1), taskLaw(shape), 30);
    expect(firstTasks(many, 30)).toEqual({ ...many, reduced: many.reduced });
    const few = firstTasks(many, B);
    // Lower triangular: nothing of the first B rows lies beyond column k + B.
    for (let t = 0; t < B; t++)
      expect(
        row(few.m, t)
          .subarray(3 + B)
          .every((value) => value === 0),
      ).toBe(true);
    expect(row(many.m, B)[3 + B]).toBeGreaterThan(0);
    const fewSizes = Array.from({ length: 400 }, (_, i) =>
      norm(row(firstTasks(drawReducedTasks(Stream.root("many", i), taskLaw(shape), 30), B).u, 19)),
    );
    const sizes = Array.from({ length: 400 }, (_, i) =>
      norm(row(drawReducedTasks(Stream.root("few", i), taskLaw(shape), B).u, 19)),
    );
    expect(Math.abs(standardScore(fewSizes, sizes))).toBeLessThan(5);
  });

  it("know the projector: its error needs exactly M* examples", () => {
    const tasks = drawReducedTasks(Stream.root("P"), taskLaw({ ...shape, d: 10 ** 6 }), B);
    const test = drawReducedTestTasks(Stream.root("P tests"), taskLaw({ ...shape, d: 10 ** 6, R: 2 }), tasks, 4000);
    const found = sampleComplexity(taskScalars(reducedProjector(tasks), test), 0.1);
    // Measured spread of log M* at 4,000 test tasks: 0.02.
    expect(Math.abs(Math.log(found / exactSampleComplexity({ R: 2, k: 3, epsilon: 0.1 })))).toBeLessThan(0.1);
  });

  it("refuse a subspace for each task, test tasks of another law, and more tasks than there are", () => {
    const law = taskLaw(shape);
    const tasks = drawReducedTasks(Stream.root(1), law, 4);
    expect(() => drawReducedTasks(Stream.root(1), taskLaw({ ...shape, subspace: "per-task" }), 4)).toThrow(
      /one subspace for all tasks, got "per-task"/,
    );
    expect(() => drawReducedTestTasks(Stream.root(1), taskLaw({ ...shape, d: 41 }), tasks, 4)).toThrow(
      /the training tasks have d = 40, k = 3, the test law d = 41, k = 3/,
    );
    expect(() => firstTasks(tasks, 5)).toThrow(/at most B = 4, got 5/);
    expect(() => drawReducedTasks(Stream.root(1), law, 0)).toThrow(/B must be an integer at least 1/);
    // @ts-expect-error a W of ℝ^d means nothing in reduced coordinates
    taskScalars(weightsFrom(new Float64Array(4), drawTasks(Stream.root(1), taskLaw({ ...shape, d: 7 }), 4)), {
      ...drawReducedTestTasks(Stream.root(1), law, tasks, 2),
    });
    // @ts-expect-error reduced tasks make no W of ℝ^d
    weightsFrom(new Float64Array(4), tasks);
  });
});
