import type { Backend, Precision } from "../../linalg/kernels/backend.js";
import { type Matrix, matrix, row } from "../../linalg/matrix.js";
import { softmax } from "../../linalg/softmax.js";
import { type Arena, openArena, product, servedFrom } from "./arena.js";
import { attend } from "./attention.js";
import { backward } from "./backward.js";
import { normalise } from "./normalise.js";
import { type BatchSize, type ClassPrompts, checkPrompts } from "./prompts.js";
import type { DeepShape } from "./shape.js";

/**
 * A pre-LayerNorm transformer (Radford et al. 2019) on prompts of labelled examples: tokens [x; onehot y], the query
 * [x; 0], embedded in `width` dimensions without positions; each block adds multi-head softmax attention of the
 * normalised stream, then an exact-GELU perceptron of it; the class logits are read at the query, normalised once
 * more. Context tokens do not attend to the query, so that a prompt may ask several queries at the price of one
 * context.
 */
export interface DeepTransformer {
  readonly shape: DeepShape;
  readonly size: BatchSize;
  /** Length of the parameter vector. */
  readonly parameters: number;
  /** Class logits of every query, prompts·queries × c. @throws RangeError on a batch of another size. */
  readonly logits: (parameters: Float64Array, batch: ClassPrompts) => Matrix;
  /** The mean cross-entropy over all queries; its gradient goes into `out`. @throws RangeError as `logits`. */
  readonly gradient: (parameters: Float64Array, batch: ClassPrompts, out: Float64Array) => number;
}

/**
 * A transformer with memory for batches of one size. Cost of `logits`, in operations: a token and block 8·width² +
 * 4·width·hidden, and 4·N·width for attention; the last block pays in full for queries only, and 4·width² for a context
 * token. `gradient` costs three times as much.
 * @throws RangeError on a shape or a size out of range.
 */
export function openDeep(
  shape: DeepShape,
  size: BatchSize,
  precision: Precision = "f32",
  backend?: Backend,
): DeepTransformer {
  const arena = openArena(shape, size, precision, backend);
  const { length } = arena.layout;
  const queries = size.prompts * size.queries;
  const run = (parameters: Float64Array, batch: ClassPrompts) => {
    if (parameters.length !== length) {
      throw new RangeError(`the model has ${length} parameters, got ${parameters.length}`);
    }
    checkPrompts(batch, size, shape.inputs, shape.classes);
    arena.values.set(parameters, arena.parameters);
    forward(arena, batch);
  };
  const logitsAt = arena.logits + arena.contextRows * shape.classes;
  return {
    ...{ shape, size, parameters: length },
    logits: (parameters, batch) => {
      run(parameters, batch);
      const found = arena.values.subarray(logitsAt, logitsAt + queries * shape.classes);
      return matrix(queries, shape.classes, Float64Array.from(found));
    },
    gradient: (parameters, batch, out) => {
      run(parameters, batch);
      const loss = crossEntropy(arena, batch.queryY);
      backward(arena);
      out.set(arena.values.subarray(arena.gradient, arena.gradient + length));
      return loss;
    },
  };
}

function forward(arena: Arena, batch: ClassPrompts): void {
  const { values, shape, layout, kernels, bytes, rows, contextRows, parameters, blocks } = arena;
  const { width: D, hidden: F, classes, inputs } = shape;
  const weights = (name: string) => parameters + layout.of(name).at;
  fillInputs(arena, batch);
  const tokens = inputs + classes;
  product(arena, [arena.inputs, tokens, 1], [weights("embed"), D], [blocks[0]!.before, D], [rows, D, tokens]);
  blocks.forEach((block, l) => {
    const from = servedFrom(arena, l);
    const served = rows - from;
    const after = blocks[l + 1]?.before ?? arena.after;
    normalise(arena, `${l}.ln1`, [block.before, block.beforeStats, block.normed1], [0, rows]);
    product(arena, [block.normed1, D, 1], [weights(`${l}.key`), D], [block.k, D], [rows, D, D]);
    product(arena, [block.normed1, D, 1], [weights(`${l}.value`), D], [block.v, D], [rows, D, D]);
    product(
      arena,
      [block.normed1 + from * D, D, 1],
      [weights(`${l}.query`), D],
      [block.q + from * D, D],
      [served, D, D],
    );
    attend(arena, block, from === 0);
    const between = F === 0 ? after : block.between;
    values.copyWithin(between + from * D, block.before + from * D, block.before + rows * D);
    product(
      arena,
      [block.mixed + from * D, D, 1],
      [weights(`${l}.output`), D],
      [between + from * D, D],
      [served, D, D],
      true,
    );
    if (F === 0) return;
    normalise(arena, `${l}.ln2`, [block.between, block.betweenStats, block.normed2], [from, rows]);
    fillRows(values, block.up, weights(`${l}.up.bias`), F, from, rows);
    product(
      arena,
      [block.normed2 + from * D, D, 1],
      [weights(`${l}.up`), F],
      [block.up + from * F, F],
      [served, F, D],
      true,
    );
    kernels.gelu((block.up + from * F) * bytes, (block.slope + from * F) * bytes, served * F);
    addRows(values, after, block.between, weights(`${l}.down.bias`), D, from, rows);
    product(arena, [block.up + from * F, F, 1], [weights(`${l}.down`), D], [after + from * D, D], [served, D, F], true);
  });
  normalise(arena, "ln", [arena.after, arena.afterStats, arena.normed], [contextRows, rows]);
  product(
    arena,
    [arena.normed + contextRows * D, D, 1],
    [weights("readout"), classes],
    [arena.logits + contextRows * classes, classes],
    [rows - contextRows, classes, D],
  );
}

function fillInputs({ values, shape, inputs: at, size, contextRows, rows }: Arena, batch: ClassPrompts): void {
  const { inputs: d, classes } = shape;
  const tokens = d + classes;
  values.fill(0, at, at + rows * tokens);
  for (let i = 0; i < contextRows; i++) {
    for (let a = 0; a < d; a++) values[at + i * tokens + a] = batch.x[i * d + a]!;
    values[at + i * tokens + d + batch.y[i]!] = 1;
  }
  const queries = at + contextRows * tokens;
  for (let i = 0; i < size.prompts * size.queries; i++) {
    for (let a = 0; a < d; a++) values[queries + i * tokens + a] = batch.queryX[i * d + a]!;
  }
}

/** The mean cross-entropy; the logits become its gradient by them. */
function crossEntropy({ values, shape, logits, contextRows }: Arena, labels: Int32Array): number {
  const c = shape.classes;
  const probabilities = new Float64Array(c);
  let loss = 0;
  labels.forEach((label, i) => {
    const at = logits + (contextRows + i) * c;
    for (let j = 0; j < c; j++) probabilities[j] = values[at + j]!;
    const own = probabilities[label]!;
    loss += softmax(probabilities) - own;
    for (let j = 0; j < c; j++) values[at + j] = (probabilities[j]! - (j === label ? 1 : 0)) / labels.length;
  });
  return loss / labels.length;
}

function fillRows(values: Arena["values"], to: number, bias: number, cols: number, from: number, rows: number): void {
  for (let i = from; i < rows; i++) values.copyWithin(to + i * cols, bias, bias + cols);
}

function addRows(
  values: Arena["values"],
  to: number,
  source: number,
  bias: number,
  cols: number,
  from: number,
  rows: number,
): void {
  for (let i = from; i < rows; i++) {
    const at = i * cols;
    for (let a = 0; a < cols; a++) values[to + at + a] = values[source + at + a]! + values[bias + a]!;
  }
}

/** The class probabilities of every query. */
export function probabilitiesOf(logits: Matrix): Matrix {
  const result = matrix(logits.rows, logits.cols, logits.data.slice());
  for (let i = 0; i < result.rows; i++) softmax(row(result, i));
  return result;
}
