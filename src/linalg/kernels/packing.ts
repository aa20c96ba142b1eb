import type { RealArray } from "../matrix.js";
import type { Backend, Precision } from "./backend.js";

/** How a backend wants rows laid out: elements of that many bytes, in vectors of that many lanes. */
export interface Packing {
  readonly lanes: number;
  readonly bytes: number;
}

/**
 * WebAssembly reads 16-byte vectors. Plain TypeScript reads single doubles in either precision: a loop that meets both
 * kinds of typed array runs three times slower.
 */
export function packingFor(backend: Backend, precision: Precision): Packing {
  if (backend === "ts") return { lanes: 1, bytes: 8 };
  return precision === "f64" ? { lanes: 2, bytes: 8 } : { lanes: 4, bytes: 4 };
}

/** What rows become in a kernel's memory: groups of four, padded with zeros to whole groups and whole vectors. */
export interface PackedShape {
  /** Groups of four rows. */
  readonly groups: number;
  /** Elements a row, padding included. */
  readonly inner: number;
  readonly bytes: number;
}

export function packedShape(rows: number, cols: number, { lanes, bytes }: Packing): PackedShape {
  const groups = Math.ceil(rows / 4);
  const inner = Math.ceil(cols / lanes) * lanes;
  return { groups, inner, bytes: 4 * groups * inner * bytes };
}

/**
 * Writes rows × cols numbers, entry (i, j) at data[i·rowStride + j·colStride], into a kernel's memory from that byte
 * on, as kernels read them: in each group of four rows, one vector of row 0, 1, 2, 3, then the next vector of each.
 * Strides swapped pack the transpose.
 */
export function pack(
  buffer: ArrayBufferLike,
  offset: number,
  packing: Packing,
  data: RealArray,
  rows: number,
  cols: number,
  rowStride: number,
  colStride: number,
): void {
  const { groups, inner } = packedShape(rows, cols, packing);
  const { lanes, bytes } = packing;
  const length = 4 * groups * inner;
  const target = bytes === 8 ? new Float64Array(buffer, offset, length) : new Float32Array(buffer, offset, length);
  if (rows < 4 * groups || cols < inner) target.fill(0);
  // What the loop below does, for the common case: it would take as long as a small product.
  let done = 0;
  if (lanes === 2 && target instanceof Float64Array && data instanceof Float64Array) {
    done = packPairs(target, inner, data, rows >> 2, cols, rowStride, colStride);
  } else if (lanes === 4 && target instanceof Float32Array && data instanceof Float32Array) {
    done = packQuads(target, inner, data, rows >> 2, cols, rowStride, colStride);
  }
  for (let g = done; g < groups; g++) {
    const group = target.subarray(4 * g * inner, 4 * (g + 1) * inner);
    const present = Math.min(4, rows - 4 * g);
    for (let j = 0; j < cols; j++) {
      const lane = j % lanes;
      let to = 4 * (j - lane) + lane;
      let from = 4 * g * rowStride + j * colStride;
      for (let i = 0; i < present; i++) {
        group[to] = data[from]!;
        to += lanes;
        from += rowStride;
      }
    }
  }
}

/** Whole groups of four rows in vectors of two lanes. @returns how many there were. */
function packPairs(
  target: Float64Array,
  inner: number,
  data: Float64Array,
  groups: number,
  cols: number,
  rowStride: number,
  colStride: number,
): number {
  for (let g = 0; g < groups; g++) {
    let a = 4 * g * rowStride;
    let to = 4 * g * inner;
    for (let j = 0; j < cols; j += 2) {
      const b = a + rowStride;
      const c = b + rowStride;
      const d = c + rowStride;
      target[to] = data[a]!;
      target[to + 2] = data[b]!;
      target[to + 4] = data[c]!;
      target[to + 6] = data[d]!;
      if (j + 1 < cols) {
        target[to + 1] = data[a + colStride]!;
        target[to + 3] = data[b + colStride]!;
        target[to + 5] = data[c + colStride]!;
        target[to + 7] = data[d + colStride]!;
      }
      a += 2 * colStride;
      to += 8;
    }
  }
  return groups;
}

/** Whole groups of four rows in vectors of four lanes. @returns how many there were. */
function packQuads(
  target: Float32Array,
  inner: number,
  data: Float32Array,
  groups: number,
  cols: number,
  rowStride: number,
  colStride: number,
): number {
  const whole = cols - (cols % 4);
  for (let g = 0; g < groups; g++) {
    for (let i = 0; i < 4; i++) {
      let from = (4 * g + i) * rowStride;
      let to = 4 * (g * inner + i);
      for (let j = 0; j < whole; j += 4) {
        target[to] = data[from]!;
        target[to + 1] = data[from + colStride]!;
        target[to + 2] = data[from + 2 * colStride]!;
        target[to + 3] = data[from + 3 * colStride]!;
        from += 4 * colStride;
        to += 16;
      }
      for (let j = whole; j < cols; j++) target[to + j - whole] = data[from + (j - whole) * colStride]!;
    }
  }
  return groups;
}
