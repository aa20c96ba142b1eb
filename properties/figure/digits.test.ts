import { describe, expect, it } from "vitest";
import { departureText, digits, fillDigits } from "../../src/figure/digits.js";
import { row } from "../../src/linalg/matrix.js";
import { norm } from "../../src/linalg/vector.js";
import { Stream } from "../../src/random/stream.js";
import { emptyPrompts } from "../../src/transformer/softmax/prompts.js";
import { fixture } from "../fixture.js";

const data = digits(10);

describe("the digits", () => {
  it("are 1,797 of ten kinds, of which the projection has seen a third", () => {
    const { digits: labels, images } = fixture<{ digits: string; images: string[] }>("digits");
    expect([labels.length, images.length]).toEqual([1797, 1797]);
    expect(images.every((image) => /^[0-9a-g]{64}$/.test(image))).toBe(true);
    expect(data.images.reduce((sum, { rows }) => sum + rows, 0)).toBe(1197);
  });

  it("are white within classes up to what 600 images leave open, though whitened by others", () => {
    const { data: Λ } = data.pooled.matrix;
    // Variances of 590 degrees of freedom, fitted and measured: √(2/590 + 2/1187) = 7% if normal; kurtosis adds.
    for (let a = 0; a < 10; a++) expect(Math.abs(Λ[11 * a]! - 1)).toBeLessThan(0.3);
    expect(departureText(data)).toMatch(/^class means have norm [\d.]+ and spread \d+% .* nats on average/);
  });

  it("come without repetition within a prompt, from the digits allowed; stand-ins keep what they say", () => {
    const batch = emptyPrompts({ prompts: 1, examples: 100, queries: 20 }, 10);
    fillDigits(Stream.root("digits"), data, [5, 6], 2, batch);
    const seen = new Set<string>();
    const known = new Set(
      [5, 6].flatMap((j) => Array.from({ length: data.images[j]!.rows }, (_, i) => row(data.images[j]!, i).join())),
    );
    for (let i = 0; i < 100; i++) seen.add(batch.x.slice(10 * i, 10 * i + 10).join());
    for (let q = 0; q < 20; q++) seen.add(batch.queryX.slice(10 * q, 10 * q + 10).join());
    expect(seen.size).toBe(120);
    expect([...seen].every((x) => known.has(x))).toBe(true);
    const long = emptyPrompts({ prompts: 1, examples: 4000, queries: 1 }, 10);
    fillDigits(Stream.root("stand-ins"), data, [0, 1], 2, long, 3);
    for (const label of [0, 1]) {
      const mean = new Float64Array(10);
      let count = 0;
      long.y.forEach((own, i) => {
        if (own !== label) return;
        count++;
        for (let a = 0; a < 10; a++) mean[a]! += long.x[10 * i + a]!;
      });
      // Equal norms: 2,000 draws of variance about 1 move a norm of 4 by 2%.
      expect(Math.abs(norm(mean) / count / data.norm - 1)).toBeLessThan(0.1);
    }
  });

  it("refuse a dimension out of range", () => {
    expect(() => digits(41)).toThrow(/d must be an integer 2 to 40, got 41/);
  });
});
