import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { theorem } from "../../src/claim/theorem.js";
import { shenZhouYangShen2024 } from "../papers.js";
import { type At, fewClasses, growthClaims, large, simulateFor, world } from "./standing-out.js";

/**
 * Why it matters: the limit needs class means of one Λ⁻¹-norm, which no data have: what it costs when they have not.
 *
 * `norms` is the Λ⁻¹-norm of class 0 in units of the others', `rho` their Λ⁻¹-norm; W is aΛ⁻¹, the exact
 * minimiser for spherical means at any priors and norms, so Λ cancels and is I. The derivation of the law is in
 * standing-out.ts.
 */
const usual = { priors: 1 };
const exchangeable = "the priors are equal here, and so are the counts in the limit; class-imbalance tells it apart";

export const unequalNorms = theorem({
  id: "unequal-norms",
  title: "With class means of unequal norms the transformer departs from the posterior however long the contexts",
  source: {
    paper: shenZhouYangShen2024,
    locus: "remark on the norms of the means; the law is derived",
    status: "stated",
  },
  statement:
    String.raw`\mu_0^\top \Lambda^{-1} \mu_0 \ne \mu_j^\top \Lambda^{-1} \mu_j \implies \lim_{N, M \to \infty} ` +
    String.raw`\mathbb{E}\,\mathrm{TV} > 0`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 5 }),
    d: fc.constantFrom(2, 3, 5),
    rho: fc.constantFrom(1, 1.5),
    norms: fc.constantFrom(1.5, 2, 2.5),
    priors: fc.constant(1),
  }),
  examples: {
    binary: { classes: 2, d: 3, rho: 1.5, norms: 2, ...usual },
    "three classes": { classes: 3, d: 2, rho: 1, norms: 2, ...usual },
  },
  paper: { "ten classes in twenty dimensions": { classes: 10, d: 20, rho: 1.5, norms: 2, ...usual } },
  configurations: 3,
  maxDraws: 1000,
  assumptions: [
    assume<At>("norms >= c_r", {
      why: "means of unequal norms",
      constants: { c_r: { value: 1.5, from: "calibrated: the floor at the ratio itself is then above its bound" } },
      drop: (at) => ({ ...at, norms: 1 }),
    }),
    assume<At>("priors == 1", {
      why: "nothing else in which class 0 stands out",
      drop: (at) => ({ ...at, priors: 2 }),
    }),
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
    "equal classes": { says: "class 0 does not stand out", at: (at) => ({ ...at, norms: 1 }) },
    "trained and tested alike": { says: "class 0 stands out in training and at test", world: { alone: false } },
    "sixteen times as far": { says: "the law is read at the other end", world: { from: large } },
    "M^{-0.4}": { says: "the exponent in M is off by a tenth", world: { contextRate: 0.8 } },
  },
  simulate: simulateFor("norms"),
  claims: [
    {
      id: "first-order",
      says: "in the limit E TV is, at 1.02 : 1, log 1.02 times the mean derived from the posterior, within 5%",
      form: "equals",
      range: [0.895, 1.105],
      clip: "both",
      equals: 1,
      within: 0.05,
      measure: ({ overFirstOrder }) => overFirstOrder,
      rivals: [
        "sixteen times as far",
        { rival: "1/N_j", trueOfItToo: exchangeable },
        { rival: "one class off", trueOfItToo: exchangeable },
      ],
    },
    ...growthClaims,
    {
      id: "at-test-alone",
      says: "unequal norms at test alone costs as much to first order: within 5% at 1.02 : 1",
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
      says: "with up to five classes that is at least 0.85 of what it is at N = M = 100c",
      form: "mean",
      where: fewClasses,
      range: [0.605, 1.21],
      clip: "both",
      atLeast: 0.85,
      slack: 0.05,
      measure: ({ share }) => share,
      rivals: ["equal classes"],
    },
    {
      id: "loses-accuracy",
      says: "its decisions cost at least 0.02 in 0/1 error beyond the Bayes rule's, by the queries' own classes",
      form: "mean",
      range: [-0.12, 0.245],
      clip: "both",
      atLeast: 0.02,
      slack: 0.02,
      measure: ({ excess }) => excess,
      rivals: ["equal classes", { rival: "query's class uniform", trueOfItToo: exchangeable }],
    },
    {
      id: "discriminant-analysis-does-not-depart",
      says:
        "linear discriminant analysis with equal priors goes on approaching: exponent −1/2 ± 0.03 " +
        "from M = 100c to 6400c",
      form: "equals",
      range: [-0.59, -0.41],
      clip: "both",
      equals: -0.5,
      within: 0.03,
      measure: ({ discriminant }) => Math.log(discriminant) / Math.log(64),
      rivals: ["M^{-0.4}", { rival: "wrong priors", trueOfItToo: exchangeable }],
    },
  ],
});
