import { Stream } from "../random/stream.js";
import { suiteRates } from "../stats/budget.js";
import { confidenceInterval, type Interval } from "../stats/confidence.js";
import type { Hypothesis, Range } from "../stats/hypothesis.js";
import { Judge } from "../stats/judge.js";
import type { Rates, Verdict } from "../stats/verdict.js";

/** A claim about the mean of a simulation's output, with no theorem around it. */
export interface Simulation extends Partial<Rates> {
  /** One output, from this stream and nothing else that is random. */
  readonly draw: (stream: Stream) => number | Promise<number>;
  /** Every output lies in it, surely. */
  readonly range: Range;
  readonly claim: Hypothesis;
  /** Draws before the verdict is "undecided"; 20,000 unless given. */
  readonly maxDraws?: number;
  /** Names the streams; a simulation judged twice under one name sees the same draws. "simulation" unless given. */
  readonly name?: string;
}

/** What came out. */
export interface SimulationResult {
  readonly verdict: Exclude<Verdict, "vacuous">;
  readonly draws: number;
  readonly estimate: number;
  /** 95% confidence sequence for the mean. */
  readonly interval: Interval;
}

/**
 * Judges a simulation: draws until the claim is supported or refuted at the given rates (1e-6 each unless given), or the draws run out.
 *
 * @example
 * await judgeSimulation({ draw: (stream) => queueLength(stream), range: [0, 50], claim: { form: "atMost", bound: 4, slack: 0.5 } });
 * @throws RangeError as `Judge` does: on impossible ranges and bounds, and on a draw outside the range.
 */
export async function judgeSimulation(simulation: Simulation): Promise<SimulationResult> {
  const { draw, range, claim, maxDraws = 20_000, name = "simulation" } = simulation;
  const { falseAlarm = suiteRates.falseAlarm, falsePass = suiteRates.falsePass } = simulation;
  const judge = new Judge({ hypothesis: claim, range, falseAlarm, falsePass });
  const root = Stream.root("icl-claims", "simulation", name);
  const seen: number[] = [];
  while (judge.verdict === undefined && judge.draws < maxDraws) {
    const value = await draw(root.derive(judge.draws));
    judge.push(value);
    seen.push(value);
  }
  return {
    verdict: judge.verdict ?? "undecided",
    draws: judge.draws,
    estimate: judge.estimate,
    interval: confidenceInterval(seen, range, 0.05),
  };
}
