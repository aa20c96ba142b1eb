import { readFileSync } from "node:fs";
import { signedGram, supportVectorMachine } from "../src/learners/support-vector.js";
import { matrixOf } from "../src/linalg/matrix.js";
import { gramProduct } from "../src/linalg/symmetric-operator.js";
import { drawReducedTasks } from "../src/mixture/signed/dimension-free.js";
import { taskLaw } from "../src/mixture/signed/task-law.js";
import { drawTasks } from "../src/mixture/signed/tasks.js";
import { Stream } from "../src/random/stream.js";
import { Capital } from "../src/stats/capital.js";
import { confidenceInterval } from "../src/stats/confidence.js";
import { dualTrainingCost } from "../src/transformer/cost.js";
import { trainDual } from "../src/transformer/descent/dual.js";
import { bench, race } from "./harness.js";

/** What must not grow: with d, with the draws of an interval, with C, and a training's cost against the one foretold. */
export default function scaling(): void {
  const drawn = (d: number) => {
    const law = taskLaw({ d, k: 8, R: Math.sqrt(d), N: 20 });
    return { name: `d = ${d}`, run: () => drawReducedTasks(Stream.root(d), law, 256) };
  };
  bench("256 tasks by their inner products", [300, 10 ** 4, 10 ** 6].map(drawn));

  const stream = Stream.root("scaling");
  const draws = Float64Array.from({ length: 1_000_000 }, () => stream.uniform());
  bench("a million draws", [
    {
      name: "their capital against one mean",
      run: () => {
        const capital = new Capital("above", 0.5);
        for (const x of draws) capital.push(x);
      },
    },
    { name: "their confidence interval", run: () => confidenceInterval(draws, [0, 1], 0.05) },
  ]);

  const file = new URL("../fixtures/iris.json", import.meta.url);
  const { versicolor, virginica } = JSON.parse(readFileSync(file, "utf8")) as Record<string, number[][]>;
  const x = [...versicolor!, ...virginica!];
  const y = Float64Array.from(x, (_, i) => (i < versicolor!.length ? -1 : 1));
  const G = signedGram(matrixOf(x), y);
  const machine = (C: number) => ({ name: `C = ${C}`, run: () => supportVectorMachine(G, y, { C }) });
  bench("a support vector machine of the irises that no hyperplane separates", [0.01, 1, 100].map(machine));

  const training = (B: number, steps: number) => {
    const law = taskLaw({ d: 100, k: 4, R: 2, N: 20 });
    const run = () => {
      const { m, u } = drawTasks(Stream.root("cost"), law, B);
      trainDual(gramProduct(m, u), { stepSize: 0.01, at: [steps] });
    };
    const told = dualTrainingCost({ B, columns: 100, steps }).seconds;
    return { name: `B = ${B}, ${steps} steps`, run, told };
  };
  const trainings = [training(500, 400), training(2000, 400), training(500, 1600)];
  console.log("\na training in the dual, CPU seconds over those foretold (stated: within a factor of 3)");
  race(trainings, 3).forEach(({ name, seconds }, i) => {
    console.log(`  ${name.padEnd(22)} ${(seconds / trainings[i]!.told).toFixed(2)}`);
  });
}
