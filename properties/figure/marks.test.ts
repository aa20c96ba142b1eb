import { expect, it } from "vitest";
import { measured } from "../../src/figure/figure.js";
import { figures } from "../../src/figure/figures/index.js";
import { specification } from "../../src/figure/picture.js";

/** Every object in the specification that is a mark. */
function marksIn(part: unknown): Record<string, unknown>[] {
  if (typeof part !== "object" || part === null) return [];
  const own = (part as { mark?: unknown }).mark;
  const here = typeof own === "object" && own !== null ? [own as Record<string, unknown>] : [];
  return [...here, ...Object.values(part).flatMap(marksIn)];
}

it.each(figures.map((figure) => [figure.id, figure] as const))("figure %s draws marks that are seen", (_, figure) => {
  const [series] = figure.series(figure.settings);
  const rows = [1, 2, 4].map((x) => measured("panel", series!, x, 0.4 + x / 50, 0.01));
  const marks = marksIn(specification(figure, figure.settings, rows));
  const types = new Set(marks.map(({ type }) => type));
  expect([...types]).toEqual(expect.arrayContaining(["line", "rule", "point"]));
  for (const { type, opacity = 1, size = 1, strokeWidth = 1 } of marks) {
    expect(opacity, `${type}`).toBeGreaterThan(0.5);
    expect(size, `${type}`).toBeGreaterThan(0);
    expect(strokeWidth, `${type}`).toBeGreaterThan(0);
  }
  // Points of vega are half transparent unless told otherwise.
  for (const mark of marks.filter(({ type }) => type === "point")) expect(mark).toMatchObject({ opacity: 1 });
});
