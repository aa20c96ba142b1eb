import type { Arena } from "./arena.js";

/** Added to a row's variance, as everywhere (1e-5: PyTorch's and GPT-2's). */
const epsilon = 1e-5;

/** Layer normalisation (Ba, Kiros & Hinton 2016): row by row gain∘(x − mean)/sd + bias; keeps mean and 1/sd. */
export function normalise(
  { values, layout, parameters, shape }: Arena,
  name: string,
  [x, stats, out]: readonly [number, number, number],
  [from, to]: readonly [number, number],
): void {
  const D = shape.width;
  const gain = parameters + layout.of(`${name}.gain`).at;
  const bias = parameters + layout.of(`${name}.bias`).at;
  for (let i = from; i < to; i++) {
    const at = x + i * D;
    let sum = 0;
    for (let a = 0; a < D; a++) sum += values[at + a]!;
    const mean = sum / D;
    let squares = 0;
    for (let a = 0; a < D; a++) {
      const deviation = values[at + a]! - mean;
      squares += deviation * deviation;
    }
    const inverse = 1 / Math.sqrt(squares / D + epsilon);
    values[stats + 2 * i] = mean;
    values[stats + 2 * i + 1] = inverse;
    const target = out + i * D;
    for (let a = 0; a < D; a++) {
      values[target + a] = (values[at + a]! - mean) * inverse * values[gain + a]! + values[bias + a]!;
    }
  }
}

/**
 * Its backward pass: adds to `into` the gradient by x of a loss whose gradient by the result is `g`, and writes
 * those by gain and bias. With x̂ = (x − mean)/sd and h = gain∘g: (h − mean(h) − x̂·mean(h∘x̂))/sd.
 */
export function normaliseBack(
  { values, layout, parameters, gradient, shape }: Arena,
  name: string,
  [x, stats, g, into]: readonly [number, number, number, number],
  [from, to]: readonly [number, number],
): void {
  const D = shape.width;
  const gain = parameters + layout.of(`${name}.gain`).at;
  const gains = new Float64Array(D);
  const biases = new Float64Array(D);
  for (let i = from; i < to; i++) {
    const at = x + i * D;
    const own = g + i * D;
    const mean = values[stats + 2 * i]!;
    const inverse = values[stats + 2 * i + 1]!;
    let sum = 0;
    let along = 0;
    for (let a = 0; a < D; a++) {
      const slope = values[own + a]!;
      const hat = (values[at + a]! - mean) * inverse;
      gains[a]! += slope * hat;
      biases[a]! += slope;
      sum += slope * values[gain + a]!;
      along += slope * values[gain + a]! * hat;
    }
    sum /= D;
    along /= D;
    const target = into + i * D;
    for (let a = 0; a < D; a++) {
      const hat = (values[at + a]! - mean) * inverse;
      values[target + a] = values[target + a]! + inverse * (values[own + a]! * values[gain + a]! - sum - along * hat);
    }
  }
  values.set(gains, gradient + layout.of(`${name}.gain`).at);
  values.set(biases, gradient + layout.of(`${name}.bias`).at);
}
