import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CholeskyDecomposition, Matrix as MlMatrix } from "ml-matrix";
import { factor } from "../src/linalg/factor.js";
import type { Matrix } from "../src/linalg/matrix.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { taskLaw } from "../src/mixture/signed/task-law.js";
import { drawTasks } from "../src/mixture/signed/tasks.js";
import { Stream } from "../src/random/stream.js";
import { certifyTasks, maxMargin } from "../src/transformer/max-margin.js";
import { bench } from "./harness.js";

const script = fileURLToPath(new URL("./max-margin.py", import.meta.url));

/** CPU seconds of scipy's nnls on one thread, its Cholesky factor apart, and its gap; nothing where not installed. */
function nnls(K: Matrix): readonly [factor: number, solve: number, gap: number] | undefined {
  const directory = mkdtempSync(join(tmpdir(), "max-margin-"));
  const file = join(directory, "kernel");
  writeFileSync(file, new Uint8Array(K.data.buffer, K.data.byteOffset, K.data.byteLength));
  const { status, stdout } = spawnSync(process.env.PYTHON ?? "python3", [script, file, String(K.rows)], {
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    encoding: "utf8",
  });
  rmSync(directory, { recursive: true });
  if (status !== 0) return undefined;
  const [first, second, gap] = stdout.split(" ").map(Number);
  return [first!, second!, gap!];
}

function cpuSeconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function againstNnls(): void {
  console.log("\nMax margin at SNR 1 (k = 8, N = 20), CPU seconds of one thread, K given");
  for (const [B, d] of [
    [512, 200],
    [1000, 500],
    [2000, 2000],
  ] as const) {
    const rounds = [0, 1, 2].map((round) => {
      const { m, u } = drawTasks(Stream.root("max margin", B, round), taskLaw({ d, k: 8, R: Math.sqrt(d), N: 20 }), B);
      const K = gramProduct(m, u);
      let gap = Number.NaN;
      const solve = () => {
        const solution = maxMargin(K);
        if (solution.separable) gap = solution.certificate.gap;
      };
      // This engine compiles a function once it has run for a while: the median of nine is that of a long run.
      const ours = Array.from({ length: 9 }, () => cpuSeconds(solve)).sort((a, b) => a - b)[4]!;
      return { ours, gap, theirs: nnls(K.dense()) };
    });
    for (const { ours, gap, theirs } of rounds) {
      const line = `  B = ${B}, d = ${d}: here ${(1e3 * ours).toFixed(0)} ms, gap ${gap.toExponential(1)}`;
      if (theirs === undefined) {
        console.log(`${line}; scipy is not installed (Debian: apt-get install python3-scipy; PYTHON names a python3)`);
        continue;
      }
      const [factored, solved, theirGap] = theirs;
      console.log(
        `${line}; nnls ${(1e3 * solved).toFixed(0)} ms (and ${(1e3 * factored).toFixed(0)} ms to factor K), gap ${theirGap.toExponential(1)}: ${(solved / ours).toFixed(1)}x`,
      );
    }
  }
}

function atFigure1(): void {
  const { m, u } = drawTasks(Stream.root("max margin", 1), taskLaw({ d: 500, k: 30, R: 2, N: 40 }), 20_000);
  let K = gramProduct(m, u, "f32");
  const built = cpuSeconds(() => {
    K = gramProduct(m, u, "f32");
  });
  let alpha: Float64Array = new Float64Array(0);
  const solved = cpuSeconds(() => {
    alpha = maxMargin(K).alpha;
  });
  const { gap } = certifyTasks(alpha, { m, u });
  const support = alpha.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const memory = (process.resourceUsage().maxRSS / 2 ** 20).toFixed(1);
  console.log(
    `\nB = 20000, d = 500, k = 30, R = 2: K in f32 ${built.toFixed(0)} s, solution ${solved.toFixed(0)} s, ${support} support vectors, gap in f64 ${gap.toExponential(1)}, ${memory} GiB`,
  );
}

/** The factor against ml-matrix's and its twin; max margin against scipy's nnls; Figure 1's size (3 GiB, a minute). */
export default function maxMargins(): void {
  for (const n of [128, 512, 1024]) {
    const { m, u } = drawTasks(Stream.root("factor", n), taskLaw({ d: 200, k: 8, R: 14, N: 20 }), n);
    const K = gramProduct(m, u).dense();
    const rows = [...new Array(n).keys()];
    const ml = MlMatrix.from1DArray(n, n, K.data);
    bench(
      `Cholesky, n = ${n}`,
      [
        { name: "ml-matrix", run: () => new CholeskyDecomposition(ml) },
        { name: "TypeScript", run: () => factor(K, rows, "ts") },
        { name: "SIMD", run: () => factor(K, rows, "wasm") },
      ],
      n ** 3 / 3,
    );
  }
  againstNnls();
  atFigure1();
}
