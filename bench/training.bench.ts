import { type Matrix, matrix, transpose } from "../src/linalg/matrix.js";
import { multiply } from "../src/linalg/products.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { taskLaw } from "../src/mixture/signed/task-law.js";
import { drawTasks } from "../src/mixture/signed/tasks.js";
import { Stream } from "../src/random/stream.js";
import { continueDual, trainDual, untrained } from "../src/transformer/descent/dual.js";
import { trainPrimal } from "../src/transformer/descent/primal.js";
import { bench } from "./harness.js";

const narrow = (a: Matrix) => matrix(a.rows, a.cols, Float32Array.from(a.data));

/** The two large products of a primal step: margins from MW, then the gradient. */
function primalStep<T extends Float32Array | Float64Array>(m: Matrix<T>, uT: Matrix<T>, W: Matrix<T>): () => void {
  return () => {
    multiply(m, W);
    multiply(uT, m);
  };
}

/**
 * Whole trainings in the primal and the dual, and then the parts of one: a step of each, and the dual's Gram matrix. B
 * = 20000, which takes 3.5 GB and some minutes, only with ICL_BENCH_LARGE=1.
 */
export default function training(): void {
  const law = taskLaw({ d: 200, k: 10, R: 5, N: 40 });
  const tasks = drawTasks(Stream.root("bench training"), law, 400);
  const schedule = { stepSize: 0.01, at: [300] };
  bench("300 steps, d = 200, B = 400, the dual's Gram matrix included", [
    { name: "primal", run: () => trainPrimal(tasks, schedule) },
    { name: "dual f64", run: () => trainDual(gramProduct(tasks.m, tasks.u), schedule) },
    { name: "dual f32", run: () => trainDual(gramProduct(tasks.m, tasks.u, "f32"), schedule) },
  ]);
  for (const B of process.env.ICL_BENCH_LARGE === "1" ? [2000, 20_000] : [2000]) {
    const d = 500;
    const { m, u } = drawTasks(Stream.root("bench step", B), taskLaw({ d, k: 30, R: 2, N: 40 }), B);
    const W = matrix(d, d);
    const uT = transpose(u);
    const single = gramProduct(m, u, "f32");
    // In f64 the lower triangle of B = 20000 alone is 1.6 GB.
    const double = gramProduct(m, u);
    const start = untrained(B);
    bench(`one step, d = ${d}, B = ${B}`, [
      { name: "primal f64", run: primalStep(m, uT, W) },
      { name: "primal f32", run: primalStep(narrow(m), narrow(uT), narrow(W)) },
      { name: "dual f64", run: () => continueDual(double, start, 0.01, 1) },
      { name: "dual f32", run: () => continueDual(single, start, 0.01, 1) },
      { name: "the dual's Gram matrix in f32, once", run: () => gramProduct(m, u, "f32") },
    ]);
  }
}
