import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Matrix } from "../src/linalg/matrix.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { taskLaw } from "../src/mixture/signed/task-law.js";
import { drawTasks } from "../src/mixture/signed/tasks.js";
import { Stream } from "../src/random/stream.js";
import { continueDual, untrained } from "../src/transformer/descent/dual.js";

const script = fileURLToPath(new URL("./training.py", import.meta.url));

/** CPU seconds a step in PyTorch on one thread, or nothing where it is not installed. */
function pytorchStep(B: number, steps: number): number | undefined {
  const { status, stdout } = spawnSync(process.env.PYTHON ?? "python3", [script, String(B), String(steps)], {
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout) : undefined;
}

/** CPU seconds of the Gram matrix and 300 steps, timed on the first of them. */
function gramAndSteps(m: Matrix, u: Matrix, steps: number): number {
  const start = process.cpuUsage();
  const K = gramProduct(m, u, "f32");
  const gram = process.cpuUsage(start);
  continueDual(K, untrained(m.rows), 0.01, steps);
  const both = process.cpuUsage(start);
  const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;
  return seconds(gram) + (300 / steps) * (seconds(both) - seconds(gram));
}

/** 300 steps at d = 500 here and in PyTorch, in CPU seconds of one thread, in turns. B = 20000 takes 1.5 GB. */
export default function pytorch(): void {
  for (const [B, steps, rounds] of [
    [2000, 50, 3],
    [20_000, 5, 2],
  ] as const) {
    const { m, u } = drawTasks(Stream.root("bench pytorch", B), taskLaw({ d: 500, k: 30, R: 2, N: 40 }), B);
    console.log(`\n300 steps, d = 500, B = ${B}, from ${steps} of them`);
    for (let round = 0; round < rounds; round++) {
      const step = pytorchStep(B, steps);
      if (step === undefined) {
        console.log(
          "  PyTorch is not installed (Debian: apt-get install python3-torch libopenblas0-pthread; PYTHON names another python3)",
        );
        return;
      }
      const ours = gramAndSteps(m, u, steps);
      const theirs = 300 * step;
      console.log(`  PyTorch ${theirs.toFixed(2)} s, here ${ours.toFixed(2)} s: ${(theirs / ours).toFixed(1)}x`);
    }
  }
}
