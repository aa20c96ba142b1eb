import { Matrix as MlMatrix } from "ml-matrix";
import { type Backend, wasmAvailable } from "../src/linalg/kernels/backend.js";
import { type Matrix, matrix } from "../src/linalg/matrix.js";
import { gram, matvec, multiply } from "../src/linalg/products.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { normals } from "../src/random/normal.js";
import { Stream } from "../src/random/stream.js";
import { bench } from "./harness.js";

const backends: Backend[] = wasmAvailable ? ["ts", "wasm"] : ["ts"];
const gaussian = (rows: number, cols: number) =>
  matrix(rows, cols, normals(Stream.root("bench", rows, cols), rows * cols));
const narrow = (a: Matrix) => matrix(a.rows, a.cols, Float32Array.from(a.data));

/** The kernels against their TypeScript twins and ml-matrix; ratios are to the first line of each table. */
export default function kernels(): void {
  if (!wasmAvailable) console.log("kernels.wasm is not built (npm run build:kernels): only the TypeScript twins run");
  const [n, d] = [600, 400];
  const a = gaussian(n, d);
  const a32 = narrow(a);
  const ml = MlMatrix.from1DArray(n, d, a.data);
  const square = gaussian(d, d);
  const square32 = narrow(square);
  const mlSquare = MlMatrix.from1DArray(d, d, square.data);
  bench(
    `Gram matrix, ${n} x ${d} (ml-matrix has no symmetric product, and computes both halves)`,
    [
      { name: "ml-matrix", run: () => ml.mmul(ml.transpose()) },
      ...backends.map((backend) => ({ name: `${backend} f64`, run: () => gram(a, backend) })),
      ...backends.map((backend) => ({ name: `${backend} f32`, run: () => gram(a32, backend) })),
    ],
    n * n * d,
  );
  bench(
    `product, ${n} x ${d} by ${d} x ${d}`,
    [
      { name: "ml-matrix", run: () => ml.mmul(mlSquare) },
      ...backends.map((backend) => ({ name: `${backend} f64`, run: () => multiply(a, square, backend) })),
      ...backends.map((backend) => ({ name: `${backend} f32`, run: () => multiply(a32, square32, backend) })),
    ],
    2 * n * d * d,
  );
  bench(
    `entrywise product of two Gram matrices, B = ${n}, d = ${d}`,
    (["f64", "f32"] as const).flatMap((precision) =>
      backends.map((backend) => ({
        name: `${backend} ${precision}`,
        run: () => gramProduct(a, a, precision, backend),
      })),
    ),
    2 * n * n * d,
  );
  for (const B of [10, 40, 200, 2000]) {
    const m = gaussian(B, 8);
    const x = gaussian(1, B).data;
    const out = new Float64Array(B);
    const dense = gramProduct(m, m).dense();
    bench(
      `symmetric matrix times vector, B = ${B}`,
      [
        { name: "dense rows", run: () => out.set(matvec(dense, x)) },
        ...(["f64", "f32"] as const).flatMap((precision) =>
          backends.map((backend) => {
            const K = gramProduct(m, m, precision, backend);
            return { name: `${backend} ${precision}`, run: () => K.apply(x, out) };
          }),
        ),
      ],
      2 * B * B,
    );
  }
  for (const size of [4, 8, 12, 15]) {
    const small = gaussian(size, size);
    bench(
      `small product, ${size} x ${size}: a plain loop below 1024 multiplications, then the kernels`,
      [
        { name: "chosen by size", run: () => multiply(small, small) },
        ...backends.map((backend) => ({ name: `${backend} f64`, run: () => multiply(small, small, backend) })),
      ],
      2 * size ** 3,
    );
  }
}
