import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks } from "../../mixture/signed/tasks.js";
import { coordinateSubspace } from "../../mixture/subspace.js";
import { Stream } from "../../random/stream.js";
import { alignment, oneStepAlignmentLaw } from "../../transformer/alignment.js";
import { smoothness, trainDual, weightsFrom } from "../../transformer/descent/dual.js";
import { maxMargin } from "../../transformer/max-margin.js";
import { combinations, exactly, type Figure, listOf, measured, numberOf } from "../figure.js";

const learners = ["300 steps", "max-margin"] as const;

/**
 * An open question of Magen & Vardi (2025), explored and not judged: how fast does the direction of W approach PPᵀ/√k
 * as tasks are added? For one step the law is computed: B^{-1/2}. For the max-margin solution no law is known to us; it
 * levels off where the support vectors are the tasks with the largest noise.
 */
export const exploreDirection: Figure = {
  id: "explore-direction",
  title: "Exploration: how fast the direction of W approaches PPᵀ",
  caption: (s) =>
    `Angle sine between W and PPᵀ against the number of tasks (d = ${numberOf(s, "d")}, k = ${numberOf(s, "k")}, N = ${numberOf(s, "N")}). Explored, not judged. Computed: the law of one step, B^(−1/2).`,
  settings: { d: 40, k: 4, N: 20, snr: [1, 4], B: [8, 16, 32, 64, 128, 256, 512, 1024], trainings: 8 },
  quick: { B: [8, 32, 128], trainings: 3 },
  x: { title: "tasks B", scale: "log", ticks: [8, 16, 32, 64, 128, 256, 512, 1024] },
  y: { title: "sine of the angle", scale: "log", ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1] },
  series: () => learners,
  parts: (settings) => combinations(settings, ["snr"]),
  compute: (part, { seed, progress }) => {
    const [d, k, N, snr] = [numberOf(part, "d"), numberOf(part, "k"), numberOf(part, "N"), numberOf(part, "snr")];
    const trainings = numberOf(part, "trainings");
    const R = snr * Math.sqrt(d);
    const P = coordinateSubspace(k, d);
    const sizes = listOf(part, "B");
    const stream = Stream.root("explore-direction", seed).derive(snr);
    const panel = `R = ${snr}√d`;
    return sizes.flatMap((B, b) => {
      const sines = Array.from({ length: trainings }, (_, i) => {
        const tasks = drawTasks(stream.derive(B, i), taskLaw({ d, k, R, N }), B);
        const K = gramProduct(tasks.m, tasks.u);
        const early = trainDual(K, { stepSize: 1 / smoothness(K), at: [300] })[0]!.alpha;
        const solution = maxMargin(K.dense());
        progress((b + (i + 1) / trainings) / sizes.length);
        return [early, solution.separable ? solution.alpha : undefined].map((alpha) => {
          if (!alpha) return Number.NaN;
          const { cosine } = alignment(weightsFrom(alpha, tasks), P);
          return Math.sqrt(Math.max(0, 1 - cosine ** 2));
        });
      });
      const rows = learners.flatMap((learner, l) => {
        const values = sines.map((pair) => pair[l]!).filter((value) => !Number.isNaN(value));
        // Of data that no W separates there is no max-margin solution to show.
        if (values.length < 2) return [];
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        return [measured(panel, learner, B, mean, Math.sqrt(squares / (values.length - 1) / values.length))];
      });
      const law = Math.sqrt(1 - oneStepAlignmentLaw({ d, k, R, N }, B));
      return [...rows, exactly("computed", panel, "300 steps", B, law)];
    });
  },
};
