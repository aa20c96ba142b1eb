import fc from "fast-check";
import { type Rates, smallestRate } from "../stats/verdict.js";
import { meetsAssumptions } from "./configurations.js";
import { rootOf } from "./drawing.js";
import { type Judgement, type Judging, judgeAt } from "./judging.js";
import { checkConfiguration } from "./setting.js";
import type { Configuration, Theorem } from "./theorem.js";

/** A refutation at one configuration, on draws that no search for it has seen. */
export interface Counterexample {
  readonly configuration: Configuration;
  /** "refuted" confirms it; anything else says that the search was misled by luck. */
  readonly confirmation: Judgement;
  /** What `icl-claims replay` takes. */
  readonly token: string;
}

/** Everything a replay needs besides the code. */
export interface Replay extends Rates {
  readonly theorem: string;
  readonly claim: string;
  readonly world: string;
  readonly seed: number;
  readonly maxDraws: number;
  readonly configuration: Configuration;
}

/** More judgements than this a search does not make: what it then has is small enough. */
const searchLimit = 60;

/**
 * The smallest configuration that still refutes a refuted claim: fast-check shrinks the refuting cases, over
 * configurations only (never over seeds, which would hunt for the unluckiest), and the result is judged once more on
 * fresh draws.
 * @returns undefined when the judgement was no refutation.
 */
export async function findCounterexample(
  theorem: Theorem,
  judgement: Judgement,
  judging: Judging,
): Promise<Counterexample | undefined> {
  if (judgement.verdict !== "refuted") return undefined;
  const { claim, world, seed } = judgement;
  const stem = { theorem: theorem.id, world, seed };
  const byEvidence = [...judgement.cases].sort(
    (a, b) => (b.logCapitalAgainst ?? b.estimate - b.bound) - (a.logCapitalAgainst ?? a.estimate - a.bound),
  );
  // An example outside the regime's own ranges cannot be shrunk within them: one that can goes first.
  const shrinkable = byEvidence.find(({ configuration, ...result }) => {
    const against = result.logCapitalAgainst ?? result.estimate - result.bound;
    return against > 0 && theorem.regime.canShrinkWithoutContext(configuration);
  });
  const start = (shrinkable ?? byEvidence[0]!).configuration;
  let smallest = start;
  let judged = 0;
  const holds = async (configuration: Configuration) => {
    if (!meetsAssumptions(theorem, configuration) || judged++ >= searchLimit) return true;
    const cases = { cases: [{ configuration }], missed: [] };
    const [result] = await judgeAt(theorem, [claim], { ...stem, purpose: "shrink" }, cases, judging);
    if (result!.verdict !== "refuted") return true;
    smallest = configuration;
    return false;
  };
  await fc.check(fc.asyncProperty(theorem.regime, holds), {
    examples: [[start]],
    numRuns: 1,
    seed: rootOf({ ...stem, purpose: "shrink" }).int32(),
  });
  const { falseAlarm, falsePass, maxDraws } = judging;
  const replay = { ...stem, claim, falseAlarm, falsePass, maxDraws, configuration: smallest };
  const confirmation = await replayed(theorem, replay, judging.draw);
  return { configuration: smallest, confirmation, token: tokenOf(replay) };
}

/**
 * Judges what a token names, on the draws its confirmation saw: the same bits, the same verdict. @throws RangeError on
 * a configuration that is none of the theorem's.
 */
export async function replayed(theorem: Theorem, replay: Replay, draw: Judging["draw"]): Promise<Judgement> {
  const { claim, world, seed, configuration } = replay;
  const stem = { theorem: theorem.id, world, seed, purpose: "confirm" };
  checkConfiguration(theorem, configuration);
  const cases = { cases: [{ configuration }], missed: [] };
  const [judgement] = await judgeAt(theorem, [claim], stem, cases, { ...replay, draw, configurations: 1 });
  return judgement!;
}

/** A replay as one word. */
export function tokenOf(replay: Replay): string {
  return Buffer.from(JSON.stringify(replay)).toString("base64url");
}

/** @throws RangeError when the word is no token. */
export function replayOf(token: string): Replay {
  try {
    const replay = JSON.parse(Buffer.from(token, "base64url").toString()) as Replay;
    const numbers = [replay.seed, replay.maxDraws, replay.falseAlarm, replay.falsePass];
    const texts = [replay.theorem, replay.claim, replay.world];
    const configuration = Object.values(replay.configuration);
    const rates = [replay.falseAlarm, replay.falsePass];
    const sound =
      [...numbers, ...configuration].every((value) => typeof value === "number" && !Number.isNaN(value)) &&
      texts.every((value) => typeof value === "string") &&
      Number.isSafeInteger(replay.seed) &&
      Number.isSafeInteger(replay.maxDraws) &&
      replay.maxDraws >= 1 &&
      rates.every((rate) => rate >= smallestRate && rate < 1);
    if (sound) return replay;
  } catch {
    // Said below, with the cases that parse and are still no token.
  }
  throw new RangeError(`"${token.slice(0, 40)}" is not a replay token; a refuted claim prints one`);
}
