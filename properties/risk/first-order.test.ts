import { describe, expect, it } from "vitest";
import { matrix, row } from "../../src/linalg/matrix.js";
import { softmax } from "../../src/linalg/softmax.js";
import { dot } from "../../src/linalg/vector.js";
import { drawWhitenedTask, queriesOf, type WhitenedQuery, whitenedLaw } from "../../src/mixture/classes/whitened.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { totalVariation } from "../../src/risk/departure.js";
import { contextLaw, slopeOfDeparture } from "../../src/risk/first-order.js";

const law = whitenedLaw({ classes: 3, d: 4, rho: 1.5 });
const stream = Stream.root("first order");
const queries = Array.from({ length: 20 }, () => queriesOf(drawWhitenedTask(stream, law))).flat();
const total = queries.reduce((sum, { weight }) => sum + weight, 0);

const barred = (p: Float64Array, values: Float64Array) => dot(p, values);

describe("the first order of the departure", () => {
  it("is what the covariance of the logits' noise says, written out", () => {
    let [numerator, curvature, inContext, moved] = [0, 0, 0, 0];
    for (const { posterior: p, means: u, x, weight } of queries) {
      const c = p.length;
      const covariance = matrix(c, c);
      for (let i = 0; i < c; i++) {
        for (let j = 0; j < c; j++) {
          covariance.data[i * c + j] = (i === j ? c * (u[i]! ** 2 + dot(x, x)) : 0) - u[i]! * u[j]!;
        }
      }
      const mean = barred(p, u);
      for (let j = 0; j < c; j++) {
        // The variance of ε_j less its mean over p.
        const away = p.map((chance, i) => (i === j ? 1 : 0) - chance);
        const image = Float64Array.from({ length: c }, (_, i) => dot(row(covariance, i), away));
        const variance = dot(away, image);
        numerator += weight * p[j]! * variance * (1 + (u[j]! - mean) / 2);
        curvature += weight * p[j]! * (u[j]! - mean) ** 2;
        inContext += (weight / total) * 0.5 * p[j]! * Math.sqrt((2 * variance) / Math.PI);
        moved += (weight / total) * 0.5 * p[j]! * Math.abs(u[j]! - mean);
      }
    }
    const found = contextLaw(queries);
    const kappa = numerator / curvature;
    // Sums of some hundred terms of one size.
    expect(found.kappa / kappa).toBeCloseTo(1, 11);
    expect(found.inContext / inContext).toBeCloseTo(1, 11);
    expect(found.inTraining / (kappa * moved)).toBeCloseTo(1, 11);
  });

  it("does not depend on how the weights are scaled", () => {
    const double = queries.map((query) => ({ ...query, weight: 2 * query.weight }));
    const [one, two] = [contextLaw(queries), contextLaw(double)];
    for (const name of ["kappa", "inContext", "inTraining"] as const) expect(two[name] / one[name]).toBeCloseTo(1, 12);
    const error = ({ x }: WhitenedQuery) => x.subarray(0, 3);
    expect(slopeOfDeparture(double, error) / slopeOfDeparture(queries, error)).toBeCloseTo(1, 12);
  });

  it.each(["answers", "held"] as const)("is the slope of TV along an error of the logits, the scale %s", (scale) => {
    const errors = new Map(queries.map((query) => [query, normals(stream, 3)]));
    const error = (query: WhitenedQuery) => errors.get(query)!;
    /** softmax((1 + by)·u + h·e), from the posterior's own logits. */
    const predicted = (query: WhitenedQuery, h: number, by: number) => {
      const p = query.posterior.map((chance, j) => Math.log(chance) + by * query.means[j]! + h * error(query)[j]!);
      softmax(p);
      return p;
    };
    const h = 1e-5;
    const score = (by: number) =>
      queries.reduce((sum, query) => {
        const p = predicted(query, h, by);
        return sum + query.weight * dot(p.map((chance, j) => chance - query.posterior[j]!), query.means); // biome-ignore format: short
      }, 0);
    // The score rises with the scale: its zero, by bisection.
    let [low, high] = scale === "held" ? [0, 0] : [-1, 1];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (score(middle) < 0) low = middle;
      else high = middle;
    }
    const by = scale === "held" ? 0 : low;
    const tv = queries.reduce((sum, query) => {
      return sum + (query.weight / total) * totalVariation(predicted(query, h, by), query.posterior);
    }, 0);
    // The second order is h times numbers of order 1, the rounding 1e-16/h.
    expect(tv / h / slopeOfDeparture(queries, error, scale)).toBeCloseTo(1, 3);
    if (scale === "answers") expect(Math.abs(by / h)).toBeGreaterThan(0.01);
  });
});
