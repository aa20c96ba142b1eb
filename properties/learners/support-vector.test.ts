import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mle } from "../../src/learners/mle.js";
import { signedGram, supportVectorMachine, svm } from "../../src/learners/support-vector.js";
import { solveSymmetric } from "../../src/linalg/decompositions.js";
import { type Matrix, matrix, matrixOf, row } from "../../src/linalg/matrix.js";
import { dot } from "../../src/linalg/vector.js";
import { drawSignedContext } from "../../src/mixture/signed/gram-context.js";
import { drawPrompt } from "../../src/mixture/signed/prompt.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { Stream } from "../../src/random/stream.js";
import { exactRisk } from "../../src/risk/exact.js";
import { supportVectorRisk } from "../../src/risk/support-vector.js";
import { fixture } from "../fixture.js";

const parameters = { seed: 1, numRuns: 100 };

/** Kα with the bias's feature: y_i(wᵀx_i + bias). */
function marginsOf(G: Matrix, y: ArrayLike<number>, alpha: Float64Array): Float64Array {
  return alpha.map((_, i) =>
    alpha.reduce((sum, weight, j) => sum + weight * (G.data[i * G.cols + j]! + y[i]! * y[j]!), 0),
  );
}

/** The hard margin by trying every set of support vectors: the feasible solution of least norm, or nothing. */
function bruteForce(G: Matrix, y: ArrayLike<number>): number {
  const n = G.rows;
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 1; mask < 2 ** n; mask++) {
    const support = Array.from({ length: n }, (_, i) => i).filter((i) => (mask >> i) & 1);
    const block = matrixOf(support.map((i) => support.map((j) => G.data[i * n + j]! + y[i]! * y[j]!)));
    let solved: Matrix;
    try {
      solved = solveSymmetric(block, matrix(1, support.length, new Float64Array(support.length).fill(1)));
    } catch {
      continue; // dependent examples: a smaller set has the same w
    }
    const alpha = new Float64Array(n);
    support.forEach((i, at) => {
      alpha[i] = solved.data[at]!;
    });
    const margins = marginsOf(G, y, alpha);
    if (alpha.every((weight) => weight >= 0) && margins.every((margin) => margin >= 1 - 1e-9)) {
      least = Math.min(least, dot(alpha, margins));
    }
  }
  return least;
}

/** A context of small Gaussian examples around ±μ. */
function contextOf(d: number, n: number, R: number, seed: number) {
  const { x, y } = drawPrompt(Stream.root("svm", d, n, seed), taskLaw({ d, k: 1, R, N: n }));
  return { x, y, G: signedGram(x, y) };
}

const small = [fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 6 }), fc.nat(1_000_000)] as const;

describe("the support vector machine", () => {
  it("has the least norm that trying every set of support vectors finds, to 1e-6, and a broken twin fails it", () => {
    const law = (gramOf: (G: Matrix) => Matrix) =>
      fc.property(...small, (d, n, seed) => {
        const { y, G } = contextOf(d, n, 1.5, seed);
        const truth = bruteForce(G, y);
        const { kind, normSquared, bias } = supportVectorMachine(gramOf(G), y, { tolerance: 1e-8 });
        if (truth === Number.POSITIVE_INFINITY) return kind === "soft";
        return kind === "hard" && Math.abs(normSquared + bias * bias - truth) <= 1e-6 * truth;
      });
    fc.assert(
      law((G) => G),
      parameters,
    );
    const ridge = (G: Matrix) =>
      matrix(
        G.rows,
        G.cols,
        G.data.map((g, i) => g + (i % (G.cols + 1) === 0 ? 0.01 : 0)),
      );
    expect(fc.check(law(ridge), parameters).failed).toBe(true);
  });

  it("meets the conditions of its optimum, hard and soft, and shuffled multipliers fail it", () => {
    const kinds = new Set<string>();
    const law = (twist: (alpha: Float64Array) => Float64Array) =>
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 6, max: 40 }), fc.nat(1_000_000), (d, n, seed) => {
        const { y, G } = contextOf(d, n, 1, seed);
        const C = 0.7;
        const machine = supportVectorMachine(G, y, { C, tolerance: 1e-11 });
        kinds.add(machine.kind);
        const alpha = twist(machine.alpha);
        const margins = marginsOf(G, y, alpha);
        const limit = machine.kind === "hard" ? Number.POSITIVE_INFINITY : C;
        // A gap g leaves slacks of order √g of the scale of α·slack: 1e-4 where g = 1e-11.
        return alpha.every((weight, i) => {
          if (weight < 0 || weight > limit) return false;
          if (weight > 1e-2 * limit && weight < 0.99 * limit) return Math.abs(margins[i]! - 1) < 1e-4;
          return weight > 0 ? weight < limit || margins[i]! < 1 + 1e-4 : margins[i]! > 1 - 1e-4;
        });
      });
    fc.assert(
      law((alpha) => alpha),
      parameters,
    );
    expect([...kinds].sort()).toEqual(["hard", "soft"]);
    expect(
      fc.check(
        law((alpha) => alpha.map((_, i) => alpha[(i + 1) % alpha.length]!)),
        parameters,
      ).failed,
    ).toBe(true);
  });

  it("is certified: its gap stays within the tolerance, from 1 example to 60, d from 1 to 80", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 60 }), fc.nat(1_000_000), (d, n, seed) => {
        const { y, G } = contextOf(d, n, 2, seed);
        const { alpha, bias, normSquared, gap } = supportVectorMachine(G, y);
        const squared = dot(alpha, marginsOf(G, y, alpha));
        expect(gap).toBeLessThan(1e-6);
        expect(gap).toBeGreaterThan(-1e-12);
        expect(Math.abs(normSquared + bias * bias - squared)).toBeLessThan(1e-10 * squared);
      }),
      parameters,
    );
  });

  it("reads a shorter context from the leading block, to the bit", () => {
    const { x, y } = contextOf(30, 20, 1, 3);
    const short = signedGram(matrix(7, 30, x.data.slice(0, 210)), y.subarray(0, 7));
    expect(supportVectorMachine(signedGram(x, y), y, { count: 7 })).toEqual(
      supportVectorMachine(short, y.subarray(0, 7)),
    );
  });

  it("predicts with one example, or one class, by what it saw: sign(yxᵀq) up to the bias, never one class for every query", () => {
    const { x, y } = drawPrompt(Stream.root("one"), taskLaw({ d: 40, k: 1, R: 1, N: 1 }));
    const { alpha, bias } = supportVectorMachine(signedGram(x, y), y);
    const squared = dot(x.data, x.data);
    expect(Math.abs(alpha[0]! - 1 / (squared + 1))).toBeLessThan(1e-12);
    expect(Math.abs(bias * y[0]! - alpha[0]!)).toBeLessThan(1e-12);
    const ones = new Float64Array(5).fill(1);
    const { x: many } = drawPrompt(Stream.root("one class"), taskLaw({ d: 40, k: 1, R: 1, N: 5 }));
    const learner = svm();
    const answers = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const query = drawPrompt(Stream.root("query", i), taskLaw({ d: 40, k: 1, R: 1, N: 1 })).queryX;
      answers.add(learner(many, ones, query));
      if (Math.abs(dot(x.data, query)) > 1) expect(learner(x, y, query)).toBe(mle(x, y, query));
    }
    expect([...answers].sort()).toEqual([-1, 1]);
  });

  it("errs on raw prompts as the Gram matrices' risk says, within 4 standard errors, and a broken twin fails it", () => {
    for (const [d, N, R, p] of [
      [20, 6, 1.5, 0],
      [4, 9, 1, 0.2],
    ] as const) {
      const stream = Stream.root("svm errs", d);
      const law = taskLaw({ d, k: 2, R, N, p });
      const learner = svm({ tolerance: 1e-4 });
      const prompts = 1500;
      let wrong = 0;
      const risks: number[] = [];
      let other = 0;
      for (let i = 0; i < prompts; i++) {
        const { x, y, queryX, queryY } = drawPrompt(stream, law);
        if (learner(x, y, queryX) !== queryY) wrong++;
        risks.push(supportVectorRisk(drawSignedContext(stream, law, N), N, { tolerance: 1e-4 }));
        other += supportVectorRisk(drawSignedContext(stream, { ...law, R: R / 2 }, N), N, { tolerance: 1e-4 });
      }
      const rate = wrong / prompts;
      const mean = risks.reduce((sum, risk) => sum + risk, 0) / prompts;
      const variance = risks.reduce((sum, risk) => sum + (risk - mean) ** 2, 0) / prompts;
      const error = Math.sqrt((rate * (1 - rate) + variance) / prompts);
      expect(Math.abs(rate - mean)).toBeLessThan(4 * error);
      // The Gram matrices of half the signal.
      expect(Math.abs(rate - other / prompts)).toBeGreaterThan(4 * error);
    }
  });

  it("is at M = 1 the averaging learner, within 4 standard errors and 0.003 for its bias, not the ½ of a machine that refuses", () => {
    const stream = Stream.root("M = 1");
    const risks = Array.from({ length: 2000 }, () =>
      supportVectorRisk(drawSignedContext(stream, { d: 500, R: 2, p: 0 }, 1), 1),
    );
    const mean = risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
    const sd = Math.sqrt(risks.reduce((sum, risk) => sum + (risk - mean) ** 2, 0) / risks.length);
    const error = (4 * sd) / Math.sqrt(risks.length) + 0.003;
    expect(Math.abs(mean - exactRisk({ R: 2, M: 1, k: 500 }))).toBeLessThan(error);
    expect(Math.abs(mean - 0.5)).toBeGreaterThan(error);
  });

  it("has Gram matrices of rank at most d", () => {
    const { gram } = drawSignedContext(Stream.root("rank"), { d: 2, R: 1, p: 0 }, 5);
    const [a, b, c] = [row(gram, 0), row(gram, 2), row(gram, 4)];
    const at = (i: 0 | 2 | 4) => [a[i]!, b[i]!, c[i]!] as const;
    const [p, q, r] = [at(0), at(2), at(4)];
    const determinant =
      p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
    expect(Math.abs(determinant)).toBeLessThan(1e-12 * p[0] * q[1] * r[2]);
  });

  it("knows a norm of 0 from rounding: no difference of squares, and a risk of ½", () => {
    const y = Float64Array.of(1, -1, 1);
    const x = Float64Array.of(-0.3, 0.2, 0.5);
    const gram = signedGram(matrix(3, 1, x), y);
    // α = (1, 1, 1): w = −.3 − .2 + .5.
    expect(supportVectorMachine(gram, y).normSquared).toBe(0);
    expect(supportVectorRisk({ y, gram, along: x.map((v, i) => v * y[i]!), R: 1 }, 3)).toBe(0.5);
  });

  it("keeps what examples of 1e-8 have beside the bias's 1", () => {
    const y = Float64Array.of(1, -1);
    const machine = supportVectorMachine(signedGram(matrix(2, 1, Float64Array.of(1e-8, -1e-8)), y), y);
    expect(machine.kind).toBe("soft");
    expect(Math.abs(machine.normSquared / 4e-16 - 1)).toBeLessThan(1e-12);
  });

  it("counts rounding in its gap: the optimum, known in closed form, is within it however close two examples are", () => {
    const y = Float64Array.of(1, -1);
    for (const h of [1e-2, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9]) {
      const x = 1 + h;
      const G = signedGram(matrix(2, 1, Float64Array.of(1, x)), y);
      const { kind, gap, normSquared, bias } = supportVectorMachine(G, y);
      // w + b = 1 and w(1 + h) + b = −1, with the h that doubles hold.
      const w = -2 / (x - 1);
      const optimum = w * w + (1 - w) ** 2;
      const departure = Math.abs((normSquared + bias * bias) / optimum - 1);
      // A soft margin at C = 1 has an optimum below 2, and proves no separation.
      if (kind === "hard") expect(departure).toBeLessThanOrEqual(gap + 1e-15);
      if (h >= 1e-6) expect(kind).toBe("hard");
      if (h === 1e-4) expect(gap).toBeLessThan(1e-5);
      if (h === 1e-6) expect(gap).toBeGreaterThan(1e-3);
      if (h === 1e-9) expect(kind).toBe("soft");
    }
  });

  it("solves the irises that no hyperplane separates, to a gap proved anew", () => {
    const { versicolor, virginica } = fixture<{ versicolor: number[][]; virginica: number[][] }>("iris");
    const x = [...versicolor, ...virginica];
    const y = Float64Array.from(x, (_, i) => (i < versicolor.length ? -1 : 1));
    const G = signedGram(matrixOf(x), y);
    for (const C of [0.01, 1, 100]) {
      const { kind, alpha, bias, normSquared, gap } = supportVectorMachine(G, y, { C });
      expect(kind).toBe("soft");
      expect(gap).toBeLessThan(1e-6);
      const w = x[0]!.map((_, a) => alpha.reduce((sum, weight, i) => sum + weight * y[i]! * x[i]![a]!, 0));
      expect(Math.abs(dot(Float64Array.from(w), Float64Array.from(w)) / normSquared - 1)).toBeLessThan(1e-9);
      const half = (normSquared + bias * bias) / 2;
      const hinge = x.map((flower, i) =>
        Math.max(0, 1 - y[i]! * flower.reduce((sum, value, a) => sum + value * w[a]!, bias)),
      );
      const primal = half + C * hinge.reduce((sum, value) => sum + value, 0);
      const dual = alpha.reduce((sum, weight) => sum + weight, 0) - half;
      expect(alpha.every((weight) => weight >= 0 && weight <= C)).toBe(true);
      expect(1 - dual / primal).toBeLessThan(1e-6);
    }
  });

  it("refuses what it cannot read", () => {
    const { x, y, G } = contextOf(3, 4, 1, 1);
    expect(() => supportVectorMachine(G, y, { count: 5 })).toThrow(/count must be an integer from 1 to the 4 labels/);
    expect(() => supportVectorMachine(matrix(2, 2), y)).toThrow(/square with at least 4 rows, got 2 x 2/);
    expect(() => supportVectorMachine(G, [1, -1, 0, 1])).toThrow(/labels must be 1 or -1, got 0/);
    expect(() =>
      supportVectorMachine(
        matrix(
          4,
          4,
          G.data.map(() => Number.NaN),
        ),
        y,
      ),
    ).toThrow(/finite and at least 0/);
    expect(() => supportVectorMachine(G, y, { C: 0 })).toThrow(/C must be finite and above 0, got 0/);
    expect(() => supportVectorMachine(G, y, { tolerance: Number.NaN })).toThrow(/tolerance must be above 0/);
    expect(() => signedGram(x, [1])).toThrow(/as many labels as examples, got 1 and 4/);
    expect(() => svm()(x, y, new Float64Array(2))).toThrow(/must have 3 coordinates/);
    expect(() => drawSignedContext(Stream.root("m"), { d: 3, R: 1, p: 0 }, 0)).toThrow(RangeError);
  });
});
