import { describe, expect, it } from "vitest";
import { taskLaw } from "../../../src/mixture/signed/task-law.js";
import { Stream } from "../../../src/random/stream.js";
import { headErrors, headGradient, headStart, trainHead } from "../../../src/transformer/softmax/head-training.js";
import { emptyPrompts } from "../../../src/transformer/softmax/prompts.js";
import { openSmoother } from "../../../src/transformer/softmax/smoother.js";
import { signedSource } from "../../../src/transformer/softmax/sources.js";

const [d, N] = [4, 7];
const law = taskLaw({ d, k: 2, R: 1.5, N });
/** Some W that is no multiple of anything. */
const theta = Float64Array.from({ length: d * d + 1 }, (_, i) => (i === d * d ? 3 : Math.sin(3 * i)));

/** First and second moments of loss and gradient over so many draws, with their standard errors. */
function moments(draw: (i: number, out: Float64Array) => number, draws: number) {
  const out = new Float64Array(d * d + 1);
  const sums = new Float64Array(2 * (d * d + 2));
  const squares = new Float64Array(sums.length);
  for (let i = 0; i < draws; i++) {
    const loss = draw(i, out);
    [loss, ...out].forEach((value, j) => {
      for (const [at, power] of [
        [2 * j, value],
        [2 * j + 1, value * value],
      ] as const) {
        sums[at]! += power / draws;
        squares[at]! += (power * power) / draws;
      }
    });
  }
  return { means: sums, variances: squares.map((square, j) => (square - sums[j]! ** 2) / draws) };
}

/** The largest difference of moments, in standard errors. */
function apart(a: ReturnType<typeof moments>, b: ReturnType<typeof moments>): number {
  return a.means.reduce((most, mean, j) => {
    const error = Math.sqrt(a.variances[j]! + b.variances[j]!);
    return Math.max(most, Math.abs(mean - b.means[j]!) / error);
  }, 0);
}

const size = { prompts: 1, examples: N, queries: 1 };
const whole = (() => {
  const model = openSmoother(d, size);
  const batch = emptyPrompts(size, d);
  const source = signedSource(law);
  return moments((i, out) => {
    source(Stream.root("whole", i), batch);
    return model.gradient(theta, batch, out);
  }, 20_000);
})();

describe("a head trained without drawing its examples", () => {
  it("has the derivative of its loss along v, on the same draws", () => {
    const draw = headGradient(law, 20);
    const out = new Float64Array(d * d + 1);
    const lossAt = (shift: number, into = new Float64Array(out.length)) => {
      const moved = theta.map((value, i) => (i === d * d ? value + shift : value));
      return draw(Stream.root("along v"), moved, into);
    };
    lossAt(0, out);
    const step = 1e-5;
    expect((lossAt(step) - lossAt(-step)) / (2 * step)).toBeCloseTo(out[d * d]!, 8);
  });

  it("is scored on every test task: on one alone it errs or does not, and on many half of the time where R is 0", () => {
    const blind = taskLaw({ d, k: 2, R: 0, N });
    const errors = Array.from({ length: 200 }, (_, i) => headErrors(Stream.root("one", i), blind, theta, [5], 1)[0]!);
    expect(new Set(errors)).toEqual(new Set([0, 1]));
    // Five standard errors of 200 fair coins.
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) - 100)).toBeLessThan(5 * Math.sqrt(50));
  });

  it("sees losses and gradients of the law that whole prompts give, in first and second moments", () => {
    const draw = headGradient(law, 1);
    const reduced = moments((i, out) => draw(Stream.root("reduced", i), theta, out), 20_000);
    // 36 moments: beyond 4.5 standard errors once in 4,000.
    expect(apart(whole, reduced)).toBeLessThan(4.5);
    // Another context length, and a reduction that forgets the noise across: both are seen.
    const other = headGradient(taskLaw({ d, k: 2, R: 1.5, N: N + 3 }), 1);
    expect(
      apart(
        whole,
        moments((i, out) => other(Stream.root("other", i), theta, out), 20_000),
      ),
    ).toBeGreaterThan(6);
  });

  it("errs at test as often as the model on whole prompts", () => {
    const tests = 20_000;
    const model = openSmoother(d, size);
    const batch = emptyPrompts(size, d);
    const source = signedSource(law);
    let wrong = 0;
    for (let t = 0; t < tests; t++) {
      source(Stream.root("tests", t), batch);
      const said = model.logits(theta, batch).data[1]!;
      wrong += (said > 0 ? 1 : 0) === batch.queryY[0] ? 0 : 1 / tests;
    }
    const [short, found] = headErrors(Stream.root("errors"), law, theta, [1, N], tests);
    expect(short).toBeCloseTo(0.5, 1);
    expect(Math.abs(found! - wrong) / Math.sqrt((2 * wrong * (1 - wrong)) / tests)).toBeLessThan(4.5);
  });

  it("tosses a coin where the labels said are a tie, as every score is at W = 0", () => {
    const flat = headStart(d);
    const tests = 2000;
    // Of two examples half are ties: were they errors, the share would be 3/4, were they none, 1/4.
    const shares = headErrors(Stream.root("ties"), law, flat, [1, 2], tests);
    for (const share of shares) expect(Math.abs(share - 0.5) * Math.sqrt(4 * tests)).toBeLessThan(5);
    const out = new Float64Array(d * d + 1);
    expect(headGradient(law, 3)(Stream.root("flat"), flat, out)).toBeGreaterThan(0);
    expect([...out].every(Number.isFinite)).toBe(true);
  });

  it("resumes to the bit, and refuses what it is not for", () => {
    const schedule = { rate: 0.01, steps: 12, warmup: 2 };
    const options = { prompts: 3, schedule };
    let half: ReturnType<typeof trainHead> | undefined;
    let step = 0;
    const end = trainHead(Stream.root("t"), law, options, headStart(d), (_, state) => {
      if (++step === 6) half = state();
    });
    expect(trainHead(Stream.root("t"), law, options, half!).parameters).toEqual(end.parameters);
    expect(() => trainHead(Stream.root("t"), taskLaw({ d, k: 2, R: 1, N, p: 0.1 }), options)).toThrow(/without flips/);
    expect(() => trainHead(Stream.root("t"), law, options, new Float64Array(3))).toThrow(/has 17 parameters, got 3/);
  });
});
