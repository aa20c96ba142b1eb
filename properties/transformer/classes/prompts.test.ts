import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../src/linalg/decompositions.js";
import { identity, type Matrix, matrix } from "../../../src/linalg/matrix.js";
import { matvec } from "../../../src/linalg/products.js";
import { dot, norm } from "../../../src/linalg/vector.js";
import { diagonalCovariance } from "../../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../../src/mixture/classes/law.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { curvatureForm, curvatureRange } from "../../../src/transformer/classes/curvature.js";
import { hessianProduct, hessianRange, populationLoss } from "../../../src/transformer/classes/loss.js";
import { populationMinimiser } from "../../../src/transformer/classes/minimiser.js";
import { drawPrompts, promptsOf, smoothnessBound, trainOnPrompts } from "../../../src/transformer/classes/prompts.js";
import { checkDetermined, drawPopulationSample } from "../../../src/transformer/classes/sample.js";
import { fixture } from "../../fixture.js";
import { standardScore } from "../../standard-score.js";

interface Golden {
  readonly cases: readonly {
    readonly d: number;
    readonly classes: number;
    readonly stepSize: number;
    readonly x: number[][][];
    readonly y: number[][];
    readonly snapshots: readonly { step: number; loss: number; W: number[][]; gradient: number[][] }[];
  }[];
}

const law = (classes: number, d = 3, condition = 4) =>
  mixtureLaw({ covariance: diagonalCovariance(d, condition), classes, norm: 2 });
const square = (values: number[][]) => matrix(values.length, values.length, Float64Array.from(values.flat()));
const gap = (a: Matrix, b: Matrix) => norm(a.data.map((value, i) => value - b.data[i]!));

describe("training on labelled prompts", () => {
  it.each(fixture<Golden>("prompt-training").cases)("meets autograd's descent, $classes classes", (golden) => {
    const { d, classes, stepSize } = golden;
    const examples = golden.x.map((inputs, t) => ({
      labels: Int32Array.from(golden.y[t]!),
      inputs: matrix(inputs.length, d, Float64Array.from(inputs.flat())),
    }));
    const prompts = promptsOf(examples, classes);
    const train = (step: number) =>
      trainOnPrompts(prompts, { stepSize: step, at: golden.snapshots.map((s) => s.step) });
    train(stepSize).forEach(({ loss, gradient, W }, i) => {
      const expected = golden.snapshots[i]!;
      expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-10);
      expect(gap(W, square(expected.W))).toBeLessThan(1e-10);
      expect(gap(gradient, square(expected.gradient))).toBeLessThan(1e-10);
    });
    // A step a thousandth too long, and the transposed W, are seen.
    expect(gap(train(1.001 * stepSize)[2]!.W, square(golden.snapshots[2]!.W))).toBeGreaterThan(1e-5);
    const transposed = train(stepSize)[2]!.W.data.map((_, i, w) => w[(i % d) * d + Math.floor(i / d)]!);
    expect(gap(matrix(d, d, transposed), square(golden.snapshots[2]!.W))).toBeGreaterThan(1e-3);
  });

  it("leads from any W₀ to the prompts' minimiser, the loss falling by η‖∇L‖²/2 a step at least", () => {
    const prompts = drawPrompts(Stream.root("any"), law(3), 30, 200);
    const { W: target } = populationMinimiser(prompts);
    for (const scale of [0, 1, 10]) {
      const start = matrix(3, 3, normals(Stream.root("W0"), 9).map((value) => scale * value)); // biome-ignore format: short
      const at = Array.from({ length: 1001 }, (_, t) => t);
      const path = trainOnPrompts(prompts, { start, at: [...at, 8000], target });
      const stepSize = 1 / smoothnessBound(prompts);
      for (let t = 1; t <= 1000; t++) {
        const fall = (stepSize / 2) * norm(path[t - 1]!.gradient.data) ** 2;
        expect(path[t]!.loss).toBeLessThanOrEqual(path[t - 1]!.loss - fall + 1e-13);
      }
      expect(path.at(-1)!.distance).toBeLessThan(1e-3 * norm(target.data));
    }
  });

  it("draws the same first prompts and noise whatever B and N, and labels with the posterior's frequency", () => {
    const [few, many] = [5, 9].map((B) => drawPrompts(Stream.root("nested"), law(3), 40, B));
    expect(many!.heads.data.slice(0, few!.heads.data.length)).toEqual(few!.heads.data);
    // Labels and the population sample's posteriors give one expected gradient.
    const W = identity(3, 1.5);
    const gaps = Array.from({ length: 400 }, (_, i) => {
      const prompts = populationLoss(drawPrompts(Stream.root("a", i), law(3), 10, 20), W).gradient;
      const expected = populationLoss(drawPopulationSample(Stream.root("b", i), law(3), 10, 20), W).gradient;
      return prompts.data.map((value, e) => value - expected.data[e]!);
    });
    for (let e = 0; e < 9; e++) {
      const entries = gaps.map((each) => each[e]!);
      expect(Math.abs(standardScore(entries, 0))).toBeLessThan(5);
    }
  });

  it("takes prompts of one example and a query, whose class alone has a head", () => {
    const inputs = matrix(2, 2, Float64Array.of(3, -1, 5, 7));
    const { heads, queries, posteriors } = promptsOf([{ labels: Int32Array.of(1, 0), inputs }], 2);
    expect([...heads.data]).toEqual([0, 0, 3, -1]);
    expect([...queries.data]).toEqual([5, 7]);
    expect([...posteriors.data]).toEqual([1, 0]);
  });

  it("starts from zero with a step of 1/β unless told, β within .11% of the curvature at zero times c/2", () => {
    for (const classes of [2, 4]) {
      // Near a round Λ the leading eigenvalues lie close together, and the power method takes its time.
      const prompts = drawPrompts(Stream.root("defaults"), law(classes, 5, 1.3), 10, 2000);
      const beta = smoothnessBound(prompts);
      const explicit = { start: matrix(5, 5), stepSize: 1 / beta, at: [5] };
      expect(trainOnPrompts(prompts, { at: [5] })).toEqual(trainOnPrompts(prompts, explicit));
      const { largest } = hessianRange(prompts, populationLoss(prompts, matrix(5, 5)));
      expect(beta / ((classes / 2) * largest)).toBeGreaterThan(1);
      expect(beta / ((classes / 2) * largest)).toBeLessThan(1.0011);
    }
  });

  it("refuses what is no training, in one sentence", () => {
    const prompts = drawPrompts(Stream.root("bad"), law(2), 10, 20);
    expect(() => drawPrompts(Stream.root(0), law(2), 10, 48.5)).toThrow("B must be an integer at least 1, got 48.5");
    expect(() => drawPrompts(Stream.root(0), law(2), -1, 5)).toThrow("N must be an integer at least 1, got -1");
    expect(() => trainOnPrompts(prompts, { at: [3, 3] })).toThrow("must be an integer at least 4, got 3");
    expect(() => trainOnPrompts(prompts, { at: [1], stepSize: -1 })).toThrow(
      "the step must be finite and above 0, got -1",
    );
    expect(() => trainOnPrompts(prompts, { at: [1], start: identity(3, Number.NaN) })).toThrow("start must be finite");
    const one = { labels: Int32Array.of(0), inputs: matrix(1, 2) };
    expect(() => promptsOf([one], 2)).toThrow("prompt 0 must have at least 2 examples of dimension 2");
    const stray = { labels: Int32Array.of(0, 2), inputs: matrix(2, 2) };
    expect(() => promptsOf([stray], 2)).toThrow("labels must be 0 ... 1, got 2");
    expect(() => promptsOf([], 2)).toThrow("number of prompts must be an integer at least 1");
  });

  it("refuses the minimiser of prompts too few for the unknowns", () => {
    // As many as are asked for: 36 prompts of two classes for 36 unknowns.
    expect(() => checkDetermined(drawPrompts(Stream.root("enough"), law(2, 6), 40, 36))).not.toThrow();
    expect(() => checkDetermined(drawPrompts(Stream.root("enough"), law(2, 6), 40, 35))).toThrow(/at least 72, is 70/);
    expect(() => populationMinimiser(drawPrompts(Stream.root("few"), law(5, 10), 40, 16))).toThrow(
      "16 tasks of 5 classes cannot determine 100 unknowns: S*c must be at least 200, is 80",
    );
  });
});

describe("the curvature's bound", () => {
  it("is above the curvature at every W, for more than two classes by no more than the least factor", () => {
    for (const classes of [2, 3, 5]) {
      const prompts = drawPrompts(Stream.root("bound", classes), law(classes), 20, 300);
      const bound = smoothnessBound(prompts);
      const origin = hessianRange(prompts, populationLoss(prompts, matrix(3, 3))).largest;
      expect(bound / origin).toBeCloseTo(classes / 2, 2);
      expect(bound).toBeGreaterThan((classes / 2) * origin);
      for (let i = 0; i < 20; i++) {
        const W = matrix(3, 3, normals(Stream.root("W", i), 9).map((value) => 3 ** ((i % 5) - 2) * value)); // biome-ignore format: short
        expect(hessianRange(prompts, populationLoss(prompts, W)).largest).toBeLessThan(bound);
      }
    }
    expect(smoothnessBound({ ...drawPrompts(Stream.root(0), law(2), 9, 4), heads: matrix(8, 3) })).toBe(0);
  });

  it("is passed for five classes by a step from the curvature at zero: two of them far ahead curve more", () => {
    // Heads (1, 0), (−1, 0) and three far below in the other coordinate: p = (½, ½, 0, 0, 0).
    const heads = matrix(5, 2, Float64Array.of(1, 0, -1, 0, 0, -1, 0, -1, 0, -1));
    const sample = {
      classes: 5,
      contexts: 1,
      queries: matrix(1, 2, Float64Array.of(1, 0)),
      heads,
      posteriors: matrix(1, 5),
    };
    const far = matrix(2, 2, Float64Array.of(0, 0, 50, 0));
    const V = matrix(2, 2, Float64Array.of(1, 0, 0, 0));
    const curvature = (W: Matrix) => dot(V.data, hessianProduct(sample, populationLoss(sample, W), V).data);
    expect(curvature(far) / curvature(matrix(2, 2))).toBeCloseTo(2.5, 10);
    expect(curvature(far)).toBeLessThanOrEqual(smoothnessBound(sample));
  });
});

describe("the curvature's form", () => {
  it("has the Hessian's trace and its value on the identity, of any sample", () => {
    for (const [classes, d, scale] of [
      [2, 2, 0],
      [3, 2, 1.5],
      [4, 3, 0.7],
    ] as const) {
      const sample = drawPopulationSample(Stream.root("trace", classes), law(classes, d, 1), 7, 4);
      const point = populationLoss(sample, identity(d, scale));
      const valueOn = (V: Matrix) => dot(V.data, hessianProduct(sample, point, V).data);
      const units = Array.from({ length: d * d }, (_, i) => matrix(d, d, new Float64Array(d * d).fill(1, i, i + 1)));
      const trace = units.reduce((sum, unit) => sum + valueOn(unit), 0);
      const { alpha, beta } = curvatureForm(sample, scale);
      expect((alpha * d * d + 2 * beta * d) / trace).toBeCloseTo(1, 10);
      expect((alpha * d + beta * (d * d + d)) / valueOn(identity(d))).toBeCloseTo(1, 10);
    }
  });

  it("has the extreme eigenvalues of its d² × d² matrix, and attains the smallest", () => {
    const variances = [0.5, 2, 3];
    const d = variances.length;
    const same = (i: number, j: number) => (i === j ? 1 : 0);
    for (const form of [
      { alpha: 1, beta: 0.3 },
      { alpha: 1, beta: -0.2 },
      { alpha: 2, beta: 0 },
    ]) {
      const whole = matrix(d * d, d * d);
      whole.data.forEach((_, at) => {
        const [i, j] = [Math.floor(at / (d * d)), at % (d * d)];
        const [a, b, e, f] = [Math.floor(i / d), i % d, Math.floor(j / d), j % d];
        const pair = form.alpha * same(a, e) * same(b, f) + form.beta * same(a, f) * same(b, e);
        const traces = form.beta * same(a, b) * same(e, f);
        whole.data[at] = pair * variances[a]! * variances[b]! + traces * variances[a]! * variances[e]!;
      });
      const { values } = symmetricEigen(whole);
      const { smallest, largest, slowest } = curvatureRange(form, variances);
      expect(smallest).toBeCloseTo(values[0]!, 12);
      expect(largest).toBeCloseTo(values.at(-1)!, 12);
      expect(norm(slowest.data)).toBeCloseTo(1, 12);
      expect(dot(slowest.data, matvec(whole, slowest.data))).toBeCloseTo(smallest, 12);
    }
  });

  it("has the eigenvalues of the Hessian of a large sample", () => {
    for (const [classes, scale, condition] of [
      [2, 0, 4],
      [2, 1.5, 9],
      [3, 2, 4],
    ] as const) {
      const draw = (lambda: number, name: string) =>
        drawPopulationSample(Stream.root(name), law(classes, 2, lambda), 20, 20_000);
      const { precision, matrix: covariance } = diagonalCovariance(2, condition);
      const W = matrix(2, 2, precision.data.map((value) => scale * value)); // biome-ignore format: short
      const sample = draw(condition, "full");
      const direct = hessianRange(sample, populationLoss(sample, W));
      const form = curvatureForm(draw(1, "white"), scale);
      const { smallest, largest, slowest } = curvatureRange(form, [covariance.data[0]!, covariance.data[3]!]);
      const image = hessianProduct(sample, populationLoss(sample, W), slowest);
      expect(norm(slowest.data)).toBeCloseTo(1, 12);
      expect(Math.abs(dot(slowest.data, image.data) / direct.smallest - 1)).toBeLessThan(0.04);
      // Monte Carlo of 20,000 tasks: about one per cent.
      expect(smallest / direct.smallest).toBeCloseTo(1, 1);
      expect(Math.abs(smallest / direct.smallest - 1)).toBeLessThan(0.04);
      expect(Math.abs(largest / direct.largest - 1)).toBeLessThan(0.04);
    }
    expect(() => curvatureForm(drawPopulationSample(Stream.root(0), law(2, 1, 1), 5, 5), 1)).toThrow("needs d >= 2");
  });
});
