import { splitRates, suiteRates } from "../stats/budget.js";
import type { Rates, Verdict } from "../stats/verdict.js";
import { type Case, casesOf } from "./configurations.js";
import { type Counterexample, findCounterexample } from "./counterexample.js";
import { type Drawing, findClaim, rootOf } from "./drawing.js";
import { type Judgement, judge, type Scale } from "./judging.js";
import { type Claim, coinFlips, rivalName, statedWorld, type Theorem } from "./theorem.js";

/** How a suite is judged. Everything but `draw` has a default. */
export interface SuiteOptions {
  readonly draw: Drawing;
  readonly seed?: number;
  /** For the whole suite, all that is judged in it together. */
  readonly rates?: Rates;
  readonly maxDraws?: number;
  readonly configurations?: number;
  readonly scale?: Scale;
  /** Judge every claim in every rival's world, and not only in its first rival's. */
  readonly matrix?: boolean;
  /** Judge one claim of each theorem, the first that is said to hold, at one place, and no rival. */
  readonly quick?: boolean;
}

/** What a judgement has to come out as: one verdict, or, in a rival's world that no claim names, whatever it does. */
export type Expectation = "supported" | "refuted" | "not supported" | "either";

/** A judgement, with a counterexample where a claim was refuted that should not have been. */
export interface SuiteResult {
  readonly judgement: Judgement;
  readonly expected: Expectation;
  readonly asExpected: boolean;
  readonly counterexample?: Counterexample;
}

/** The claims of a theorem that are judged in one of its worlds, from one set of simulations. */
export interface SuiteItem {
  readonly theorem: Theorem;
  readonly world: string;
  readonly claims: readonly string[];
}

type Plan = Pick<SuiteOptions, "scale" | "matrix" | "quick">;

/**
 * What is judged of these theorems, in their order: every claim as stated and in its first rival's world; with the
 * matrix, in every rival's; when quick, one claim of each theorem as stated. At the paper's scale only theorems with
 * configurations of the paper's take part.
 */
export function suiteItems(theorems: readonly Theorem[], { scale, matrix, quick }: Plan = {}): SuiteItem[] {
  return theorems
    .filter((theorem) => scale !== "paper" || theorem.paper !== undefined)
    .flatMap((theorem) => {
      // A claim that speaks of none of the named places of this scale belongs to the other.
      const places = Object.values((scale === "paper" ? theorem.paper : undefined) ?? theorem.examples);
      const spoken = theorem.claims.filter(({ where }) => !where || places.some(where));
      const claims = quick ? spoken.filter(({ expect }) => !expect).slice(0, 1) : spoken;
      const all = claims.map(({ id }) => id);
      const judgedIn = (world: string) =>
        matrix ? all : claims.filter((claim) => firstRival(claim) === world).map(({ id }) => id);
      if (quick) return all.length === 0 ? [] : [{ theorem, world: statedWorld, claims: all }];
      return [
        { theorem, world: statedWorld, claims: all },
        ...Object.keys(theorem.rivals).map((world) => ({ theorem, world, claims: judgedIn(world) })),
        ...(matrix ? [{ theorem, world: coinFlips, claims: all }] : []),
      ].filter(({ claims }) => claims.length > 0);
    });
}

/** One configuration that meets the assumptions and that the claim speaks of, an example where one does. */
function onePlace(theorem: Theorem, claim: Claim, seed: number): Case[] {
  const stream = rootOf({ theorem: theorem.id, world: statedWorld, seed, purpose: "quick" });
  const count = Object.keys(theorem.examples).length + 1;
  const { cases } = casesOf(theorem, stream, count);
  return cases.filter(({ configuration }) => claim.where?.(configuration) ?? true).slice(0, 1);
}

/** The rival nearest to a claim among those that it must refute. */
export function firstRival(claim: Claim): string | undefined {
  return claim.rivals.find((rival) => typeof rival === "string") as string | undefined;
}

/** What a claim has to come out as in a world. */
export function expectation(claim: Claim, world: string): Expectation {
  if (world === statedWorld) return claim.expect ? "refuted" : "supported";
  if (world === coinFlips) return claim.expect ? "either" : "not supported";
  const listed = claim.rivals.find((rival) => rivalName(rival) === world);
  return typeof listed === "string" ? "refuted" : "either";
}

/** Whether a verdict is the one expected. */
export function meets(expected: Expectation, verdict: Verdict): boolean {
  if (expected === "either") return true;
  return expected === "not supported" ? verdict !== "supported" : verdict === expected;
}

/**
 * The rates of one judgement when all that is judged of `theorems` shares the suite's: so a verdict does not depend on
 * what is judged beside it.
 */
export function ratesOfOne(theorems: readonly Theorem[], suite: Rates = suiteRates, plan: Plan = {}): Rates {
  const judged = suiteItems(theorems, plan).reduce((sum, { claims }) => sum + claims.length, 0);
  return splitRates(Math.max(1, judged), suite);
}

/**
 * Judges one item of a suite.
 * @param theorems the whole registry, over which the rates are split.
 * @param only cases to judge at instead of the theorem's own; those that miss an assumption are left out.
 */
export async function judgeItem(
  { theorem, world, claims }: SuiteItem,
  theorems: readonly Theorem[],
  options: SuiteOptions,
  only?: readonly Case[],
): Promise<SuiteResult[]> {
  const { draw, seed = 0, maxDraws = 4000, configurations = 8, scale = "quick" } = options;
  const rates = ratesOfOne(theorems, options.rates, options);
  const judging = { ...rates, draw, seed, maxDraws, configurations, scale };
  const places = only ?? (options.quick ? onePlace(theorem, findClaim(theorem, claims[0]!), seed) : undefined);
  const judgements = await judge(theorem, claims, world, judging, places);
  return Promise.all(
    judgements.map(async (judgement) => {
      const expected = expectation(theorem.claims.find(({ id }) => id === judgement.claim)!, world);
      const asExpected = meets(expected, judgement.verdict);
      const wrong = world === statedWorld && !asExpected;
      const counterexample = wrong ? await findCounterexample(theorem, judgement, judging) : undefined;
      return { judgement, expected, asExpected, ...(counterexample ? { counterexample } : {}) };
    }),
  );
}
