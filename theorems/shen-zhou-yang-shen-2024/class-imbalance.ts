import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { theorem } from "../../src/claim/theorem.js";
import { shenZhouYangShen2024 } from "../papers.js";
import { type At, fewClasses, growthClaims, large, simulateFor, world } from "./standing-out.js";

/**
 * Why it matters: real classes are not balanced, and the paper's limit needs that they are: what it costs when they are
 * not.
 *
 * `priors` is the prior of class 0 in units of the others', `rho` their Λ⁻¹-norm; W is aΛ⁻¹, the exact minimiser for
 * spherical means at any priors and norms, so Λ cancels and is I. The derivation of the law is in standing-out.ts.
 */
const usual = { norms: 1 };

export const classImbalance = theorem({
  id: "class-imbalance",
  title: "With unequal priors the transformer departs from the posterior however long the contexts",
  source: { paper: shenZhouYangShen2024, locus: "remark on unbalanced classes; the law is derived", status: "stated" },
  statement:
    String.raw`\pi_0 \ne \pi_j \implies \lim_{N, M \to \infty} \mathbb{E}\,\mathrm{TV}\bigl(\mathrm{softmax}_j(\pi_j ` +
    String.raw`\mu_j^\top W^* x), P(\cdot \mid x)\bigr) > 0`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 5 }),
    d: fc.constantFrom(2, 3, 5),
    rho: fc.constantFrom(1, 1.5),
    priors: fc.constantFrom(3, 4, 6),
    norms: fc.constant(1),
  }),
  examples: {
    binary: { classes: 2, d: 3, rho: 1.5, priors: 4, ...usual },
    "three classes": { classes: 3, d: 2, rho: 1, priors: 4, ...usual },
  },
  paper: { "ten classes in twenty dimensions": { classes: 10, d: 20, rho: 1.5, priors: 4, ...usual } },
  configurations: 3,
  maxDraws: 1000,
  assumptions: [
    assume<At>("priors >= c_r", {
      why: "unequal priors",
      constants: { c_r: { value: 3, from: "calibrated: the floor at the ratio itself is then above its bound" } },
      drop: (at) => ({ ...at, priors: 1 }),
    }),
    assume<At>("norms == 1", { why: "nothing else in which class 0 stands out", drop: (at) => ({ ...at, norms: 2 }) }),
    assume<At>("rho >= c_rho", {
      why: "means that stand out of the noise",
      constants: { c_rho: { value: 1, from: "calibrated: below, the posterior hardly moves and the floor with it" } },
      drop: (at) => ({ ...at, rho: 0.1 }),
    }),
    assume<At>("classes <= c_c", {
      why: "few enough classes for one to count",
      constants: { c_c: { value: 10, from: "calibrated: with more, the second order shows at 1.02 : 1" } },
      drop: (at) => ({ ...at, classes: 40 }),
    }),
  ],
  world,
  rivals: {
    "1/N_j": { says: "class sums are divided by the class's own count", world: { summing: "1/N_j" } },
    "one class off": { says: "each class is weighed by the next one's count", world: { summing: "one class off" } },
    "query's class uniform": {
      says: "the test query's class is uniform, whatever the priors",
      world: { queries: "uniform" },
    },
    "wrong priors": { says: "discriminant analysis takes equal priors", world: { discriminantPriors: "equal" } },
    "equal classes": { says: "class 0 does not stand out", at: (at) => ({ ...at, priors: 1 }) },
    "trained and tested alike": { says: "class 0 stands out in training and at test", world: { alone: false } },
    "sixteen times as far": { says: "the law is read at the other end", world: { from: large } },
    "M^{-0.4}": { says: "the exponent in M is off by a tenth", world: { contextRate: 0.8 } },
  },
  simulate: simulateFor("priors"),
  claims: [
    {
      id: "first-order",
      says:
        "with up to five classes E TV is in the limit, at 1.02 : 1, log 1.02 times the mean derived " +
        "from the posterior, within 5%",
      form: "equals",
      where: fewClasses,
      range: [0.895, 1.105],
      clip: "both",
      equals: 1,
      within: 0.05,
      measure: ({ overFirstOrder }) => overFirstOrder,
      rivals: ["1/N_j", "one class off"],
    },
    ...growthClaims,
    {
      id: "at-test-alone",
      says: "imbalance at test alone costs as much to first order: within 5% at 1.02 : 1",
      form: "equals",
      range: [0.895, 1.105],
      clip: "both",
      equals: 1,
      within: 0.05,
      measure: ({ testAlone }) => testAlone,
      rivals: ["sixteen times as far"],
    },
    {
      id: "in-training-alone",
      says: "and in training alone next to nothing: at most a fifth of that (0.2 with 100 tasks)",
      form: "mean",
      range: [0, 0.6],
      clip: "above",
      atMost: 0.2,
      slack: 0.1,
      measure: ({ trainingAlone }) => trainingAlone,
      rivals: ["trained and tested alike"],
    },
    {
      id: "does-not-vanish",
      says: "at the ratio itself E TV is at least 0.06 in the limit",
      form: "mean",
      // So narrow that a coin tossed between its ends is refuted.
      range: [0, 0.09],
      clip: "above",
      atLeast: 0.06,
      slack: 0.012,
      measure: ({ floor }) => floor,
      rivals: ["equal classes"],
    },
    {
      id: "levels-off",
      says: "which is at least 0.85 of what it is at N = M = 100c",
      form: "mean",
      range: [0.62, 1.145],
      clip: "both",
      atLeast: 0.85,
      slack: 0.05,
      measure: ({ share }) => share,
      rivals: ["equal classes"],
    },
    {
      id: "loses-accuracy",
      says: "its decisions cost at least 0.015 in 0/1 error beyond the Bayes rule's, by the queries' own classes",
      form: "mean",
      range: [-0.085, 0.175],
      clip: "both",
      atLeast: 0.015,
      slack: 0.015,
      measure: ({ excess }) => excess,
      // A uniform query costs as much with ten classes: it is told apart where class 0 is one of a few.
      rivals: ["equal classes", "query's class uniform"],
    },
    {
      id: "discriminant-analysis-does-not-depart",
      says:
        "linear discriminant analysis with the context's shares as priors goes on approaching: " +
        "exponent −1/2 ± 0.03 from M = 100c to 6400c",
      form: "equals",
      range: [-0.59, -0.41],
      clip: "both",
      equals: -0.5,
      within: 0.03,
      measure: ({ discriminant }) => Math.log(discriminant) / Math.log(64),
      rivals: ["M^{-0.4}", "wrong priors"],
    },
  ],
});
