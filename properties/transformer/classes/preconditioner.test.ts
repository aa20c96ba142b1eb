import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/linalg/matrix.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { hessianProduct, populationLoss } from "../../../src/transformer/classes/loss.js";
import { hessianPreconditioner } from "../../../src/transformer/classes/preconditioner.js";
import { embedSample, type PopulationSample } from "../../../src/transformer/classes/sample.js";

/** Tasks of one set of heads, scaled apart by `condition` over the directions, and of queries of their own. */
function sampleOf(stream: Stream, classes: number, contexts: number, d: number, condition: number): PopulationSample {
  const S = 3 * d;
  const scaled = (values: Float64Array) => values.map((value, i) => value * condition ** ((i % d) / (2 * d)));
  const heads = scaled(normals(stream.derive("heads"), contexts * classes * d));
  const all = Array.from({ length: S }, () => [...heads]).flat();
  return {
    classes,
    contexts,
    queries: matrix(S, d, scaled(normals(stream.derive("queries"), S * d))),
    posteriors: matrix(S, classes, new Float64Array(S * classes).fill(1 / classes)),
    heads: matrix(S * contexts * classes, d, Float64Array.from(all)),
  };
}

describe("the preconditioner of the classes' Hessian", () => {
  it("is its inverse, up to a factor, where heads and probabilities do not depend on the query", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 100),
        fc.nat(),
        (classes, contexts, wide, condition, seed) => {
          // Fewer than the heads span, where they are well determined.
          const d = Math.min(wide, Math.max(1, (classes - 1) * contexts - 1));
          const stream = Stream.root("preconditioner", seed, classes, contexts, d);
          const sample = sampleOf(stream, classes, contexts, d, condition);
          const weights = Array.from({ length: classes }, (_, j) => (j + 1) / ((classes * (classes + 1)) / 2));
          const point = {
            ...populationLoss(sample, matrix(d, d)),
            probabilities: Float64Array.from({ length: sample.heads.rows }, (_, i) => weights[i % classes]!),
          };
          const V = matrix(d, d, normals(stream.derive("V"), d * d));
          const back = hessianPreconditioner(sample, point)(hessianProduct(sample, point, V));
          const factor = sample.queries.rows * sample.heads.rows;
          const size = Math.hypot(...V.data);
          back.data.forEach((value, i) => {
            // Rounding, times the condition of both factors.
            expect(Math.abs((value * factor) / classes - V.data[i]!) / size).toBeLessThan(1e-6);
          });
        },
      ),
    );
  });

  it("leaves directions without data at zero", () => {
    const sample = embedSample(sampleOf(Stream.root("flat"), 3, 2, 2, 10), 3);
    const point = populationLoss(sample, matrix(3, 3));
    const { data } = hessianPreconditioner(sample, point)(matrix(3, 3, new Float64Array(9).fill(1)));
    for (const i of [2, 5, 6, 7, 8]) expect(data[i]).toBeCloseTo(0, 12);
    for (const i of [0, 4]) expect(Math.abs(data[i]!)).toBeGreaterThan(1e-6);
  });

  it.each([1e-6, 1e6])("sees what is without data in units %d times as large", (unit) => {
    const sample = embedSample(sampleOf(Stream.root("units"), 3, 2, 2, 10), 3);
    const { queries } = sample;
    // Without data is here a direction that is no axis, so that rounding leaves something in it.
    for (let t = 0; t < queries.rows; t++) {
      queries.data[3 * t + 2] = (queries.data[3 * t]! + queries.data[3 * t + 1]!) / 3;
    }
    const scaled = { ...sample, queries: { ...queries, data: queries.data.map((value) => unit * value) } };
    const R = matrix(3, 3, new Float64Array(9).fill(1));
    const [once, inUnits] = [sample, scaled].map((one) =>
      hessianPreconditioner(one, populationLoss(one, matrix(3, 3)))(R),
    );
    const size = Math.hypot(...once!.data);
    once!.data.forEach((value, i) => {
      expect(Math.abs(inUnits!.data[i]! * unit * unit - value) / size).toBeLessThan(1e-9);
    });
  });
});
