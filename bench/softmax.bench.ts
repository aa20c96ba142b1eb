import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fillNormal } from "../src/random/normal.js";
import { Stream } from "../src/random/stream.js";
import { adamStart, continueAdam } from "../src/transformer/descent/adam.js";
import { openDeep } from "../src/transformer/softmax/deep.js";
import { emptyPrompts } from "../src/transformer/softmax/prompts.js";
import { initialParameters } from "../src/transformer/softmax/shape.js";

const script = fileURLToPath(new URL("./softmax.py", import.meta.url));
const shape = { inputs: 5, classes: 2, layers: 3, heads: 4, width: 32, hidden: 128 };
const size = { prompts: 64, examples: 40, queries: 1 };

/** CPU seconds a step in PyTorch on one thread, or nothing where it is not installed. */
function pytorchStep(steps: number, ...whole: string[]): number | undefined {
  const { status, stdout } = spawnSync(process.env.PYTHON ?? "python3", [script, String(steps), ...whole], {
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout) : undefined;
}

/**
 * A step of Adam on the deep transformer (3 layers, width 32, MLP 128, 4 heads, 64 prompts of 41 tokens, f32) here and
 * in PyTorch, in CPU seconds of one thread, in turns. "Whole" computes the last block for context tokens as well.
 */
export default function softmaxStep(): void {
  const batch = emptyPrompts(size, shape.inputs);
  fillNormal(Stream.root("bench softmax"), batch.x);
  fillNormal(Stream.root("bench softmax", "queries"), batch.queryX);
  batch.queryY.forEach((_, i) => {
    batch.queryY[i] = i % 2;
  });
  const model = openDeep(shape, size, "f32");
  let state = adamStart(initialParameters(Stream.root("bench softmax"), shape));
  const schedule = { rate: 1e-3, steps: 10_000, warmup: 0 };
  const take = (steps: number) => {
    const start = process.cpuUsage();
    const run = (theta: Float64Array, _: number, out: Float64Array) => model.gradient(theta, batch, out);
    state = continueAdam(state, schedule, run, undefined, state.step + steps);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6 / steps;
  };
  take(20);
  console.log("\na step of the deep transformer, 3 layers, width 32, 64 prompts of 41 tokens, f32");
  for (let round = 0; round < 3; round++) {
    const theirs = pytorchStep(20);
    const whole = pytorchStep(20, "whole");
    if (theirs === undefined || whole === undefined) {
      console.log("  PyTorch is not installed (Debian: apt-get install python3-torch; PYTHON names another python3)");
      return;
    }
    const ours = take(20);
    const ms = (seconds: number) => `${(1e3 * seconds).toFixed(1)} ms`;
    console.log(
      `  PyTorch ${ms(theirs)} (whole ${ms(whole)}), here ${ms(ours)}: ${(ours / theirs).toFixed(2)} times its time`,
    );
  }
}
