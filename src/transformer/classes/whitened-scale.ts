import { checkCount } from "../../argument.js";
import { piecesOf } from "../../linalg/pieces.js";
import { softmax } from "../../linalg/softmax.js";
import {
  drawWhitenedTask,
  headProducts,
  numbersOf,
  queriesOf,
  queryOf,
  type Summing,
  sharesOf,
  type WhitenedLaw,
  type WhitenedQuery,
} from "../../mixture/classes/whitened.js";
import type { Stream } from "../../random/stream.js";

/**
 * The a(N) with W* = a(N)Λ⁻¹ for spherical means whatever priors, norms and spreads the classes have.
 *
 * Whitened, the joint law of heads and query is invariant under rotations and the loss strictly convex, so its one
 * minimiser is a multiple of I; its factor is the root of E[Σ_j (p_j(a) − P(j|x)) h_jᵀx] = 0, increasing in a. Each
 * task has one context, with its noise in both signs. What is linear in the deviation of the heads from their limits
 * π_jμ_j has mean 0 given the task and is taken off (a control variate): alone of order N^{−1/2}, it would drown the
 * distance of a from its limit, which is of order 1/N. That costs O(c) a task where antithetic counts cost c². Cost: 2c
 * exponentials a task and iteration.
 */
export interface ScaleSample {
  readonly queries: readonly WhitenedQuery[];
  readonly stream: Stream;
}

/** Tasks to find scales with: the same ones, with the same noise, at every N. @throws RangeError unless tasks ≥ 2. */
export function drawScaleSample(stream: Stream, law: WhitenedLaw, tasks: number): ScaleSample {
  checkCount("tasks", tasks, 2);
  const alike = [law.norms, law.priors, law.spreads].every((values) => values[0] === values[1]);
  const own = stream.derive("tasks");
  const piece = piecesOf(tasks * numbersOf(law, alike ? 1 : 2));
  const queries = Array.from({ length: tasks }, () => {
    const task = drawWhitenedTask(own, law, piece);
    return alike ? [queryOf(task, { piece })] : queriesOf(task, { piece });
  });
  return { queries: queries.flat(), stream };
}

/**
 * The root at N, for contexts summed as `summing` says.
 * @throws RangeError on an impossible N; Error when no finite scale is best, as where all tasks are told apart.
 */
export function scaleAt({ queries, stream }: ScaleSample, N: number, summing: Summing = "1/N"): number {
  const law = queries[0]!.task.law;
  const c = law.priors.length;
  const counts = stream.derive("counts");
  // Queries of one task share its context. Its counts have a stream of their own: one stream's counts at two N are
  // nearly the same in units of their spread, and what two scales have in common drops out of their ratio.
  let last: WhitenedQuery | undefined;
  let shares = sharesOf(counts, law, Number.POSITIVE_INFINITY, summing);
  const sets = queries.map((query, t) => {
    if (query.task !== last?.task) shares = sharesOf(counts.derive(t), law, N, summing);
    last = query;
    const forms = N === Number.POSITIVE_INFINITY ? [1] : [1, -1];
    return { query, forms: forms.map((sign) => headProducts(query, shares, summing, sign)) };
  });
  const limits = sets.map(({ query }) => {
    const shares = sharesOf(stream, law, Number.POSITIVE_INFINITY, summing);
    return headProducts(query, shares, summing);
  });
  const limit = root((a) => meanScore(sets, limits, a), c);
  if (N === Number.POSITIVE_INFINITY) return limit;
  const control = sets.reduce((sum, { query, forms }, i) => {
    const own = forms.reduce((part, form) => part + linearScore(query.posterior, limits[i]!, form, limit), 0);
    return sum + (query.weight * own) / forms.length;
  }, 0);
  return root((a) => {
    const at = { score: -control, slope: 0 };
    for (const { query, forms } of sets) for (const form of forms) addScore(at, query, form, a, 1 / forms.length);
    return at;
  }, limit);
}

interface Scored {
  score: number;
  slope: number;
}

function meanScore(sets: readonly { readonly query: WhitenedQuery }[], forms: readonly Float64Array[], a: number) {
  const at = { score: 0, slope: 0 };
  sets.forEach(({ query }, i) => {
    addScore(at, query, forms[i]!, a, 1);
  });
  return at;
}

/** Adds weight·Σ_j (p_j(a) − P_j) f_j and its derivative in a. */
function addScore(at: Scored, query: WhitenedQuery, form: Float64Array, a: number, share: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < form.length; j++) largest = Math.max(largest, a * form[j]!);
  let total = 0;
  let mean = 0;
  let square = 0;
  let wanted = 0;
  for (let j = 0; j < form.length; j++) {
    const weight = Math.exp(a * form[j]! - largest);
    total += weight;
    mean += weight * form[j]!;
    square += weight * form[j]! * form[j]!;
    wanted += query.posterior[j]! * form[j]!;
  }
  mean /= total;
  square /= total;
  at.score += query.weight * share * (mean - wanted);
  at.slope += query.weight * share * (square - mean * mean);
}

/** The part of the score at `a` that is linear in the deviation of `form` from its limit. */
function linearScore(posterior: Float64Array, limit: Float64Array, form: Float64Array, a: number): number {
  const probabilities = limit.map((value) => a * value);
  softmax(probabilities);
  let mean = 0;
  for (let j = 0; j < limit.length; j++) mean += probabilities[j]! * limit[j]!;
  let sum = 0;
  for (let j = 0; j < limit.length; j++) {
    const slope = probabilities[j]! - posterior[j]! + a * probabilities[j]! * (limit[j]! - mean);
    sum += slope * (form[j]! - limit[j]!);
  }
  return sum;
}

/** Newton's method on an increasing function of a > 0, kept inside a bracket. */
function root(scoreAt: (a: number) => Scored, start: number): number {
  let a = start;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < 100; iteration++) {
    const { score, slope } = scoreAt(a);
    const next = a - score / slope;
    // Newton's method doubles its digits: the next correction would be below rounding.
    if (Math.abs(next - a) <= 1e-8 * a) return next;
    if (score < 0) low = a;
    else high = a;
    a = next > low && next < high ? Math.min(next, 2 * a) : high < 2 * a ? (low + high) / 2 : 2 * a;
  }
  throw new Error("no finite scale of W is best for these tasks: more of them, or less separated classes, are needed");
}
