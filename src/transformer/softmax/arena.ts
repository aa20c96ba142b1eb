import { checkCount } from "../../argument.js";
import {
  type Backend,
  defaultBackend,
  openWorkspace,
  type Precision,
  type PrecisionKernels,
} from "../../linalg/kernels/backend.js";
import type { RealArray } from "../../linalg/matrix.js";
import type { BatchSize } from "./prompts.js";
import { type DeepShape, deepLayout, type Layout } from "./shape.js";

/** What a block keeps for its backward pass: offsets, in elements, of matrices with a row for each token. */
export interface Block {
  /** The residual stream before the block and between its halves, and its mean and 1/sd of each row there. */
  readonly before: number;
  readonly beforeStats: number;
  readonly between: number;
  readonly betweenStats: number;
  readonly normed1: number;
  readonly normed2: number;
  readonly q: number;
  readonly k: number;
  readonly v: number;
  readonly mixed: number;
  /** For each prompt and head, examples + queries rows of `scoreStride`. */
  readonly scores: number;
  readonly up: number;
  readonly slope: number;
}

/**
 * One kernel memory with everything a deep transformer computes on a batch: parameters, gradients, activations. Token
 * rows are the contexts' (prompt by prompt), then the queries'. The last block serves the queries alone, who read only
 * keys and values of its context rows: its other matrices are made for the query rows, exactly.
 */
export interface Arena {
  readonly shape: DeepShape;
  readonly size: BatchSize;
  readonly layout: Layout;
  readonly kernels: PrecisionKernels;
  readonly values: RealArray;
  /** Bytes an element. */
  readonly bytes: number;
  /** Rows of context tokens, and of all. */
  readonly contextRows: number;
  readonly rows: number;
  readonly scoreStride: number;
  readonly parameters: number;
  readonly gradient: number;
  /** The parameters' matrices transposed, each where its original is. */
  readonly transposed: number;
  readonly inputs: number;
  readonly blocks: readonly Block[];
  /** The stream after the last block, its row statistics and normalisation, and the logits: query rows alone. */
  readonly after: number;
  readonly afterStats: number;
  readonly normed: number;
  readonly logits: number;
  /** What the backward pass works in: six token matrices, one of hidden units, one head's scores, a head transposed. */
  readonly scratch: readonly [number, number, number, number, number, number];
  readonly hiddenScratch: number;
  readonly scoreScratch: number;
  readonly headScratch: number;
}

/** @throws RangeError on sizes that are no counts, a shape out of range, or beyond 4 GiB. */
export function openArena(
  shape: DeepShape,
  size: BatchSize,
  precision: Precision,
  backend: Backend = defaultBackend,
): Arena {
  const layout = deepLayout(shape);
  for (const name of ["prompts", "examples", "queries"] as const) checkCount(name, size[name]);
  const { inputs, classes, layers, heads, width, hidden } = shape;
  const contextRows = size.prompts * size.examples;
  const queryRows = size.prompts * size.queries;
  const rows = contextRows + queryRows;
  const tokens = size.examples + size.queries;
  let next = 0;
  // Whole vectors, and one more between neighbours.
  const take = (length: number) => {
    const at = next;
    next += 4 * Math.ceil(length / 4) + 4;
    return at;
  };
  const matrixOf = (cols: number) => take(rows * cols);
  const scoreStride = 4 * Math.ceil((size.examples + 1) / 4);
  const fields = {
    ...{ shape, size, layout, contextRows, rows, scoreStride },
    parameters: take(layout.length),
    gradient: take(layout.length),
    transposed: take(layout.length),
    inputs: matrixOf(inputs + classes),
    blocks: Array.from({ length: layers }, () => ({
      before: matrixOf(width),
      beforeStats: matrixOf(2),
      between: matrixOf(width),
      betweenStats: matrixOf(2),
      normed1: matrixOf(width),
      normed2: matrixOf(width),
      q: matrixOf(width),
      k: matrixOf(width),
      v: matrixOf(width),
      mixed: matrixOf(width),
      scores: take(size.prompts * heads * tokens * scoreStride),
      up: matrixOf(hidden),
      slope: matrixOf(hidden),
    })),
    after: matrixOf(width),
    afterStats: matrixOf(2),
    normed: matrixOf(width),
    logits: matrixOf(classes),
    scratch: [0, 0, 0, 0, 0, 0].map(() => matrixOf(width)) as unknown as Arena["scratch"],
    hiddenScratch: matrixOf(hidden),
    scoreScratch: take(tokens * scoreStride),
    headScratch: take((width / heads) * scoreStride),
  };
  const bytes = precision === "f64" ? 8 : 4;
  const { buffer, kernels } = openWorkspace(bytes * next, backend);
  const values = precision === "f64" ? new Float64Array(buffer) : new Float32Array(buffer);
  return { ...fields, kernels: kernels[precision], values, bytes };
}

/** Rows that a block computes beyond keys and values: all, or in the last block the queries'. */
export function servedFrom({ shape, contextRows }: Arena, layer: number): number {
  return layer === shape.layers - 1 ? contextRows : 0;
}

/** c (+)= a b, by offsets in elements: a m × k with rows `aRow` apart, b k × n and c m × n contiguous unless said. */
export function product(
  { kernels, bytes }: Arena,
  [a, aRow, aCol]: readonly [number, number, number],
  [b, bRow]: readonly [number, number],
  [c, cRow]: readonly [number, number],
  [m, n, k]: readonly [number, number, number],
  add = false,
): void {
  kernels.multiplyAdd(a * bytes, aRow, aCol, b * bytes, bRow, c * bytes, cRow, m, n, k, add);
}
