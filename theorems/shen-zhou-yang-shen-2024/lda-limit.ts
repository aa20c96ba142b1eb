import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { dot } from "../../src/linalg/vector.js";
import type { Stream } from "../../src/random/stream.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { halvesOfSample, type PopulationSample } from "../../src/transformer/classes/sample.js";
import { populationScale } from "../../src/transformer/classes/scale.js";
import { shenZhouYangShen2024 } from "../papers.js";
import {
  bestScale,
  type ContextWorld,
  contextRivals,
  lawOf,
  populationIn,
  precisionTimes,
  statedContexts,
} from "./setup.js";
import { deviation, inWhitened, slope, stretched, type Whitened } from "./weights.js";

/*
 * What the transformer learns is discriminant analysis, up to a factor: how far from cΛ⁻¹ its weights are is what a
 * finite context costs, and the paper bounds it by O(c/N) without a constant.
 * c classes in dimension d, Λ⁻¹-norm rho of every class mean; Λ diagonal with condition number `condition`, or where
 * that is 1 AR(1) with coefficient phi; `gaussian` = 1 draws μ₁ ~ N(0, I) and the others as Λ-rotations of it (the
 * paper's example), 0 all uniformly on the sphere; N examples a context. `priors` and `norms`: class 0's in units of
 * the others'.
 * In whitened coordinates the spherical law of tasks is invariant under orthogonal maps and the loss strictly convex,
 * so its minimiser commutes with all of them: W* = a(N)Λ⁻¹ exactly, and a is the root of one scalar equation. It is
 * solved here on the tasks that W is trained on, counted and made noisy as stated: the two share most of their
 * Monte-Carlo error.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly condition: number;
  readonly phi: number;
  readonly gaussian: number;
  readonly N: number;
  readonly priors: number;
  readonly norms: number;
};

interface World extends ContextWorld {
  /** The power of N that a context of N examples is worth, from the law's first length on. */
  readonly power: number;
  /** Factor on Λ's variance in the first direction, in training. */
  readonly first: number;
}

const spherical = (at: C) => at.gaussian === 0;
const usual = { condition: 4, phi: 0, gaussian: 0, priors: 1, norms: 1 };

export const ldaLimit = theorem({
  id: "lda-limit",
  title: "The trained weights are cΛ⁻¹, up to the inverse of the training context's length",
  source: {
    paper: shenZhouYangShen2024,
    locus: "training limit, binary and multi-class, whose constants it leaves open; the scalar a(N) is derived",
    status: "stated as rate",
  },
  statement:
    String.raw`W^* = c(\Lambda^{-1} + G), \quad \|G\|_{\max} = O(c/N); \qquad W^* = a(N)\,\Lambda^{-1} ` +
    String.raw`\text{ for spherical means}`,
  regime: fc
    .record({
      classes: fc.constantFrom(2, 2, 3),
      d: fc.integer({ min: 2, max: 5 }),
      rho: fc.constantFrom(1.5, 2),
      condition: fc.constantFrom(1, 4, 10),
      phi: fc.constantFrom(-0.5, 0.5),
    })
    .map((at) => ({ ...usual, ...at, N: 10 * at.classes })),
  examples: {
    "thirty examples in five dimensions": { ...usual, classes: 2, d: 5, rho: 2, condition: 1, N: 30 },
    "five classes": { ...usual, classes: 5, d: 4, rho: 2, N: 40 },
    "ten dimensions": { ...usual, classes: 2, d: 10, rho: 2, N: 30 },
    "Gaussian means": { ...usual, classes: 2, d: 2, rho: 2, condition: 9, gaussian: 1, N: 30 },
    "eighty classes": { ...usual, classes: 80, d: 5, rho: 2, condition: 1, N: 800 },
  },
  paper: {
    "d = 20, ten classes": { ...usual, classes: 10, d: 20, rho: 2, N: 50 },
    "a hundred and sixty classes": { ...usual, classes: 160, d: 5, rho: 2, condition: 1, N: 1600 },
  },
  configurations: 6,
  maxDraws: 600,
  assumptions: [
    assume<C>("N >= 2", { why: "a context has examples", drop: (at) => ({ ...at, N: 1 }) }),
    assume<C>("condition >= 1", { why: "Λ is positive definite", drop: (at) => ({ ...at, condition: 0.5 }) }),
    assume<C>("priors == 1", { why: "equal priors", drop: (at) => ({ ...at, priors: 4 }) }),
    assume<C>("norms == 1", { why: "class means of equal Λ⁻¹-norm", drop: (at) => ({ ...at, norms: 1.5 }) }),
  ],
  world: { ...statedContexts, power: 1, first: 1 } as World,
  rivals: {
    ...contextRivals,
    "as many examples of each class": { says: "every context shows N/c of each class", world: { counted: "N/c each" } },
    "Λ twice as long in one direction": {
      says: "the tasks trained on have twice the variance in the first direction",
      world: { first: 2 },
    },
    "exponent -0.9": { says: "the departure falls like N to the -0.9", world: { power: 0.9 } },
    "exponent -1/2": { says: "the departure falls like the noise, 1/√N", world: { power: 0.5 } },
  },
  simulate,
  claims: [
    {
      id: "scale",
      says: "tr(ΛW*)/d is a(N) within 1%, at contexts of 5 to 20 examples a class; beyond ten dimensions within .4%",
      form: "equals",
      where: (at) => spherical(at) && at.classes < 20,
      range: [(at) => (isLarge(at) ? 0.988 : 0.97), (at) => (isLarge(at) ? 1.012 : 1.03)],
      clip: "both",
      equals: 1,
      within: (at) => (isLarge(at) ? 0.004 : 0.01),
      measure: ({ scale, stated }) => scale / stated,
      rivals: [
        "counts from N - 1 draws",
        "training noise x 0.9",
        "training noise x 0.8",
        "as many examples of each class",
      ],
    },
    {
      id: "shape",
      says:
        "and an entry of Λ^{1/2}W*Λ^{1/2} is that of a(N)I within 3% of a(N), root mean square over " +
        "all d²; in more than ten dimensions within .3/d",
      form: "equals",
      where: (at) => spherical(at) && at.d >= 4 && at.d * at.classes >= 20 && at.classes < 20,
      range: [-0.0036, 0.0036],
      clip: "both",
      equals: 0,
      within: 0.03 ** 2,
      // The product of two independent trainings' departures: its mean has no noise in it.
      // Beyond ten dimensions in units of (.3/d)²: one direction of d is one entry of d².
      measure: ({ trained: [one, two] }, { d }) => dot(one.departure, two.departure) / Math.min(d, 10) ** 2,
      rivals: ["Λ twice as long in one direction"],
    },
    {
      id: "exponent-of-scale",
      says: "1 − a(N)/c falls like 1/N: from N₀ = 140c(ρ² + d) to 64N₀ its exponent is −1 ± 0.02",
      form: "equals",
      where: (at) => spherical(at) && at.classes < 20,
      range: [-1.06, -0.94],
      clip: "both",
      equals: -1,
      within: 0.02,
      measure: ({ scales }) => slope(scales),
      rivals: ["exponent -0.9", "exponent -1/2"],
    },
    {
      id: "exponent-of-entries",
      says:
        "‖G‖_max of the full problem falls like 1/N, for Gaussian means too: its exponent over " +
        "the same is −1 ± 0.05",
      form: "equals",
      where: (at) => at.classes === 2 && at.d <= 5,
      range: [-1.15, -0.85],
      clip: "both",
      equals: -1,
      within: 0.05,
      measure: ({ deviations }) => slope(deviations),
      rivals: ["exponent -0.9", "exponent -1/2"],
    },
    {
      id: "bounded-in-c",
      says: "N(1 − a/c)/c is at most 26 up to 160 classes (d = 5, ρ = 2, N = 1000c)",
      form: "mean",
      where: (at) => at.classes >= 20,
      range: [0, 40],
      clip: "both",
      atMost: 24,
      slack: 2,
      measure: ({ constant }) => constant,
      rivals: ["exponent -0.9", "exponent -1/2"],
    },
    {
      id: "random-counts",
      says:
        "nearly half of 1 − a/c at N = 30 (d = 5, ρ = 2) comes from the classes' random counts: " +
        "without, at most 0.6 is left",
      form: "mean",
      where: (at) => spherical(at) && at.classes === 2 && at.d === 5 && at.N === 30 && at.rho === 2,
      range: [0.235, 0.78],
      clip: "both",
      atMost: 0.55,
      slack: 0.05,
      measure: ({ withoutCounts, own }, { classes }) => (1 - withoutCounts / classes) / (1 - own / classes),
      rivals: ["as many examples of each class"],
    },
  ],
});

function simulate(at: C, stream: Stream, world: World) {
  const law = lawOf(at, at.gaussian ? "gaussian" : "spherical");
  const tasks = tasksFor(at);
  const from = Math.round(140 * at.classes * (at.rho ** 2 + at.d));
  const lengths = [from, Math.round(from * 64 ** world.power)];
  const sampleOf = (contexts: ContextWorld, name: string, count = tasks) =>
    populationIn(contexts, stream.derive(name), world.first === 1 ? law : stretched(law, world.first), at.N, count);
  const scaleOf = (contexts: ContextWorld) => {
    const scales = ["one", "two"].map((name) => bestScale(sampleOf(contexts, name), law));
    return (scales[0]! + scales[1]!) / 2;
  };
  type Parts = {
    readonly trained: readonly [Whitened, Whitened];
    readonly scale: number;
    readonly stated: number;
    readonly own: number;
    readonly withoutCounts: number;
    readonly scales: readonly number[];
    readonly deviations: readonly number[];
    readonly constant: number;
  };
  const trainedOn = (sample: PopulationSample) => {
    const start = precisionTimes(law, simulation.stated);
    return inWhitened(law, populationMinimiser(sample, { start, tolerance: 1e-6 }).W);
  };
  const simulation: Parts = lazily<Parts>({
    // Two halves of the tasks; from a(N)Λ⁻¹, near their minimisers, Newton's method needs two steps or three.
    trained: () => {
      const [one, two] = ["one", "two"].map((name) => trainedOn(sampleOf(world, name)));
      return [one!, two!] as const;
    },
    scale: () => {
      const average = (parts: readonly Whitened[]) => parts.reduce((sum, { scale }) => sum + scale / parts.length, 0);
      const whole = average(simulation.trained);
      if (!isLarge(at)) return whole;
      // What is of order 1/S in it is twice that in its halves' average, and so taken out.
      const halves = ["one", "two"].flatMap((name) => halvesOfSample(sampleOf(world, name)).map(trainedOn));
      return 2 * whole - average(halves);
    },
    stated: () => scaleOf(statedContexts),
    own: () => scaleOf(world),
    withoutCounts: () => scaleOf({ ...world, counted: "N/c each" }),
    // Equal streams: the same tasks and noise at both lengths.
    scales: () =>
      lengths.map((N) => 1 - bestScale(populationIn(world, stream.derive("law"), law, N, 150), law) / at.classes),
    deviations: () =>
      lengths.map((N) => {
        const sample = populationIn(world, stream.derive("law"), law, N, 150);
        return deviation(at.classes, law, populationMinimiser(sample, { tolerance: 1e-8 }).W);
      }),
    constant: () => {
      const N = 1000 * at.classes;
      const worth = Math.round(N ** world.power);
      const { classes, d, rho: norm } = at;
      const { scale } = populationScale(
        stream.derive("many"),
        { classes, d, norm, N: worth },
        Math.ceil(640 / classes),
      );
      return (N / classes) * (1 - scale / classes);
    },
  });
  return simulation;
}

/** So many that each half's own minimiser is within a few per cent of W*. */
function tasksFor(at: C): number {
  return Math.ceil(Math.max(400, (isLarge(at) ? 20 : 10) * at.d * at.d) / at.classes);
}

/**
 * So many dimensions that the minimiser's scale shows how few its tasks are, 1.3% at d = 20, c = 10, N = 50: it is
 * corrected there, and so known well enough for the .4% that tells N counts from N − 1 (.7% of a(N)). Up to ten it is
 * less than .3%, within the 1% claimed, and a correction would train twice as often.
 */
function isLarge({ d }: C): boolean {
  return d > 10;
}
