import { piecesOf } from "../../src/linalg/pieces.js";
import { softmax } from "../../src/linalg/softmax.js";
import {
  drawWhitenedTask,
  headProducts,
  numbersOf,
  queriesOf,
  queryOf,
  type Shares,
  type Summing,
  sharesOf,
  type WhitenedLaw,
  type WhitenedQuery,
  type WhitenedTask,
} from "../../src/mixture/classes/whitened.js";
import type { Stream } from "../../src/random/stream.js";
import { totalVariation } from "../../src/risk/departure.js";
import { drawScaleSample, scaleAt } from "../../src/transformer/classes/whitened-scale.js";

/** The parts of the world that theorems about trained scales and the departure from the posterior have in common. */
export interface WhitenedWorld {
  /** How a context is summed up, in training and at test. */
  readonly summing: Summing;
  /** Standard deviation of the context noise, and of class 0's in units of the others'. */
  readonly contextNoise: number;
  readonly firstNoise: number;
  /** A context n times as long tells as much as one n^rate times as long, in training and at test. */
  readonly trainingRate: number;
  readonly contextRate: number;
  /** Where the test queries' classes come from. */
  readonly queries: "priors" | "uniform";
}

export const asStated: WhitenedWorld = {
  summing: "1/N",
  contextNoise: 1,
  firstNoise: 1,
  trainingRate: 1,
  contextRate: 1,
  queries: "priors",
};

/** n examples made `times` as many, where that tells as much as times^rate. */
export function longer(n: number, times: number, rate: number): number {
  return n === Number.POSITIVE_INFINITY ? n : Math.round(n * times ** rate);
}

/** Whether class 0 is like the others: then one query a task is enough. */
function alike({ norms, priors, spreads }: WhitenedLaw): boolean {
  return [norms, priors, spreads].every((values) => values[0] === values[1]);
}

function noisy(task: WhitenedTask, { contextNoise, firstNoise }: WhitenedWorld): WhitenedTask {
  const { data, cols } = task.noise;
  for (let i = 0; i < data.length; i++) data[i] = data[i]! * contextNoise * (i < cols ? firstNoise : 1);
  return task;
}

export interface Training {
  readonly law: WhitenedLaw;
  readonly tasks: number;
}

/** a(N) of W* = a(N)Λ⁻¹ at each N, from the same tasks and noise. */
export function trainedScales(
  stream: Stream,
  { law, tasks }: Training,
  lengths: readonly number[],
  world: WhitenedWorld = asStated,
): number[] {
  const sample = drawScaleSample(stream, law, tasks);
  const { contextNoise, firstNoise, summing } = world;
  for (const query of sample.queries) {
    for (let j = 0; j < query.noise.length; j++) {
      query.noise[j] = query.noise[j]! * contextNoise * (j === 0 ? firstNoise : 1);
    }
  }
  return lengths.map((N) => scaleAt(sample, N, summing));
}

/** Test queries, and the stream that their contexts' counts come from. */
export interface TestQueries {
  readonly queries: readonly WhitenedQuery[];
  readonly stream: Stream;
}

/** Queries of `count` test tasks: both classes' where class 0 stands out, or is told apart by `both`. */
export function testQueries(
  stream: Stream,
  law: WhitenedLaw,
  count: number,
  world: WhitenedWorld = asStated,
  { both = !alike(law), image }: { both?: boolean; image?: (x: Float64Array) => Float64Array } = {},
): TestQueries {
  const tasks = stream.derive("tasks");
  const piece = piecesOf(count * numbersOf(law, both ? 2 : 1));
  const queries = Array.from({ length: count }, () => {
    const task = noisy(drawWhitenedTask(tasks, law, piece), world);
    const own = both ? queriesOf(task, { image, piece }) : [queryOf(task, { image, piece })];
    if (!both || world.queries === "priors") return own;
    const first = 1 / law.priors.length;
    return own.map((query, i) => ({ ...query, weight: i === 0 ? first : 1 - first }));
  });
  return { queries: queries.flat(), stream: stream.derive("counts") };
}

/** What a function of a query and of h_jᵀx after M examples is on average, over queries: the same ones at every M. */
export function average(
  { queries, stream }: TestQueries,
  M: number,
  of: (query: WhitenedQuery, heads: Float64Array, shares: Shares) => number,
  { summing }: Pick<WhitenedWorld, "summing"> = asStated,
): number {
  let [sum, total] = [0, 0];
  queries.forEach((query, i) => {
    // At M = ∞ nothing is drawn; else a stream a query, so that counts at two M have most of their chance in common.
    const shares = sharesOf(M === Number.POSITIVE_INFINITY ? stream : stream.derive(i), query.task.law, M, summing);
    sum += query.weight * of(query, headProducts(query, shares, summing), shares);
    total += query.weight;
  });
  return sum / total;
}

/** The transformer's probabilities at W = aΛ⁻¹. */
export function predicted(heads: Float64Array, scale: number): Float64Array {
  const logits = heads.map((value) => scale * value);
  softmax(logits);
  return logits;
}

/** E TV to the posterior at W = aΛ⁻¹ after M examples. */
export function errorAt(test: TestQueries, scale: number, M: number, world: WhitenedWorld = asStated): number {
  return average(test, M, (query, heads) => totalVariation(predicted(heads, scale), query.posterior), world);
}

/** The exponent of a law between two values a factor apart. */
export function exponent(before: number, after: number, times: number): number {
  return Math.log(after / before) / Math.log(times);
}

/** The class that is decided for. */
export function mostProbable(probabilities: Float64Array): number {
  let best = 0;
  for (let j = 1; j < probabilities.length; j++) if (probabilities[j]! > probabilities[best]!) best = j;
  return best;
}
