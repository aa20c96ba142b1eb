import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { symmetricEigen } from "../../src/linalg/decompositions.js";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { dot, norm } from "../../src/linalg/vector.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { hessianProduct, hessianRange, populationLoss } from "../../src/transformer/classes/loss.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { smoothnessBound, trainOnPrompts } from "../../src/transformer/classes/prompts.js";
import { drawPopulationSample, embedSample } from "../../src/transformer/classes/sample.js";
import { shenZhouYangShen2024 } from "../papers.js";
import { gap, lawOf, precisionTimes } from "./setup.js";

/*
 * The rate at which training converges: strong convexity of the expected loss makes gradient descent linear, and the rate
 * is no better than the condition number κ says, about the square of Λ's.
 *
 * c classes in dimension d, Λ diagonal with condition number `condition`, means of Λ⁻¹-norm 1.5, contexts of N; `step` is
 * the step in units of 1/β, β the Hessian's bound at every W; W0 the norm of a random start in units of ‖W*‖; `flat` = 1
 * adds a direction in which Λ and the data are zero; `priors` and `norms`: class 0's in units of the others'.
 *
 * With a step η ≤ 1/β and λ the least eigenvalue on the path, W_{t+1} − W* = (1 − ηH̄)(W_t − W*), H̄ the mean Hessian of the
 * segment, so a step contracts by 1 − 1/κ at least, κ = 1/(ηλ) (Nesterov 2018, §2.1.5); e^{−t/κ} bounds it.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly condition: number;
  readonly N: number;
  readonly step: number;
  readonly W0: number;
  readonly flat: number;
  readonly priors: number;
  readonly norms: number;
};

interface World {
  /** Factor on the rate claimed. */
  readonly speed: number;
  /** The long and the short step of the edge, in units of 2/λ_max at W*. */
  readonly inside: number;
  readonly outside: number;
  readonly balanced: boolean;
  readonly flat: boolean;
}

const usual = { N: 40, step: 1, W0: 1, flat: 0, priors: 1, norms: 1 };

export const linearRate = theorem({
  id: "linear-rate",
  title: "Gradient descent on the expected loss converges linearly",
  source: { paper: shenZhouYangShen2024, locus: "training convergence, binary and multi-class", status: "stated" },
  statement: String.raw`\|W_t - W^*\|^2 \le e^{-t/\kappa}\,\|W_0 - W^*\|^2, \qquad \kappa = 1/(\eta\lambda_{\min}),\ \eta \le 1/\lambda_{\max}`,
  regime: fc
    .record({
      classes: fc.integer({ min: 2, max: 3 }),
      d: fc.integer({ min: 2, max: 3 }),
      condition: fc.constantFrom(1, 3, 10, 30),
      norms: fc.constantFrom(1, 1, 1.5),
    })
    .map((at) => ({ ...usual, ...at })),
  examples: {
    binary: { ...usual, classes: 2, d: 3, condition: 1 },
    "condition 100": { ...usual, classes: 2, d: 2, condition: 100 },
    "five classes": { ...usual, classes: 5, d: 2, condition: 10 },
    "unequal priors and norms": { ...usual, classes: 2, d: 2, condition: 2, priors: 9, norms: 2 },
    "half the step": { ...usual, classes: 2, d: 2, condition: 4, step: 0.5 },
  },
  paper: { "d = 5, condition 100": { ...usual, classes: 3, d: 5, condition: 100, N: 10_000 } },
  configurations: 6,
  maxDraws: 400,
  assumptions: [
    assume<C>("flat == 0", { why: "strong convexity: Λ is not singular", drop: (at) => ({ ...at, flat: 1 }) }),
    assume<C>("step > 0", { why: "descent has a step", drop: (at) => ({ ...at, step: -1 }) }),
    assume<C>("step <= 1", { why: "step size at most 1/λ_max", drop: (at) => ({ ...at, step: 400 }) }),
    assume<C>("condition >= 1", { why: "Λ is positive definite", drop: (at) => ({ ...at, condition: 0.5 }) }),
  ],
  world: { speed: 1, inside: 0.99, outside: 1.01, balanced: false, flat: false } as World,
  rivals: {
    "1.2 times as fast": { says: "the rate is a fifth faster than κ says", world: { speed: 1.2 } },
    "a direction in which Λ is zero": { says: "the loss is flat along it", world: { flat: true } },
    "1.01 of the edge": { says: "the step is a hundredth beyond 2/λ_max", world: { inside: 1.01 } },
    "0.99 of the edge": { says: "the step is a hundredth short of 2/λ_max", world: { outside: 0.99 } },
    "balanced classes": { says: "priors and norms are equal after all", world: { balanced: true } },
  },
  simulate,
  claims: [
    {
      id: "squared-distance",
      says: "‖W_t − W*‖² ≤ e^{−2t/κ}‖W₀ − W*‖² at every step from a random W₀, κ from the least curvature on the path",
      form: "always",
      tolerance: 1e-6,
      because: "rounding of log distances above 1e-6 of the first, W* known to 1e-9 of it",
      seeds: 1,
      measure: ({ path }, _, { speed }) => path.excess(speed),
      rivals: ["a direction in which Λ is zero"],
    },
    {
      id: "rate-attained",
      says: "started on the slowest eigenvector each step contracts by 1 − 1/κ, κ at W*, within .1% of log(1 − 1/κ)",
      form: "always",
      tolerance: 0.001,
      because: "stated slack: the Hessian changes on the way, by about the distance from W*, 1e-4‖W*‖",
      seeds: 2,
      measure: ({ rate }, _, { speed }) => Math.abs(rate / speed - 1),
      rivals: ["1.2 times as fast"],
    },
    {
      id: "converges-below-the-edge",
      says: "a step of .99 · 2/λ_max(W*) still converges near W*, on the fastest eigenvector too",
      form: "always",
      tolerance: 0,
      because: "the distance after 20 steps is (1 − .02)^20 of the first: a fall by a third",
      seeds: 2,
      measure: ({ edge }, _, { inside }) => edge(inside),
      rivals: ["1.01 of the edge"],
    },
    {
      id: "diverges-above-the-edge",
      says: "and one of 1.01 · 2/λ_max(W*) leaves it",
      form: "always",
      tolerance: 0,
      because: "the distance after 20 steps is 1.02^20 of the first: half as much again",
      seeds: 2,
      measure: ({ edge }, _, { outside }) => -edge(outside),
      rivals: ["0.99 of the edge"],
    },
    {
      id: "strongly-convex-on-a-ball",
      says: "⟨∇L(W), W − W*⟩ ≥ 0.3 λ_min(W*)‖W − W*‖² for ‖W − W*‖ ≤ ‖W*‖/2",
      form: "always",
      tolerance: 0,
      because: "the constant is calibrated: the least quotient seen is above .4",
      seeds: 2,
      measure: ({ ball }) => 0.3 - ball,
      rivals: ["a direction in which Λ is zero"],
    },
    {
      id: "imbalance-moves-the-optimum",
      says:
        "priors 9 : 1 and norms 2 : 1 break convergence to the claimed optimum: at N = ∞ W* is a " +
        "tenth or more from cΛ⁻¹",
      form: "always",
      tolerance: 0,
      because: "the tenth is the claim; balanced tasks leave 1e-8",
      seeds: 2,
      measure: ({ moved }, _, { balanced }) => 0.1 - moved(!balanced),
      rivals: ["balanced classes"],
    },
    {
      id: "imbalance-breaks-convexity",
      says: "with priors 9 : 1 and norms 2 : 1 the loss curves downwards somewhere",
      form: "mean",
      range: [0, 1],
      atLeast: 0.5,
      slack: 0.1,
      measure: ({ concave }) => concave,
      expect: {
        verdict: "refuted",
        because: "cross-entropy is convex in W whatever the data; what moves is the minimiser",
        nearest: "imbalance-moves-the-optimum",
      },
      rivals: [],
    },
    {
      id: "bad-initialisation",
      says: "from W₀ ten times as large as W*, gradient descent does not come nearer than half the way",
      form: "always",
      where: (at) => at.condition <= 3,
      tolerance: 0,
      because: "one start that comes nearer contradicts it",
      expect: {
        verdict: "refuted",
        because: "the loss is strictly convex: any start leads to W*",
        nearest: "squared-distance",
      },
      measure: ({ far }) => 0.5 - far,
      rivals: [],
    },
  ],
});

function simulate(at: C, stream: Stream, world: World) {
  const law = lawOf({ ...at, rho: 1.5 });
  const data = drawPopulationSample(stream.derive("tasks"), law, at.N, Math.max(40, 4 * at.d * at.d));
  const size = at.d + (at.flat === 1 || world.flat ? 1 : 0);
  const sample = embedSample(data, size);
  const { W: minimiser } = populationMinimiser(sample, { tolerance: 1e-13 });
  const random = (name: string, length: number) => {
    const z = normals(stream.derive(name), size * size);
    return plus(minimiser, matrix(size, size, z), (length * norm(minimiser.data)) / norm(z));
  };
  const smooth = smoothnessBound(sample);
  const stepSize = at.step / smooth;
  const limit = populationLoss(sample, minimiser);
  const eigen = () => {
    const hessian = matrix(size * size, size * size);
    for (let i = 0; i < size * size; i++) {
      const unit = matrix(size, size);
      unit.data[i] = 1;
      hessian.data.set(hessianProduct(sample, limit, unit).data, i * size * size);
    }
    return symmetricEigen(hessian);
  };
  const spectrum = lazily({ eigen });
  return lazily({
    path: () => {
      const all = Array.from({ length: 1001 }, (_, t) => t);
      const path = trainOnPrompts(sample, { start: random("W0", at.W0), stepSize, at: all, target: minimiser });
      let smallest = curvatureOf(minimiser).smallest;
      for (let t = 0; t < 1001; t += 100) smallest = Math.min(smallest, curvatureOf(path[t]!.W).smallest);
      const first = path[0]!.distance;
      const seen = path.filter(({ distance }) => distance > 1e-6 * first);
      return {
        excess: (speed: number) =>
          seen.reduce(
            (most, { distance, step }) =>
              Math.max(most, 2 * Math.log(distance / first) - 2 * step * Math.log1p(-speed * stepSize * smallest)),
            Number.NEGATIVE_INFINITY,
          ),
      };
    },
    rate: () => {
      const { values, vectors } = spectrum.eigen;
      const before = plus(minimiser, column(vectors, 0, size), 1e-4 * norm(minimiser.data));
      const [a, b] = trainOnPrompts(sample, { start: before, stepSize, at: [0, 50], target: minimiser });
      return Math.log(b!.distance / a!.distance) / (50 * Math.log1p(-stepSize * values[0]!));
    },
    edge: () => (share: number) => {
      const { values, vectors } = spectrum.eigen;
      const start = plus(minimiser, column(vectors, size * size - 1, size), 1e-5 * norm(minimiser.data));
      const step = (2 * share) / values.at(-1)!;
      const [a, b] = trainOnPrompts(sample, { start, stepSize: step, at: [0, 20], target: minimiser });
      return Math.log(b!.distance / a!.distance);
    },
    ball: () => {
      const { values, vectors } = spectrum.eigen;
      const least = curvatureOf(minimiser).smallest;
      const radius = norm(minimiser.data) / 2;
      const directions = [0, 1, 2, 3].flatMap((i) => {
        const V = column(vectors, Math.min(i, values.length - 1), size);
        return [plus(minimiser, V, radius), plus(minimiser, V, -radius), random(`ball ${i}`, 0.5)];
      });
      return directions.reduce((fewest, W) => {
        const away = W.data.map((value, i) => value - minimiser.data[i]!);
        return Math.min(fewest, dot(populationLoss(sample, W).gradient.data, away) / (least * dot(away, away)));
      }, Number.POSITIVE_INFINITY);
    },
    moved: () => (skewed: boolean) => {
      const other = lawOf({ ...at, rho: 1.5, priors: skewed ? 9 : 1, norms: skewed ? 2 : 1 });
      const limited = drawPopulationSample(stream.derive("limit"), other, Number.POSITIVE_INFINITY, 20 * at.d * at.d);
      const optimum = precisionTimes(other, at.classes);
      return gap(populationMinimiser(limited, { tolerance: 1e-10 }).W, optimum) / norm(optimum.data);
    },
    concave: () => {
      const other = lawOf({ ...at, rho: 1.5, priors: 9, norms: 2 });
      const skewed = drawPopulationSample(stream.derive("skewed"), other, at.N, 40);
      const down = [0, 1, 2].some((i) => {
        const z = normals(stream.derive("W", i), at.d * at.d).map((value) => value * 4 ** (i - 1));
        const { smallest, largest } = hessianRange(skewed, populationLoss(skewed, matrix(at.d, at.d, z)));
        return smallest < -1e-12 * largest;
      });
      return down ? 1 : 0;
    },
    far: () => {
      const [a, b] = trainOnPrompts(sample, { start: random("far", 10), stepSize, at: [0, 2000], target: minimiser });
      return b!.distance / a!.distance;
    },
  });
  /** In the directions that the data has. */
  function curvatureOf(W: Matrix) {
    const inner = matrix(at.d, at.d);
    for (let a = 0; a < at.d; a++) row(inner, a).set(row(W, a).subarray(0, at.d));
    return hessianRange(data, populationLoss(data, inner));
  }
}

/** Eigenvector j, a row of `vectors`, as a matrix. */
function column({ data, cols }: Matrix, j: number, size: number): Matrix {
  return matrix(size, size, data.slice(j * cols, (j + 1) * cols));
}

function plus(a: Matrix, b: Matrix, scale: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + scale * b.data[i]!),
  );
}
