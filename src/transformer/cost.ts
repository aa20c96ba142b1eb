import { checkCount } from "../argument.js";
import type { Precision } from "../linalg/kernels/backend.js";
import { largestFactorised } from "./max-margin.js";

/** What a computation takes: seconds of one core of the machine of bench/README.md, and bytes at its peak. */
export interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * A training in the dual: B tasks of `columns` numbers (d, or the reduced number), steps, and the limit if asked for.
 */
export interface DualTrainingSize {
  readonly B: number;
  readonly columns: number;
  readonly steps: number;
  readonly limit?: boolean;
  readonly precision?: Precision;
}

/** Operations a second: of matrix products, of products of K and a vector (f64, f32), and normals drawn a second. */
const rates = { product: { f64: 15e9, f32: 25e9 }, matvec: { f64: 5e9, f32: 6e9 }, normal: 2.5e7 };

/**
 * What a training in the dual will take, from counts of its operations and bytes alone, so that the same question has
 * the same answer everywhere: 2B·columns normals to draw, 2B²·columns operations for K, 2B² a step, and for
 * the limit some 100 products with K, or up to 4096 tasks at most ten factors of B³/3. Measured times are within a
 * factor of 3; memory, K and the tasks with their packed copies, within a quarter.
 * @throws RangeError unless B, columns ≥ 1 and steps ≥ 0 are integers.
 */
export function dualTrainingCost({ B, columns, steps, limit = false, precision = "f64" }: DualTrainingSize): Cost {
  checkCount("B", B);
  checkCount("columns", columns);
  checkCount("steps", steps, 0);
  const bytes = precision === "f64" ? 8 : 4;
  const products = 100;
  const factors = limit && B <= largestFactorised ? Math.min(products * 2 * B * B, (10 * B ** 3) / 3) : 0;
  const iterated = limit && B > largestFactorised ? products : 0;
  return {
    seconds:
      (2 * B * columns) / rates.normal +
      (2 * B * B * columns) / rates.product[precision] +
      (2 * B * B * (steps + iterated)) / rates.matvec[precision] +
      factors / rates.matvec[precision],
    // K's lower triangle, the tasks (m, u, μ) and their packed copies; the factor and a dense K where one is made.
    bytes: (bytes * B * B) / 2 + (24 + 2 * bytes) * B * columns + (factors > 0 ? 16 * B * B : 0),
  };
}

/** Costs one after another: seconds add up, and the memory is that of the largest. */
export function totalCost(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({ seconds: a.seconds + b.seconds, bytes: Math.max(a.bytes, b.bytes) }), {
    seconds: 0,
    bytes: 0,
  });
}

/**
 * A line to print before a run starts, or nothing where it takes at most a minute and 2 GB:
 * "about 3 minutes on 2 cores, 1.6 GB".
 */
export function costText({ seconds, bytes }: Cost, cores = 1): string | undefined {
  const wall = seconds / cores;
  if (wall <= 60 && bytes <= 2e9) return undefined;
  const time =
    wall < 90
      ? `${Math.ceil(wall)} s`
      : wall < 5400
        ? `${Math.round(wall / 60)} minutes`
        : `${Math.round(wall / 3600)} hours`;
  return `about ${time} on ${cores} ${cores === 1 ? "core" : "cores"}, ${(bytes / 1e9).toFixed(1)} GB`;
}
