/** The element types matrices come in. */
export type RealArray = Float64Array | Float32Array;

/** A dense matrix: `rows` rows of `cols` numbers, row after row in `data`. */
export interface Matrix<T extends RealArray = Float64Array> {
  readonly rows: number;
  readonly cols: number;
  readonly data: T;
}

/**
 * A rows × cols matrix over `data` (not copied), or of zeros.
 * @throws RangeError on a shape that is not two integers ≥ 0, or on data of another length.
 */
export function matrix(rows: number, cols: number): Matrix;
export function matrix<T extends RealArray>(rows: number, cols: number, data: T): Matrix<T>;
export function matrix(
  rows: number,
  cols: number,
  data: RealArray = new Float64Array(Math.max(0, rows * cols) || 0),
): Matrix<RealArray> {
  if (!(Number.isSafeInteger(rows) && Number.isSafeInteger(cols) && rows >= 0 && cols >= 0)) {
    throw new RangeError(`a matrix needs integer rows and cols >= 0, got ${rows} x ${cols}`);
  }
  if (data.length !== rows * cols) {
    throw new RangeError(`a ${rows} x ${cols} matrix needs ${rows * cols} numbers, got ${data.length}`);
  }
  return { rows, cols, data };
}

/** A matrix of these rows, copied. @throws RangeError when they differ in length. */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const result = matrix(rows.length, cols);
  rows.forEach((values, i) => {
    if (values.length !== cols) throw new RangeError(`row ${i} has ${values.length} numbers, row 0 has ${cols}`);
    result.data.set(values, i * cols);
  });
  return result;
}

/** Row i, a view and not a copy. @throws RangeError when there is none. */
export function row<T extends RealArray>(a: Matrix<T>, i: number): T {
  const { data, rows, cols } = a;
  if (!(Number.isSafeInteger(i) && i >= 0 && i < rows)) throw new RangeError(`${rows} rows have no row ${i}`);
  // A view made by its constructor costs 30 ns, one by `subarray` 160.
  const at = data.byteOffset + data.BYTES_PER_ELEMENT * i * cols;
  if (data instanceof Float64Array) return new Float64Array(data.buffer, at, cols) as RealArray as T;
  return new Float32Array(data.buffer, at, cols) as RealArray as T;
}

/** The n × n identity, times `scale`. */
export function identity(n: number, scale = 1): Matrix {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = scale;
  return result;
}

/** aᵀ, copied. */
export function transpose(a: Matrix): Matrix {
  const result = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) result.data[j * a.rows + i] = a.data[i * a.cols + j]!;
  }
  return result;
}
