import { drawNoisyContexts } from "../../mixture/signed/flipped-contexts.js";
import { taskLaw } from "../../mixture/signed/task-law.js";
import { Stream } from "../../random/stream.js";
import { scoreNoisyContexts } from "../../risk/flipped-contexts.js";
import { weightsFrom } from "../../transformer/descent/dual.js";
import {
  combinations,
  type Figure,
  listOf,
  measured,
  numberOf,
  type Row,
  type Settings,
  type Surroundings,
} from "../figure.js";
import { trainPart } from "../training.js";

/** Test contexts scored together: their raw examples stay near 100 MB. */
const chunk = 250;

const seriesOf = (exponent: number) => `R̃ = d^${exponent}`;

/**
 * Clean accuracy and memorisation of a transformer trained on B tasks in ℝ^d without a subspace, at each strength R̃ =
 * d^exponent.
 */
function scores(part: Settings, d: number, B: number, x: number, label: string, surroundings: Surroundings): Row[] {
  const [N, p, M] = [numberOf(part, "N"), numberOf(part, "p"), numberOf(part, "M")];
  const law = taskLaw({ d, k: d, R: numberOf(part, "snr") * Math.sqrt(d), N });
  const stream = Stream.root(label, surroundings.seed).derive(x);
  const training = { B, stepSize: numberOf(part, "stepSize"), steps: numberOf(part, "steps") };
  const { alpha, ...factors } = trainPart(stream, law, training, surroundings, 0.5);
  const W = weightsFrom(alpha, factors);
  const exponents = listOf(part, "exponents");
  const errors = exponents.map(() => [] as number[]);
  const memorised = exponents.map(() => [] as number[]);
  const tests = numberOf(part, "tests");
  for (let first = 0; first < tests; first += chunk) {
    const count = Math.min(chunk, tests - first);
    const contexts = drawNoisyContexts(stream.derive("tests", first), { d, k: d, p }, M, count);
    exponents.forEach((exponent, i) => {
      const scored = scoreNoisyContexts(W, contexts, d ** exponent);
      errors[i]!.push(...scored.errors);
      memorised[i]!.push(...scored.memorised);
    });
    surroundings.progress(0.5 + (0.5 * first) / tests);
  }
  return exponents.flatMap((exponent, i) => [
    meanRow(
      "accuracy on clean queries",
      seriesOf(exponent),
      x,
      errors[i]!.map((error) => 1 - error),
    ),
    meanRow("memorised context labels", seriesOf(exponent), x, memorised[i]!),
  ]);
}

function meanRow(panel: string, series: string, x: number, values: readonly number[]): Row {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return measured(panel, series, x, mean, Math.sqrt(squares / (values.length - 1) / values.length));
}

const common = {
  ...{ snr: 5, N: 40, stepSize: 0.01, steps: 300, exponents: [0.1, 0.3, 0.6], p: 0.2, M: 20, tests: 2500 },
};
const shares = { title: "share", scale: "linear", from: 0, to: 1 } as const;
const series = (s: Settings) => listOf(s, "exponents").map(seriesOf);
const testWords = (s: Settings) =>
  `tested after M = ${numberOf(s, "M")} examples whose labels are flipped with probability p = ` +
  `${numberOf(s, "p")}, at strength R̃.`;

/** Frei & Vardi's experiment against the dimension, with as many tasks. */
export const benignD: Figure = {
  id: "benign-d",
  title: "Benign overfitting against the dimension",
  caption: (s) =>
    `Transformer trained at R = ${numberOf(s, "snr")}√d on B = d tasks (N = ` +
    `${numberOf(s, "N")}), ${testWords(s)} Intervals: over test tasks, one training at each d.`,
  settings: { ...common, d: [10, 20, 50, 100, 200, 500, 1000, 1500] },
  quick: { d: [10, 30, 100, 300], tests: 250 },
  x: { title: "dimension d", scale: "log", ticks: [10, 30, 100, 300, 1000] },
  y: shares,
  series,
  parts: (settings) => combinations(settings, ["d"]).reverse(),
  compute: (part, surroundings) => {
    const d = numberOf(part, "d");
    return scores(part, d, d, d, "benign-d", surroundings);
  },
};

/** The same against the number of training tasks B = d^b at one dimension. */
export const benignB: Figure = {
  id: "benign-b",
  title: "Benign overfitting against the number of tasks",
  caption: (s) =>
    `Transformer trained at R = ${numberOf(s, "snr")}√d on B tasks (d = ${numberOf(s, "d")}, N ` +
    `= ${numberOf(s, "N")}), ${testWords(s)} Intervals: over test tasks, one training at each ` +
    "B.",
  settings: { ...common, d: 1000, b: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] },
  quick: { d: 200, b: [0.1, 0.5, 0.9], tests: 250 },
  x: { title: "training tasks B", scale: "log", ticks: [2, 5, 10, 20, 50, 100, 200, 500] },
  y: shares,
  series,
  parts: (settings) => combinations(settings, ["b"]).reverse(),
  compute: (part, surroundings) => {
    const d = numberOf(part, "d");
    const B = Math.round(d ** numberOf(part, "b"));
    return scores(part, d, B, B, "benign-b", surroundings);
  },
};
