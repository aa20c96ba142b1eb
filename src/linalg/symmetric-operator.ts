import {
  type Backend,
  defaultBackend,
  openWorkspace,
  type Precision,
  type PrecisionKernels,
  type Workspace,
} from "./kernels/backend.js";
import { withMemory } from "./kernels/kept-memory.js";
import { pack, packedShape, packingFor } from "./kernels/packing.js";
import { type Matrix, matrix, type RealArray } from "./matrix.js";

/** A symmetric n × n matrix K that knows how to multiply, and need not be stored as n² numbers. */
export interface SymmetricOperator {
  readonly n: number;
  /** The precision its entries are stored in; products with vectors are always summed in f64. */
  readonly precision: Precision;
  /** out = K x, allocating nothing; out may be x. @throws RangeError unless both have length n. */
  apply(x: Float64Array, out: Float64Array): void;
  /** K_ij. @throws RangeError unless 0 ≤ i, j < n. */
  entry(i: number, j: number): number;
  diagonal(): Float64Array;
  /** All n² entries, copied. */
  dense(): Matrix;
}

/**
 * K = (m mᵀ) ∘ (u uᵀ), the entrywise product of two B × B Gram matrices: the inner products of the rank-one matrices
 * m_τ u_τᵀ, for rows m_τ and u_τ.
 *
 * Computed tile by tile, the two factors never stored; K's lower triangle stays in the kernels' own memory: 4B² bytes
 * in f64, 2B² in f32 (800 MB at B = 20000), plus the two inputs. In f32 entries carry a relative error of about 1e-6 of
 * √(K_ii K_jj); in f64, of 1e-15. The same input gives the same bits on every run and machine with the same backend.
 * Cost: B²(cols of m + cols of u) operations once, 2B² each `apply`.
 * @throws RangeError when m and u differ in rows, an entry of K overflows or is NaN, or the job exceeds 4 GiB.
 */
export function gramProduct(
  m: Matrix,
  u: Matrix,
  precision: Precision = "f64",
  backend: Backend = defaultBackend,
): SymmetricOperator {
  if (m.rows !== u.rows) throw new RangeError(`gramProduct needs equally many rows, got ${m.rows} and ${u.rows}`);
  const operator = new TiledOperator(m, u, precision, backend);
  // |K_ij| ≤ √(K_ii K_jj): a finite diagonal bounds every entry, in exact arithmetic and, but for rounding, in this
  // one.
  const bad = operator.diagonal().findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`gramProduct in ${precision} needs finite entries; K of row ${bad} is not`);
  return operator;
}

/**
 * Up to so many bytes K is filled in the memory that products share, whose pages are there already, and copied: first
 * touching those of a new one costs as much as filling it. (Beyond, the copy would double the memory.)
 */
const largestApart = 2 ** 25;

/** The lower triangle as 4 × 4 tiles, tile (g, h) at number g(g+1)/2 + h, entries beyond n zero. */
class TiledOperator implements SymmetricOperator {
  readonly n: number;
  readonly precision: Precision;
  readonly #groups: number;
  readonly #tiles: RealArray;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #offset: number;
  readonly #kernels: PrecisionKernels;

  constructor(m: Matrix, u: Matrix, precision: Precision, backend: Backend) {
    const bytes = precision === "f64" ? 8 : 4;
    const n = m.rows;
    const packing = packingFor(backend, precision);
    const mShape = packedShape(n, m.cols, packing);
    const uShape = packedShape(n, u.cols, packing);
    const { groups } = mShape;
    // In memory: x and y, one tile of scratch, K's tiles, and the packed inputs, which only the filling needs.
    const x = 0;
    const y = 32 * groups;
    const scratch = 64 * groups;
    const k = scratch + 128;
    const tiles = 8 * groups * (groups + 1);
    const mAt = k + tiles * bytes;
    const uAt = mAt + mShape.bytes;
    const fill = ({ buffer, kernels }: Pick<Workspace, "buffer" | "kernels">) => {
      pack(buffer, mAt, packing, m.data, n, m.cols, m.cols, 1);
      pack(buffer, uAt, packing, u.data, n, u.cols, u.cols, 1);
      kernels[precision].gramProduct(mAt, mShape.inner, uAt, uShape.inner, k, scratch, 0, groups);
    };
    const all = uAt + uShape.bytes;
    const apart = all <= largestApart;
    const { buffer, kernels } = openWorkspace(apart ? mAt : all, backend);
    if (apart) {
      withMemory(all, backend, (kept) => {
        fill(kept);
        new Uint8Array(buffer, k, tiles * bytes).set(new Uint8Array(kept.buffer, k, tiles * bytes));
      });
    } else fill({ buffer, kernels });
    this.n = n;
    this.precision = precision;
    this.#groups = groups;
    this.#tiles = precision === "f64" ? new Float64Array(buffer, k, tiles) : new Float32Array(buffer, k, tiles);
    this.#x = new Float64Array(buffer, x, n);
    this.#y = new Float64Array(buffer, y, n);
    this.#offset = k;
    this.#kernels = kernels[precision];
  }

  apply(x: Float64Array, out: Float64Array): void {
    if (x.length !== this.n || out.length !== this.n) {
      throw new RangeError(`apply needs vectors of length ${this.n}, got ${x.length} and ${out.length}`);
    }
    this.#x.set(x);
    this.#kernels.symmetricMatvec(this.#offset, 0, 32 * this.#groups, 0, this.#groups);
    out.set(this.#y);
  }

  entry(i: number, j: number): number {
    if (!(Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 && i < this.n && j < this.n)) {
      throw new RangeError(`entry needs integers 0 <= i, j < ${this.n}, got ${i}, ${j}`);
    }
    return this.#at(Math.max(i, j), Math.min(i, j));
  }

  diagonal(): Float64Array {
    return Float64Array.from({ length: this.n }, (_, i) => this.#at(i, i));
  }

  dense(): Matrix {
    const { n } = this;
    const result = matrix(n, n);
    const tiles = this.#tiles;
    let tile = 0;
    for (let g = 0; g < n; g += 4) {
      const rows = Math.min(4, n - g);
      for (let h = 0; h <= g; h += 4) {
        const cols = Math.min(4, n - h);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++) {
            const value = tiles[tile + 4 * i + j]!;
            result.data[(g + i) * n + h + j] = value;
            result.data[(h + j) * n + g + i] = value;
          }
        }
        tile += 16;
      }
    }
    return result;
  }

  /** K_ij for j ≤ i. */
  #at(i: number, j: number): number {
    const g = i >> 2;
    return this.#tiles[16 * ((g * (g + 1)) / 2 + (j >> 2)) + 4 * (i & 3) + (j & 3)]!;
  }
}
