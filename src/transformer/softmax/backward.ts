import { type Arena, product, servedFrom } from "./arena.js";
import { attendBack } from "./attention.js";
import { normaliseBack } from "./normalise.js";

/**
 * The gradient of the mean loss by every parameter, from its gradient by the logits, which a forward pass and the loss
 * have left in the arena. Backpropagation written out by hand: through y = xW go dW = xᵀdy and dx = dy Wᵀ.
 */
export function backward(arena: Arena): void {
  const { values, shape, rows, contextRows, blocks, gradient, transposed, layout, scratch } = arena;
  const { width: D, hidden: F, classes, inputs } = shape;
  transposeWeights(arena);
  // The gradient by the residual stream, which blocks add to on its way down.
  const [stream, normed, dMixed, dq, dk, dv] = scratch;
  const weightGradient = (name: string, x: number, dy: number, from: number) => {
    const { at, rows: m, cols: n } = layout.of(name);
    product(arena, [x + from * m, 1, m], [dy + from * n, n], [gradient + at, n], [m, n, rows - from]);
  };
  const inputGradient = (name: string, dy: number, into: number, from: number, add = false) => {
    const { at, rows: m, cols: n } = layout.of(name);
    product(arena, [dy + from * n, n, 1], [transposed + at, m], [into + from * m, m], [rows - from, m, n], add);
  };
  weightGradient("readout", arena.normed, arena.logits, contextRows);
  inputGradient("readout", arena.logits, normed, contextRows);
  values.fill(0, stream, stream + rows * D);
  normaliseBack(arena, "ln", [arena.after, arena.afterStats, normed, stream], [contextRows, rows]);
  for (let l = blocks.length - 1; l >= 0; l--) {
    const block = blocks[l]!;
    const from = servedFrom(arena, l);
    if (F > 0) {
      const dUp = arena.hiddenScratch;
      weightGradient(`${l}.down`, block.up, stream, from);
      sumRows(arena, `${l}.down.bias`, stream, from);
      inputGradient(`${l}.down`, stream, dUp, from);
      for (let i = from * F; i < rows * F; i++) values[dUp + i] = values[dUp + i]! * values[block.slope + i]!;
      weightGradient(`${l}.up`, block.normed2, dUp, from);
      sumRows(arena, `${l}.up.bias`, dUp, from);
      inputGradient(`${l}.up`, dUp, normed, from);
      normaliseBack(arena, `${l}.ln2`, [block.between, block.betweenStats, normed, stream], [from, rows]);
    }
    weightGradient(`${l}.output`, block.mixed, stream, from);
    inputGradient(`${l}.output`, stream, dMixed, from);
    attendBack(arena, block, from === 0, [dMixed, dq, dk, dv]);
    weightGradient(`${l}.query`, block.normed1, dq, from);
    weightGradient(`${l}.key`, block.normed1, dk, 0);
    weightGradient(`${l}.value`, block.normed1, dv, 0);
    inputGradient(`${l}.key`, dk, normed, 0);
    inputGradient(`${l}.value`, dv, normed, 0, true);
    inputGradient(`${l}.query`, dq, normed, from, true);
    normaliseBack(arena, `${l}.ln1`, [block.before, block.beforeStats, normed, stream], [0, rows]);
  }
  const tokens = inputs + classes;
  const { at } = layout.of("embed");
  product(arena, [arena.inputs, 1, tokens], [stream, D], [gradient + at, D], [tokens, D, rows]);
}

function transposeWeights({ values, layout, parameters, transposed }: Arena): void {
  for (const { at, rows, cols } of layout.places) {
    if (rows === 1) continue;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) values[transposed + at + j * rows + i] = values[parameters + at + i * cols + j]!;
    }
  }
}

/** A bias's gradient: the sum over rows of the gradient by what it was added to. */
function sumRows({ values, layout, gradient, rows }: Arena, name: string, dy: number, from: number): void {
  const { at, cols } = layout.of(name);
  const sums = new Float64Array(cols);
  for (let i = from; i < rows; i++) for (let a = 0; a < cols; a++) sums[a]! += values[dy + i * cols + a]!;
  values.set(sums, gradient + at);
}
