import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { drawNoisyContexts, examplesAt, type NoisyContexts } from "../../src/mixture/signed/flipped-contexts.js";
import { contextMean } from "../../src/mixture/signed/prompt.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { conditionalRisk } from "../../src/risk/conditional.js";
import { scoreNoisyContexts } from "../../src/risk/flipped-contexts.js";
import { memorisation } from "../../src/transformer/memorisation.js";

/** Context t as a learner meets it: its examples and its seen labels. */
function contextOf(contexts: NoisyContexts, x: Matrix, t: number) {
  const { M, labels, flips } = contexts;
  const examples = matrix(M, x.cols, x.data.slice(t * M * x.cols, (t + 1) * M * x.cols));
  const seen = Float64Array.from({ length: M }, (_, i) => labels[t * M + i]! * flips[t * M + i]!);
  return { examples, seen };
}

describe("scores of noisy contexts", () => {
  it("are the conditional risk and the memorisation of each context, and a broken twin that forgets the flips differs", () => {
    let broken = 0;
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 2, max: 12 }), fc.constantFrom(0.5, 2, 5), (seed, d, R) => {
        const stream = Stream.root("noisy", seed);
        const contexts = drawNoisyContexts(stream, { d, k: Math.min(d, 3), p: 0.3 }, 5, 6);
        const W = matrix(d, d, normals(stream.derive("W"), d * d));
        const { errors, memorised } = scoreNoisyContexts(W, contexts, R);
        const x = examplesAt(contexts, R);
        for (let t = 0; t < 6; t++) {
          const { examples, seen } = contextOf(contexts, x, t);
          const mu = row(contexts.directions, t).map((value) => R * value);
          expect(errors[t]).toBeCloseTo(conditionalRisk(W, mu, contextMean(examples, seen)), 12);
          expect(memorised[t]).toBeCloseTo(memorisation(W, examples, seen), 12);
          const clean = contexts.labels.slice(5 * t, 5 * t + 5);
          if (Math.abs(errors[t]! - conditionalRisk(W, mu, contextMean(examples, clean))) > 0.01) broken++;
        }
      }),
      { seed: 1, numRuns: 40 },
    );
    expect(broken).toBeGreaterThan(100);
  });

  it("are ½ and chance where W is zero, and refuse what does not fit", () => {
    const contexts = drawNoisyContexts(Stream.root("zero"), { d: 3, k: 3, p: 0 }, 2, 2);
    expect([...scoreNoisyContexts(matrix(3, 3), contexts, 1).errors]).toEqual([0.5, 0.5]);
    expect(() => scoreNoisyContexts(matrix(2, 2), contexts, 1)).toThrow("W must be 3 x 3");
  });
});
