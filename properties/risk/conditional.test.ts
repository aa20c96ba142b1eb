import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identity, type Matrix, matrix, matrixOf, row, transpose } from "../../src/linalg/matrix.js";
import { multiply, multiplyTransposed } from "../../src/linalg/products.js";
import { dot } from "../../src/linalg/vector.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { haarFrame } from "../../src/random/haar.js";
import { fillNormal, normals } from "../../src/random/normal.js";
import { fillSphere } from "../../src/random/sphere.js";
import { Stream } from "../../src/random/stream.js";
import { conditionalRisk, riskAt, taskScalars } from "../../src/risk/conditional.js";
import { normalCdf } from "../../src/risk/normal.js";

type Risk = typeof conditionalRisk;

/** A configuration's seed and sizes; every draw below comes from the stream they name. */
const configurations = fc.record({
  d: fc.integer({ min: 1, max: 12 }),
  M: fc.integer({ min: 1, max: 50 }),
  seed: fc.nat(1_000_000),
});
const parameters = { seed: 1, numRuns: 60 };
/** Whether some configuration breaks the law, as one must for a twin. */
const breaks = <T>(law: fc.IProperty<T>) => fc.check(law, parameters).failed;

/** A W with no symmetry, a signal of strength 2 and a context's mean. */
function world({ d, M, seed }: { d: number; M: number; seed: number }) {
  const stream = Stream.root("conditional risk", d, M, seed);
  const W = matrix(d, d, normals(stream, d * d));
  const mu = fillSphere(stream, new Float64Array(d), 2);
  const zeta = normals(stream, d);
  return { stream, W, mu, zeta, m: mu.map((value, a) => value + zeta[a]! / Math.sqrt(M)) };
}

const close = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance;

describe("conditionalRisk", () => {
  /** Distance from the 0/1 error over raw queries, in standard errors of the latter. */
  function standardErrorsOff(risk: Risk, seed: number): number {
    const { stream, W, mu, m } = world({ d: 6, M: 8, seed });
    const queries = 20_000;
    const projected = multiply(matrix(1, 6, m), W).data;
    const x = new Float64Array(6);
    let wrong = 0;
    for (let i = 0; i < queries; i++) {
      const label = stream.int32() < 0 ? -1 : 1;
      fillNormal(stream, x);
      for (let a = 0; a < 6; a++) x[a] = x[a]! + label * mu[a]!;
      if (Math.sign(dot(projected, x)) !== label) wrong++;
    }
    const rate = wrong / queries;
    return Math.abs(risk(W, mu, m) - rate) / Math.sqrt((rate * (1 - rate)) / queries);
  }

  it("is the 0/1 error over raw queries within 4 standard errors, and a broken twin fails it", () => {
    const seeds = [1, 2, 3, 4, 5];
    for (const seed of seeds) expect(standardErrorsOff(conditionalRisk, seed)).toBeLessThan(4);
    // W where Wᵀ belongs.
    const twin: Risk = (W, mu, m) => conditionalRisk(transpose(W), mu, m);
    expect(Math.max(...seeds.map((seed) => standardErrorsOff(twin, seed)))).toBeGreaterThan(10);
  });

  it("is invariant under one rotation of W, μ and m, and a broken twin fails it", () => {
    const law = (rotate: (Q: Matrix, W: Matrix) => Matrix) =>
      fc.property(configurations, (configuration) => {
        const { stream, W, mu, m } = world(configuration);
        const { d } = configuration;
        const Q = matrix(d, d, haarFrame(stream, d, d));
        const turn = (v: Float64Array) => multiplyTransposed(matrix(1, d, v), Q).data;
        // d² products of size ≤ 10 in the margin: rounding below 1e-12.
        return close(conditionalRisk(rotate(Q, W), turn(mu), turn(m)), conditionalRisk(W, mu, m), 1e-11);
      });
    fc.assert(
      law((Q, W) => multiplyTransposed(multiply(Q, W), Q)),
      parameters,
    );
    expect(breaks(law((Q, W) => multiply(Q, W)))).toBe(true);
  });

  it("is invariant under W → aW, a > 0, turns into 1 − risk under W → −aW, and broken twins fail it", () => {
    const law = (risk: Risk, sign: 1 | -1) =>
      fc.property(configurations, fc.double({ min: -20, max: 20, noNaN: true }), (configuration, logScale) => {
        const { W, mu, m } = world(configuration);
        const scaled = matrix(
          W.rows,
          W.cols,
          W.data.map((value) => sign * Math.exp(logScale) * value),
        );
        const before = risk(W, mu, m);
        return close(risk(scaled, mu, m), sign > 0 ? before : 1 - before, 1e-12);
      });
    fc.assert(law(conditionalRisk, 1), parameters);
    fc.assert(law(conditionalRisk, -1), parameters);
    const shifted: Risk = (W, mu, m) =>
      conditionalRisk(
        matrix(
          W.rows,
          W.cols,
          W.data.map((v) => v + 0.1),
        ),
        mu,
        m,
      );
    expect(breaks(law(shifted, 1))).toBe(true);
    const signless: Risk = (W, mu, m) => Math.min(conditionalRisk(W, mu, m), 1 - conditionalRisk(W, mu, m));
    expect(breaks(law(signless, -1))).toBe(true);
  });

  it("does not depend on the size of W or of the context's mean, from 1e-300 to 1e300", () => {
    const mu = Float64Array.of(0, 2, 0);
    for (const scale of [1e-300, 1e-170, 1e-162, 1e-160, 1, 1e154, 1e160, 1e300]) {
      expect(conditionalRisk(identity(3, scale), mu, mu)).toBe(normalCdf(-2));
      expect(conditionalRisk(identity(3), mu, mu.map((v) => v * scale / 8))).toBe(normalCdf(-2)); // biome-ignore format: short
      const [scalars] = taskScalars(identity(3, scale), { mu: matrix(1, 3, mu), zeta: matrixOf([[1, 0, 1]]) });
      expect(riskAt(scalars!, Number.POSITIVE_INFINITY)).toBe(normalCdf(-2));
      expect(riskAt(scalars!, 2)).toBeCloseTo(normalCdf(-4 / Math.sqrt(5)), 14);
    }
  });

  it("sees a context through what of W is 1e-200 of the rest", () => {
    const mu = Float64Array.of(2, 0);
    expect(conditionalRisk(matrix(2, 2, Float64Array.of(1e-200, 0, 0, 1)), mu, mu)).toBe(normalCdf(-2));
  });

  it("is ½ where every query is a tie", () => {
    const mu = Float64Array.of(1, 0);
    expect(conditionalRisk(matrix(2, 2), mu, mu)).toBe(0.5);
    expect(conditionalRisk(matrix(2, 2, Float64Array.of(0, 0, 0, 1)), mu, mu)).toBe(0.5);
  });

  it("refuses shapes that do not fit and numbers that are not finite", () => {
    const v = new Float64Array(2);
    expect(() => conditionalRisk(identity(2), v, new Float64Array(3))).toThrow(/one length, got 2 and 3/);
    expect(() => conditionalRisk(identity(3), v, v)).toThrow(/W must be 2 x 2, got 3 x 3/);
    expect(() => conditionalRisk(identity(2, Number.NaN), v, v)).toThrow(/finite/);
  });
});

describe("taskScalars", () => {
  type At = typeof riskAt;

  it("give at every M, with or without flips, the conditional risk of the context built there, and a broken twin fails it", () => {
    const law = (at: At) =>
      fc.property(configurations, fc.constantFrom(1, 0.6, 0, -0.2), (configuration, signal) => {
        const { W, mu, zeta } = world(configuration);
        const { d } = configuration;
        const [scalars] = taskScalars(W, { mu: matrix(1, d, mu), zeta: matrix(1, d, zeta) });
        return [configuration.M, 0.3 * configuration.M, 1e6, Number.POSITIVE_INFINITY].every((M) => {
          const m = mu.map((value, a) => signal * value + zeta[a]! / Math.sqrt(M));
          return close(at(scalars!, M, signal), conditionalRisk(W, mu, m), 1e-11);
        });
      });
    fc.assert(law(riskAt), parameters);
    expect(breaks(law((scalars, M, signal) => riskAt({ ...scalars, cross: 0 }, M, signal)))).toBe(true);
    expect(breaks(law((scalars, M) => riskAt(scalars, M)))).toBe(true);
  });

  it("are the same from W and from its factors, for many tasks as for one, and a broken twin fails it", () => {
    const law = (weigh: (alpha: Float64Array) => Float64Array) =>
      fc.property(configurations, fc.integer({ min: 1, max: 20 }), ({ d, seed }, B) => {
        const stream = Stream.root("factors", d, B, seed);
        const [m, u] = [matrix(B, d, normals(stream, B * d)), matrix(B, d, normals(stream, B * d))];
        const alpha = Float64Array.from({ length: B }, () => stream.uniform());
        const scaled = matrix(
          B,
          d,
          u.data.map((value, i) => alpha[Math.floor(i / d)]! * value),
        );
        const W = multiply(transpose(m), scaled);
        const tasks = drawTestTasks(stream, taskLaw({ d, k: d, R: 2, N: 1 }), 5);
        const whole = taskScalars(W, tasks);
        const factored = taskScalars({ alpha: weigh(alpha), m, u }, tasks);
        const alone = taskScalars(W, { mu: matrix(1, d, row(tasks.mu, 4)), zeta: matrix(1, d, row(tasks.zeta, 4)) });
        return [...whole, whole[4]!].every((expected, i) => {
          const got = [...factored, ...alone][i]!;
          // Entries of W are sums of B terms, the scalars sums of d² or d³ products of them: rounding relative to their
          // largest.
          const size = expected.signalSquared + expected.noiseSquared + 10;
          return (Object.keys(expected) as (keyof typeof expected)[]).every((name) =>
            close(expected[name], got[name], 1e-12 * size),
          );
        });
      });
    fc.assert(
      law((alpha) => alpha),
      parameters,
    );
    expect(breaks(law((alpha) => alpha.map((value) => value ** 2)))).toBe(true);
  });

  it("refuse shapes that do not fit, and lengths that are not positive", () => {
    const tasks = { mu: matrix(3, 2), zeta: matrix(3, 2) };
    expect(() => taskScalars(identity(3), tasks)).toThrow(/W must be 2 x 2/);
    expect(() => taskScalars(identity(2), { ...tasks, zeta: matrix(2, 2) })).toThrow(/one shape, got 3 x 2 and 2 x 2/);
    const factors = { alpha: new Float64Array(4), m: matrix(4, 2), u: matrix(4, 2) };
    expect(() => taskScalars({ ...factors, m: matrix(3, 2) }, tasks)).toThrow(/m and u must be 4 x 2/);
    expect(() => taskScalars({ ...factors, u: matrix(4, 1) }, tasks)).toThrow(/m and u must be 4 x 2/);
    const [scalars] = taskScalars(identity(2), tasks);
    for (const M of [0, -1, Number.NaN]) expect(() => riskAt(scalars!, M)).toThrow(/M must be > 0/);
  });
});
