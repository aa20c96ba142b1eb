import { createHash } from "node:crypto";
import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { Stream } from "../../src/random/stream.js";
import { kolmogorovBound, kolmogorovDistance } from "../kolmogorov.js";

/** Correlation of neighbours; N(0, 1/n) for independent ones. */
function lagOne(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  let product = 0;
  let square = 0;
  values.forEach((value, i) => {
    square += (value - mean) ** 2;
    if (i > 0) product += (value - mean) * (values[i - 1]! - mean);
  });
  return product / square;
}

const label = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

describe("Stream", () => {
  it("gives the same bits for the same path, whatever was drawn elsewhere", () => {
    fc.assert(
      fc.property(fc.array(label), fc.array(label), (root, path) => {
        const one = Stream.root(...root).derive(...path);
        const parent = Stream.root(...root);
        parent.int32();
        const two = parent.derive(...path);
        for (let i = 0; i < 8; i++) expect(one.int32()).toBe(two.int32());
      }),
      { seed: 1 },
    );
  });

  it("gives different bits for different paths, including labels that print alike", () => {
    const paths = [[1], ["1"], [1, 1], ["11"], [11], ["1", 1], [1, "1"], ["n1:1"], []];
    expect(new Set(paths.map((path) => Stream.root(...path).fingerprint)).size).toBe(paths.length);
    expect(Stream.root("a").derive("b").fingerprint).not.toBe(Stream.root("a", "b").fingerprint);
  });

  it("has uncorrelated first draws over 5,000 derived streams, where counted seeds have correlation 1", () => {
    const n = 5000;
    const root = Stream.root("correlation");
    const hashed = Array.from({ length: n }, (_, i) => root.derive(i).int32());
    // 5 standard errors of a correlation of n independent draws.
    expect(Math.abs(lagOne(hashed))).toBeLessThan(5 / Math.sqrt(n));
    const counted = Array.from({ length: n }, (_, i) => xoroshiro128plus(i).next());
    expect(lagOne(counted)).toBeGreaterThan(0.99);
  });

  it("draws uniforms on [0, 1)", () => {
    const stream = Stream.root("uniform");
    const sample = Float64Array.from({ length: 100_000 }, () => stream.uniform());
    const bound = kolmogorovBound(sample.length, 1e-6);
    expect(kolmogorovDistance(sample, (x) => x)).toBeLessThan(bound);
    expect(kolmogorovDistance(sample, (x) => x ** 1.05)).toBeGreaterThan(bound);
    expect(sample.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  it("tosses signs by the sign of 32 bits, and takes a name too long to be passed as arguments", () => {
    const [signs, bits] = [Stream.root("sign"), Stream.root("sign")];
    for (let i = 0; i < 1000; i++) expect(signs.sign()).toBe(bits.int32() < 0 ? -1 : 1);
    const name = "ö".repeat(300_000);
    const wanted = createHash("sha256").update(`s600000:${name}`).digest("hex").slice(0, 16);
    expect(Stream.root(name).fingerprint).toBe(wanted);
  });

  it("hashes as node does, in UTF-8: the bits of a name are its SHA-256", () => {
    for (const name of ["", "simulation", "größer", "\u{1F600}"]) {
      const text = `s${Buffer.byteLength(name)}:${name}n4:0.25`;
      const wanted = createHash("sha256").update(text).digest("hex").slice(0, 16);
      expect(Stream.root(name, 0.25).fingerprint).toBe(wanted);
    }
  });

  it("hashes a child's name after its parent's digest, in ASCII and beyond", () => {
    const parent = createHash("sha256").update("s1:p").digest();
    for (const [name, text] of [
      ["tasks", "s5:tasks"],
      ["größer", "s8:größer"],
    ] as const) {
      // biome-ignore format: short
      const wanted = createHash("sha256").update(parent).update(text).digest("hex").slice(0, 16);
      expect(Stream.root("p").derive(name).fingerprint).toBe(wanted);
    }
  });

  it("refuses half a character, which UTF-8 cannot tell from another half", () => {
    for (const half of ["\ud800", "a\udc00b"]) {
      expect(() => Stream.root(half)).toThrow(/lone surrogate in "a?\\ud/);
      expect(() => Stream.root("a").derive(half)).toThrow(RangeError);
    }
    expect(() => Stream.root(null as never)).toThrow(/string or a finite number, got null/);
  });

  it("refuses labels that are not numbers one can name", () => {
    expect(() => Stream.root(Number.NaN)).toThrow(RangeError);
    expect(() => Stream.root("a").derive(Number.POSITIVE_INFINITY)).toThrow(/finite number, got Infinity/);
  });
});
