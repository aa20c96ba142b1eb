import { Stream } from "../random/stream.js";
import { suiteRates } from "./budget.js";
import { confidenceInterval, type Interval, varianceInterval } from "./confidence.js";
import { describeHypothesis, type Hypothesis } from "./hypothesis.js";
import { Judge, type Spread } from "./judge.js";
import { shortNumber } from "./number-text.js";
import { remedyFor } from "./remedy.js";
import { refuseUnknownKeys } from "./unknown-keys.js";
import type { Rates, Verdict } from "./verdict.js";

/** How a question is asked: its rates (1e-6 each unless given), its streams and how long it may draw. */
export interface Asking extends Partial<Rates> {
  /** Draws before the verdict is "undecided"; 20,000 unless given. */
  readonly maxDraws?: number;
  /** Names the streams: one name, the same draws. The matchers take the test's name where there is none. */
  readonly name?: string;
  /** Moves every stream; 0 unless given. */
  readonly seed?: number;
}

/**
 * A claim about the mean of a simulation's output: `draw` makes one output from its stream and nothing else that is
 * random. Every output lies in `range`, surely; or has a standard deviation of at most `deviation`, where there is no
 * sure range.
 */
export type Simulation = Asking &
  Spread & {
    readonly draw: (stream: Stream) => number | Promise<number>;
    readonly claim: Hypothesis;
  };

/** A question with its own way of being answered, such as `several` and `sameLaw` make. */
export interface Question {
  readonly name?: string;
  ask(name: string): Promise<Answer>;
}

/** What came out, and what a reader of a failure needs to know, a line each. */
export interface Answer {
  readonly verdict: Exclude<Verdict, "vacuous">;
  readonly draws: number;
  readonly report: readonly string[];
}

/** What came out of a simulation. */
export interface SimulationResult extends Answer {
  readonly estimate: number;
  /** 95% confidence sequence for the mean. */
  readonly interval: Interval;
  /** Natural logs of the capitals against the claim, and against its being false by its slack. */
  readonly logCapitalAgainst: number;
  readonly logCapitalFor: number;
  /** Shares of the draws exactly on the lower and the upper end of the range. */
  readonly shareAtEnds: { readonly lower: number; readonly upper: number };
}

export const askingKeys = ["falseAlarm", "falsePass", "maxDraws", "name", "seed"] as const;

/**
 * The asking with its defaults.
 * @throws RangeError on a maxDraws that is not an integer ≥ 1, or a seed that is none.
 */
export function asked({ falseAlarm, falsePass, maxDraws = 20_000, seed = 0 }: Asking, name: string) {
  if (!(Number.isSafeInteger(maxDraws) && maxDraws >= 1)) {
    throw new RangeError(`maxDraws must be an integer >= 1, got ${String(maxDraws)}`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed must be an integer, got ${String(seed)}`);
  const rates = { falseAlarm: falseAlarm ?? suiteRates.falseAlarm, falsePass: falsePass ?? suiteRates.falsePass };
  return { rates, maxDraws, seed, root: Stream.root("icl-claims", "simulation", name, seed) };
}

/** An identity that gives a simulation its exact type, so that a misspelt form or key does not compile. */
export function simulation(of: Simulation): Simulation {
  return of;
}

/**
 * Judges a simulation: draws until the claim is supported or refuted at the given rates, or the draws run out.
 * It needs a name: two simulations that are told apart by nothing would see the same draws, and err together.
 *
 * @example
 * await judgeSimulation({
 *   name: "queue", draw: queueLength, range: [0, 50], claim: { form: "atMost", bound: 4, slack: 0.5 },
 * });
 * @throws RangeError as `Judge` does: on impossible ranges and bounds, unknown keys, and on a draw outside the range.
 */
export async function judgeSimulation(simulation: Simulation & { readonly name: string }): Promise<SimulationResult> {
  refuseUnknownKeys("a simulation", simulation, ["draw", "range", "deviation", "claim", ...askingKeys]);
  const { draw, claim, range, deviation, name } = simulation;
  if (typeof name !== "string") throw new RangeError("a simulation needs a name: it names the random streams");
  const { rates, maxDraws, seed, root } = asked(simulation, name);
  const spread = { ...(range && { range }), ...(deviation !== undefined && { deviation }) } as Spread;
  const judge = new Judge({ hypothesis: claim, ...rates, ...spread });
  const seen: number[] = [];
  while (judge.verdict === undefined && judge.draws < maxDraws) {
    const value = await draw(root.derive(judge.draws));
    judge.push(value);
    seen.push(value);
  }
  const { draws, estimate, logCapitalAgainst, logCapitalFor, shareAtEnds } = judge;
  const interval = range ? confidenceInterval(seen, range, 0.05) : varianceInterval(seen, deviation as number, 0.05);
  const verdict = judge.verdict ?? "undecided";
  const clamped = shareAtEnds.lower + shareAtEnds.upper;
  const e = (log: number, rate: number) => `${shortNumber(log / Math.LN10)} of ${shortNumber(-Math.log10(rate))}`;
  const report = [
    `mean ${shortNumber(estimate)} [${shortNumber(interval.lower)}, ${shortNumber(interval.upper)}] ` +
      `at 95% over ${draws} draws; ` +
      `claimed: ${describeHypothesis(claim)}`,
    `log10 e: against ${e(logCapitalAgainst, rates.falseAlarm)} needed, ` +
      `for ${e(logCapitalFor, rates.falsePass)} needed`,
    ...(clamped > 0.01 && clamped < 1
      ? [
          `${shortNumber(100 * shareAtEnds.lower)}% of the draws lie on the lower end of the range, ` +
            `${shortNumber(100 * shareAtEnds.upper)}% on the upper`,
        ]
      : []),
    remedyFor(judge, verdict, seen),
    `streams of "${name}", seed ${seed}`,
  ];
  return { verdict, draws, estimate, interval, logCapitalAgainst, logCapitalFor, shareAtEnds, report };
}
