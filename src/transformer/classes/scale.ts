import { checkCount } from "../../argument.js";
import { softmax } from "../../linalg/softmax.js";
import { drawShares } from "../../mixture/classes/context.js";
import { gamma } from "../../random/gamma.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";

/**
 * Where the scale of the minimiser is asked for: c classes in dimension d of Λ⁻¹-norm ρ, contexts of N examples (or
 * infinitely many).
 */
export interface ScaleParameters {
  readonly classes: number;
  readonly d: number;
  readonly norm: number;
  readonly N: number;
}

/** a with its standard error (delta method). */
export interface PopulationScale {
  readonly scale: number;
  readonly standardError: number;
}

/**
 * The a(N) with W* = a(N)Λ⁻¹, exact for spherical class means, equal priors and equal norms.
 *
 * Derivation. Whitened, the law of heads and query is invariant under orthogonal maps and the loss strictly convex, so
 * its one minimiser commutes with every one of them: a multiple of I. a is the root of E[Σ_j (p_j(a) − P(j|x)) h_j·x] =
 * 0, an increasing function of a, found by Newton's method on draws. Only scalars enter: take the query's class as 0
 * (classes are exchangeable); then |x|² = (ρ + g)² + χ²_{d−1}, μ_0·x = ρ(ρ + g), the other μ_j·x = ρ|x| cos θ_j
 * independently, and given these and the shares h_j·x is normal, mean share_j μ_j·x, variance share_j|x|²/N. So a task
 * costs O(c) draws, whatever d and N. Its contexts are antithetic, as in `drawPopulationSample`: the relative error of
 * c − a does not grow with N. The root's own bias is of order 1/tasks. Cost: 2c² exponentials a task and iteration.
 * @throws RangeError unless classes ≥ 2, d, tasks ≥ 2 are integers, ρ is finite and > 0, N an integer in [1, 2^31) or
 * infinite.
 */
export function populationScale(stream: Stream, parameters: ScaleParameters, tasks: number): PopulationScale {
  const { classes: c, d, norm, N } = parameters;
  checkCount("classes", c);
  checkCount("d", d);
  checkCount("tasks", tasks);
  if (c < 2 || tasks < 2) throw new RangeError(`at least 2 classes and 2 tasks are needed, got ${c} and ${tasks}`);
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY))
    throw new RangeError(`the norm must be finite and > 0, got ${norm}`);

  const priors = new Float64Array(c).fill(1 / c);
  const contexts = 2 * c;
  const posteriors = new Float64Array(tasks * c);
  const forms = new Float64Array(tasks * contexts * c);
  const normals = new Float64Array(2 * c);
  const chiSquared = () => (d > 1 ? 2 * gamma(stream, (d - 1) / 2) : 0);
  for (let t = 0, at = 0; t < tasks; t++) {
    fillNormal(stream, normals);
    const along = norm + normals[0]!;
    const length = Math.sqrt(along * along + chiSquared());
    const truth = posteriors.subarray(t * c, (t + 1) * c);
    for (let j = 0; j < c; j++) {
      const g = normals[j]!;
      truth[j] = norm * (j === 0 ? along : (length * g) / Math.sqrt(g * g + chiSquared()));
    }
    const shares = drawShares(stream, priors, N);
    for (let shift = 0; shift < c; shift++) {
      for (let sign = 1; sign >= -1; sign -= 2) {
        for (let j = 0; j < c; j++) {
          const share = shares[(j + shift) % c]!;
          forms[at++] = share * truth[j]! + sign * Math.sqrt(share / N) * length * normals[c + j]!;
        }
      }
    }
    softmax(truth);
  }

  // A start below the root, where the score is steep. From above, saturated probabilities can throw Newton's method
  // off: the bracket brings it back.
  let scale = c / (1 + (c * (norm * norm + d)) / N);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < 100; iteration++) {
    const { score, slope, spread } = scoreAt(scale, c, posteriors, forms);
    const next = scale - score / slope;
    // Newton's method doubles its digits: the next correction would be below rounding.
    if (Math.abs(next - scale) <= 1e-8 * scale) {
      return { scale: next, standardError: spread / Math.sqrt(tasks) / slope };
    }
    if (score < 0) low = scale;
    else high = scale;
    scale = next > low && next < high ? Math.min(next, 2 * scale) : high < 2 * scale ? (low + high) / 2 : 2 * scale;
  }
  throw new Error(`no finite scale is best for these ${tasks} tasks (${c} classes, d = ${d}, norm ${norm}, N = ${N})`);
}

/** The mean score at a, its derivative, and the standard deviation of a task's score. */
function scoreAt(scale: number, c: number, posteriors: Float64Array, forms: Float64Array) {
  const tasks = posteriors.length / c;
  const contexts = forms.length / posteriors.length;
  const probabilities = new Float64Array(c);
  let mean = 0;
  let squares = 0;
  let slope = 0;
  for (let t = 0, at = 0; t < tasks; t++) {
    let own = 0;
    for (let s = 0; s < contexts; s++, at += c) {
      for (let j = 0; j < c; j++) probabilities[j] = scale * forms[at + j]!;
      softmax(probabilities);
      let first = 0;
      let square = 0;
      for (let j = 0; j < c; j++) {
        const form = forms[at + j]!;
        const weighted = probabilities[j]! * form;
        first += weighted;
        square += weighted * form;
        own -= posteriors[t * c + j]! * form;
      }
      own += first;
      slope += square - first * first;
    }
    own /= contexts;
    const departed = own - mean;
    mean += departed / (t + 1);
    squares += departed * (own - mean);
  }
  return {
    score: mean,
    slope: slope / (tasks * contexts),
    spread: Math.sqrt(squares / tasks),
  };
}
