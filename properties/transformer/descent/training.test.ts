import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestEigenvalue } from "../../../src/linalg/largest-eigenvalue.js";
import { identity, type Matrix, matrix, matrixOf } from "../../../src/linalg/matrix.js";
import { gramProduct } from "../../../src/linalg/symmetric-operator.js";
import { norm } from "../../../src/linalg/vector.js";
import { contradict } from "../../../src/mixture/signed/contradiction.js";
import { type Prompt, reducePrompts } from "../../../src/mixture/signed/prompt.js";
import { taskLaw } from "../../../src/mixture/signed/task-law.js";
import { drawTasks, type Tasks } from "../../../src/mixture/signed/tasks.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import {
  dualStart,
  normalisedMargin,
  smoothness,
  trainDual,
  weightsFrom,
} from "../../../src/transformer/descent/dual.js";
import { trainNormalised } from "../../../src/transformer/descent/normalised.js";
import { trainPrimal } from "../../../src/transformer/descent/primal.js";
import { trainStochastic } from "../../../src/transformer/descent/stochastic.js";
import { forward, logit, margins } from "../../../src/transformer/linear.js";
import { logisticLoss, logisticWeight, logLogisticLoss, meanLogisticLoss } from "../../../src/transformer/logistic.js";
import { inContextPredictions, memorisation } from "../../../src/transformer/memorisation.js";
import { fixture } from "../../fixture.js";

interface Golden {
  cases: {
    learningRate: number;
    contextX: number[][][];
    contextY: number[][];
    queryX: number[][];
    queryY: number[];
    snapshots: {
      step: number;
      loss: number;
      W: number[][];
      logits: number[];
      inContextPredictions: number[][] | null;
    }[];
  }[];
}

const distance = (a: Float64Array, b: Float64Array) => norm(a.map((value, i) => value - b[i]!));
const draw = (seed: number, d = 6, B = 9) => drawTasks(Stream.root("tasks", seed), taskLaw({ d, k: 2, R: 4, N: 5 }), B);

describe("the reference code's trajectory, from its raw contexts", () => {
  const golden = fixture<Golden>("gd-trajectory");
  golden.cases.forEach((example, number) => {
    const prompts: Prompt[] = example.contextX.map((x, t) => ({
      x: matrixOf(x),
      y: Float64Array.from(example.contextY[t]!),
      queryX: Float64Array.from(example.queryX[t]!),
      queryY: example.queryY[t]!,
      mu: new Float64Array(x[0]!.length),
    }));
    const tasks = reducePrompts(prompts);
    const schedule = { stepSize: example.learningRate, at: example.snapshots.map(({ step }) => step) };
    const dual = trainDual(gramProduct(tasks.m, tasks.u), schedule);
    const trainers: Record<string, readonly { W: Matrix; loss: number }[]> = {
      primal: trainPrimal(tasks, schedule),
      dual: dual.map(({ alpha, loss }) => ({ W: weightsFrom(alpha, tasks), loss })),
    };
    for (const [name, snapshots] of Object.entries(trainers)) {
      it(`case ${number}, ${name}: W, loss and logits to 1e-10, in-context predictions exactly`, () => {
        example.snapshots.forEach((expected, i) => {
          const { W, loss } = snapshots[i]!;
          const truth = matrixOf(expected.W).data;
          expect(distance(W.data, truth)).toBeLessThanOrEqual(1e-10 * norm(truth));
          expect(Math.abs(loss - expected.loss)).toBeLessThanOrEqual(1e-10 * expected.loss);
          prompts.forEach((prompt, t) => {
            const found = forward(W, prompt.x, prompt.y, prompt.queryX);
            const scale = Math.max(...expected.logits.map(Math.abs));
            expect(Math.abs(found - expected.logits[t]!)).toBeLessThanOrEqual(1e-10 * scale);
            const labels = expected.inContextPredictions?.[t]?.map((label) => (label === 1 ? 1 : -1));
            if (labels) expect([...inContextPredictions(W, prompt.x, prompt.y)]).toEqual(labels);
          });
        });
      });
    }

    it(`case ${number}: a trainer without the 1/B, or with the wrong sign inside σ, misses it`, () => {
      const last = matrixOf(example.snapshots.at(-1)!.W).data;
      const steps = [0, example.snapshots.at(-1)!.step];
      const noAverage = trainPrimal(tasks, { stepSize: example.learningRate * tasks.m.rows, at: steps }).at(-1)!;
      expect(distance(noAverage.W.data, last)).toBeGreaterThan(1e-3 * norm(last));
      const unweighted = trainPrimal(tasks, { stepSize: example.learningRate * steps[1]!, at: [0, 1] }).at(-1)!;
      expect(distance(unweighted.W.data, last)).toBeGreaterThan(1e-3 * norm(last));
    });
  });
});

describe("memorisation", () => {
  it("is whole for W = I where examples hardly overlap, and the mirrored fraction for the mirrored labels", () => {
    const x = matrix(4, 500, normals(Stream.root("context"), 2000));
    const y = [1, -1, -1, 1];
    expect(memorisation(identity(500), x, y)).toBe(1);
    expect(memorisation(identity(500, -1), x, y)).toBe(0);
    // An example of length 0 has no direction: its logit is 0.
    expect(memorisation(identity(2), matrix(1, 2), [1])).toBe(0);
    expect(memorisation(identity(2), matrixOf([[0, 0], [3, 4]]), [1, 1])).toBe(0.5); // biome-ignore format: short
  });
});

describe("primal and dual", () => {
  const start = fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined });

  function gap(tasks: Tasks, seed: number | undefined, forget: boolean): number {
    const d = tasks.m.cols;
    const W0 = seed === undefined ? undefined : matrix(d, d, normals(Stream.root("W0", seed), d * d));
    const K = gramProduct(tasks.m, tasks.u);
    const schedule = { stepSize: 1 / smoothness(K), at: [0, 200] };
    const primal = trainPrimal(tasks, W0 ? { ...schedule, start: W0 } : schedule)[1]!;
    const dual = trainDual(K, W0 && !forget ? { ...schedule, start: dualStart(W0, tasks) } : schedule)[1]!;
    const W = weightsFrom(dual.alpha, tasks, W0);
    const ofNorm = Math.abs(dual.norm - norm(primal.W.data)) / norm(primal.W.data);
    const ofMargins = distance(dual.margins, primal.margins) / norm(primal.margins);
    return Math.max(distance(W.data, primal.W.data) / norm(primal.W.data), ofNorm, ofMargins);
  }

  it("agree to 1e-9 relative after 200 steps, from zero and from any W₀", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        start,
        (seed, d, B, from) => {
          const tasks = drawTasks(Stream.root("pair", seed), taskLaw({ d, k: 1, R: 3, N: 4 }), B);
          expect(gap(tasks, from, false)).toBeLessThan(1e-9);
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  it("would be caught disagreeing: a dual that forgets W₀'s margins", () => {
    expect(gap(draw(1), 1, true)).toBeGreaterThan(1e-6);
  });
});

describe("the logistic loss", () => {
  it("is right to rounding for |q| up to 1e6, where the naive form overflows or cancels", () => {
    const naive = (q: number) => Math.log(1 + Math.exp(-q));
    expect(logisticLoss(-1e6)).toBe(1e6);
    expect(naive(-1e6)).toBe(Number.POSITIVE_INFINITY);
    expect(logisticLoss(1e6)).toBe(0);
    // e^{-40}(1 − e^{-40}/2): the series' next term is below rounding.
    expect(Math.abs(logisticLoss(40) / Math.exp(-40) - 1)).toBeLessThan(1e-15);
    expect(naive(40)).toBe(0);
    expect(logisticLoss(0)).toBe(Math.LN2);
    expect(logisticWeight(-1e6)).toBe(1);
    expect(logisticWeight(0)).toBe(0.5);
    expect(meanLogisticLoss(Float64Array.of(-1e6, 1e6))).toBe(5e5);
  });

  it("falls by q for the mirrored margin, and has the weight as its slope", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (q) => {
        // ℓ(−q) = ℓ(q) + q, up to rounding of the larger.
        expect(Math.abs(logisticLoss(-q) - logisticLoss(q) - q)).toBeLessThanOrEqual(4e-16 * (1 + Math.abs(q)));
        const h = 1e-6;
        const slope = (logisticLoss(q - h) - logisticLoss(q + h)) / (2 * h);
        // Central differences: rounding |ℓ|·1e-16/h.
        expect(Math.abs(slope - logisticWeight(q))).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(q)));
        expect(Math.abs(logLogisticLoss(q) - Math.log(logisticLoss(q)))).toBeLessThanOrEqual(1e-15 * (1 + Math.abs(q)));
      }),
      { seed: 1 },
    );
    expect(logLogisticLoss(1e6)).toBe(-1e6);
  });
});

describe("the step size", () => {
  it("comes from λ_max of K to 1e-8, from above", () => {
    const tasks = draw(3, 5, 12);
    const K = gramProduct(tasks.m, tasks.u);
    // A thousand rounds more of the power method, from another start.
    let x = new Float64Array(12).fill(1);
    const y = new Float64Array(12);
    for (let i = 0; i < 2000; i++) {
      K.apply(x, y);
      x = y.map((value) => value / norm(y));
    }
    K.apply(x, y);
    expect(largestEigenvalue(K)).toBeGreaterThanOrEqual(norm(y) * (1 - 1e-14));
    expect(largestEigenvalue(K)).toBeLessThanOrEqual(norm(y) * (1 + 1e-8));
    expect(smoothness(K)).toBe(largestEigenvalue(K) / 48);
    expect(largestEigenvalue(gramProduct(matrix(2, 2), matrix(2, 2)))).toBe(0);
  });

  it("of 1/β never raises the loss, while 2.2/β does where each task is asked with both answers", () => {
    const rises = (factor: number) => {
      // The minimum is at q = 0, the one place where the curvature is as large as β allows.
      const tasks = contradict(draw(4, 5, 6), 6);
      const start = dualStart(matrix(5, 5, normals(Stream.root("W0"), 25)), tasks);
      const K = gramProduct(tasks.m, tasks.u);
      const at = Array.from({ length: 200 }, (_, i) => i);
      const losses = trainDual(K, { stepSize: factor / smoothness(K), at, start }).map(({ loss }) => loss);
      // A loss is a mean of 12 terms, each right to a few units of rounding.
      return losses.some((loss, i) => i > 0 && loss > losses[i - 1]! * (1 + 1e-14));
    };
    expect(rises(1)).toBe(false);
    expect(rises(2.2)).toBe(true);
  });
});

describe("stochastic gradient descent", () => {
  it("with the whole batch's mean gradient is gradient descent on average, and repeats its bits", () => {
    const tasks = draw(5);
    const K = gramProduct(tasks.m, tasks.u);
    const schedule = { stepSize: 1e-4, at: [0, 50] };
    const full = trainDual(K, schedule)[1]!;
    const sgd = trainStochastic(Stream.root("sgd"), K, { ...schedule, batch: 2000 })[1]!;
    // Steps this small hardly move the weights; 100,000 picks of 9 tasks have a relative error of √(8/1e5) = .9% each.
    expect(distance(full.alpha, sgd.alpha)).toBeLessThan(0.05 * norm(full.alpha));
    const again = trainStochastic(Stream.root("sgd"), K, { ...schedule, batch: 2000 })[1]!;
    expect(again).toEqual(sgd);
  });

  it("starts where it is told", () => {
    const tasks = draw(6);
    const K = gramProduct(tasks.m, tasks.u);
    const W0 = matrix(6, 6, normals(Stream.root("W0"), 36));
    const [first, last] = trainStochastic(Stream.root("sgd"), K, {
      stepSize: 0.01,
      at: [0, 300],
      start: dualStart(W0, tasks),
    });
    expect(distance(first!.margins, margins(W0, tasks.m, tasks.u))).toBe(0);
    const W = weightsFrom(last!.alpha, tasks, W0);
    expect(distance(last!.margins, margins(W, tasks.m, tasks.u))).toBeLessThan(1e-9 * norm(last!.margins));
  });
});

describe("normalised gradient descent", () => {
  it("steps in units of the largest K_ττ: of four times K a quarter of the multipliers, at the same margins", () => {
    const of = (factor: number) => {
      const K = gramProduct(matrix(2, 1, Float64Array.of(3 * factor, factor)), matrix(2, 1, Float64Array.of(1, 2)));
      return trainNormalised(K, { at: [1, 20], stepSize: 0.5 });
    };
    const [one, later] = of(1);
    // From zero: σ(0)/Σℓ(0) = ½/(2 log 2), times ½/9.
    for (const value of one!.alpha) expect(value).toBeCloseTo(1 / 36 / (2 * Math.log(2)), 14);
    const [, scaled] = of(2);
    expect([...scaled!.alpha]).toEqual([...later!.alpha].map((value) => value / 4));
    expect(scaled!.margins).toEqual(later!.margins);
  });

  it("goes on where the loss underflows, from zero and from any W₀", () => {
    const tasks = draw(7);
    const K = gramProduct(tasks.m, tasks.u);
    const W0 = matrix(6, 6, normals(Stream.root("W0"), 36));
    const [fromZero, fromW0] = [undefined, dualStart(W0, tasks)].map((start) =>
      trainNormalised(K, start ? { at: [0, 8000], start } : { at: [0, 8000] }),
    );
    expect(Math.min(...fromZero![1]!.margins)).toBeGreaterThan(745);
    expect(fromZero![1]!.loss).toBe(0);
    expect(normalisedMargin(fromW0![1]!)).toBeGreaterThan(0.99 * normalisedMargin(fromZero![1]!));
    expect(() => normalisedMargin(fromZero![0]!)).toThrow(/W = 0/);
  });
});

describe("bad input", () => {
  const tasks = draw(8);
  const K = gramProduct(tasks.m, tasks.u);
  it.each([
    [() => trainDual(K, { stepSize: 0, at: [1] }), /step size must be finite and above 0, got 0/],
    [() => trainDual(K, { stepSize: Number.NaN, at: [1] }), /step size/],
    [() => trainDual(K, { stepSize: 1, at: [] }), /at least one step/],
    [() => trainDual(K, { stepSize: 1, at: [2, 1] }), /rising integers at least 0, got 2, 1/],
    [
      () => trainDual(K, { stepSize: 1, at: [1], start: { margins: new Float64Array(2), normSquared: 0 } }),
      /the operator has 9/,
    ],
    [
      () => trainStochastic(Stream.root(), K, { stepSize: 1, at: [1], batch: 0 }),
      /batch must be an integer at least 1/,
    ],
    [() => weightsFrom(new Float64Array(2), tasks), /alpha has 2 entries, there are 9 tasks/],
    [() => margins(matrix(2, 2), tasks.m, tasks.u), /W must be 6 x 6, got 2 x 2/],
    [() => margins(matrix(6, 2), tasks.m, tasks.u), /W must be 6 x 6, got 6 x 2/],
    [() => margins(matrix(2, 6), tasks.m, tasks.u), /W must be 6 x 6, got 2 x 6/],
    [() => margins(matrix(6, 6), tasks.m, draw(1, 6, 3).u), /one shape, got 9 x 6 and 3 x 6/],
    [() => logit(matrix(2, 2), new Float64Array(2), new Float64Array(3)), /the query has 3 coordinates/],
    [() => trainPrimal(tasks, { stepSize: -1, at: [1] }), /step size/],
  ])("is refused with one clear line (%#)", (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });
});
