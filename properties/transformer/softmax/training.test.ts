import { expect, it } from "vitest";
import { fillNormal, normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import {
  type AdamSchedule,
  type AdamState,
  adamStart,
  continueAdam,
  rateAt,
} from "../../../src/transformer/descent/adam.js";
import { openDeep } from "../../../src/transformer/softmax/deep.js";
import { emptyPrompts } from "../../../src/transformer/softmax/prompts.js";
import { initialParameters } from "../../../src/transformer/softmax/shape.js";
import { type PromptSource, trainOnPrompts } from "../../../src/transformer/softmax/training.js";

const shape = { inputs: 3, classes: 2, layers: 2, heads: 2, width: 8, hidden: 8 };
const size = { prompts: 4, examples: 6, queries: 2 };
const schedule = { rate: 3e-3, steps: 30, warmup: 5 };

/** Two classes at ±(2, 0, 0). */
const source: PromptSource = (stream, batch) => {
  for (const [x, y] of [
    [batch.x, batch.y],
    [batch.queryX, batch.queryY],
  ] as const) {
    fillNormal(stream, x);
    for (let i = 0; i < y.length; i++) {
      y[i] = stream.int32() & 1;
      x[3 * i]! += y[i] === 1 ? 2 : -2;
    }
  }
};

it("a training resumed from any state goes on to the bit; from one without its means it does not", () => {
  const train = (start: Float64Array | AdamState, visit?: (loss: number, state: () => AdamState) => void) => {
    const model = openDeep(shape, size, "f32");
    return trainOnPrompts(Stream.root("train"), model, emptyPrompts(size, 3), source, schedule, start, visit);
  };
  const start = initialParameters(Stream.root("start"), shape);
  const states: AdamState[] = [];
  const losses: number[] = [];
  const whole = train(start, (loss, state) => {
    losses.push(loss);
    states.push(state());
  });
  for (const at of [0, 6, 28]) expect(train(states[at]!)).toEqual(whole);
  expect(train({ ...adamStart(states[6]!.parameters), step: 7 })).not.toEqual(whole);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(losses.slice(-5))).toBeLessThan(0.8 * mean(losses.slice(0, 5)));
});

it("Adam follows its definition, step by step", () => {
  const curvature = [1, 10];
  const gradient = (theta: Float64Array, _: number, out: Float64Array) => {
    theta.forEach((value, i) => {
      out[i] = curvature[i]! * value;
    });
    return 0.5 * theta.reduce((sum, value, i) => sum + curvature[i]! * value * value, 0);
  };
  const own: AdamSchedule = { rate: 0.1, steps: 50, warmup: 10 };
  const found = continueAdam(adamStart(Float64Array.of(1, -2)), own, gradient);
  // The textbook's form: decayed sums over all past gradients, bias-corrected.
  const theta = [1, -2];
  const past: number[][] = [];
  for (let t = 0; t < 50; t++) {
    past.push(theta.map((value, i) => curvature[i]! * value));
    for (let i = 0; i < 2; i++) {
      let m = 0;
      let v = 0;
      past.forEach((slope, s) => {
        m += 0.1 * 0.9 ** (t - s) * slope[i]!;
        v += 0.001 * 0.999 ** (t - s) * slope[i]! ** 2;
      });
      const [mHat, vHat] = [m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1))];
      theta[i]! -= (rateAt(own, t) * mHat) / (Math.sqrt(vHat) + 1e-8);
    }
  }
  // Rounding of 50 steps of size 0.1.
  expect(Math.abs(found.parameters[0]! - theta[0]!)).toBeLessThan(1e-12);
  expect(Math.abs(found.parameters[1]! - theta[1]!)).toBeLessThan(1e-12);
  // Without bias correction the second moment starts a thousand times too small: seen at once.
  expect(Math.abs(found.parameters[1]! + 2)).toBeGreaterThan(0.5);
});

it("the schedule rises to its rate and falls to 0", () => {
  const own = { rate: 2, steps: 110, warmup: 10 };
  expect(rateAt(own, 0)).toBeCloseTo(0.2, 12);
  expect(rateAt(own, 9)).toBe(2);
  expect(rateAt(own, 10)).toBe(2);
  expect(rateAt(own, 60)).toBeCloseTo(1, 12);
  expect(rateAt(own, 110)).toBe(0);
});

it.each([
  [{ ...schedule, rate: 0 }, /the rate must be finite and above 0, got 0/],
  [{ ...schedule, steps: 0 }, /steps must be an integer at least 1, got 0/],
  [{ ...schedule, warmup: 30 }, /warmup must be below the 30 steps/],
])("bad schedules are refused with one clear line (%#)", (bad, message) => {
  const run = () => continueAdam(adamStart(normals(Stream.root(), 2)), bad, () => 0);
  expect(run).toThrow(RangeError);
  expect(run).toThrow(message);
});

it("bad states and losses are refused", () => {
  const state = adamStart(normals(Stream.root(), 2));
  expect(() => continueAdam({ ...state, step: 31 }, schedule, () => 0)).toThrow(/last step must be an integer from 31/);
  expect(() => continueAdam({ ...state, first: new Float64Array(1) }, schedule, () => 0)).toThrow(/means of 1/);
  expect(() => continueAdam(state, schedule, () => Number.NaN)).toThrow(/loss is NaN at step 0/);
  const model = openDeep(shape, size, "f32");
  expect(() =>
    trainOnPrompts(Stream.root(), model, emptyPrompts(size, 3), source, schedule, new Float64Array(1)),
  ).toThrow(/parameters, got 1/);
});
