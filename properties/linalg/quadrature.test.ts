import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gaussHermite, gaussLegendre, type QuadratureRule } from "../../src/linalg/quadrature.js";

const integrate = (rule: QuadratureRule, f: (x: number) => number) =>
  rule.nodes.reduce((sum, x, i) => sum + rule.weights[i]! * f(x), 0);

/** ∫_{−1}^{1} x^m dx. */
const legendreMoment = (m: number) => (m % 2 === 1 ? 0 : 2 / (m + 1));

/** E g^m = (m−1)!!. */
const normalMoment = (m: number): number => (m % 2 === 1 ? 0 : m === 0 ? 1 : (m - 1) * normalMoment(m - 2));

/**
 * How far the rule misses a moment, in units of its rounding bound: x^m carries m relative roundings of the node, the
 * weight n from its recurrence, the sum n.
 */
function miss(rule: QuadratureRule, m: number, moment: number): number {
  const absolute = integrate(rule, (x) => Math.abs(x) ** m);
  const difference = Math.abs(integrate(rule, (x) => x ** m) - moment);
  return difference === 0 ? 0 : difference / ((m + 2 * rule.nodes.length) * Number.EPSILON * absolute);
}

const families = [
  { name: "Gauss–Legendre", rule: gaussLegendre, moment: legendreMoment, degree: 1023 },
  { name: "Gauss–Hermite", rule: gaussHermite, moment: normalMoment, degree: 160 },
];

describe.each(families)("$name", ({ rule, moment, degree }) => {
  const shape = fc
    .integer({ min: 1, max: 512 })
    .chain((n) => fc.record({ n: fc.constant(n), m: fc.integer({ min: 0, max: Math.min(2 * n - 1, degree) }) }));

  test("is exact on degrees up to 2n − 1, to rounding", () => {
    fc.assert(
      fc.property(shape, ({ n, m }) => miss(rule(n), m, moment(m)) < 1),
      { seed: 1, numRuns: 60 },
    );
    for (let n = 1; n <= 12; n++) for (let m = 0; m < 2 * n; m++) expect(miss(rule(n), m, moment(m))).toBeLessThan(1);
  });

  test("is not exact on degree 2n, and a twin with one node moved by 1e-10 fails", () => {
    for (let n = 1; n <= 8; n++) expect(miss(rule(n), 2 * n, moment(2 * n))).toBeGreaterThan(1e6);
    const { nodes, weights } = rule(6);
    const moved = { nodes: nodes.map((x, i) => (i === 5 ? x + 1e-10 : x)), weights };
    expect(miss(moved, 2, moment(2))).toBeGreaterThan(100);
  });

  test("has ascending nodes, symmetric to the bit, weights that are nowhere negative, and is cached", () => {
    for (const n of [1, 2, 5, 64, 511, 512]) {
      const { nodes, weights } = rule(n);
      expect(rule(n)).toBe(rule(n));
      for (let i = 0; i < n; i++) {
        if (i > 0) expect(nodes[i]).toBeGreaterThan(nodes[i - 1]!);
        expect(nodes[i]! + nodes[n - 1 - i]!).toBe(0);
        expect(weights[i]).toBe(weights[n - 1 - i]);
        expect(weights[i]).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test.each([0, -1, 1.5, 513, Number.NaN])("refuses %s nodes", (n) => {
    expect(() => rule(n)).toThrow(/integer number of nodes from 1 to 512, got/);
  });
});

test("Gauss–Legendre has the closed forms of two and three nodes", () => {
  expect(gaussLegendre(2).nodes[1]).toBeCloseTo(1 / Math.sqrt(3), 15);
  expect(gaussLegendre(3).nodes[2]).toBeCloseTo(Math.sqrt(3 / 5), 15);
  expect(gaussLegendre(3).weights[1]).toBeCloseTo(8 / 9, 15);
});

test("Gauss–Hermite weights keep their relative accuracy far in the tail", () => {
  // The last weight of n = 20 in closed form: n! / (n² He_{n−1}(x)²), He from its own recurrence.
  const { nodes, weights } = gaussHermite(20);
  const x = nodes[19]!;
  let [previous, current, factorial] = [1, x, 1];
  for (let j = 1; j < 19; j++) [previous, current] = [current, x * current - j * previous];
  for (let j = 2; j <= 20; j++) factorial *= j;
  expect(weights[19]! / (factorial / (400 * current ** 2))).toBeCloseTo(1, 12);
  expect(weights[19]).toBeLessThan(1e-12);
});
