import { describe, expect, it } from "vitest";
import { portable } from "../../site/page/portable-math.js";
import { Stream } from "../../src/random/stream.js";

// The engine whose functions these are; another rounds in its own way, by an ulp here and there.
const sameEngine = process.versions.v8.startsWith("11.3.");
const count = 20_000;

/** Numbers of every size up to 10^most, of both signs, or positive. */
function numbers(name: string, most: number, positive = false): number[] {
  const stream = Stream.root("portable math", name);
  return Array.from({ length: count }, () => {
    const size = 10 ** (most * (2 * stream.uniform() - 1));
    return positive || stream.uniform() < 0.5 ? size : -size;
  });
}

/** How often two functions differ in a bit, and by how much at most, relatively. */
function differences(here: readonly number[], there: readonly number[]) {
  const bits = here.filter((value, i) => !Object.is(value, there[i])).length;
  const worst = here.reduce((most, value, i) => Math.max(most, Math.abs(value / there[i]! - 1) || 0), 0);
  return { bits, worst };
}

describe("the portable Math", () => {
  const unary = [
    ["exp", numbers("exp", 2.8)],
    ["expm1", numbers("expm1", 2.8)],
    ["log", numbers("log", 300, true)],
    ["log1p", numbers("log1p", 15, true)],
    ["sin", numbers("sin", 6)],
    ["cos", numbers("cos", 6)],
    ["atan", numbers("atan", 10)],
    ["sinh", numbers("sinh", 2.8)],
    ["cosh", numbers("cosh", 2.8)],
  ] as const;
  it.each(unary)("has %s as Node's engine has it, to the bit", (name, at) => {
    const edges = [0, -0, 1, -1, 0.5, Number.NaN, Number.MIN_VALUE, Infinity];
    const all = [...at, ...edges];
    const { bits, worst } = differences(
      all.map((x) => portable[name](x)),
      all.map((x) => Math[name](x)),
    );
    expect(bits).toBeLessThanOrEqual(sameEngine ? 0 : count);
    expect(worst).toBeLessThan(1e-15);
  });

  it.each(["pow", "atan2"] as const)("has %s of two numbers so", (name) => {
    const [x, y] = [numbers(`${name} x`, 3), numbers(`${name} y`, 1.5)];
    const edges = [0, -0, 1, -1, 2, 0.5, -0.5, 3, Number.NaN, Infinity, -Infinity];
    const pairs = [
      ...x.map((a, i) => [name === "pow" ? Math.abs(a) : a, y[i]!] as const),
      ...edges.flatMap((a) => edges.map((b) => [a, b] as const)),
    ];
    const { bits } = differences(
      pairs.map(([a, b]) => portable[name](a, b)),
      pairs.map(([a, b]) => Math[name](a, b)),
    );
    expect(bits).toBeLessThanOrEqual(sameEngine ? 0 : count);
  });

  it("leaves the rest of Math alone, and is seen to differ where a constant does", () => {
    expect(portable.max(1, 2)).toBe(2);
    expect(portable.hypot(3, 4)).toBe(5);
    expect(portable.PI).toBe(Math.PI);
    expect(differences([1 + 2 ** -52, 2], [1, 2])).toEqual({ bits: 1, worst: 2 ** -52 });
  });
});
