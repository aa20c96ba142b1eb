import { describe, expect, it } from "vitest";
import type { Backend } from "../../../src/linalg/kernels/backend.js";
import { wasmAvailable } from "../../../src/linalg/kernels/backend.js";
import { matrix, row } from "../../../src/linalg/matrix.js";
import { contextMean } from "../../../src/mixture/signed/prompt.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";
import { openLinear } from "../../../src/transformer/classes/prompted.js";
import { logit } from "../../../src/transformer/linear.js";
import { openDeep } from "../../../src/transformer/softmax/deep.js";
import { type ClassPrompts, emptyPrompts } from "../../../src/transformer/softmax/prompts.js";
import { deepLayout, initialParameters } from "../../../src/transformer/softmax/shape.js";
import { openSmoother } from "../../../src/transformer/softmax/smoother.js";
import type { PromptModel } from "../../../src/transformer/softmax/training.js";
import { fixture } from "../../fixture.js";

interface Golden<P> {
  x: number[][][];
  y: number[][];
  query: number[][];
  label: number[];
  parameters: P;
  gradient: P;
  loss: number;
}
const golden = fixture<{
  smoother: Golden<{ W: number[][]; v: number }> & { output: number[] };
  deep: Golden<Record<string, number[] | number[][]>> & { layers: number; heads: number; output: number[][] };
}>("softmax-attention");

const backends: Backend[] = wasmAvailable ? ["ts", "wasm"] : ["ts"];
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), a.length === b.length ? 0 : 1e9);

function goldenBatch(of: Golden<unknown>, classOf: (label: number) => number): ClassPrompts {
  return {
    ...{ prompts: of.x.length, examples: of.x[0]!.length, queries: 1 },
    x: Float64Array.from(of.x.flat(2)),
    y: Int32Array.from(of.y.flat().map(classOf)),
    queryX: Float64Array.from(of.query.flat()),
    queryY: Int32Array.from(of.label.map(classOf)),
  };
}

const shape = { inputs: 3, classes: 3, layers: 2, heads: 2, width: 8, hidden: 12 };
const layout = deepLayout(shape);
const flat = (named: Record<string, number[] | number[][]>) => {
  const result = new Float64Array(layout.length);
  for (const { name, at } of layout.places) result.set(named[name]!.flat(), at);
  return result;
};

/** A batch of noise, uneven sizes on purpose: nothing is a multiple of a vector. */
function noise(seed: number, d: number, classes: number, size = { prompts: 3, examples: 7, queries: 3 }): ClassPrompts {
  const stream = Stream.root("noise", seed);
  const batch = emptyPrompts(size, d);
  batch.x.set(normals(stream, batch.x.length));
  batch.queryX.set(normals(stream, batch.queryX.length));
  for (const labels of [batch.y, batch.queryY]) {
    for (let i = 0; i < labels.length; i++) labels[i] = Math.floor(stream.uniform() * classes);
  }
  return batch;
}

/** The largest gap between the gradient and central differences, over the gradient's largest entry. */
function gradientGap(model: PromptModel, theta: Float64Array, batch: ClassPrompts, step = 1e-5): number {
  const slope = new Float64Array(theta.length);
  model.gradient(theta, batch, slope);
  const aside = new Float64Array(theta.length);
  const differences = theta.map((value, i) => {
    const moved = theta.slice();
    moved[i] = value + step;
    const above = model.gradient(moved, batch, aside);
    moved[i] = value - step;
    return (above - model.gradient(moved, batch, aside)) / (2 * step);
  });
  return worst(slope, differences) / slope.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The model with a gradient that forgets the part of parameters [from, to). */
const forgetful = (model: PromptModel, from: number, to: number): PromptModel => ({
  ...model,
  gradient: (theta, batch, out) => {
    const loss = model.gradient(theta, batch, out);
    out.fill(0, from, to);
    return loss;
  },
});

describe.each(backends)("the deep transformer, backend %s", (backend) => {
  const batch = goldenBatch(golden.deep, (label) => label);
  const theta = flat(golden.deep.parameters);

  it("has PyTorch's logits, loss and gradients to 1e-10 in f64, and to f32's rounding in f32", () => {
    const gaps = (precision: "f64" | "f32", at: Float64Array) => {
      const model = openDeep(shape, batch, precision, backend);
      const slope = new Float64Array(layout.length);
      const loss = model.gradient(at, batch, slope);
      return Math.max(
        worst(model.logits(at, batch).data, golden.deep.output.flat()),
        Math.abs(loss - golden.deep.loss),
        worst(slope, flat(golden.deep.gradient)),
      );
    };
    expect(gaps("f64", theta)).toBeLessThan(1e-10);
    // Values of order 1 through some hundred sums: measured 7e-7.
    expect(gaps("f32", theta)).toBeLessThan(1e-5);
    // A model with one weight off by a thousandth is seen.
    const off = theta.slice();
    off[layout.of("1.key").at + 3]! += 1e-3;
    expect(gaps("f64", off)).toBeGreaterThan(1e-6);
  });

  it.each([
    ["one layer", { ...shape, layers: 1 }],
    ["three layers, one head, no perceptron", { ...shape, layers: 3, heads: 1, width: 6, hidden: 0 }],
    ["two hidden units", { inputs: 3, classes: 2, layers: 1, heads: 1, width: 6, hidden: 2 }],
    ["odd sizes", { inputs: 5, classes: 2, layers: 2, heads: 3, width: 9, hidden: 7 }],
  ])("has the gradient of its loss: %s", (_, size) => {
    const own = noise(1, size.inputs, size.classes);
    const model = openDeep(size, own, "f64", backend);
    const start = initialParameters(Stream.root("start"), size);
    // Central differences: h² of the third derivative, and rounding 1e-16/h. Measured 3e-10 to 3e-9.
    expect(gradientGap(model, start, own)).toBeLessThan(1e-7);
    const { at, rows, cols } = deepLayout(size).of("0.key");
    expect(gradientGap(forgetful(model, at, at + rows * cols), start, own)).toBeGreaterThan(1e-4);
  });

  it("does not see the order of its examples, and would be seen to if it read places", () => {
    const own = noise(2, 3, 3);
    const model = openDeep(shape, own, "f64", backend);
    const logits = model.logits(theta, own).data;
    // The first prompt's examples in reverse.
    const reversed = { ...own, x: own.x.slice(), y: own.y.slice() };
    for (let i = 0; i < 7; i++) {
      reversed.x.set(own.x.subarray(3 * i, 3 * i + 3), 3 * (6 - i));
      reversed.y[6 - i] = own.y[i]!;
    }
    // Sums of 7 terms in another order.
    expect(worst(model.logits(theta, reversed).data, logits)).toBeLessThan(1e-13);
    const inputsAlone = { ...reversed, y: own.y };
    expect(worst(model.logits(theta, inputsAlone).data, logits)).toBeGreaterThan(1e-4);
  });

  it("does not leak: a query's logits know neither its label nor the other queries, and each prompt is alone", () => {
    const own = noise(3, 3, 3);
    const model = openDeep(shape, own, "f64", backend);
    const logits = model.logits(theta, own).data.slice();
    const relabelled = { ...own, queryY: own.queryY.map((label) => (label + 1) % 3) };
    expect(worst(model.logits(theta, relabelled).data, logits)).toBe(0);
    const moved = { ...own, queryX: own.queryX.slice() };
    moved.queryX[0]! += 1;
    const after = model.logits(theta, moved).data;
    expect(worst(after.subarray(3), logits.subarray(3))).toBe(0);
    expect(worst(after.subarray(0, 3), logits.subarray(0, 3))).toBeGreaterThan(1e-3);
    // The first prompt by itself, a query at a time.
    const alone = openDeep(shape, { prompts: 1, examples: 7, queries: 1 }, "f64", backend);
    for (let q = 0; q < 3; q++) {
      const single = {
        ...{ prompts: 1, examples: 7, queries: 1, x: own.x.slice(0, 21), y: own.y.slice(0, 7) },
        queryX: own.queryX.slice(3 * q, 3 * q + 3),
        queryY: own.queryY.slice(q, q + 1),
      };
      expect(worst(alone.logits(theta, single).data, logits.subarray(3 * q, 3 * q + 3))).toBeLessThan(1e-13);
    }
    // A causal mask's other half, context that attends to the query, is what this would catch.
    const asExample = { ...own, x: own.x.slice() };
    asExample.x[0]! += 1;
    expect(worst(model.logits(theta, asExample).data.subarray(9), logits.subarray(9))).toBe(0);
    expect(worst(model.logits(theta, asExample).data.subarray(0, 9), logits.subarray(0, 9))).toBeGreaterThan(1e-3);
  });
});

describe("the layout of a deep model", () => {
  it("starts at variance 1/rows, less by 2·layers where it writes into the residual stream, gains 1, biases 0", () => {
    const size = { inputs: 30, classes: 10, layers: 8, heads: 1, width: 40, hidden: 50 };
    const { places } = deepLayout(size);
    const start = initialParameters(Stream.root("start"), size);
    for (const { name, at, rows, cols } of places) {
      const part = start.subarray(at, at + rows * cols);
      if (/gain|bias/.test(name)) expect(new Set(part)).toEqual(new Set([name.endsWith("gain") ? 1 : 0]));
      else {
        const variance = part.reduce((sum, value) => sum + value * value, 0) / part.length;
        const expected = /output|down/.test(name) ? 1 / (16 * rows) : 1 / rows;
        // Five standard errors of a variance of so many normals.
        expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / part.length));
      }
    }
  });

  it("places its parameters one after another, in the sizes that their names say", () => {
    const [inputs, classes, width, heads, layers, hidden] = [3, 2, 4, 2, 2, 5];
    const { places, length } = deepLayout({ inputs, classes, width, heads, layers, hidden });
    const layer = 2 * width + 4 * width * width + 2 * width + width * hidden + hidden + hidden * width + width;
    expect(length).toBe((inputs + classes) * width + layers * layer + 2 * width + width * classes);
    let at = 0;
    for (const place of places) {
      expect(place.at).toBe(at);
      at += place.rows * place.cols;
      if (/gain|bias/.test(place.name)) expect(place.rows).toBe(1);
    }
    expect(at).toBe(length);
  });
});

describe("the smoother", () => {
  const batch = goldenBatch(golden.smoother, (label) => (label === 1 ? 1 : 0));
  const { W, v } = golden.smoother.parameters;
  const theta = Float64Array.from([...W.flat(), v]);

  it("has PyTorch's outputs, loss and gradients to 1e-10; without the root of d it does not", () => {
    const gaps = (at: Float64Array) => {
      const model = openSmoother(3, batch);
      const slope = new Float64Array(10);
      const loss = model.gradient(at, batch, slope);
      const outputs = model.logits(at, batch).data.filter((_, i) => i % 2 === 1);
      const { gradient, output } = golden.smoother;
      return Math.max(
        worst(
          outputs.map((logit) => 2 * logit),
          output,
        ),
        Math.abs(loss - golden.smoother.loss),
        worst(slope, [...gradient.W.flat(), gradient.v]),
      );
    };
    expect(gaps(theta)).toBeLessThan(1e-10);
    expect(gaps(theta.map((value, i) => (i < 9 ? value * Math.sqrt(3) : value)))).toBeGreaterThan(1e-3);
  });

  it("has the gradient of its loss", () => {
    const own = noise(4, 5, 2);
    const start = normals(Stream.root("smoother"), 26);
    expect(gradientGap(openSmoother(5, own), start, own)).toBeLessThan(1e-8);
    expect(gradientGap(forgetful(openSmoother(5, own), 25, 26), start, own)).toBeGreaterThan(1e-3);
  });

  it("says of each of several queries and prompts what it says of that one alone", () => {
    const own = noise(4, 3, 2, { prompts: 3, examples: 5, queries: 2 });
    const theta = normals(Stream.root("several"), 10);
    const all = openSmoother(3, own).logits(theta, own);
    for (let b = 0; b < 3; b++) {
      const one = {
        ...own,
        ...{ prompts: 1, queries: 1, x: own.x.subarray(15 * b, 15 * (b + 1)), y: own.y.subarray(5 * b, 5 * (b + 1)) },
      };
      for (let q = 0; q < 2; q++) {
        const at = 2 * b + q;
        const query = { queryX: own.queryX.subarray(3 * at, 3 * (at + 1)), queryY: own.queryY.subarray(at, at + 1) };
        const { data } = openSmoother(3, { ...one, ...query }).logits(theta, { ...one, ...query });
        for (const j of [0, 1]) expect(row(all, at)[j]).toBeCloseTo(data[j]!, 12);
      }
    }
  });

  it("at W → 0 is the linear transformer, less its mean over labels, plus the mean label, to first order", () => {
    const own = noise(5, 4, 2, { prompts: 1, examples: 9, queries: 1 });
    const shape = normals(Stream.root("direction"), 16);
    const y = Float64Array.from(own.y, (label) => 2 * label - 1);
    const x = matrix(9, 4, own.x);
    const meanLabel = y.reduce((sum, label) => sum + label, 0) / 9;
    const ones = new Float64Array(9).fill(1);
    const remainder = (size: number, labels: boolean) => {
      const small = shape.map((value) => size * value);
      const [, half] = openSmoother(4, own).logits(Float64Array.from([...small, 1]), own).data;
      const K = matrix(4, 4, small);
      const linear = logit(K, contextMean(x, y), own.queryX);
      const mean = logit(K, contextMean(x, ones), own.queryX);
      return Math.abs(2 * half! - (labels ? meanLabel : 0) - (linear - meanLabel * mean) / Math.sqrt(4));
    };
    // Second order: ten times smaller W leaves a hundred times less.
    const ratio = remainder(1e-3, true) / remainder(1e-4, true);
    expect(ratio).toBeGreaterThan(90);
    expect(ratio).toBeLessThan(110);
    expect(remainder(1e-4, false)).toBeGreaterThan(0.05);
  });
});

describe("the linear transformer on prompts", () => {
  it("has the gradient of its loss, and for two classes the logits of its definition", () => {
    const own = noise(6, 4, 3);
    const start = normals(Stream.root("linear"), 16);
    expect(gradientGap(openLinear(4, 3, own), start, own)).toBeLessThan(1e-8);
    expect(gradientGap(forgetful(openLinear(4, 3, own), 0, 1), start, own)).toBeGreaterThan(1e-3);
    const two = noise(7, 4, 2, { prompts: 1, examples: 7, queries: 1 });
    const [zero, one] = openLinear(4, 2, two).logits(start, two).data;
    const y = Float64Array.from(two.y, (label) => 2 * label - 1);
    const expected = logit(matrix(4, 4, start), contextMean(matrix(7, 4, two.x), y), two.queryX);
    expect(Math.abs(one! - zero! - expected)).toBeLessThan(1e-13);
  });
});

describe("bad input", () => {
  const own = noise(8, 3, 3);
  const model = openDeep(shape, own, "f64", "ts");
  const theta = initialParameters(Stream.root("start"), shape);
  it.each([
    [() => deepLayout({ ...shape, heads: 3 }), /width must be a multiple of the 3 heads, got 8/],
    [() => deepLayout({ ...shape, layers: 0 }), /layers must be an integer at least 1, got 0/],
    [() => deepLayout({ ...shape, classes: 1 }), /classes must be an integer at least 2, got 1/],
    [() => layout.of("2.key"), /no parameter "2.key"/],
    [() => openDeep(shape, { ...own, queries: 0 }), /queries must be an integer at least 1, got 0/],
    [() => model.logits(theta.subarray(1), own), /the model has \d+ parameters, got \d+/],
    [() => model.logits(theta, noise(8, 3, 3, { prompts: 2, examples: 7, queries: 3 })), /opened for 3 prompts/],
    [() => model.logits(theta, { ...own, x: own.x.subarray(1) }), /x must hold 63 numbers, got 62/],
    [() => model.logits(theta, { ...own, y: own.y.map(() => 3) }), /labels must be 0 ... 2, got 3/],
    [() => model.logits(theta, { ...own, queryX: own.queryX.map(() => Number.NaN) }), /inputs must be finite, got NaN/],
    [() => openSmoother(3, own).logits(new Float64Array(9), own), /the smoother has 10 parameters, got 9/],
    [() => openLinear(3, 3, own).logits(new Float64Array(8), own), /the model has 9 parameters, got 8/],
    [() => emptyPrompts({ ...own, examples: 0.5 }, 3), /examples must be an integer at least 1, got 0.5/],
  ])("is refused with one clear line (%#)", (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });
});
