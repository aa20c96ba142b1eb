import { describe, expect, it } from "vitest";
import { matrix, row } from "../../../src/linalg/matrix.js";
import { gram as gramOf } from "../../../src/linalg/products.js";
import { drawSignedContext } from "../../../src/mixture/signed/gram-context.js";
import { fillInnerSignal, taskLaw } from "../../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../../src/mixture/signed/tasks.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";

/** The Gram matrix of raw signed examples ±μ + z, μ along the first axis. */
function rawGram(stream: Stream, d: number, R: number, p: number, M: number) {
  const x = matrix(M, d, normals(stream, M * d));
  for (let i = 0; i < M; i++) row(x, i)[0]! += stream.uniform() < p ? -R : R;
  return gramOf(x).data;
}

/** Means of the entries, of their squares and of the products of neighbours, with squared standard errors. */
function moments(draw: (i: number) => Float64Array, count: number) {
  const samples = Array.from({ length: count }, (_, i) => {
    const g = draw(i);
    return [...g, ...g.map((x) => x * x), ...g.map((x, j) => x * g[(j + 1) % g.length]!)];
  });
  return samples[0]!.map((_, j) => {
    const values = samples.map((sample) => sample[j]!);
    const mean = values.reduce((sum, x) => sum + x, 0) / count;
    return { mean, squared: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count / (count - 1) };
  });
}

describe("a context by its Gram matrix", () => {
  it.each([
    [2, 1.5, 0.2, 3],
    [3, 1, 0, 4],
    [9, 1, 0.3, 4],
  ])("has the moments of raw examples, entry by entry: d = %d, R = %d, p = %d, M = %d", (d, R, p, M) => {
    const root = Stream.root("gram", d, M);
    const ours = moments((i) => drawSignedContext(root.derive("ours", i), { d, R, p }, M).gram.data, 6000);
    const raw = moments((i) => rawGram(root.derive("raw", i), d, R, p, M), 6000);
    // Up to 48 statistics: one beyond 5 standard errors has a chance of 3e-5.
    ours.forEach(({ mean, squared }, j) => {
      const sigmas = Math.abs(mean - raw[j]!.mean) / Math.sqrt(squared + raw[j]!.squared);
      expect(sigmas, `moment ${j}`).toBeLessThan(5);
    });
  });
});

describe("the shape of the task law", () => {
  const law = taskLaw({ d: 4, k: 3, R: 2, N: 3 });
  const fourth = (draw: (i: number) => number, count: number) =>
    Array.from({ length: count }, (_, i) => draw(i) ** 4).reduce((sum, x) => sum + x, 0) / count;

  it("means are uniform on the sphere, and not on the points ±R e_i, whose second moments are the same", () => {
    const at = (means: "sphere" | "axes") => (i: number) =>
      fillInnerSignal(Stream.root("means", means, i), { ...law, means }, new Float64Array(3))[0]! / 2;
    // E x⁴ = 3/(k(k + 2)) = .2 on the sphere, variance of x⁴ below E x⁸ = 1/9: 4.5 standard errors of 8,000 are .017.
    expect(Math.abs(fourth(at("sphere"), 8000) - 0.2)).toBeLessThan(0.017);
    // 1/k = 1/3 on the axes: the check sees it.
    expect(Math.abs(fourth(at("axes"), 8000) - 0.2)).toBeGreaterThan(0.1);
  });

  it("noise of queries and contexts is normal: its fourth moment is 3, where a uniform's is 1.8", () => {
    const zeta = drawTestTasks(Stream.root("shape"), law, 5000).zeta.data;
    // Var x⁴ = 105 − 9 = 96: 4.5 standard errors of 20,000 are .31.
    expect(Math.abs(fourth((i) => zeta[i]!, 20_000) - 3)).toBeLessThan(0.31);
    const { m, u, mu } = drawTasks(Stream.root("shape", "tasks"), law, 5000);
    expect(Math.abs(fourth((i) => u.data[i]! - mu.data[i]!, 20_000) - 3)).toBeLessThan(0.31);
    expect(Math.abs(fourth((i) => Math.sqrt(3) * (m.data[i]! - mu.data[i]!), 20_000) - 3)).toBeLessThan(0.31);
  });
});
