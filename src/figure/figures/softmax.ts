import { linearDiscriminant } from "../../learners/linear-discriminant.js";
import { logisticProbabilities, logisticRegression } from "../../learners/logistic-regression.js";
import { identity, type Matrix, matrix, row } from "../../linalg/matrix.js";
import { pooledCovariance, summarise } from "../../mixture/classes/context.js";
import { diagonalCovariance, identityCovariance } from "../../mixture/classes/covariance.js";
import { drawMixture, type MixtureLaw, mixtureLaw } from "../../mixture/classes/law.js";
import { posterior } from "../../mixture/classes/posterior.js";
import { Stream } from "../../random/stream.js";
import { excessError, totalVariation } from "../../risk/departure.js";
import { openLinear } from "../../transformer/classes/prompted.js";
import { openDeep, probabilitiesOf } from "../../transformer/softmax/deep.js";
import type { BatchSize } from "../../transformer/softmax/prompts.js";
import { type ClassPrompts, emptyPrompts } from "../../transformer/softmax/prompts.js";
import { initialParameters } from "../../transformer/softmax/shape.js";
import { fillMixturePrompt, mixtureSource } from "../../transformer/softmax/sources.js";
import { combinations, type Figure, listOf, measured, numberOf, type Row, type Settings } from "../figure.js";
import { onPrompts, overTrainings, type PromptTraining, trainSeveral } from "../prompt-training.js";

/** Learner 0 is the linear transformer, 1 and 3 are softmax layers, −1 the learners that are not trained. */
const names: Readonly<Record<number, string>> = { 0: "linear, trained", 1: "softmax, 1 layer", 3: "softmax, 3 layers" };
const classical = ["LDA, Λ known", "LDA, Λ pooled", "nearest mean", "logistic regression"];

/** Test laws: as trained, and what is shifted (for two classes). */
const shifts = ["norms 3 : 2", "deviations .5 to 2", "priors 4 : 1"];

function lawOf(part: Settings, shift?: string): MixtureLaw {
  const [classes, d, norm] = [numberOf(part, "classes"), numberOf(part, "d"), numberOf(part, "norm")];
  // Variances from 1/4 to 4, a condition number of 16, and the same Λ⁻¹-norms.
  const covariance = shift === shifts[1] ? diagonalCovariance(d, 16) : identityCovariance(d);
  const norms = shift === shifts[0] ? [1.5 * norm, norm] : norm;
  return mixtureLaw({ covariance, classes, norm: norms, ...(shift === shifts[2] ? { priors: [4, 1] } : {}) });
}

/** What is looked at: the law of training at every M, and for two classes the shifts. */
function panelsOf(part: Settings): { readonly panel: string; readonly law: MixtureLaw }[] {
  const c = numberOf(part, "classes");
  const same = { panel: `c = ${c}`, law: lawOf(part) };
  if (c !== 2) return [same];
  return [same, ...shifts.map((shift) => ({ panel: `c = 2, ${shift}`, law: lawOf(part, shift) }))];
}

/**
 * Departures on each test task, the same tasks whoever is asked: total variation, and excess 0/1 error. Training i has
 * tasks of its own, so that intervals over trainings hold the luck of the tasks as well, and learners are paired.
 */
function departures(
  stream: Stream,
  law: MixtureLaw,
  M: number,
  part: Settings,
  ask: (batch: ClassPrompts, law: MixtureLaw) => Matrix,
): { readonly variation: number[]; readonly excess: number[] } {
  const tests = numberOf(part, "tests");
  const queries = 8;
  const d = law.covariance.matrix.rows;
  const batch = emptyPrompts({ prompts: 1, examples: M, queries }, d);
  const [variation, excess]: [number[], number[]] = [[], []];
  for (let t = 0; t < tests; t++) {
    const own = stream.derive(t);
    const mixture = drawMixture(own, law);
    fillMixturePrompt(own, mixture, batch, 0);
    const found = ask(batch, law);
    let [tv, over] = [0, 0];
    for (let q = 0; q < queries; q++) {
      const truth = posterior(mixture, batch.queryX.slice(q * d, (q + 1) * d));
      tv += totalVariation(row(found, q), truth) / queries;
      over += excessError(row(found, q), truth) / queries;
    }
    variation.push(tv);
    excess.push(over);
  }
  return { variation, excess };
}

function rowsOf(panel: string, series: string, M: number, variation: number[], excess: number[]): Row[] {
  const [tv, over] = [overTrainings(variation), overTrainings(excess)];
  return [
    measured(`E TV, ${panel}`, series, M, tv.mean, tv.standardError),
    measured(`excess error, ${panel}`, series, M, over.mean, over.standardError),
  ];
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The learners that know the law, or learn from one context alone: probabilities for each query. */
function classicalProbabilities(name: string, batch: ClassPrompts, law: MixtureLaw): Matrix {
  const d = law.covariance.matrix.rows;
  const c = law.priors.length;
  const examples = { labels: batch.y, inputs: matrix(batch.examples, d, batch.x) };
  const context = summarise(examples, c);
  const weights = name === "logistic regression" ? logisticRegression(examples, c) : undefined;
  const known = name === "LDA, Λ known" ? law.covariance.matrix : identity(d);
  const lambda = name === "LDA, Λ pooled" ? pooledCovariance(examples, c) : known;
  const found = matrix(batch.queries, c);
  for (let q = 0; q < batch.queries; q++) {
    const x = batch.queryX.slice(q * d, (q + 1) * d);
    row(found, q).set(weights ? logisticProbabilities(weights, x) : linearDiscriminant(context, lambda, x));
  }
  return found;
}

function trainingOf(
  part: Settings,
): PromptTraining & { readonly reopen: (size: BatchSize) => PromptTraining["model"] } {
  const [layers, d, classes] = [numberOf(part, "learner"), numberOf(part, "d"), numberOf(part, "classes")];
  const [width, heads, hidden] = [numberOf(part, "width"), numberOf(part, "heads"), numberOf(part, "hidden")];
  const size = {
    prompts: numberOf(part, "prompts"),
    examples: numberOf(part, "N"),
    queries: numberOf(part, "queries"),
  };
  const shape = { inputs: d, classes, layers, heads, width, hidden };
  const reopen = (other: BatchSize) => (layers === 0 ? openLinear(d, classes, other) : openDeep(shape, other, "f32"));
  return {
    ...{ model: reopen(size), d, reopen, source: mixtureSource(lawOf(part)) },
    start: (stream) => (layers === 0 ? new Float64Array(d * d) : initialParameters(stream, shape)),
    schedule: {
      rate: layers === 0 ? 0.03 : numberOf(part, "rate"),
      steps: numberOf(part, "steps"),
      warmup: Math.min(100, Math.floor(numberOf(part, "steps") / 10)),
    },
  };
}

/**
 * Shen, Zhou, Yang & Shen's comparison: how far trained transformers, linear and softmax, are from the true posterior
 * in and out of the law that they were trained on, beside the learners of one context. The full figure costs some 7 CPU
 * minutes (33 ms a step of three layers, 5 of one) and 300 MB a worker; after 1,000 steps the loss of two classes has
 * levelled.
 */
export const softmaxFigure: Figure = {
  id: "softmax",
  title: "Softmax attention and depth against the linear transformer, in and out of distribution",
  caption: (s) =>
    `Trained on fresh mixtures of c classes in d = ${numberOf(s, "d")} (Λ = I, means of norm ` +
    `${numberOf(s, "norm")}) by ${numberOf(s, "steps")} steps of Adam on ` +
    `${numberOf(s, "prompts")} prompts of N = ${numberOf(s, "N")} and ${numberOf(s, "queries")} ` +
    `queries; width ${numberOf(s, "width")}, ${numberOf(s, "heads")} heads, MLP ` +
    `${numberOf(s, "hidden")}. Intervals are Student's over ${numberOf(s, "trainings")} ` +
    "trainings (classical learners: over test tasks). Departures are from the true posterior. " +
    "LDA with equal priors.",
  settings: {
    ...{ classes: [2, 5], learner: [-1, 0, 1, 3], d: 5, norm: 2, N: 100, lengths: [20, 50, 100, 200, 400] },
    ...{ width: 32, heads: 4, hidden: 64, prompts: 16, queries: 8, rate: 5e-3, steps: 1000, trainings: 3, tests: 150 },
  },
  quick: { classes: [2], learner: [-1, 0, 1], lengths: [20, 100], rate: 1e-2, steps: 150, trainings: 2, tests: 40 },
  x: { title: "M", scale: "log", ticks: [20, 50, 100, 200, 400] },
  y: { title: "departure", scale: "log" },
  ownScales: true,
  series: (s) => [
    ...listOf(s, "learner").flatMap((learner) => (learner < 0 ? [] : [names[learner] ?? `softmax, ${learner} layers`])),
    ...classical,
  ],
  parts: (settings) => combinations(settings, ["classes", "learner"]).reverse(),
  compute: (part, surroundings) => {
    const learner = numberOf(part, "learner");
    const stream = Stream.root("softmax", surroundings.seed).derive(numberOf(part, "classes"));
    const tests = stream.derive("tests");
    const lengths = listOf(part, "lengths");
    if (learner < 0) {
      return panelsOf(part).flatMap(({ panel, law }) =>
        lengths.flatMap((M) =>
          classical.flatMap((name) => {
            const each = Array.from({ length: numberOf(part, "trainings") }, (_, i) =>
              departures(tests.derive(i), law, M, part, (batch) => classicalProbabilities(name, batch, law)),
            );
            return rowsOf(
              panel,
              name,
              M,
              each.flatMap(({ variation }) => variation),
              each.flatMap(({ excess }) => excess),
            );
          }),
        ),
      );
    }
    const training = trainingOf(part);
    const trained = trainSeveral(
      stream.derive("training", learner),
      onPrompts(training),
      numberOf(part, "trainings"),
      surroundings,
      0.9,
    );
    return panelsOf(part).flatMap(({ panel, law }) =>
      lengths.flatMap((M) => {
        const model = training.reopen({ prompts: 1, examples: M, queries: 8 });
        const each = trained.map((parameters, i) =>
          departures(tests.derive(i), law, M, part, (batch) => probabilitiesOf(model.logits(parameters, batch))),
        );
        return rowsOf(
          panel,
          names[learner] ?? `softmax, ${learner} layers`,
          M,
          each.map(({ variation }) => meanOf(variation)),
          each.map(({ excess }) => meanOf(excess)),
        );
      }),
    );
  },
};
