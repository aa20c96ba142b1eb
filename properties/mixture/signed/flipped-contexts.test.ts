import { describe, expect, it } from "vitest";
import { row } from "../../../src/linalg/matrix.js";
import { drawNoisyContexts, examplesAt } from "../../../src/mixture/signed/flipped-contexts.js";
import { Stream } from "../../../src/random/stream.js";

describe("contexts with flipped labels", () => {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it("have directions of unit length in the first k coordinates, fair labels, and flips of probability p", () => {
    const contexts = drawNoisyContexts(Stream.root("law"), { d: 6, k: 2, p: 0.2 }, 20, 500);
    for (let t = 0; t < 500; t++) {
      const direction = row(contexts.directions, t);
      expect(Math.hypot(...direction)).toBeCloseTo(1, 12);
      expect([...direction.subarray(2)]).toEqual([0, 0, 0, 0]);
    }
    expect([contexts.labels.length, contexts.flips.length, contexts.noise.rows, contexts.noise.cols]).toEqual([
      10_000, 10_000, 10_000, 6,
    ]);
    // 10,000 signs and 60,000 normals: 4.5 standard errors.
    expect(Math.abs(mean(contexts.labels))).toBeLessThan(4.5 / 100);
    expect(Math.abs(mean(contexts.flips) - 0.6)).toBeLessThan((4.5 * 0.8) / 100);
    expect(Math.abs(mean(contexts.noise.data))).toBeLessThan(4.5 / Math.sqrt(60_000));
    expect(Math.abs(mean(contexts.noise.data.map((z) => z * z)) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 60_000));
  });

  it("have examples y·R·direction + noise, whatever was flipped", () => {
    const contexts = drawNoisyContexts(Stream.root("examples"), { d: 3, k: 3, p: 0.4 }, 4, 5);
    const { directions, noise, labels } = contexts;
    const x = examplesAt(contexts, 2.5);
    for (let t = 0; t < 5; t++) {
      for (let i = 4 * t; i < 4 * (t + 1); i++) {
        row(x, i).forEach((value, a) => {
          expect(value).toBe(row(noise, i)[a]! + 2.5 * labels[i]! * row(directions, t)[a]!);
        });
      }
    }
    expect(examplesAt(contexts, 0)).toEqual(noise);
  });

  it("are refused where they are none", () => {
    const draw = (k: number, p: number, M = 1, T = 1) => drawNoisyContexts(Stream.root("x"), { d: 3, k, p }, M, T);
    expect(() => draw(4, 0)).toThrow("k must not exceed d");
    expect(() => draw(1, 0.5)).toThrow("p must be at least 0 and below 1/2, got 0.5");
    expect(() => draw(1, -0.1)).toThrow("p must be at least 0 and below 1/2, got -0.1");
    expect(() => draw(1, 0, 0)).toThrow("M must be an integer at least 1");
    expect(() => draw(1, 0, 1, 0)).toThrow("T must be an integer at least 1");
    expect([...draw(1, 0).flips]).toEqual([1]);
  });
});
