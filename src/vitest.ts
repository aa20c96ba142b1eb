import type {} from "vitest";
import { judgeSimulation, type Simulation } from "./claim/simulation.js";
import { numberText } from "./claim/wording.js";
import { describeHypothesis } from "./stats/hypothesis.js";

/**
 * Matchers for vitest and jest: `expect.extend(matchers)`, then `await expect(simulation).toBeSupported()` (or `toBeRefuted`). An undecided simulation fails
 * both, and their negations too.
 */
export const matchers = {
  toBeSupported: matcher("supported"),
  toBeRefuted: matcher("refuted"),
};

interface SimulationMatchers<R> {
  toBeSupported(): Promise<R>;
  toBeRefuted(): Promise<R>;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared exactly as vitest declares it
  interface Matchers<T = any> extends SimulationMatchers<T> {}
}

function matcher(wanted: "supported" | "refuted") {
  return async function (this: { isNot?: boolean }, simulation: Simulation) {
    const { verdict, draws, estimate, interval } = await judgeSimulation(simulation);
    const found = `mean ${numberText(estimate)} [${numberText(interval.lower)}, ${numberText(interval.upper)}] over ${draws} draws`;
    return {
      // With `.not` the matcher fails when it passes: an undecided simulation must fail there as well.
      pass: verdict === "undecided" ? this.isNot === true : verdict === wanted,
      message: () =>
        `"${describeHypothesis(simulation.claim)}" is ${verdict}, expected ${this.isNot ? "not " : ""}${wanted}: ${found}`,
    };
  };
}
