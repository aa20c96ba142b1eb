import gammaln from "@stdlib/math-base-special-gammaln";
import cdf from "@stdlib/stats-base-dists-normal-cdf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomial, multinomial } from "../../src/random/counts.js";
import { gamma } from "../../src/random/gamma.js";
import { haarFrame } from "../../src/random/haar.js";
import { normal, normals } from "../../src/random/normal.js";
import { fillSphere } from "../../src/random/sphere.js";
import { Stream } from "../../src/random/stream.js";
import { kolmogorovBound, kolmogorovDistance } from "../kolmogorov.js";

const alpha = 1e-6;
const Phi = (x: number) => cdf(x, 0, 1);

describe("normals", () => {
  const sample = normals(Stream.root("normals"), 200_000);
  const bound = kolmogorovBound(sample.length, alpha);

  it("have the normal distribution", () => {
    expect(kolmogorovDistance(sample, Phi)).toBeLessThan(bound);
  });

  it("would be caught with a standard deviation 3% off, or uniform", () => {
    expect(
      kolmogorovDistance(
        sample.map((x) => 1.03 * x),
        Phi,
      ),
    ).toBeGreaterThan(bound);
    expect(
      kolmogorovDistance(
        sample.map((x) => Math.sqrt(3) * (2 * Phi(x) - 1)),
        Phi,
      ),
    ).toBeGreaterThan(bound);
  });

  it("have moments 0, 1, 0, 3 and uncorrelated neighbours", () => {
    const n = sample.length;
    const moment = (power: number) => sample.reduce((sum, x) => sum + x ** power, 0) / n;
    // 5 standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    let lag = 0;
    for (let i = 1; i < n; i++) lag += sample[i]! * sample[i - 1]!;
    expect(Math.abs(lag / n)).toBeLessThan(5 / Math.sqrt(n));
  });

  it("keep no state between calls: odd lengths are the start of longer ones", () => {
    expect(normals(Stream.root("odd"), 3)).toEqual(normals(Stream.root("odd"), 4).subarray(0, 3));
    expect(normal(Stream.root("odd"))).toBe(normals(Stream.root("odd"), 1)[0]);
  });
});

describe("the uniform sphere", () => {
  it("has the radius, exactly to rounding, in every dimension", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 1e-290, max: 1e6, noNaN: true }), (d, radius) => {
        const point = fillSphere(Stream.root("sphere", d), new Float64Array(d), radius);
        // A sum of d squares, a root and d products round by at most (d + 4) half-units.
        expect(Math.abs(Math.hypot(...point) - radius)).toBeLessThanOrEqual((d + 4) * 2 ** -53 * radius);
      }),
      { seed: 1 },
    );
  });

  it("has uniform coordinates in three dimensions (Archimedes), which a cube's corners direction has not", () => {
    const stream = Stream.root("archimedes");
    const n = 50_000;
    const heights = Float64Array.from({ length: n }, () => fillSphere(stream, new Float64Array(3))[2]!);
    const uniform = (x: number) => (x + 1) / 2;
    expect(kolmogorovDistance(heights, uniform)).toBeLessThan(kolmogorovBound(n, alpha));
    const cube = Float64Array.from({ length: n }, () => {
      const p = [stream.uniform() - 0.5, stream.uniform() - 0.5, stream.uniform() - 0.5];
      return p[2]! / Math.hypot(...p);
    });
    expect(kolmogorovDistance(cube, uniform)).toBeGreaterThan(kolmogorovBound(n, alpha));
  });

  it("refuses dimension 0 and radii that are none", () => {
    expect(() => fillSphere(Stream.root(), new Float64Array(0))).toThrow(/dimension at least 1/);
    expect(() => fillSphere(Stream.root(), new Float64Array(2), Number.NaN)).toThrow(/radius must be finite/);
    expect(() => fillSphere(Stream.root(), new Float64Array(2), -1)).toThrow(RangeError);
  });
});

describe("the Haar frame", () => {
  it("is orthonormal to rounding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), (k, more) => {
        const d = k + more;
        const frame = haarFrame(Stream.root("haar", k, d), k, d);
        for (let i = 0; i < k; i++) {
          for (let j = 0; j <= i; j++) {
            let inner = 0;
            for (let a = 0; a < d; a++) inner += frame[i * d + a]! * frame[j * d + a]!;
            // A twice-orthogonalised vector is off by a few units of rounding times √d; 40 allows for k sums.
            expect(Math.abs(inner - (i === j ? 1 : 0))).toBeLessThan(40 * 2 ** -53 * Math.sqrt(d));
          }
        }
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("is uniform: in three dimensions each entry of a square frame is uniform on [-1, 1], the last row's too", () => {
    const root = Stream.root("haar-law");
    const n = 20_000;
    const last = Float64Array.from({ length: n }, (_, i) => haarFrame(root.derive(i), 3, 3)[8]!);
    expect(kolmogorovDistance(last, (x) => (x + 1) / 2)).toBeLessThan(kolmogorovBound(n, alpha));
    // Without the sign convention of QR (here: diagonal entries made positive) it is not.
    const folded = last.map(Math.abs);
    expect(kolmogorovDistance(folded, (x) => (x + 1) / 2)).toBeGreaterThan(kolmogorovBound(n, alpha));
  });

  it("refuses k > d and dimensions that are none", () => {
    expect(() => haarFrame(Stream.root(), 3, 2)).toThrow(/1 <= k <= d/);
    expect(() => haarFrame(Stream.root(), 0, 2)).toThrow(RangeError);
    expect(() => haarFrame(Stream.root(), 1.5, 2)).toThrow(RangeError);
  });
});

describe("gamma", () => {
  it("has the exponential distribution at shape 1 and χ²₁/2 at shape ½", () => {
    const stream = Stream.root("gamma");
    // So many that a bound which accepts a hundredth too much at shape 1, .02x⁴ for .0331x⁴, is seen.
    const [many, few] = [2_000_000, 50_000];
    const bound = kolmogorovBound(few, alpha);
    const sample = (shape: number, n: number) => Float64Array.from({ length: n }, () => gamma(stream, shape));
    const exponential = (x: number) => 1 - Math.exp(-x);
    expect(kolmogorovDistance(sample(1, many), exponential)).toBeLessThan(kolmogorovBound(many, alpha));
    expect(kolmogorovDistance(sample(0.5, few), (x) => 2 * Phi(Math.sqrt(2 * x)) - 1)).toBeLessThan(bound);
    expect(kolmogorovDistance(sample(1.1, few), exponential)).toBeGreaterThan(bound);
  });

  it("refuses shapes that are none", () => {
    expect(() => gamma(Stream.root(), 0)).toThrow(RangeError);
    expect(() => gamma(Stream.root(), Number.NaN)).toThrow(/finite shape > 0/);
  });
});

describe("binomial", () => {
  /**
   * Pearson's χ² of counts against the binomial law, over cells of expected count ≥ 10, as standard normal
   * (Wilson–Hilferty).
   */
  function score(n: number, p: number, draw: (stream: Stream) => number): number {
    const draws = 20_000;
    const observed = new Map<number, number>();
    const stream = Stream.root("binomial", n, p);
    for (let i = 0; i < draws; i++) {
      const count = draw(stream);
      observed.set(count, (observed.get(count) ?? 0) + 1);
    }
    let chiSquared = 0;
    let cells = 0;
    let pooledExpected = 0;
    let pooledObserved = 0;
    for (let j = 0; j <= n; j++) {
      const log = gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1) + j * Math.log(p) + (n - j) * Math.log1p(-p);
      const expected = draws * Math.exp(log);
      if (expected < 10) {
        pooledExpected += expected;
        pooledObserved += observed.get(j) ?? 0;
      } else {
        chiSquared += ((observed.get(j) ?? 0) - expected) ** 2 / expected;
        cells++;
      }
    }
    chiSquared += (pooledObserved - pooledExpected) ** 2 / Math.max(1, pooledExpected);
    return (Math.cbrt(chiSquared / cells) - (1 - 2 / (9 * cells))) / Math.sqrt(2 / (9 * cells));
  }

  it.each([
    [7, 0.3],
    [40, 0.2],
    [200, 0.5],
    [1000, 0.9],
    [5000, 0.37],
  ])("has the binomial law at n = %d, p = %d", (n, p) => {
    // 5 standard deviations.
    expect(score(n, p, (stream) => binomial(stream, n, p))).toBeLessThan(5);
  });

  it("would be caught as a rounded normal, or with p off by 2%", () => {
    const rounded = (stream: Stream) => Math.round(40 * 0.05 + Math.sqrt(40 * 0.05 * 0.95) * normal(stream));
    expect(score(40, 0.05, rounded)).toBeGreaterThan(5);
    expect(score(1000, 0.9, (stream) => binomial(stream, 1000, 0.91))).toBeGreaterThan(5);
  });

  it("is 0 and n at the ends, and stays within them", () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const stream = Stream.root("ends", n);
        expect(binomial(stream, n, 0)).toBe(0);
        expect(binomial(stream, n, 1)).toBe(n);
        const count = binomial(stream, n, p);
        expect(Number.isInteger(count) && count >= 0 && count <= n).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it("refuses counts and chances that are none", () => {
    expect(() => binomial(Stream.root(), -1, 0.5)).toThrow(/n >= 0/);
    expect(() => binomial(Stream.root(), 3, Number.NaN)).toThrow(/0 <= p <= 1/);
  });
});

describe("multinomial", () => {
  it("adds up, and has the binomial's mean and covariance", () => {
    const stream = Stream.root("multinomial");
    const p = [0.1, 0.2, 0.3, 0.4];
    const n = 30;
    const draws = 40_000;
    const mean = new Float64Array(4);
    let cross = 0;
    for (let i = 0; i < draws; i++) {
      const counts = multinomial(stream, n, p);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(n);
      counts.forEach((count, j) => {
        mean[j]! += count / draws;
      });
      cross += ((counts[0]! - 3) * (counts[3]! - 12)) / draws;
    }
    p.forEach((chance, j) => {
      expect(Math.abs(mean[j]! - n * chance)).toBeLessThan(5 * Math.sqrt((n * chance * (1 - chance)) / draws));
    });
    // Cov = −n p₀p₃ = −1.2; the product's standard deviation is about √(2.7 · 7.2 + 1.2²) = 4.6.
    expect(Math.abs(cross + 1.2)).toBeLessThan((5 * 4.6) / Math.sqrt(draws));
  });

  it("counts beyond 2³¹", () => {
    const counts = multinomial(Stream.root("many"), 1e13, [1, 3]);
    expect(counts[0]! + counts[1]!).toBe(1e13);
    // 6 standard deviations of a count.
    expect(Math.abs(counts[0]! - 0.25e13)).toBeLessThan(6 * Math.sqrt(1e13 * 0.25 * 0.75));
  });

  it("never draws a class of probability 0, wherever it stands, at 2^53 − 1 draws", () => {
    const third = 1 / 3;
    for (const p of [
      [third, third, third, 0],
      [third, 0, third, third],
      [0, 0.7, 0.1, 0.2, 0],
      [0.1, 0.2, 0.7, 0],
    ]) {
      for (let i = 0; i < 100; i++) {
        const counts = multinomial(Stream.root("never", i), Number.MAX_SAFE_INTEGER, p);
        p.forEach((chance, j) => {
          if (chance === 0) expect(counts[j]).toBe(0);
        });
      }
    }
  });

  it("keeps the digits of rare classes behind common ones", () => {
    const n = Number.MAX_SAFE_INTEGER;
    const draws = 20_000;
    for (const p of [
      [0.7, 0.3, 1e-15, 1e-15],
      [1 - 1e-16, 1e-16, 1e-16, 1e-16],
      [1e-16, 1 - 1e-16, 1e-16],
    ]) {
      const sums = new Float64Array(p.length);
      for (let i = 0; i < draws; i++) {
        multinomial(Stream.root("rare", i), n, p).forEach((count, j) => {
          sums[j]! += count;
        });
      }
      p.forEach((chance, j) => {
        // Poisson means: 9.007, .9007; 5 standard errors.
        if (chance < 1e-3)
          expect(Math.abs(sums[j]! / draws - n * chance)).toBeLessThan(5 * Math.sqrt((n * chance) / draws));
      });
    }
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])("refuses %d draws, of one class too", (n) => {
    for (const p of [[1], [0.5, 0.5]]) {
      expect(() => multinomial(Stream.root(), n, p)).toThrow(/n must be an integer at least 0, got/);
    }
  });

  it("takes unnormalised and zero probabilities, and refuses negative ones", () => {
    expect([...multinomial(Stream.root(), 9, [0, 5, 0])]).toEqual([0, 9, 0]);
    expect([...multinomial(Stream.root(), 4, [1, 0])]).toEqual([4, 0]);
    expect(() => multinomial(Stream.root(), 9, [1, -1])).toThrow(/probability 1 must be at least 0/);
    expect(() => multinomial(Stream.root(), 9, [0, 0])).toThrow(/positive, finite sum/);
    expect(() => multinomial(Stream.root(), 9, [])).toThrow(RangeError);
  });
});
