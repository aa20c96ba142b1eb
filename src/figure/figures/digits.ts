import { linearDiscriminant } from "../../learners/linear-discriminant.js";
import { logisticProbabilities, logisticRegression } from "../../learners/logistic-regression.js";
import { identity, type Matrix, matrix, row } from "../../linalg/matrix.js";
import { pooledCovariance, summarise } from "../../mixture/classes/context.js";
import { identityCovariance } from "../../mixture/classes/covariance.js";
import { mixtureLaw } from "../../mixture/classes/law.js";
import { Stream } from "../../random/stream.js";
import { openDeep } from "../../transformer/softmax/deep.js";
import { type ClassPrompts, emptyPrompts } from "../../transformer/softmax/prompts.js";
import { initialParameters } from "../../transformer/softmax/shape.js";
import { mixtureSource } from "../../transformer/softmax/sources.js";
import { type Digits, departureText, digits, digitWorlds, fillDigits } from "../digits.js";
import { combinations, type Figure, listOf, measured, numberOf, type Row, type Settings } from "../figure.js";
import { onPrompts, overTrainings, trainSeveral } from "../prompt-training.js";

const names = ["softmax, trained on mixtures", "softmax, trained on digits 0 to 4"] as const;
const classical = ["nearest mean", "LDA, Λ pooled", "logistic regression"] as const;
const queries = 8;

/** Digits whose tasks train, and those whose tasks test; ten classes need all of them, and train on mixtures alone. */
const seen = [0, 1, 2, 3, 4];
const unseen = [5, 6, 7, 8, 9];
const testedOn = (classes: number) => (classes > 5 ? [...seen, ...unseen] : unseen);

function panelsOf(part: Settings): { readonly panel: string; readonly world: number }[] {
  const c = numberOf(part, "classes");
  const worlds = c === 5 ? digitWorlds : digitWorlds.slice(0, 1);
  return worlds.map((name, world) => ({ panel: `${c} classes, ${name}`, world }));
}

/** The share of queries misclassified in each test task. */
function errors(
  stream: Stream,
  part: Settings,
  data: Digits,
  world: number,
  M: number,
  ask: (batch: ClassPrompts) => Matrix,
): number[] {
  const classes = numberOf(part, "classes");
  const batch = emptyPrompts({ prompts: 1, examples: M, queries }, data.d);
  return Array.from({ length: numberOf(part, "tests") }, (_, t) => {
    fillDigits(stream.derive(M, t), data, testedOn(classes), classes, batch, world);
    const scores = ask(batch);
    let wrong = 0;
    for (let q = 0; q < queries; q++) {
      const own = row(scores, q);
      let best = 0;
      for (let j = 1; j < classes; j++) if (own[j]! > own[best]!) best = j;
      if (best !== batch.queryY[q]) wrong += 1 / queries;
    }
    return wrong;
  });
}

function classicalScores(name: string, batch: ClassPrompts, d: number, classes: number): Matrix {
  const examples = { labels: batch.y, inputs: matrix(batch.examples, d, batch.x) };
  const found = matrix(queries, classes);
  const ask = (predict: (x: Float64Array) => Float64Array) => {
    for (let q = 0; q < queries; q++) row(found, q).set(predict(batch.queryX.slice(q * d, (q + 1) * d)));
    return found;
  };
  if (name === "logistic regression") {
    const weights = logisticRegression(examples, classes);
    return ask((x) => logisticProbabilities(weights, x));
  }
  const context = summarise(examples, classes);
  const lambda = name === "nearest mean" ? identity(d) : pooledCovariance(examples, classes);
  return ask((x) => linearDiscriminant(context, lambda, x));
}

/**
 * Real data: handwritten digits in d whitened coordinates, classified in context, and how much of the error each
 * departure from the Gaussian mixtures with one covariance and one norm makes. The full figure costs some 6 CPU minutes
 * (13 ms a step) and 300 MB a worker.
 */
export const digitsFigure: Figure = {
  id: "digits",
  title: "Handwritten digits in context",
  caption: (s) =>
    `UCI optical digits, ${numberOf(s, "d")} principal components whitened by a third of the ` +
    "images; tasks of digits 5 to 9 (10 classes: all). Softmax transformers of " +
    `${numberOf(s, "layers")} layers, width ${numberOf(s, "width")}, trained by ` +
    `${numberOf(s, "steps")} steps of Adam on ${numberOf(s, "prompts")} prompts of N = ` +
    `${numberOf(s, "N")} and ${numberOf(s, "queries")} queries. Student intervals over ` +
    `${numberOf(s, "trainings")} trainings (classical learners: over tasks).`,
  settings: {
    ...{ classes: [2, 5, 10], learner: [-1, 0, 1], d: 16, N: 60, lengths: [5, 10, 20, 50, 100, 200], layers: 2 },
    ...{ width: 32, heads: 4, hidden: 64, prompts: 16, queries: 8, rate: 1e-2, steps: 1500, trainings: 3, tests: 200 },
  },
  quick: { classes: [2], learner: [-1, 1], lengths: [20, 100], steps: 100, trainings: 2, tests: 50 },
  x: { title: "M", scale: "log", ticks: [5, 10, 20, 50, 100, 200] },
  y: { title: "error", scale: "log" },
  ownScales: true,
  series: () => [...names, ...classical],
  parts: (settings) =>
    combinations(settings, ["classes", "learner"])
      .filter((part) => part.learner !== 1 || numberOf(part, "classes") <= 5)
      .reverse(),
  compute: (part, surroundings) => {
    const [learner, classes, d] = [numberOf(part, "learner"), numberOf(part, "classes"), numberOf(part, "d")];
    const data = digits(d);
    const stream = Stream.root("digits", surroundings.seed).derive(classes);
    const lengths = listOf(part, "lengths");
    const rows: Row[] = [];
    const add = (panel: string, series: string, M: number, values: number[]) => {
      const { mean, standardError } = overTrainings(values);
      rows.push(measured(panel, series, M, mean, standardError));
    };
    if (learner < 0) {
      for (const { panel, world } of panelsOf(part)) {
        const tests = stream.derive("tests", world);
        for (const M of lengths) {
          for (const name of classical) {
            // Below that the pooled covariance is singular, or nearly.
            if (name === "LDA, Λ pooled" && M < d + classes + 2) continue;
            const each = Array.from({ length: numberOf(part, "trainings") }, (_, i) =>
              errors(tests.derive(i), part, data, world, M, (batch) => classicalScores(name, batch, d, classes)),
            );
            add(panel, name, M, each.flat());
          }
        }
      }
      return rows;
    }
    const [layers, width] = [numberOf(part, "layers"), numberOf(part, "width")];
    const shape = {
      inputs: d,
      classes,
      layers,
      heads: numberOf(part, "heads"),
      width,
      hidden: numberOf(part, "hidden"),
    };
    const size = {
      prompts: numberOf(part, "prompts"),
      examples: numberOf(part, "N"),
      queries: numberOf(part, "queries"),
    };
    const law = mixtureLaw({ covariance: identityCovariance(d), classes, norm: data.norm });
    const steps = numberOf(part, "steps");
    const trained = trainSeveral(
      stream.derive("training", learner),
      onPrompts({
        ...{ model: openDeep(shape, size, "f32"), d, start: (own) => initialParameters(own, shape) },
        source: learner === 0 ? mixtureSource(law) : (own, batch) => fillDigits(own, data, seen, classes, batch),
        schedule: { rate: numberOf(part, "rate"), steps, warmup: Math.min(100, Math.floor(steps / 10)) },
      }),
      numberOf(part, "trainings"),
      surroundings,
      0.9,
    );
    for (const { panel, world } of panelsOf(part)) {
      const tests = stream.derive("tests", world);
      for (const M of lengths) {
        const model = openDeep(shape, { prompts: 1, examples: M, queries }, "f32");
        const each = trained.map((parameters, i) => {
          const own = errors(tests.derive(i), part, data, world, M, (batch) => model.logits(parameters, batch));
          return own.reduce((sum, value) => sum + value, 0) / own.length;
        });
        add(panel, names[learner]!, M, each);
      }
    }
    return rows;
  },
  remarks: (_, settings) => ["", departureText(digits(numberOf(settings, "d")))],
};
