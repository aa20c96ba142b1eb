import { splitRates, suiteRates } from "../stats/budget.js";
import type { Rates } from "../stats/verdict.js";
import type { Case } from "./configurations.js";
import { type Counterexample, findCounterexample } from "./counterexample.js";
import type { Drawing, World } from "./drawing.js";
import { type Judgement, judge } from "./judging.js";
import type { Theorem } from "./theorem.js";

/** How a suite is judged. Everything but `draw` has a default. */
export interface SuiteOptions {
  readonly draw: Drawing;
  readonly seed?: number;
  /** For the whole suite, all its claims and controls together. */
  readonly rates?: Rates;
  readonly maxDraws?: number;
  readonly configurations?: number;
}

/** A judgement, with a counterexample where a claim was refuted that should not have been. */
export interface SuiteResult {
  readonly judgement: Judgement;
  readonly asExpected: boolean;
  readonly counterexample?: Counterexample;
}

/** One claim of the suite in one of its two worlds. */
export interface SuiteItem {
  readonly theorem: Theorem;
  readonly claim: string;
  readonly world: World;
}

/** Every claim and every control of these theorems, in their order. */
export function suiteItems(theorems: readonly Theorem[]): SuiteItem[] {
  return theorems.flatMap((theorem) =>
    theorem.claims.flatMap(({ id }) => [
      { theorem, claim: id, world: "claim" as const },
      { theorem, claim: id, world: "control" as const },
    ]),
  );
}

/**
 * The rates of one claim or control when all of `theorems` share the suite's: so a verdict does not depend on what is
 * judged beside it.
 */
export function ratesOfOne(theorems: readonly Theorem[], suite: Rates = suiteRates): Rates {
  return splitRates(suiteItems(theorems).length, suite);
}

/**
 * Judges one item of a suite.
 * @param theorems the whole registry, over which the rates are split.
 * @param only cases to judge at instead of the theorem's own; those that miss an assumption are left out.
 */
export async function judgeItem(
  { theorem, claim, world }: SuiteItem,
  theorems: readonly Theorem[],
  options: SuiteOptions,
  only?: readonly Case[],
): Promise<SuiteResult> {
  const { draw, seed = 0, maxDraws = 4000, configurations = 8 } = options;
  const judging = { ...ratesOfOne(theorems, options.rates), draw, seed, maxDraws, configurations };
  const judgement = await judge(theorem, claim, world, judging, only);
  const asExpected = judgement.verdict === judgement.expected;
  const counterexample = asExpected ? undefined : await findCounterexample(theorem, judgement, judging);
  return { judgement, asExpected, ...(counterexample ? { counterexample } : {}) };
}
