import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { taskScalars } from "../../risk/conditional.js";
import { errorCurve } from "../../risk/curve.js";
import { exactRisk } from "../../risk/exact.js";
import { momentLaw } from "../../risk/moment-law.js";
import { trainDual, weightsFrom } from "../../transformer/descent/dual.js";
import { combinations, exactly, type Figure, listOf, measured, numberOf } from "../figure.js";

const seriesOf = (d: number) => `d = ${d}`;

/**
 * How many tasks it takes to find the subspace: the error against B·SNR²/k at one SNR, for several d, whose curves
 * coincide.
 */
export const threshold: Figure = {
  id: "threshold",
  title: "The number of tasks that find the subspace",
  caption: (s) =>
    `Error after M = ${numberOf(s, "M")} examples at R̃ = ${numberOf(s, "testR")}, trained on B ` +
    `tasks at R² = ${numberOf(s, "snr2")}·d (k = ${numberOf(s, "k")}, N = ${numberOf(s, "N")}). ` +
    "At one SNR the curves of all d coincide. Computed: the moment law; the level is the " +
    "learner that knows P.",
  settings: {
    ...{ d: [60, 120, 240], k: 6, snr2: 0.25, N: 40, testR: 3, M: 20, ratio: [0.5, 1, 2, 4, 8, 16, 32] },
    ...{ stepSize: 0.01, steps: 300, trainings: 10, tests: 400 },
  },
  quick: { d: [40, 80], ratio: [1, 4, 16], trainings: 4, tests: 200 },
  x: { title: "tasks B·SNR²/k", scale: "log", ticks: [0.5, 1, 2, 4, 8, 16, 32] },
  y: { title: "error", scale: "log", ticks: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] },
  series: (s) => [...listOf(s, "d").map(seriesOf), "knows P"],
  parts: (settings) => combinations(settings, ["d"]).reverse(),
  compute: (part, { seed, progress }) => {
    const [d, k, N, M] = [numberOf(part, "d"), numberOf(part, "k"), numberOf(part, "N"), numberOf(part, "M")];
    const [snr2, testR, trainings] = [numberOf(part, "snr2"), numberOf(part, "testR"), numberOf(part, "trainings")];
    const R = Math.sqrt(snr2 * d);
    const law = taskLaw({ d, k, R, N });
    const stream = Stream.root("threshold", seed).derive(d);
    const ratios = listOf(part, "ratio");
    const panel = `error at M = ${M}`;
    return ratios.flatMap((ratio, r) => {
      const B = Math.max(1, Math.round((ratio * k) / snr2));
      const errors = Array.from({ length: trainings }, (_, i) => {
        const own = stream.derive(ratio, i);
        const { m, u } = drawTasks(own.derive("tasks"), law, B);
        const [end] = trainDual(gramProduct(m, u), {
          stepSize: numberOf(part, "stepSize"),
          at: [numberOf(part, "steps")],
        });
        const tests = drawTestTasks(own.derive("tests"), taskLaw({ d, k, R: testR, N: 1 }), numberOf(part, "tests"));
        const W = 2 * B < d ? { alpha: end!.alpha, m, u } : weightsFrom(end!.alpha, { m, u });
        progress((r + (i + 1) / trainings) / ratios.length);
        return errorCurve(taskScalars(W, tests), [M])[0]!.error;
      });
      const mean = errors.reduce((sum, value) => sum + value, 0) / trainings;
      const squares = errors.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const x = (B * snr2) / k;
      return [
        measured(panel, seriesOf(d), x, mean, Math.sqrt(squares / (trainings - 1) / trainings)),
        exactly("computed", panel, seriesOf(d), x, momentLaw({ d, k, R, N, B, testR, M })),
        exactly("computed", panel, "knows P", x, exactRisk({ R: testR, M, k })),
      ];
    });
  },
};
