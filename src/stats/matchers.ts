import { judgeSimulation, type Question, type Simulation } from "./simulation.js";

/**
 * Matchers for vitest and jest: `expect.extend(matchers)`, then `await expect(simulation).toBeSupported()` (or
 * `toBeRefuted`). An undecided simulation fails both, and their negations too.
 *
 * A simulation without a name gets that of its test and its place among the test's assertions, so that no two share
 * their draws and every run sees the same ones; give it a name to keep its draws when assertions are added above it.
 */
export const matchers = {
  toBeSupported: matcher("supported"),
  toBeRefuted: matcher("refuted"),
};

/** What a matcher reads of its test. */
interface Context {
  readonly isNot?: boolean;
  readonly currentTestName?: string;
  readonly assertionCalls?: number;
}

function matcher(wanted: "supported" | "refuted") {
  return async function (this: Context, subject: Simulation | Question) {
    const name = subject.name ?? `${this.currentTestName ?? ""} #${this.assertionCalls ?? 0}`;
    const { verdict, report } =
      "ask" in subject ? await subject.ask(name) : await judgeSimulation({ ...subject, name });
    return {
      // With `.not` the matcher fails when it passes: an undecided simulation must fail there as well.
      pass: verdict === "undecided" ? this.isNot === true : verdict === wanted,
      message: () => [`${verdict}, expected ${this.isNot ? "not " : ""}${wanted}`, ...report].join("\n  "),
    };
  };
}

/** The keys of one of a union's members. */
type KeysOf<U> = U extends unknown ? keyof U : never;

/** T itself, or a sentence that no matcher's subject has as its type, naming the key that is misspelt. */
type Misspelt<T> = T extends Question
  ? never
  : Exclude<keyof T, KeysOf<Simulation>> extends never
    ? T extends { readonly claim: infer H }
      ? Exclude<keyof H, "form" | "bound" | "slack" | "target" | "within">
      : never
    : Exclude<keyof T, KeysOf<Simulation>>;

/**
 * A matcher of simulations and questions alone: on anything else, and on a misspelt key, its call does not compile.
 * Literal forms are checked by `simulation({ … })`, or when they are judged.
 */
export type Verdictable<T> = [Misspelt<T>] extends [never]
  ? T extends Question | { readonly draw: Simulation["draw"]; readonly claim: object }
    ? () => Promise<void>
    : (expected: "a simulation { draw, range or deviation, claim }, or a question") => never
  : (misspelt: Misspelt<T>) => never;
