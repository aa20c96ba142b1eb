import { type Matrix, matrix } from "../../../src/linalg/matrix.js";
import { norm } from "../../../src/linalg/vector.js";
import { normals } from "../../../src/random/normal.js";
import { Stream } from "../../../src/random/stream.js";

export const plus = (a: Matrix, b: Matrix, scale = 1) => matrix(a.rows, a.cols, a.data.map((v, i) => v + scale * b.data[i]!)); // biome-ignore format: short
export const distance = (a: Matrix, b: Matrix) => norm(plus(a, b, -1).data);
export const gaussianMatrix = (name: string | number, d: number) =>
  matrix(d, d, normals(Stream.root("matrix", name), d * d));
