import { linearDiscriminant } from "../learners/linear-discriminant.js";
import { projectedWeights } from "../learners/projected.js";
import { signedGram, supportVectorMachine } from "../learners/support-vector.js";
import { inverseSymmetric, svd, symmetricEigen } from "../linalg/decompositions.js";
import { factor } from "../linalg/factor.js";
import { largestEigenvalue } from "../linalg/largest-eigenvalue.js";
import { identity, type Matrix, matrix, row } from "../linalg/matrix.js";
import { principalAngles } from "../linalg/principal-angles.js";
import { gram, matvec, multiply } from "../linalg/products.js";
import { gaussHermite, gaussLegendre } from "../linalg/quadrature.js";
import { gramProduct } from "../linalg/symmetric-operator.js";
import { dot } from "../linalg/vector.js";
import { summarise } from "../mixture/classes/context.js";
import { autoregressiveCovariance, mahalanobis } from "../mixture/classes/covariance.js";
import { mixtureLaw } from "../mixture/classes/law.js";
import { posterior } from "../mixture/classes/posterior.js";
import { coordinateSubspace } from "../mixture/subspace.js";
import { Stream } from "../random/stream.js";
import { conditionalRisk, riskAt, taskScalars } from "../risk/conditional.js";
import { exactRisk } from "../risk/exact.js";
import { momentLaw } from "../risk/moment-law.js";
import { normalCdf, normalQuantile } from "../risk/normal.js";
import { exactSampleComplexity, sampleComplexity, sharpenedSampleComplexity } from "../risk/sample-complexity.js";
import { Capital } from "../stats/capital.js";
import { combinedLogCapital } from "../stats/combined.js";
import { confidenceInterval } from "../stats/confidence.js";
import { drawsNeeded } from "../stats/draws-needed.js";
import { Judge } from "../stats/judge.js";
import { smallestGap } from "../stats/smallest-gap.js";
import { alignment } from "../transformer/alignment.js";
import { descend, populationMinimiser } from "../transformer/classes/minimiser.js";
import { drawPopulationSample } from "../transformer/classes/sample.js";
import { populationScale } from "../transformer/classes/scale.js";
import { trainDual } from "../transformer/descent/dual.js";
import { trainNormalised } from "../transformer/descent/normalised.js";
import { trainPrimal } from "../transformer/descent/primal.js";
import { trainStochastic } from "../transformer/descent/stochastic.js";
import { maxMargin } from "../transformer/max-margin.js";
import { trainingMinimiser } from "../transformer/training-minimiser.js";
import type { Measurement } from "./measurement.js";

import { measured, type Recipe } from "./recipe.js";
import { samplers } from "./samplers.js";

// Roundings, relative to the largest value. A sum of n ≤ 1e3 terms moves by n·2^-53 at most when reordered: 1e-13.
const sums = 1e-13;
// Decompositions and solvers of condition up to 1e3 carry that on; trainings of up to 300 steps add them up.
const solved = 1e-10;
// What ends at a tolerance of its own (duality gaps, Newton's gradients of 1e-10) moves within it: 1e-6 is the widest.
const stopped = 1e-6;

/** Numbers in (−1, 1) by a congruential generator in exact integers: what moves the streams does not move them. */
function data(length: number, salt = 1): Float64Array {
  let state = salt;
  return Float64Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

const block = (rows: number, cols: number, salt = 1): Matrix => matrix(rows, cols, data(rows * cols, salt));

/** Tasks of strength 3 about e₁, made of the numbers above. */
function plainTasks(B: number, d: number) {
  const about = (salt: number, size: number) => {
    const a = block(B, d, salt);
    for (let t = 0; t < B; t++) {
      for (let i = 0; i < d; i++) a.data[t * d + i]! *= size;
      row(a, t)[0]! += 3;
    }
    return a;
  };
  const mu = matrix(B, d);
  for (let t = 0; t < B; t++) row(mu, t)[0] = 3;
  return { m: about(11, 0.5), u: about(13, 1.5), mu };
}

const classes = mixtureLaw({ covariance: autoregressiveCovariance(4, 0.5), classes: 3, norm: 2, priors: [1, 1, 2] });
const tasks = plainTasks(24, 5);
const K = gramProduct(tasks.m, tasks.u);
const steps = { stepSize: 0.05, at: [1, 10, 100] };
const trial = {
  hypothesis: { form: "atMost", bound: 0.3, slack: 0.1 } as const,
  range: [0, 1] as const,
  falseAlarm: 1e-6,
  falsePass: 1e-6,
};
const bits = data(400, 17).map((x) => (x < -0.6 ? 1 : 0));

const recipes: readonly Recipe[] = [
  {
    room: "random",
    name: "stream bits",
    rounding: 0,
    values: () => Array.from({ length: 8 }, (_, i) => Stream.root("drift", i).uniform()),
  },
  { room: "linalg", name: "dot", rounding: sums, values: () => [dot(data(1000, 3), data(1000, 5))] },
  { room: "linalg", name: "multiply", rounding: sums, values: () => multiply(block(5, 30), block(30, 3, 7)).data },
  { room: "linalg", name: "gram", rounding: sums, values: () => gram(block(5, 33)).data },
  { room: "linalg", name: "matvec", rounding: sums, values: () => matvec(block(6, 40), data(40, 9)) },
  { room: "linalg", name: "gram product in f64", rounding: sums, values: () => applied("f64") },
  // Single precision: 2^-24 a rounding, over sums of 24 terms.
  { room: "linalg", name: "gram product in f32", rounding: 1e-5, values: () => applied("f32") },
  { room: "linalg", name: "singular values", rounding: solved, values: () => svd(block(6, 4)).values },
  { room: "linalg", name: "eigenvalues", rounding: solved, values: () => symmetricEigen(gram(block(5, 9))).values },
  { room: "linalg", name: "inverse", rounding: solved, values: () => inverseSymmetric(gram(block(4, 9))).data },
  {
    room: "linalg",
    name: "factor",
    rounding: solved,
    values: () => factor(gram(block(6, 12)), [0, 1, 2, 3, 4, 5]).solve(data(6, 3)),
  },
  { room: "linalg", name: "largest eigenvalue", rounding: 1e-8, values: () => [largestEigenvalue(K)] },
  {
    room: "linalg",
    name: "principal angles",
    rounding: solved,
    values: () => principalAngles(svd(block(2, 6)).right, svd(block(2, 6, 5)).right),
  },
  { room: "linalg", name: "Gauss–Legendre", rounding: solved, values: () => gaussLegendre(9).weights },
  { room: "linalg", name: "Gauss–Hermite", rounding: solved, values: () => gaussHermite(9).weights },
  {
    room: "mixture",
    name: "Mahalanobis length",
    rounding: solved,
    values: () => [mahalanobis(classes.covariance, data(4, 21))],
  },
  {
    room: "mixture",
    name: "posterior",
    rounding: solved,
    values: () =>
      posterior({ covariance: classes.covariance, priors: classes.priors, means: block(3, 4, 23) }, data(4, 21)),
  },
  {
    room: "transformer",
    name: "primal descent",
    rounding: solved,
    values: () => trainPrimal(tasks, steps).at(-1)!.W.data,
  },
  {
    room: "transformer",
    name: "dual descent",
    rounding: solved,
    values: () => trainDual(K, steps).flatMap(({ loss, norm, alpha }) => [loss, norm, alpha[0]!]),
  },
  {
    room: "transformer",
    name: "normalised descent",
    rounding: solved,
    values: () => trainNormalised(K, { at: [10, 100] }).flatMap(({ loss, norm }) => [loss, norm]),
  },
  {
    room: "transformer",
    name: "stochastic descent",
    rounding: solved,
    values: () =>
      trainStochastic(Stream.root("drift", "stochastic"), K, { ...steps, batch: 3 }).map(({ loss }) => loss),
  },
  { room: "transformer", name: "maximum margin", rounding: stopped, values: () => marginOf() },
  {
    room: "transformer",
    name: "training minimiser",
    rounding: stopped,
    values: () => trainingMinimiser({ m: block(24, 2, 31), u: block(24, 2, 37) })!.data,
  },
  {
    room: "transformer",
    name: "alignment",
    rounding: solved,
    values: () =>
      Object.values(alignment(block(5, 5, 41), coordinateSubspace(2, 5))).filter((value) => typeof value === "number"),
  },
  {
    room: "transformer",
    name: "descent over classes",
    rounding: solved,
    values: () => descend(population(), matrix(4, 4), 0.5, 20).data,
  },
  {
    room: "transformer",
    name: "minimiser over classes",
    rounding: stopped,
    values: () => populationMinimiser(population()).W.data,
  },
  {
    room: "transformer",
    name: "scale of the minimiser",
    rounding: stopped,
    values: () => [populationScale(Stream.root("drift", "scale"), { classes: 3, d: 4, norm: 2, N: 20 }, 500).scale],
  },
  { room: "learners", name: "support vector machine", rounding: 1e-5, values: () => vector() },
  {
    room: "learners",
    name: "projected weights",
    rounding: solved,
    values: () => projectedWeights({ k: 2, d: 5, basis: svd(block(2, 5)).right.data }).data,
  },
  {
    room: "learners",
    name: "linear discriminant",
    rounding: solved,
    values: () =>
      linearDiscriminant(
        summarise({ inputs: block(9, 4, 43), labels: Int32Array.from({ length: 9 }, (_, i) => i % 3) }, 3),
        identity(4),
        data(4, 47),
      ),
  },
  {
    room: "risk",
    name: "normal distribution",
    rounding: 1e-14,
    values: () => [-6, -1, 0.3, 2].flatMap((x) => [normalCdf(x), normalQuantile(normalCdf(x))]),
  },
  {
    room: "risk",
    name: "exact risk",
    rounding: solved,
    values: () => [1, 10, 55.5].map((M) => exactRisk({ R: 2, M, k: 7 })),
  },
  {
    room: "risk",
    name: "conditional risk",
    rounding: solved,
    values: () => [conditionalRisk(block(5, 5, 3), data(5, 5), data(5, 7))],
  },
  {
    room: "risk",
    name: "risk at M examples",
    rounding: solved,
    values: () =>
      taskScalars(block(5, 5, 3), { mu: block(3, 5, 5), zeta: block(3, 5, 7) }).map((scalars) => riskAt(scalars, 12)),
  },
  {
    room: "risk",
    name: "sample complexity",
    rounding: 1e-8,
    values: () => [
      exactSampleComplexity({ R: 2, k: 9, epsilon: 0.1 }),
      sharpenedSampleComplexity({ R: 2, k: 9, epsilon: 0.1 }),
      sampleComplexity(taskScalars(identity(5), { mu: block(3, 5, 5), zeta: block(3, 5, 7) }), 0.4),
    ],
  },
  {
    room: "risk",
    name: "moment law",
    rounding: 1e-13,
    values: () => [momentLaw({ d: 50, k: 5, R: 3, N: 40, B: 200, testR: 3, M: 20 })],
  },
  {
    room: "stats",
    name: "capital",
    rounding: 1e-12,
    values: () => (["above", "below"] as const).map((side) => pushed(new Capital(side, 0.3)).log),
  },
  { room: "stats", name: "combined capital", rounding: 1e-13, values: () => [combinedLogCapital([3, -1, 0.5])] },
  // Ends are rounded outwards by a thousandth of their distance to the mean.
  {
    room: "stats",
    name: "confidence sequence",
    rounding: 1e-9,
    values: () => Object.values(confidenceInterval(bits, [0, 1], 0.05)),
  },
  {
    room: "stats",
    name: "draws needed",
    rounding: 0,
    values: () => [drawsNeeded(trial, { mean: 0.2 }).draws, drawsNeeded(trial, { mean: 0.45 }).draws],
  },
  { room: "stats", name: "smallest gap", rounding: 1e-9, values: () => [smallestGap(trial, 400)!] },
  { room: "stats", name: "judge", rounding: 1e-12, values: () => judged() },
];

function applied(precision: "f32" | "f64"): Float64Array {
  const y = new Float64Array(24);
  gramProduct(tasks.m, tasks.u, precision).apply(data(24, 3), y);
  return y;
}

const population = () => drawPopulationSample(Stream.root("drift", "population"), classes, 10, 12);

function marginOf(): number[] {
  const found = maxMargin(K);
  return found.separable ? [found.norm, found.margin] : [found.marginAtMost];
}

function vector(): number[] {
  const x = block(12, 4, 53);
  const y = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const { normSquared, bias } = supportVectorMachine(signedGram(x, y), y);
  return [normSquared, bias];
}

function pushed(capital: Capital): Capital {
  for (const bit of bits) capital.push(bit);
  return capital;
}

function judged(): number[] {
  const judge = new Judge(trial);
  for (const bit of bits) judge.push(bit);
  return [judge.draws, judge.estimate, judge.logCapitalFor, judge.logCapitalAgainst];
}

/**
 * The numbers of every room below the claims. Cost: a few seconds.
 * @param between is waited for before each of them.
 */
export async function measureRooms(between?: () => Promise<void>): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const recipe of [...samplers, ...recipes]) {
    await between?.();
    measurements.push(measured(recipe));
  }
  return measurements;
}
