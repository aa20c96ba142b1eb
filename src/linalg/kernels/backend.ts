import { askedKernels, kernelBytes } from "./kernel-bytes.js";
import { plainKernels } from "./plain.js";

/** Which implementation runs: WebAssembly SIMD, or its plain TypeScript twin. */
export type Backend = "wasm" | "ts";

/** The element type a kernel works in. */
export type Precision = "f64" | "f32";

/**
 * The kernels of one precision, over one memory. Offsets are in bytes; matrices are *packed* (see packing.ts) with
 * `inner` elements a row; `cols`, `rows` and the range [begin, end) count tiles of four rows, so that workers can share
 * a job by tile rows. Nothing is checked here: callers own shapes and bounds.
 */
export interface PrecisionKernels {
  /** c = a bᵀ, row-major with 4·cols columns. */
  product(a: number, b: number, inner: number, c: number, cols: number, begin: number, end: number): void;
  /** c = a aᵀ, row-major with 4·rows columns: the lower triangle's tiles in the range, and their mirror images. */
  gram(a: number, inner: number, c: number, rows: number, begin: number, end: number): void;
  /**
   * k = (m mᵀ) ∘ (u uᵀ): lower triangle of row-major 4 × 4 tiles, tile (g, h) at number g(g+1)/2 + h. `scratch` holds
   * one tile.
   */
  gramProduct(
    m: number,
    mInner: number,
    u: number,
    uInner: number,
    k: number,
    scratch: number,
    begin: number,
    end: number,
  ): void;
  /** What the range contributes to y = K x: overwrites y[0, 4·end). x and y are doubles, and so are all sums. */
  symmetricMatvec(k: number, x: number, y: number, begin: number, end: number): void;
  /**
   * c = a b, or c += a b, of *unpacked* operands: c is m × n. Strides are in elements: entry (i, p) of a at i·aRow +
   * p·aCol, rows of b and c contiguous. For small b, as a layer's weights: nothing is copied.
   */
  multiplyAdd(
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    add: boolean,
  ): void;
  /** Each row x of `cols` elements, rows `stride` elements apart, becomes softmax(scale·x). */
  softmaxRows(x: number, rows: number, cols: number, stride: number, scale: number): void;
  /** The gradient g by softmaxRows' results p becomes the one by its arguments: scale·p∘(g − pᵀg), row by row. */
  softmaxRowsBack(p: number, g: number, rows: number, cols: number, stride: number, scale: number): void;
  /** x becomes xΦ(x), and `slope` its derivative Φ(x) + xφ(x). Reads and writes up to a multiple of four elements. */
  gelu(x: number, slope: number, count: number): void;
}

export interface Kernels extends Readonly<Record<Precision, PrecisionKernels>> {
  /**
   * L with K = L Lᵀ over the packed square K in f64, of which the lower triangle is read; `inverse` gets 1/L_ii, and 0
   * where the pivot is not above `tolerance`·K_ii, with zeros below it in L. Below L's diagonal tiles only; its
   * diagonal is not stored. `scratch` holds one tile.
   */
  cholesky(l: number, inner: number, inverse: number, scratch: number, groups: number, tolerance: number): void;
}

/** A memory and the kernels that work in it. */
export interface Workspace {
  readonly backend: Backend;
  readonly buffer: ArrayBufferLike;
  readonly kernels: Kernels;
}

/** The most a WebAssembly memory can hold. */
export const largestMemory = 65536 * 65536;

/** What of WebAssembly is used; Node's types name it without its values. */
interface Assembly {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, never> };
}

const assembly = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;

const compiled = compile(kernelBytes());

/**
 * The backend used unless one is asked for: "wasm" where it was built and SIMD is supported, and ICL_KERNELS=ts is not
 * set.
 */
export const defaultBackend: Backend = compiled === undefined || askedKernels() === "ts" ? "ts" : "wasm";

/** @throws RangeError when ICL_KERNELS is set to what is no backend, or to "wasm" where that cannot run. */
export function checkBackend(asked = askedKernels()): void {
  if (asked !== undefined && asked !== "" && asked !== "ts" && asked !== "wasm") {
    throw new RangeError(`ICL_KERNELS must be "wasm" or "ts", got "${asked}"`);
  }
  if (asked === "wasm" && compiled === undefined) throw new RangeError(wasmMissing);
}

const wasmMissing = "the wasm backend needs kernels.wasm (npm run build:kernels) and WebAssembly SIMD";

/** Whether the WebAssembly kernels can run here. */
export const wasmAvailable = compiled !== undefined;

/**
 * A fresh zeroed memory of at least that many bytes, with its kernels. Cost: about 50 µs, and the memory.
 * @throws RangeError beyond 4 GiB, as `checkBackend`, or on asking for "wasm" where it is not available.
 */
export function openWorkspace(bytes: number, backend: Backend = defaultBackend): Workspace {
  checkBackend();
  if (!(bytes <= largestMemory)) {
    throw new RangeError(`a job needs ${bytes} bytes, a kernel memory holds at most ${largestMemory}`);
  }
  const pages = Math.ceil(bytes / 65536);
  if (backend === "ts") {
    const buffer = new ArrayBuffer(pages * 65536);
    return { backend, buffer, kernels: plainKernels(buffer) };
  }
  if (compiled === undefined) {
    throw new RangeError(wasmMissing);
  }
  const memory = new assembly.Memory({ initial: Math.max(1, pages), maximum: 65536 });
  const call = new assembly.Instance(compiled, { env: { memory } }).exports;
  // Elementwise functions in f64 serve checks alone: they have no twin in WebAssembly.
  const { softmaxRows, softmaxRowsBack, gelu } = plainKernels(memory.buffer).f64;
  const kernels: Kernels = {
    cholesky: call.choleskyF64!,
    f64: {
      product: call.productF64!,
      gram: call.gramF64!,
      gramProduct: call.gramProductF64!,
      symmetricMatvec: call.symmetricMatvecF64!,
      multiplyAdd: call.multiplyAddF64!,
      softmaxRows,
      softmaxRowsBack,
      gelu,
    },
    f32: {
      product: call.productF32!,
      gram: call.gramF32!,
      gramProduct: call.gramProductF32!,
      symmetricMatvec: call.symmetricMatvecF32!,
      multiplyAdd: call.multiplyAddF32!,
      softmaxRows: call.softmaxRowsF32!,
      softmaxRowsBack: call.softmaxRowsBackF32!,
      gelu: call.geluF32!,
    },
  };
  return { backend, buffer: memory.buffer, kernels };
}

/** The compiled kernels, or nothing where there are no bytes of any or SIMD is not supported. */
export function compile(bytes: Uint8Array | undefined): object | undefined {
  return bytes && assembly.validate(bytes) ? new assembly.Module(bytes) : undefined;
}
