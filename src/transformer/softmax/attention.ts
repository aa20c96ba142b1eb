import { type Arena, type Block, product } from "./arena.js";

/**
 * Multi-head softmax attention of a block, from its q, k and v into `mixed`: each context token attends to its context,
 * each query to the context and itself. Scores are divided by √(width/heads). Cost: 4N(N + Q)·width a prompt.
 * @param contexts whether context rows are wanted (in the last block nobody reads them).
 */
export function attend(arena: Arena, block: Block, contexts: boolean): void {
  const { values, shape, kernels, bytes, scoreStride: stride, headScratch } = arena;
  const D = shape.width;
  const size = D / shape.heads;
  const scale = 1 / Math.sqrt(size);
  eachHead(arena, block, ({ N, Q, context, queries, scores, column }) => {
    transposeHead(arena, block.k + context * D + column, N);
    const run = (first: number, count: number, to: number, attended: number) => {
      const q = block.q + first * D + column;
      product(arena, [q, D, 1], [headScratch, stride], [to, stride], [count, N, size]);
      if (attended > N) {
        for (let i = 0; i < count; i++) {
          let own = 0;
          for (let a = 0; a < size; a++)
            own += values[q + i * D + a]! * values[block.k + column + (first + i) * D + a]!;
          values[to + i * stride + N] = own;
        }
      }
      kernels.softmaxRows(to * bytes, count, attended, stride, scale);
      const mixed = block.mixed + first * D + column;
      product(arena, [to, stride, 1], [block.v + context * D + column, D], [mixed, D], [count, size, N]);
      if (attended > N) {
        for (let i = 0; i < count; i++) {
          const weight = values[to + i * stride + N]!;
          const own = block.v + column + (first + i) * D;
          for (let a = 0; a < size; a++)
            values[mixed + i * D + a] = values[mixed + i * D + a]! + weight * values[own + a]!;
        }
      }
    };
    if (contexts) run(context, N, scores, N);
    run(queries, Q, scores + N * stride, N + 1);
  });
}

/**
 * Its backward pass: from the gradient by `mixed` those by q, k and v, overwritten (of q only the rows that attended).
 * With p the weights, dv = pᵀdm, ds = scale·p∘(dp − Σp∘dp) for dp = dm vᵀ, dq = ds k, dk = dsᵀq.
 */
export function attendBack(
  arena: Arena,
  block: Block,
  contexts: boolean,
  [dMixed, dq, dk, dv]: readonly [number, number, number, number],
): void {
  const { values, shape, kernels, bytes, scoreStride: stride, headScratch, scoreScratch } = arena;
  const D = shape.width;
  const size = D / shape.heads;
  const scale = 1 / Math.sqrt(size);
  eachHead(arena, block, ({ N, Q, context, queries, scores, column }) => {
    transposeHead(arena, block.v + context * D + column, N);
    const [k, v] = [block.k + context * D + column, context * D + column];
    const run = (first: number, count: number, weights: number, attended: number, add: boolean) => {
      const dm = dMixed + first * D + column;
      const g = scoreScratch;
      product(arena, [dm, D, 1], [headScratch, stride], [g, stride], [count, N, size]);
      if (attended > N) {
        for (let i = 0; i < count; i++) {
          let own = 0;
          const at = (first + i) * D + column;
          const weight = values[weights + i * stride + N]!;
          for (let a = 0; a < size; a++) {
            own += values[dm + i * D + a]! * values[block.v + at + a]!;
            values[dv + at + a] = weight * values[dm + i * D + a]!;
          }
          values[g + i * stride + N] = own;
        }
      }
      product(arena, [weights, 1, stride], [dm, D], [dv + v, D], [N, size, count], add);
      kernels.softmaxRowsBack(weights * bytes, g * bytes, count, attended, stride, scale);
      product(arena, [g, stride, 1], [k, D], [dq + first * D + column, D], [count, size, N]);
      product(arena, [g, 1, stride], [block.q + first * D + column, D], [dk + v, D], [N, size, count], add);
      if (attended > N) {
        for (let i = 0; i < count; i++) {
          const at = (first + i) * D + column;
          const slope = values[g + i * stride + N]!;
          for (let a = 0; a < size; a++) {
            values[dk + at + a] = slope * values[block.q + at + a]!;
            values[dq + at + a] = values[dq + at + a]! + slope * values[block.k + at + a]!;
          }
        }
      }
    };
    if (contexts) run(context, N, scores, N, false);
    run(queries, Q, scores + N * stride, N + 1, contexts);
  });
}

interface Head {
  readonly N: number;
  readonly Q: number;
  /** Rows of the prompt's context and queries, where its scores begin, and the head's first column. */
  readonly context: number;
  readonly queries: number;
  readonly scores: number;
  readonly column: number;
}

function eachHead({ size, shape, contextRows, scoreStride }: Arena, block: Block, visit: (head: Head) => void): void {
  const { prompts, examples: N, queries: Q } = size;
  for (let b = 0; b < prompts; b++) {
    for (let s = 0; s < shape.heads; s++) {
      visit({
        ...{ N, Q, context: b * N, queries: contextRows + b * Q, column: (s * shape.width) / shape.heads },
        scores: block.scores + (b * shape.heads + s) * (N + Q) * scoreStride,
      });
    }
  }
}

/** A head's N rows, size columns each, transposed into the scratch for products from the left. */
function transposeHead({ values, shape, headScratch, scoreStride }: Arena, from: number, N: number): void {
  const size = shape.width / shape.heads;
  for (let i = 0; i < N; i++) {
    const at = from + i * shape.width;
    for (let a = 0; a < size; a++) values[headScratch + a * scoreStride + i] = values[at + a]!;
  }
}
