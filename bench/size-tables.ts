import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { drawReducedTasks, drawReducedTestTasks } from "../src/mixture/signed/dimension-free.js";
import { taskLaw } from "../src/mixture/signed/task-law.js";
import { Stream } from "../src/random/stream.js";
import { taskScalars } from "../src/risk/conditional.js";
import { exactSampleComplexity, sampleComplexity } from "../src/risk/sample-complexity.js";
import { smoothness, trainDual } from "../src/transformer/descent/dual.js";
import { maxMargin } from "../src/transformer/max-margin.js";

// Tables of M*, the examples after which the error is .1 at R̃ = 2, at sizes that only reduced coordinates reach:
// `npx tsx bench/size-tables.ts`, or with an argument that many trainings a cell in place of 5. Some minutes.

const epsilon = 0.1;
const testR = 2;
const tests = 4000;
const trainings = Number(process.argv[2] ?? 5);

interface Cell {
  readonly d: number;
  readonly k: number;
  readonly N: number;
  readonly B: number;
}

/** log M* of one training at SNR 1, after 300 steps of 1/β and in the limit. */
function logSampleComplexities({ d, k, N, B }: Cell, i: number): readonly [steps: number, limit: number] {
  const stream = Stream.root("size", d, k, N, B, i);
  const tasks = drawReducedTasks(stream.derive("tasks"), taskLaw({ d, k, R: Math.sqrt(d), N }), B);
  // A finite sample of test tasks is common to both learners.
  const test = drawReducedTestTasks(stream.derive("tests"), taskLaw({ d, k, R: testR, N }), tasks, tests);
  const K = gramProduct(tasks.m, tasks.u);
  const steps = trainDual(K, { stepSize: 1 / smoothness(K), at: [300] })[0]!.alpha;
  const limit = maxMargin(K);
  if (!limit.separable) throw new Error(`the tasks at d = ${d}, B = ${B} are not separable`);
  const log = (alpha: Float64Array) => Math.log(sampleComplexity(taskScalars({ alpha, ...tasks }, test), epsilon));
  return [log(steps), log(limit.alpha)];
}

/** Mean and standard error of both over the trainings, and the CPU seconds of one. */
function cell(at: Cell): { readonly steps: string; readonly limit: string; readonly seconds: number } {
  const start = process.cpuUsage();
  const base = Math.log(exactSampleComplexity({ R: testR, k: at.k, epsilon }));
  const draws = Array.from({ length: trainings }, (_, i) => logSampleComplexities(at, i));
  const { user, system } = process.cpuUsage(start);
  const summary = (side: 0 | 1) => {
    const values = draws.map((draw) => draw[side]);
    const mean = values.reduce((sum, value) => sum + value, 0) / trainings;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = Math.sqrt(squares / (trainings - 1) / trainings);
    return `${(mean - base).toFixed(3)} ± ${error.toFixed(3)}`;
  };
  return { steps: summary(0), limit: summary(1), seconds: (user + system) / 1e6 / trainings };
}

console.log(
  `log M*(trained)/M*(PPᵀ), 300 steps of 1/β / max-margin limit; k = 4, N = 20, SNR = 1; ${trainings} trainings, ± standard error; CPU s a training`,
);
for (const B of [32, 128, 384]) {
  for (const d of [16, 32, 64, 128, 512, 4096]) {
    const { steps, limit, seconds } = cell({ d, k: 4, N: 20, B });
    console.log(
      `B = ${String(B).padStart(3)}, d = ${String(d).padStart(4)}: ${steps} / ${limit}  ${seconds.toFixed(2)}`,
    );
  }
}
const oracle = Math.log(exactSampleComplexity({ R: testR, k: 8, epsilon }));
console.log(`\nThe same against d; k = 8, N = 20, B = 256, SNR = 1. Add ${oracle.toFixed(4)}, PPᵀ's own, for log M*`);
for (const d of [1e2, 1e3, 1e4, 1e5, 1e6]) {
  const { steps, limit, seconds } = cell({ d, k: 8, N: 20, B: 256 });
  console.log(`d = ${String(d).padStart(7)}: ${steps} / ${limit}  ${seconds.toFixed(2)}`);
}
