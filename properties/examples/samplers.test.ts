import { difference, quantile, type Stream, sameLaw, variance } from "icl-claims/judge";
import { matchers } from "icl-claims/vitest";
import { expect, it } from "vitest";

expect.extend(matchers);

/** Box and Muller's normal; the right constant is −2. */
const normal = (constant: number) => (stream: Stream) =>
  Math.sqrt(constant * Math.log1p(-stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform());

it("Box–Muller with a wrong constant has the wrong variance, and another law", async () => {
  // E x² = 1 and E x⁴ = 3, so x² has deviation √2: no range needed.
  const square = (constant: number) => ({
    draw: (stream: Stream) => normal(constant)(stream) ** 2,
    deviation: 1.5,
    claim: { form: "equals", target: 1, within: 0.1 } as const,
  });
  await expect(square(-2)).toBeSupported();
  await expect({ ...square(-1.6), maxDraws: 50_000 }).toBeRefuted();
  await expect(sameLaw({ a: normal(-2), b: normal(-2), within: 0.1 })).toBeSupported();
  await expect(sameLaw({ a: normal(-2), b: normal(-1.6), within: 0.03 })).toBeRefuted();
});

const exponential = (stream: Stream, mean: number) => -mean * Math.log1p(-stream.uniform());

/**
 * A customer's wait in an M/M/1 queue in its long run: arrivals at rate .5, service at rate 1; Lindley's recursion from
 * empty.
 */
function wait(stream: Stream, service = 1): number {
  let waiting = 0;
  for (let customer = 0; customer < 60; customer++) {
    waiting = Math.max(0, waiting + exponential(stream, service) - exponential(stream, 2));
  }
  return waiting;
}

it("an M/M/1 customer waits 1 on average, and 90% wait at most 3.3", async () => {
  // Load ρ = .5: mean ρ/(1 − ρ) = 1, variance ρ(2 − ρ)/(1 − ρ)² = 3; P(wait > x) = ρ exp(−x/2).
  const mean = (target: number) => ({
    draw: wait,
    deviation: Math.sqrt(3),
    claim: { form: "equals", target, within: 0.2 } as const,
  });
  await expect(mean(1)).toBeSupported();
  await expect(mean(1.4)).toBeRefuted();
  await expect(quantile({ draw: wait, q: 0.9, atMost: 3.3, slack: 0.02 })).toBeSupported();
  await expect(quantile({ draw: wait, q: 0.9, atMost: 2.6, slack: 0.02 })).toBeRefuted();
});

it("a server a tenth faster saves a fifth of the wait and more", async () => {
  // A faster server has the mean .9²·.5/(1 − .45) = .736; paired, both meet the same customers.
  const saved = (bound: number) =>
    difference({
      a: wait,
      b: (stream) => wait(stream, 0.9),
      paired: true,
      deviation: 0.6,
      claim: { form: "atLeast", bound, slack: 0.05 },
    });
  await expect(saved(0.2)).toBeSupported();
  await expect(saved(0.35)).toBeRefuted();
});

it("two samplers have one law, or an equal mean alone", async () => {
  const middle = (stream: Stream) => [stream.uniform(), stream.uniform(), stream.uniform()].sort((a, b) => a - b)[1]!;
  // Beta(2,2) by rejection: density 6x(1 − x), at most 1.5.
  const rejection = (stream: Stream) => {
    for (;;) {
      const x = stream.uniform();
      if (1.5 * stream.uniform() < 6 * x * (1 - x)) return x;
    }
  };
  const coin = (stream: Stream) => (stream.uniform() < 0.5 ? 0 : 1);
  await expect(sameLaw({ a: middle, b: rejection, within: 0.1 })).toBeSupported();
  await expect(sameLaw({ a: middle, b: coin, within: 0.1 })).toBeRefuted();
  const twentieth = {
    draw: middle,
    range: [0, 1] as const,
    claim: { form: "equals", target: 0.05, within: 0.01 } as const,
  };
  await expect(variance(twentieth)).toBeSupported();
});
