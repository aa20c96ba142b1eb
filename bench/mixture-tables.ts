import { symmetricEigen } from "../src/linalg/decompositions.js";
import { identity, type Matrix, matrix } from "../src/linalg/matrix.js";
import { norm } from "../src/linalg/vector.js";
import { diagonalCovariance, identityCovariance } from "../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../src/mixture/classes/law.js";
import { Stream } from "../src/random/stream.js";
import { expectedDeparture } from "../src/risk/departure.js";
import { hessianProduct, hessianRange, populationLoss } from "../src/transformer/classes/loss.js";
import { descend, populationMinimiser } from "../src/transformer/classes/minimiser.js";
import { classProbabilities } from "../src/transformer/classes/probabilities.js";
import { drawPopulationSample, type PopulationSample } from "../src/transformer/classes/sample.js";
import { populationScale } from "../src/transformer/classes/scale.js";

// Tables for Gaussian mixtures: the trained scale, the inference error, and the contraction of gradient descent.
// Run: npx tsx bench/mixture-tables.ts; about a minute. The first argument scales every sample.
const size = Number(process.argv[2] ?? 1);
const d = 5;
const rho = 2;

const tabulate = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) =>
  console.log(
    [`\n## ${title}\n`, ...[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`)].join(
      "\n",
    ),
  );
const withError = (value: number, error: number) => `${value.toFixed(4)} ± ${error.toFixed(4)}`;
const gap = (a: Matrix, b: Matrix) => norm(a.data.map((value, i) => value - b.data[i]!));
const largestOf = (data: Float64Array) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Mean and standard error of the mean. */
function summary(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (values.length - 1) / values.length)];
}

/** Gradient descent from 0, step 1/λ_max. */
function byDescent(sample: PopulationSample, steps: number): Matrix {
  const { largest } = hessianRange(sample, populationLoss(sample, matrix(d, d)));
  return descend(sample, matrix(d, d), 1 / largest, steps);
}

function scales(): void {
  const rows: string[][] = [];
  for (const classes of [2, 3, 5, 10]) {
    for (const N of [40, 160, 640]) {
      const { scale, standardError } = populationScale(
        Stream.root("scale"),
        { classes, d, norm: rho, N },
        Math.round((size * 60_000) / classes),
      );
      const law = mixtureLaw({ covariance: identityCovariance(d), classes, norm: rho });
      // Averages over several samples, for an error of their own; the bias of a sample's minimiser is of order 1/S.
      const traces = Array.from({ length: 4 }, (_, i) => {
        const sample = drawPopulationSample(Stream.root("W", i), law, N, Math.round((size * 1600) / classes));
        const trace = (W: Matrix) => W.data.reduce((sum, value, at) => (at % (d + 1) === 0 ? sum + value : sum), 0) / d;
        const newton = populationMinimiser(sample, { tolerance: 1e-8 }).W;
        const descended = i === 0 ? byDescent(sample, 2000) : newton;
        const difference = largestOf(newton.data.map((value, at) => value - descended.data[at]!)) / classes;
        return { newton: trace(newton) / classes, difference };
      });
      const [mean, error] = summary(traces.map(({ newton }) => newton));
      rows.push([
        `${classes}`,
        `${N}`,
        withError(scale / classes, standardError / classes),
        withError(mean, error),
        traces[0]!.difference.toExponential(1),
        ((N * (scale / classes - 1)) / classes).toFixed(2),
      ]);
    }
  }
  tabulate(
    `a(N)/c, d = ${d}, ρ = ${rho}`,
    [
      "c",
      "N",
      "scalar equation",
      "full matrix, Newton: tr W/(cd)",
      "max difference of 2000 GD steps, over c",
      "N(a/c − 1)/c",
    ],
    rows,
  );
}

function inferenceErrors(): void {
  const law = mixtureLaw({ covariance: identityCovariance(d), classes: 2, norm: rho });
  const error = (scale: number, M: number) => {
    const W = identity(d, scale);
    return expectedDeparture(Stream.root("test"), law, M, Math.round(size * 40_000), (context, x) =>
      classProbabilities(W, context.heads, x),
    );
  };
  tabulate(
    "E TV·√M, W = 2Λ⁻¹, binary",
    ["M", "E TV·√M"],
    [10, 40, 160, 640, 2560, 10_240].map((M) => {
      const { mean, standardError } = error(2, M);
      return [`${M}`, withError(mean * Math.sqrt(M), standardError * Math.sqrt(M))];
    }),
  );
  tabulate(
    "E TV·N, W = a(N)Λ⁻¹, M infinite, binary",
    ["N", "a(N)", "E TV·N"],
    [20, 40, 80, 160, 320].map((N) => {
      const { scale } = populationScale(Stream.root("a"), { classes: 2, d, norm: rho, N }, Math.round(size * 40_000));
      const { mean, standardError } = error(scale, Number.POSITIVE_INFINITY);
      return [`${N}`, scale.toFixed(4), withError(mean * N, standardError * N)];
    }),
  );
}

/**
 * The exponent of c between neighbouring numbers of classes, of E TV·√M (W = cΛ⁻¹) and of E TV·N (W = a(N)Λ⁻¹), M = N =
 * 400c.
 */
function exponents(): void {
  const counts = [2, 3, 5, 8, 12, 20];
  const errors = counts.map((classes) => {
    const law = mixtureLaw({ covariance: identityCovariance(d), classes, norm: rho });
    const N = 400 * classes;
    const tasks = Math.round((size * 16_000) / classes);
    const { scale } = populationScale(Stream.root("a"), { classes, d, norm: rho, N }, tasks);
    const error = (W: Matrix, M: number) =>
      expectedDeparture(Stream.root("c"), law, M, Math.round(tasks / 2), (context, x) =>
        classProbabilities(W, context.heads, x),
      ).mean;
    return [error(identity(d, classes), N) * Math.sqrt(N), error(identity(d, scale), Number.POSITIVE_INFINITY) * N];
  });
  tabulate(
    `exponents in c, d = ${d}, ρ = ${rho}`,
    ["c", "E TV·√M", "over c^{3/2}", "exponent to the next c", "E TV·N", "over c²", "exponent to the next c"],
    counts.map((c, i) => {
      const next = (which: 0 | 1) =>
        i + 1 < counts.length
          ? (Math.log(errors[i + 1]![which]! / errors[i]![which]!) / Math.log(counts[i + 1]! / c)).toFixed(2)
          : "";
      const [m, n] = errors[i]! as [number, number];
      return [`${c}`, m.toFixed(3), (m / c ** 1.5).toFixed(3), next(0), n.toFixed(2), (n / c ** 2).toFixed(3), next(1)];
    }),
  );
}

/**
 * From W* plus a little of the Hessian's eigenvector of least eigenvalue (its row 0), gradient descent shows the
 * slowest rate at once.
 */
function contraction(): void {
  const rows = [1, 10, 100].map((condition) => {
    const law = mixtureLaw({ covariance: diagonalCovariance(2, condition), classes: 2, norm: rho });
    const sample = drawPopulationSample(Stream.root("rate"), law, 40, 400);
    const { W } = populationMinimiser(sample, { tolerance: 1e-13 });
    const point = populationLoss(sample, W);
    const hessian = matrix(4, 4);
    for (let i = 0; i < 4; i++) {
      const unit = matrix(2, 2);
      unit.data[i] = 1;
      hessian.data.set(hessianProduct(sample, point, unit).data, 4 * i);
    }
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) hessian.data[4 * i + j] = hessian.data[4 * j + i]!;
    const { vectors } = symmetricEigen(hessian);
    const start = matrix(
      2,
      2,
      W.data.map((value, i) => value + 1e-3 * vectors.data[i]!),
    );
    const { largest } = hessianRange(sample, populationLoss(sample, matrix(2, 2)));
    const { smallest } = hessianRange(sample, point);
    const kappa = largest / smallest;
    const distances: number[] = [];
    descend(sample, start, 1 / largest, 100, (now, _, t) => {
      distances[t] = gap(now, W);
    });
    // From zero: distances over the whole path against the stated bound, at t = 100.
    let fromZero = Number.NaN;
    descend(sample, matrix(2, 2), 1 / largest, 100, (now, _, t) => {
      if (t === 100) fromZero = gap(now, W) ** 2 / norm(W.data) ** 2;
    });
    const perStep = (distances[100]! / distances[0]!) ** (2 / 100);
    return [
      `${condition}`,
      kappa.toFixed(1),
      perStep.toFixed(8),
      ((1 - 1 / kappa) ** 2).toFixed(8),
      Math.exp(-1 / kappa).toFixed(8),
      fromZero.toExponential(2),
      Math.exp(-100 / kappa).toExponential(2),
    ];
  });
  tabulate(
    "contraction of ‖W_t − W*‖² a step, binary, d = 2, N = 40, η = 1/λ_max",
    [
      "cond Λ",
      "κ at W*",
      "measured, slowest direction",
      "(1 − 1/κ)²",
      "stated exp(−1/κ)",
      "from W₀ = 0, t = 100",
      "stated exp(−100/κ)",
    ],
    rows,
  );
}

scales();
inferenceErrors();
exponents();
contraction();
