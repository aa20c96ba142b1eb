import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { taskScalars } from "../../risk/conditional.js";
import { errorCurve } from "../../risk/curve.js";
import { momentLaw } from "../../risk/moment-law.js";
import { trainDual, weightsFrom } from "../../transformer/descent/dual.js";
import { combinations, exactly, type Figure, listOf, measured, numberOf } from "../figure.js";

const seriesOf = (total: number) => `BN = ${total}`;

/**
 * An open question of Magen & Vardi (2025), explored and not judged: with B·N training examples to spend, how many
 * tasks and how many examples each? The moment law answers N = 1: at fixed BN its terms grow with k/B and with
 * k²d²/(R⁴BN), and only the first depends on the split.
 */
export const exploreTradeOff: Figure = {
  id: "explore-trade-off",
  title: "Exploration: many tasks or long contexts?",
  caption: (s) =>
    `Error after M = ${numberOf(s, "M")} examples at R̃ = ${numberOf(s, "testR")} when B·N ` +
    `training examples are split into contexts of N (d = ${numberOf(s, "d")}, k = ` +
    `${numberOf(s, "k")}, R² = ${numberOf(s, "snr2")}·d). Explored, not judged. Computed: the ` +
    "moment law.",
  settings: {
    ...{ d: 60, k: 6, snr2: 1, testR: 3, M: 20, total: [256, 1024, 4096], N: [1, 2, 4, 8, 16, 32, 64] },
    ...{ stepSize: 0.01, steps: 300, trainings: 12, tests: 300 },
  },
  quick: { total: [256, 1024], N: [2, 8, 32], trainings: 4, tests: 100 },
  x: { title: "examples a task N", scale: "log", ticks: [1, 2, 4, 8, 16, 32, 64] },
  y: { title: "error", scale: "log", ticks: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] },
  series: (s) => listOf(s, "total").map(seriesOf),
  parts: (settings) => combinations(settings, ["total"]).reverse(),
  compute: (part, { seed, progress }) => {
    const [d, k, M, total] = [numberOf(part, "d"), numberOf(part, "k"), numberOf(part, "M"), numberOf(part, "total")];
    const [testR, trainings] = [numberOf(part, "testR"), numberOf(part, "trainings")];
    const R = Math.sqrt(numberOf(part, "snr2") * d);
    const lengths = listOf(part, "N").filter((N) => total / N >= 1);
    const stream = Stream.root("explore-trade-off", seed).derive(total);
    const panel = `error at M = ${M}`;
    return lengths.flatMap((N, n) => {
      const B = Math.round(total / N);
      const errors = Array.from({ length: trainings }, (_, i) => {
        const own = stream.derive(N, i);
        const tasks = drawTasks(own.derive("tasks"), taskLaw({ d, k, R, N }), B);
        const schedule = { stepSize: numberOf(part, "stepSize"), at: [numberOf(part, "steps")] };
        const [end] = trainDual(gramProduct(tasks.m, tasks.u), schedule);
        const tests = drawTestTasks(own.derive("tests"), taskLaw({ d, k, R: testR, N: 1 }), numberOf(part, "tests"));
        progress((n + (i + 1) / trainings) / lengths.length);
        return errorCurve(taskScalars(weightsFrom(end!.alpha, tasks), tests), [M])[0]!.error;
      });
      const mean = errors.reduce((sum, value) => sum + value, 0) / trainings;
      const squares = errors.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [
        measured(panel, seriesOf(total), N, mean, Math.sqrt(squares / (trainings - 1) / trainings)),
        exactly("computed", panel, seriesOf(total), N, momentLaw({ d, k, R, N, B, testR, M })),
      ];
    });
  },
};
