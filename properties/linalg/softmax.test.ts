import fc from "fast-check";
import { expect, test } from "vitest";
import { softmax, softmaxOfProducts } from "../../src/linalg/softmax.js";

const infinity = Number.POSITIVE_INFINITY;
const logit = fc.double({ min: -30, max: 30, noNaN: true });

test("softmax is its definition, and returns the log of the sum", () => {
  fc.assert(
    fc.property(fc.array(logit, { minLength: 1, maxLength: 9 }), (logits) => {
      const p = Float64Array.from(logits);
      const log = softmax(p);
      const sum = logits.reduce((total, value) => total + Math.exp(value), 0);
      expect(log).toBeCloseTo(Math.log(sum), 11);
      logits.forEach((value, j) => {
        expect(Math.abs(p[j]! - Math.exp(value) / sum)).toBeLessThan(1e-14);
      });
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("softmax knows infinite logits: the largest share the probability, those of −∞ have none", () => {
  const of = (...logits: number[]) => {
    const p = Float64Array.from(logits);
    softmax(p);
    return [...p];
  };
  expect(of(infinity, 0, infinity)).toEqual([0.5, 0, 0.5]);
  expect(of(-infinity, 0)).toEqual([0, 1]);
  expect(of(1e4, 1e4)).toEqual([0.5, 0.5]);
  expect(of(0, Number.NaN)[1]).toBeNaN();
});

test("a softmax of products is that of a·s + b, and its limit where a·s leaves the range of doubles", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(logit, logit), { minLength: 1, maxLength: 6 }), (pairs) => {
      const [a, b] = [Float64Array.from(pairs, ([x]) => x), Float64Array.from(pairs, ([, y]) => y)];
      const direct = a.map((value, j) => value * 0.25 + b[j]!);
      softmax(direct);
      const found = softmaxOfProducts(a, [0.5, 0.5], (j) => b[j]!);
      found.forEach((p, j) => {
        expect(Math.abs(p - direct[j]!)).toBeLessThan(1e-13);
      });
    }),
    { seed: 1, numRuns: 100 },
  );
  const scales = [1e200, 1e200];
  expect([...softmaxOfProducts(Float64Array.of(0.8, 0.9, -1), scales)]).toEqual([0, 1, 0]);
  expect([...softmaxOfProducts(Float64Array.of(-0.8, -0.9), scales)]).toEqual([1, 0]);
  // Equal forms are told apart by b, and a class whose b is −∞ has nothing, however large its form.
  expect(softmaxOfProducts(Float64Array.of(2, 2), scales, (j) => Math.log(1 + j))[1]).toBeCloseTo(2 / 3, 14);
  expect([...softmaxOfProducts(Float64Array.of(2, 1), scales, (j) => (j === 0 ? -infinity : 0))]).toEqual([0, 1]);
});
