import type { Arbitrary } from "fast-check";
import type { Stream } from "../random/stream.js";
import type { Assumption } from "./assumption.js";

/**
 * A point of a theorem's regime: named numbers and nothing else, so that it can be written on a command line, sent to a
 * worker, put into an assumption's expression and replayed.
 */
export type Configuration = Readonly<Record<string, number>>;

/** Where a statement comes from. */
export interface Paper {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly reference: string;
}

/**
 * Whether the source states the claim (perhaps only as a rate, O(·), whose constant it leaves open), a textbook has it,
 * or it was derived for this project (the theorem's file gives the argument).
 */
export type Status = "stated" | "stated as rate" | "standard" | "derived";

/** A number, or one for each configuration. */
export type Value<C> = number | ((configuration: C) => number);

/** One random number about a configuration. It must depend on the configuration and the stream alone. */
export type Draw<C> = (configuration: C, stream: Stream) => number;

/** A named wrong world, in which the judge that supports the claim must refute it. */
export interface Control<C> {
  readonly name: string;
  /** What is drawn there instead of the claim's own draw. */
  readonly draw: Draw<C>;
}

interface ClaimBase<C> {
  readonly id: string;
  /** The claim in one line of words. */
  readonly says: string;
  readonly draw: Draw<C>;
  /**
   * For an ordinary claim a wrong world, which must come out refuted; for a claim with `expect: "refuted"` the nearest
   * true statement, which must come out supported: either way, the judge is seen to be able to say the opposite.
   */
  readonly control: Control<C>;
  /** Set when the sources' statement is false, or true only elsewhere; with the reason. */
  readonly expect?: { readonly verdict: "refuted"; readonly because: string };
  /** Draws a configuration may take before the verdict is undecided. */
  readonly maxDraws?: number;
}

/** A certificate: the draw is an excess that must not pass the tolerance at any configuration and seed. */
export interface AlwaysClaim<C> extends ClaimBase<C> {
  readonly form: "always";
  readonly tolerance: number;
  /** Why this tolerance: which rounding error, or which stated slack. */
  readonly because: string;
  /** How many seeds each configuration is checked with. */
  readonly seeds?: number;
}

/** E[draw] ≤ `atMost` (or ≥ `atLeast`), told apart from a mean that misses it by `slack`. */
export interface MeanClaim<C> extends ClaimBase<C> {
  readonly form: "mean";
  readonly range: readonly [Value<C>, Value<C>];
  readonly atMost?: Value<C>;
  readonly atLeast?: Value<C>;
  readonly slack: Value<C>;
}

/** |E[draw] − `equals`| ≤ `within`, by two one-sided tests. */
export interface EqualsClaim<C> extends ClaimBase<C> {
  readonly form: "equals";
  readonly range: readonly [Value<C>, Value<C>];
  readonly equals: Value<C>;
  readonly within: Value<C>;
}

export type Claim<C> = AlwaysClaim<C> | MeanClaim<C> | EqualsClaim<C>;

/** A theorem: where it is claimed, under which assumptions, and what it claims there. */
export interface Theorem<C extends Configuration = Configuration> {
  readonly id: string;
  readonly title: string;
  readonly source: { readonly paper: Paper; readonly locus: string; readonly status: Status };
  /** The statement, in TeX. */
  readonly statement: string;
  /** Configurations that fast-check draws and shrinks. */
  readonly regime: Arbitrary<C>;
  /** Named corners of the regime, always judged. */
  readonly examples: Readonly<Record<string, C>>;
  readonly assumptions: readonly Assumption<C>[];
  readonly claims: readonly Claim<C>[];
}

/**
 * A theorem, checked: ids that can be typed on a command line and are not used twice, at least one example and one
 * claim, one bound to a mean. Its configurations' type is forgotten, so that theorems of different regimes fit one
 * registry.
 * @throws RangeError naming the theorem and what is wrong with it.
 */
export function theorem<C extends Configuration>(definition: Theorem<C>): Theorem {
  const { id, claims, examples } = definition;
  const refuse = (what: string): never => {
    throw new RangeError(`theorem ${id}: ${what}`);
  };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) refuse("its id must be lower-case words joined by hyphens");
  if (Object.keys(examples).length === 0) refuse("at least one named example is needed");
  if (claims.length === 0) refuse("at least one claim is needed");
  const seen = new Set<string>();
  for (const claim of claims) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(claim.id)) {
      refuse(`the claim id "${claim.id}" must be lower-case words joined by hyphens`);
    }
    if (seen.has(claim.id)) refuse(`two claims are called ${claim.id}`);
    seen.add(claim.id);
    if (claim.form === "mean" && (claim.atMost === undefined) === (claim.atLeast === undefined)) {
      refuse(`${claim.id} needs one of atMost and atLeast`);
    }
  }
  return definition as unknown as Theorem;
}

/** The value at a configuration. */
export function valueAt<C>(value: Value<C>, configuration: C): number {
  return typeof value === "function" ? value(configuration) : value;
}
