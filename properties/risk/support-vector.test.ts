import { describe, expect, it } from "vitest";
import { supportVectorMachine } from "../../src/learners/support-vector.js";
import { matrix, row } from "../../src/linalg/matrix.js";
import { gram as gramOf } from "../../src/linalg/products.js";
import { dot, norm } from "../../src/linalg/vector.js";
import { fillNormal } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { normalCdf } from "../../src/risk/normal.js";
import { supportVectorRisk } from "../../src/risk/support-vector.js";
import { standardScore } from "../standard-score.js";

const M = 9;

/** A context drawn example by example, with row i of `x` y_i x_i, and μ along the first axis. */
function context(stream: Stream, d: number, R: number) {
  const y = Float64Array.from({ length: M }, (_, i) => (i % 9 === 1 ? 1 : -1));
  const x = matrix(M, d, fillNormal(stream, new Float64Array(M * d)));
  for (let i = 0; i < M; i++) row(x, i)[0]! += R;
  return { x, y, gram: gramOf(x), along: Float64Array.from(y, (_, i) => row(x, i)[0]!), R };
}

describe("the error of the support vector machine", () => {
  it.each([9, 5])("is the share of queries that its hyperplane gets wrong, after %d examples", (count) => {
    const [d, R] = [6, 1.2];
    const stream = Stream.root("support-vector risk", count);
    const own = context(stream, d, R);
    const { alpha, bias } = supportVectorMachine(own.gram, own.y, { count });
    const w = new Float64Array(d);
    alpha.forEach((weight, i) => {
      row(own.x, i).forEach((value, a) => {
        w[a]! += weight * value;
      });
    });
    const wrong = Array.from({ length: 20_000 }, (_, i) => {
      const label = i % 2 === 0 ? 1 : -1;
      const query = fillNormal(stream, new Float64Array(d));
      query[0]! += label * R;
      return label * (dot(w, query) + bias) < 0 ? 1 : 0;
    });
    const risk = supportVectorRisk(own, count);
    // 5.5 standard errors: a chance of 4e-8.
    expect(Math.abs(standardScore(wrong, risk))).toBeLessThan(5.5);
    const sides = [bias, -bias].map((b) => normalCdf(-(R * w[0]! + b) / norm(w)));
    // Sums of nine products, and the tolerance that the machine stops at is the same.
    expect(risk).toBeCloseTo((sides[0]! + sides[1]!) / 2, 12);
    expect(Math.abs(bias)).toBeGreaterThan(0.01);
  });

  it("is a half for a w of length 0", () => {
    const nothing = { ...context(Stream.root("support-vector risk"), 2, 1), gram: matrix(M, M) };
    expect(supportVectorRisk(nothing, M)).toBe(0.5);
  });
});
