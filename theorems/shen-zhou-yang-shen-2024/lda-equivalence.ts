import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { linearDiscriminant, linearDiscriminantRule } from "../../src/learners/linear-discriminant.js";
import { piecesOf } from "../../src/linalg/pieces.js";
import { diagonalCovariance, drawWishart, identityCovariance } from "../../src/mixture/classes/covariance.js";
import {
  contextOf,
  headProducts,
  numbersOf,
  queryOf,
  sharesOf,
  whitenedLaw,
} from "../../src/mixture/classes/whitened.js";
import { fillNormal } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { excessError, totalVariation } from "../../src/risk/departure.js";
import { shenZhouYangShen2024 } from "../papers.js";
import {
  asStated,
  average,
  exponent,
  longer,
  mostProbable,
  predicted,
  testQueries,
  trainedScales,
  type WhitenedWorld,
} from "./whitened-setup.js";

/**
 * Why it matters: the paper's headline, that the trained transformer is linear discriminant analysis; and what it
 * leaves out, how long the contexts have to be and which of the two decides better until then.
 *
 * W is a(N)Λ⁻¹, the exact minimiser of the expected loss for spherical means; Λ cancels and is I. `rho` is the Λ⁻¹-norm
 * of the class means, `priors` and `norms` those of class 0 in units of the others', `mismatch` the condition number of
 * the test tasks' Λ in units of the training tasks'. N and M are where the laws are read from, over a factor of 64.
 *
 * The first order in 1/M: a logit h_jᵀWx errs by the class's count and its noise, LDA's by its noise alone and by that
 * of ½x̄ⱼᵀΛ⁻¹x̄ⱼ. Both are of order √(c/M), so E TV of either to the posterior, of one to the other, and the share of
 * queries that they decide differently, are too; the excess 0/1 error, second order at the boundary, is of order 1/M.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly N: number;
  readonly M: number;
  readonly mismatch: number;
  readonly priors: number;
  readonly norms: number;
};

const times = 64;
const usual = { mismatch: 1, priors: 1, norms: 1 };
const at = (classes: number, d: number): C => ({ classes, d, rho: 2, N: 200 * classes, M: 200 * classes, ...usual });
const half = { form: "equals", range: [-0.59, -0.41], clip: "both", equals: -0.5, within: 0.03 } as const;

export const ldaEquivalence = theorem({
  id: "lda-equivalence",
  title: "Trained on long contexts, the transformer becomes linear discriminant analysis",
  source: {
    paper: shenZhouYangShen2024,
    locus: "training limit and inference, binary and multi-class; the orders are derived",
    status: "stated",
  },
  statement:
    String.raw`W^* \to c\Lambda^{-1}, \qquad \mathrm{softmax}_j(h_j^\top W^* x) \to \mathrm{LDA}_j(x) \to P(j \mid ` +
    String.raw`x) \qquad (N, M \to \infty)`,
  regime: fc
    .record({
      classes: fc.integer({ min: 2, max: 6 }),
      d: fc.constantFrom(2, 3, 5, 10),
      rho: fc.constantFrom(1.5, 2),
    })
    .map(({ classes, d, rho }) => ({ ...at(classes, d), rho })),
  examples: { binary: at(2, 3), "five classes in ten dimensions": at(5, 10) },
  paper: { "ten classes in twenty dimensions": { ...at(10, 20), N: 10000, M: 10000 } },
  configurations: 3,
  maxDraws: 1000,
  assumptions: [
    assume<C>("N >= c_N * classes", {
      why: "training contexts long enough for the first order in 1/N",
      constants: { c_N: { value: 100, from: "calibrated: the exponents are then within 0.02 of their limits" } },
      drop: (c) => ({ ...c, N: 2 * c.classes }),
    }),
    assume<C>("M >= c_M * classes", {
      why: "test contexts long enough for the first order in 1/√M",
      constants: { c_M: { value: 100, from: "calibrated: the exponents are then within 0.02 of their limits" } },
      drop: (c) => ({ ...c, M: c.classes }),
    }),
    assume<C>("mismatch == 1", {
      why: "the test tasks have the Λ of the training tasks",
      drop: (c) => ({ ...c, mismatch: 16 }),
    }),
    assume<C>("priors == 1", { why: "equal priors", drop: (c) => ({ ...c, priors: 4 }) }),
    assume<C>("norms == 1", { why: "class means of equal Λ⁻¹-norm", drop: (c) => ({ ...c, norms: 1.5 }) }),
  ],
  world: { ...asStated, spread: 1 },
  rivals: {
    "N^{-0.9}": { says: "the exponent in N is off by a tenth", world: { trainingRate: 0.9 } },
    "N^{-1/2}": { says: "W approaches like N^{-1/2}", world: { trainingRate: 0.5 } },
    "M^{-0.4}": { says: "the exponent in M is off by a tenth", world: { contextRate: 0.8 } },
    "M^{-1/4}": { says: "predictions approach like M^{-1/4}", world: { contextRate: 0.5 } },
    "class 0 of covariance 1.44Λ": { says: "all that class 0 draws has noise × 1.2", world: { spread: 1.2 } },
    "1/N_j": { says: "class sums are divided by the class's own count", world: { summing: "1/N_j" } },
    "one class off": { says: "each class is weighed by the next one's count", world: { summing: "one class off" } },
  },
  simulate,
  claims: [
    {
      id: "weights-approach",
      says: "the distance of W from cΛ⁻¹, in units of W, falls like 1/N: exponent −1 ± 0.03 from N to 64N",
      form: "equals",
      range: [-1.1, -0.9],
      clip: "both",
      equals: -1,
      within: 0.03,
      measure: ({ scales: [first, last] }, { classes }) => exponent(classes / first - 1, classes / last - 1, times),
      rivals: ["N^{-0.9}", "N^{-1/2}"],
    },
    {
      id: "predictions-approach-lda",
      says: "E TV to LDA with known Λ and the same context falls like 1/√M: exponent −1/2 ± 0.03 from N, M to 64 times",
      ...half,
      measure: ({ apart: [first, last] }) => exponent(first.lda, last.lda, times),
      rivals: ["M^{-0.4}", "M^{-1/4}", { rival: "class 0 of covariance 1.44Λ", trueOfItToo: "neither knows of it" }],
    },
    {
      id: "predictions-approach-the-posterior",
      says: "and so does E TV to the posterior itself",
      ...half,
      measure: ({ apart: [first, last] }) => exponent(first.posterior, last.posterior, times),
      rivals: ["class 0 of covariance 1.44Λ", "M^{-0.4}", "M^{-1/4}"],
    },
    {
      id: "decisions-approach-lda",
      says:
        "from three dimensions on, the share of queries that the two decide differently falls like 1/√M: " +
        "exponent −1/2 ± 0.1 from M to 64M",
      form: "equals",
      // It goes like E[1/θ], θ the angle of two means: in the plane that diverges, and adds a logarithm of M.
      where: (at) => at.d >= 3,
      range: [-0.8, -0.2],
      clip: "both",
      equals: -0.5,
      within: 0.1,
      measure: ({ decisions: [first, last] }) => exponent(first.share, last.share, times),
      rivals: ["M^{-1/4}"],
    },
    {
      id: "decides-worse-than-lda",
      says:
        "but at M its excess 0/1 error over the Bayes rule is at least 1.2 times that of LDA with " +
        "Λ estimated from the context",
      form: "mean",
      range: [-0.5, 1.2],
      clip: "both",
      atLeast: Math.log(1.2),
      slack: 0.1,
      measure: ({ decisions: [first] }) => Math.log(first.transformer / first.pooled),
      rivals: ["1/N_j"],
    },
  ],
});

type World = WhitenedWorld & { readonly spread: number };

function simulate(c: C, stream: Stream, world: World) {
  const { classes, d, rho, N, M, priors, norms } = c;
  const law = whitenedLaw({ classes, d, rho, priors, norms, spread: world.spread });
  // W = aΛ⁻¹ in the coordinates where the test Λ is I; with no mismatch that is a.
  const shift = c.mismatch === 1 ? undefined : diagonalCovariance(d, c.mismatch).matrix;
  const image = shift && ((x: Float64Array) => x.map((value, i) => value * shift.data[i * (d + 1)]!));
  const tasks = Math.round(250 / Math.sqrt(classes));
  const options = image ? { image } : {};
  const test = testQueries(stream.derive("test"), law, tasks, world, options);
  const identity = identityCovariance(d);
  const contexts = [M, longer(M, times, world.contextRate)];
  type Parts = {
    readonly scales: readonly [number, number];
    /** Mean total variation from the transformer, at N and M and at 64 times both. */
    readonly apart: readonly [Record<"lda" | "posterior", number>, Record<"lda" | "posterior", number>];
    readonly decisions: readonly [Decisions, Decisions];
  };
  type Decisions = Record<"share" | "transformer" | "pooled", number>;
  const apartAt = (m: number, scale: number) => {
    const sums = { lda: 0, posterior: 0 };
    average(
      test,
      m,
      (query, heads, shares) => {
        const own = predicted(heads, scale);
        const lda = linearDiscriminant(contextOf(query.task, shares), identity.matrix, query.x);
        sums.lda += query.weight * totalVariation(own, lda);
        sums.posterior += query.weight * totalVariation(own, query.posterior);
        return 0;
      },
      world,
    );
    return { lda: sums.lda / tasks, posterior: sums.posterior / tasks };
  };
  /** Over 24 queries after each context: the rules differ near the boundaries only. */
  const decisionsAt = (m: number, scale: number, estimated: boolean): Decisions => {
    const sums = { share: 0, transformer: 0, pooled: 0 };
    const own = stream.derive("decisions", m);
    const piece = piecesOf(24 * (d + numbersOf(law, 1)));
    for (const { task } of test.queries.slice(0, 60)) {
      const shares = sharesOf(own, law, m, world.summing);
      const context = contextOf(task, shares);
      const known = linearDiscriminantRule(context, identity.matrix);
      const pooled = estimated && linearDiscriminantRule(context, drawWishart(own, identity, m - classes));
      for (let i = 0; i < 24; i++) {
        const query = queryOf({ ...task, query: fillNormal(own, piece(d)) }, { label: i % classes, image, piece });
        const heads = headProducts(query, shares, world.summing);
        const ours = predicted(heads, scale);
        if (mostProbable(ours) !== mostProbable(known(query.x))) sums.share++;
        if (!pooled) continue;
        sums.transformer += excessError(ours, query.posterior);
        sums.pooled += excessError(pooled(query.x), query.posterior);
      }
    }
    return sums;
  };
  const simulation: Parts = lazily<Parts>({
    scales: () => {
      const lengths = [N, longer(N, times, world.trainingRate)];
      return trainedScales(stream.derive("training"), { law, tasks }, lengths, world) as [number, number];
    },
    apart: () => [apartAt(contexts[0]!, simulation.scales[0]), apartAt(contexts[1]!, simulation.scales[1])] as const,
    decisions: () =>
      [
        decisionsAt(contexts[0]!, simulation.scales[0], true),
        decisionsAt(contexts[1]!, simulation.scales[1], false),
      ] as const,
  });
  return simulation;
}
