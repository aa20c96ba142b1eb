import { gramProduct } from "../../linalg/symmetric-operator.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { drawTasks } from "../../mixture/signed/tasks.js";
import { Stream } from "../../random/stream.js";
import { normalisedMargin, smoothness, trainDual } from "../../transformer/descent/dual.js";
import { maxMargin } from "../../transformer/max-margin.js";
import { combinations, exactly, type Figure, listOf, numberOf } from "../figure.js";

const seriesOf = (R: number) => `R = ${R}√d`;

/**
 * Where gradient descent is on its way to the max-margin solution: the margin and the norm against time. Nothing here
 * is Monte Carlo.
 */
export const direction: Figure = {
  id: "direction",
  title: "Gradient descent converges in direction, like 1/log t",
  caption: (s) =>
    `One set of B = ${numberOf(s, "B")} tasks (d = ${numberOf(s, "d")}, k = ${numberOf(s, "k")}, N = ${numberOf(s, "N")}) at each R, step size 1/β. Both quotients tend to 1: the margin γ over the largest possible γ*, and ‖W‖ over ‖W_MM‖ log t.`,
  settings: { d: 30, k: 3, R: [1, 2, 5], N: 20, B: 40, decades: 6 },
  quick: { decades: 4 },
  x: { title: "steps t", scale: "log", ticks: [10, 100, 1000, 10_000, 100_000, 1_000_000] },
  y: { title: "quotient", scale: "linear" },
  series: (s) => listOf(s, "R").map(seriesOf),
  parts: (settings) => combinations(settings, ["R"]),
  compute: (part, { seed, progress }) => {
    const [d, k, N, B] = [numberOf(part, "d"), numberOf(part, "k"), numberOf(part, "N"), numberOf(part, "B")];
    const strength = numberOf(part, "R");
    const law = taskLaw({ d, k, R: strength * Math.sqrt(d), N });
    const tasks = drawTasks(Stream.root("direction", seed).derive(strength), law, B);
    const K = gramProduct(tasks.m, tasks.u);
    const solution = maxMargin(K.dense());
    if (!solution.separable) throw new RangeError(`no W separates these ${B} tasks: there is no direction to go to`);
    progress(0.1);
    const at = Array.from({ length: 4 * (numberOf(part, "decades") - 1) + 1 }, (_, i) => Math.round(10 ** (1 + i / 4)));
    return trainDual(K, { stepSize: 1 / smoothness(K), at }).flatMap((snapshot) => [
      exactly("computed", "γ/γ*", seriesOf(strength), snapshot.step, normalisedMargin(snapshot) / solution.margin),
      exactly(
        ...(["computed", "‖W‖/(‖W_MM‖ log t)", seriesOf(strength)] as const),
        snapshot.step,
        snapshot.norm / (solution.norm * Math.log(snapshot.step)),
      ),
    ]);
  },
};
