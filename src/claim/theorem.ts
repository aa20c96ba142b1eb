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

/**
 * A named world that is a little off, in which the judge that supports a claim must refute it: one part of the stated
 * world changed (`world`), or the simulation run at another configuration than the claim's (`at`).
 */
export interface Rival<C, W> {
  /** What is wrong there, in a line. */
  readonly says: string;
  readonly world?: Partial<W>;
  readonly at?: (at: C) => C;
}

/** A rival that a claim must refute, by name; or one of which the claim is true as well, with the reason. */
export type RivalOfClaim<N extends string> = N | { readonly rival: N; readonly trueOfItToo: string };

interface ClaimBase<C, S, W, N extends string> {
  readonly id: string;
  /** The claim in one line of words. */
  readonly says: string;
  /** One number of a simulation made at `at`, of which the claim speaks. `world` holds what it was made in. */
  readonly measure: (simulation: S, at: C, world: W) => number;
  /** Rivals it must refute, nearest first: the first is judged in every run, all of them with the matrix of rivals. */
  readonly rivals: readonly RivalOfClaim<N>[];
  /** Configurations the claim speaks of, where it is not all of the theorem's. */
  readonly where?: (at: C) => boolean;
  /**
   * Set when the sources' statement is false, or true only elsewhere; with the reason, and the id of the claim that is
   * the nearest true statement. Such a claim needs no rivals.
   */
  readonly expect?: { readonly verdict: "refuted"; readonly because: string; readonly nearest?: string };
  /** Draws a configuration may take before the verdict is undecided. */
  readonly maxDraws?: number;
}

/** A certificate: the measure is an excess that must not pass the tolerance at any configuration and seed. */
export interface AlwaysClaim<C, S, W, N extends string> extends ClaimBase<C, S, W, N> {
  readonly form: "always";
  readonly tolerance: number;
  /** Why this tolerance: which rounding error, or which stated slack. */
  readonly because: string;
  /** How many seeds each configuration is checked with; 3 unless given. */
  readonly seeds?: number;
}

interface Ranged<C> {
  /**
   * A bet is as large as its end of the range is near: two to three tolerances to each side decide in some 32 to 56
   * draws where these scatter little. What is judged is the mean of the measures as clipped, so the ends lie where none
   * of the stated world's come.
   */
  readonly range: readonly [Value<C>, Value<C>];
  /**
   * Where measures beyond the range are put on its end: above it, below it, or both. A clip on the side where it makes
   * the claim look better than it is may catch a tenth of the draws and no more: beyond that a claim is not supported.
   * In a rival's world both sides are clipped.
   */
  readonly clip?: "above" | "below" | "both";
}

/** E[measure] ≤ `atMost` (or ≥ `atLeast`), told apart from a mean that misses it by `slack`. */
export interface MeanClaim<C, S, W, N extends string> extends ClaimBase<C, S, W, N>, Ranged<C> {
  readonly form: "mean";
  readonly atMost?: Value<C>;
  readonly atLeast?: Value<C>;
  readonly slack: Value<C>;
}

/** |E[measure] − `equals`| ≤ `within`, by two one-sided tests. */
export interface EqualsClaim<C, S, W, N extends string> extends ClaimBase<C, S, W, N>, Ranged<C> {
  readonly form: "equals";
  readonly equals: Value<C>;
  readonly within: Value<C>;
}

export type ClaimIn<C, S, W, N extends string> =
  | AlwaysClaim<C, S, W, N>
  | MeanClaim<C, S, W, N>
  | EqualsClaim<C, S, W, N>;

/**
 * A theorem: where it is claimed, under which assumptions, and what it claims there. A draw simulates once (a
 * configuration, a stream and a world give trained learners and test tasks) and every claim measures that simulation.
 */
export interface TheoremIn<C extends Configuration, S, W extends object, N extends string> {
  readonly id: string;
  readonly title: string;
  readonly source: { readonly paper: Paper; readonly locus: string; readonly status: Status };
  /** The statement, in TeX. */
  readonly statement: string;
  /** Configurations that fast-check draws and shrinks. */
  readonly regime: Arbitrary<C>;
  /** Named corners of the regime, always judged. */
  readonly examples: Readonly<Record<string, C>>;
  /** The settings of the paper's own figures and tables, judged at the paper's scale. */
  readonly paper?: Readonly<Record<string, C>>;
  /** Configurations to judge at, 8 unless given; draws each may take, the run's unless given. */
  readonly configurations?: number;
  readonly maxDraws?: number;
  readonly assumptions: readonly Assumption<C>[];
  /** The world of the statement: every part that a wrong theory would get wrong. */
  readonly world: W;
  readonly rivals: Readonly<Record<N, Rival<C, W>>>;
  /**
   * One simulation. It must depend on the configuration, the stream and the world alone. Parts that only some claims
   * look at are best made when asked for (`lazily`): a claim that is decided no longer asks.
   */
  readonly simulate: (at: C, stream: Stream, world: W) => S;
  readonly claims: readonly ClaimIn<C, S, W, NoInfer<N>>[];
  /** What one simulation takes, where that can be more than a second of one core or a gigabyte: counted, not timed. */
  readonly cost?: (at: C) => { readonly seconds: number; readonly bytes: number };
}

/** A claim, and a theorem, whose simulation, world and configurations are its own affair. */
// biome-ignore lint/suspicious/noExplicitAny: a claim is only ever given the simulations of its own theorem
export type Claim = ClaimIn<Configuration, any, any, string>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Theorem = TheoremIn<Configuration, any, any, string>;

/**
 * A theorem, checked: ids that can be typed on a command line and are not used twice, at least one example and one
 * claim, one bound to a mean, rivals that change one thing and that claims know by name, a statement that can be
 * typeset. The types of its configurations and simulations are forgotten, so that theorems of different kinds fit one
 * registry.
 * @throws RangeError naming the theorem and what is wrong with it.
 */
export function theorem<C extends Configuration, S, W extends object, N extends string>(
  definition: TheoremIn<C, S, W, N>,
): Theorem {
  const { id, claims, examples, rivals, statement } = definition;
  const refuse = (what: string): never => {
    throw new RangeError(`theorem ${id}: ${what}`);
  };
  if (!isId(id)) refuse("its id must be lower-case words joined by hyphens");
  // A tab in a statement is a forgotten backslash, as in \text.
  if (/\p{Cc}/u.test(statement)) refuse("its statement holds a control character; write it with String.raw");
  if (Object.keys(examples).length === 0) refuse("at least one named example is needed");
  if (claims.length === 0) refuse("at least one claim is needed");
  for (const [name, { world, at }] of Object.entries<Rival<C, W>>(rivals)) {
    if ((world === undefined) === (at === undefined)) refuse(`the rival "${name}" must change the world or the place`);
    const unknown = Object.keys(world ?? {}).find((part) => !(part in definition.world));
    if (unknown !== undefined) refuse(`the rival "${name}" changes "${unknown}", which the world has not`);
    if (name === statedWorld) refuse(`a rival cannot be called "${name}"`);
  }
  const seen = new Set<string>();
  for (const claim of claims) {
    if (!isId(claim.id)) refuse(`the claim id "${claim.id}" must be lower-case words joined by hyphens`);
    if (seen.has(claim.id)) refuse(`two claims are called ${claim.id}`);
    seen.add(claim.id);
    if (claim.form === "mean" && (claim.atMost === undefined) === (claim.atLeast === undefined)) {
      refuse(`${claim.id} needs one of atMost and atLeast`);
    }
    const unknown = claim.rivals.map(rivalName).find((name) => !(name in rivals));
    if (unknown !== undefined) refuse(`${claim.id} names the rival "${unknown}", which the theorem has not`);
    if (!claim.expect && !claim.rivals.some((rival) => typeof rival === "string")) {
      refuse(`${claim.id} needs a rival that it refutes`);
    }
    const nearest = claim.expect?.nearest;
    if (nearest !== undefined && !claims.some((other) => other.id === nearest && !other.expect)) {
      refuse(`${claim.id} points to "${nearest}", which is no claim that is expected to hold`);
    }
  }
  return definition as unknown as Theorem;
}

/** The stated world's name beside its rivals'. */
export const statedWorld = "as stated";

/** A world in which every measure is an end of the claim's range, by the toss of a coin: it must support no claim. */
export const coinFlips = "coin flips between the ends";

/** The name of a claim's rival. */
export function rivalName<N extends string>(rival: RivalOfClaim<N>): N {
  return typeof rival === "string" ? rival : rival.rival;
}

function isId(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);
}

/** The value at a configuration. */
export function valueAt<C>(value: Value<C>, at: C): number {
  return typeof value === "function" ? value(at) : value;
}
