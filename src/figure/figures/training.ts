import { matrix } from "../../linalg/matrix.js";
import { norm } from "../../linalg/vector.js";
import { identityCovariance } from "../../mixture/classes/covariance.js";
import { mixtureLaw } from "../../mixture/classes/law.js";
import { Stream } from "../../random/stream.js";
import { drawPrompts, trainOnPrompts } from "../../transformer/classes/prompts.js";
import { populationScale } from "../../transformer/classes/scale.js";
import { combinations, type Figure, listOf, measured, numberOf } from "../figure.js";

const seriesOf = (B: number) => `B = ${B}`;

/** The training of Shen, Zhou, Yang & Shen's transformer on B labelled prompts: its loss, and where it ends. */
export const training: Figure = {
  id: "training",
  title: "Gradient descent on labelled prompts",
  caption: (s) =>
    `B prompts of ${numberOf(s, "N")} examples and a query, ${numberOf(s, "classes")} classes ` +
    `in d = ${numberOf(s, "d")}, Λ = I, means of norm ${numberOf(s, "norm")}; step 1/β. Left: ` +
    "the prompts' own loss against steps. Right: the distance from W* after the last step, " +
    "which falls like B^(−1/2) from some 100d² prompts on.",
  settings: {
    ...{ classes: 2, d: 5, norm: 2, N: 100, B: [100, 400, 1600, 6400, 25_600] },
    ...{ steps: 1000, trainings: 8, scaleTasks: 100_000 },
  },
  quick: { B: [400, 1600], steps: 300, trainings: 2, scaleTasks: 10_000 },
  x: { title: "steps t, or prompts B", scale: "log" },
  y: { title: "loss, or distance / ‖W*‖", scale: "log" },
  ownScales: true,
  series: (s) => listOf(s, "B").map(seriesOf),
  parts: (settings) => combinations(settings, ["B"]).reverse(),
  compute: (part, { seed, progress }) => {
    const [classes, d, size, N] = ["classes", "d", "norm", "N"].map((name) => numberOf(part, name)) as [
      ...[number, number, number, number],
    ];
    const [B, steps, trainings] = [numberOf(part, "B"), numberOf(part, "steps"), numberOf(part, "trainings")];
    const law = mixtureLaw({ covariance: identityCovariance(d), classes, norm: size });
    const stream = Stream.root("training", seed);
    const parameters = { classes, d, norm: size, N };
    const { scale } = populationScale(stream.derive("scale"), parameters, numberOf(part, "scaleTasks"));
    const target = matrix(
      d,
      d,
      law.covariance.precision.data.map((value) => scale * value),
    );
    const at = [...new Set(Array.from({ length: 31 }, (_, i) => Math.round(steps ** (i / 30))))];
    const runs = Array.from({ length: trainings }, (_, i) => {
      const snapshots = trainOnPrompts(drawPrompts(stream.derive(B, i), law, N, B), { at, target });
      progress((i + 1) / trainings);
      return snapshots;
    });
    const row = (panel: string, x: number, values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / trainings;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return measured(panel, seriesOf(B), x, mean, Math.sqrt(squares / (trainings - 1) / trainings));
    };
    return [
      ...at.map((step, i) =>
        row(
          "loss against steps",
          step,
          runs.map((snapshots) => snapshots[i]!.loss),
        ),
      ),
      row(
        "‖W − W*‖/‖W*‖ against B",
        B,
        runs.map((snapshots) => snapshots.at(-1)!.distance / norm(target.data)),
      ),
    ];
  },
};
