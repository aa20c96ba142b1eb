import { lazily } from "../../src/claim/lazily.js";
import type { ClaimIn } from "../../src/claim/theorem.js";
import { linearDiscriminant } from "../../src/learners/linear-discriminant.js";
import { identity } from "../../src/linalg/matrix.js";
import { contextOf, type WhitenedQuery, whitenedLaw } from "../../src/mixture/classes/whitened.js";
import type { Stream } from "../../src/random/stream.js";
import { totalVariation } from "../../src/risk/departure.js";
import { slopeOfDeparture } from "../../src/risk/first-order.js";
import {
  asStated,
  average,
  errorAt,
  longer,
  mostProbable,
  predicted,
  testQueries,
  trainedScales,
  type WhitenedWorld,
} from "./whitened-setup.js";

/**
 * One law of departure in the limit, with the two parameters in which class 0 may stand out: its prior and its norm.
 *
 * At N = M = ∞ the logits are aπ_jμ_jᵀΛ⁻¹x, linear in x without a constant, where log π_j + μ_jᵀΛ⁻¹x − ½ρ_j² would be
 * right. To first order in log r, u_j = μ_jᵀΛ⁻¹x, they are off by δ_j(u_j − 1) for the priors, δ_j = (1 − 1/c)log r for
 * class 0 and −(log r)/c for the others, and by ρ² log r for class 0's norm; the scale a answers by less than the first
 * order, for E Σ_j p_j(u_j − ū)e_j vanishes: the classes are exchangeable and Σ_jδ_j, Σ_jp_j(u_j − ū) are 0. So E TV is
 * log r times the mean ½E Σ_j p_j|e_j − ē|, and imbalance in training alone costs the second order only.
 */
export type Parameter = "priors" | "norms";

/** Where: `priors` or `norms` is the prior or the Λ⁻¹-norm of class 0 in units of the others'. */
export type At = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly priors: number;
  readonly norms: number;
};

/** A ratio near 1, and the same 16 times over in the logarithm. */
export const small = 1.02;
export const large = small ** 16;

/** The world of the two theorems: with what LDA takes for priors. */
export interface World extends WhitenedWorld {
  readonly discriminantPriors: "empirical" | "equal";
  /** The ratio that the first order is compared at, and the growth starts from. */
  readonly from: number;
  /** Whether what is said of training or test alone is so. */
  readonly alone: boolean;
}

export const world: World = { ...asStated, discriminantPriors: "empirical", from: small, alone: true };

const infinity = Number.POSITIVE_INFINITY;
/** Tasks to train on, to look at probabilities with, and to count decisions with. */
const trainingTasks = 100;
const testTasks = 30;
const decidedTasks = 80;

function errorOfLogits(parameter: Parameter, rho: number): (query: WhitenedQuery) => Float64Array {
  return ({ means }) =>
    means.map((u, j) => {
      if (parameter === "norms") return j === 0 ? rho ** 2 : 0;
      return ((j === 0 ? 1 : 0) - 1 / means.length) * (u - 1);
    });
}

/** What the two theorems' claims measure. */
export interface Simulation {
  /** E TV in the limit at 1.02 : 1, over its first order; and at the ratio 16 times as far, over that at 1.02 : 1. */
  readonly overFirstOrder: number;
  readonly growth: number;
  /**
   * E TV in the limit with class 0 standing out in training alone, and at test alone, over that in both, at 1.02 : 1.
   */
  readonly trainingAlone: number;
  readonly testAlone: number;
  /** At the configuration's own ratio: E TV in the limit, and its share of that at N = M = 100c. */
  readonly floor: number;
  readonly share: number;
  /** Its 0/1 error in the limit beyond that of the true posterior's decisions, by the queries' own classes. */
  readonly excess: number;
  /** E TV of linear discriminant analysis after 6400c examples over that after 100c. */
  readonly discriminant: number;
}

/** The power of log r with which what is at the large ratio over that at the small one says that E TV grows. */
function exponentOf({ growth }: Simulation): number {
  return Math.log(growth) / Math.log(Math.log(large) / Math.log(small));
}

/** So few classes that the first order in log r is what is seen up to the large ratio: as many as the regimes have. */
export const fewClasses = ({ classes }: At): boolean => classes <= 5;

/**
 * How it grows with the ratio, which is the same for priors and norms. The first order in log r reaches up to the large
 * ratio with few classes; with ten in d = 20 the second order shows there: measured exponents 1.126 and 1.128, against
 * which 1.08 and the slack leave room for the draws' own spread.
 */
export const growthClaims: readonly ClaimIn<At, Simulation, World, "sixteen times as far">[] = [
  {
    id: "exponent-of-the-ratio",
    says:
      "with up to five classes it grows in proportion to the log of the ratio: exponent 1 ± 0.1 " +
      "from 1.02 : 1 to 16 times as far (1.37 : 1)",
    form: "equals",
    where: fewClasses,
    range: [0.79, 1.21],
    clip: "both",
    equals: 1,
    within: 0.1,
    measure: exponentOf,
    rivals: ["sixteen times as far"],
  },
  {
    id: "grows-faster-with-many-classes",
    says: "with ten classes in d = 20 the second order shows: from 1.02 : 1 to 1.37 : 1 exponent 1.05 or more",
    form: "mean",
    where: ({ classes, d }) => classes >= 10 && d >= 20,
    range: [0.7, 1.3],
    clip: "both",
    atLeast: 1.08,
    slack: 0.03,
    measure: exponentOf,
    rivals: ["sixteen times as far"],
  },
];

type Parts = Simulation & { readonly atSmall: number; readonly atFrom: number };

export function simulateFor(parameter: Parameter) {
  return (at: At, stream: Stream, own: World): Simulation => {
    const { classes, d, rho } = at;
    const { priors, norms } = at;
    const lawAt = (ratio: number) => whitenedLaw({ classes, d, rho, priors, norms, [parameter]: ratio });
    const scaleOf = (ratio: number, N = infinity) =>
      trainedScales(stream.derive("training"), { law: lawAt(ratio), tasks: trainingTasks }, [N], own)[0]!;
    const testOf = (ratio: number, world = own, tasks = testTasks) =>
      testQueries(stream.derive("test"), lawAt(ratio), tasks, world, { both: true });
    const limit = (training: number, test: number) => errorAt(testOf(test), scaleOf(training), infinity, own);
    const ratio = at[parameter];
    const simulation: Parts = lazily<Parts>({
      atSmall: () => limit(small, small),
      atFrom: () => limit(own.from, own.from),
      overFirstOrder: () => {
        const slope = slopeOfDeparture(testOf(1, world).queries, errorOfLogits(parameter, rho));
        return simulation.atFrom / (Math.log(small) * slope);
      },
      growth: () => limit(large, large) / simulation.atFrom,
      trainingAlone: () => limit(small, own.alone ? 1 : small) / simulation.atSmall,
      testAlone: () => limit(1, own.from) / simulation.atSmall,
      floor: () => limit(ratio, ratio),
      share: () => simulation.floor / errorAt(testOf(ratio), scaleOf(ratio, 100 * classes), 100 * classes, own),
      excess: () => {
        const scale = scaleOf(ratio);
        const miss = (p: Float64Array, label: number) => (mostProbable(p) === label ? 0 : 1);
        return average(
          testOf(ratio, own, decidedTasks),
          infinity,
          ({ posterior, label }, heads) => miss(predicted(heads, scale), label) - miss(posterior, label),
          own,
        );
      },
      discriminant: () => {
        const test = testOf(ratio);
        const [before, after] = [100 * classes, longer(100 * classes, 64, own.contextRate)].map((M) =>
          average(
            test,
            M,
            ({ task, x, posterior }, _, shares) =>
              totalVariation(
                linearDiscriminant(contextOf(task, shares), identity(d), x, own.discriminantPriors),
                posterior,
              ),
            own,
          ),
        );
        return after! / before!;
      },
    });
    return simulation;
  };
}
