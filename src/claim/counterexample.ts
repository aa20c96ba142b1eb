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

/** @throws RangeError when the word is no token, or is one of which a part is not what it must be, naming that part. */
export function replayOf(token: string): Replay {
  const none = new RangeError(`"${token.slice(0, 40)}" is not a replay token; a refuted claim prints one`);
  let replay: Replay | null;
  try {
    replay = JSON.parse(Buffer.from(token, "base64url").toString()) as Replay | null;
  } catch {
    throw none;
  }
  if (typeof replay?.theorem !== "string") throw none;
  const { configuration } = replay;
  const needs = (part: keyof Replay, what: string, sound: (value: never) => boolean): void => {
    if (sound(replay[part] as never)) return;
    throw new RangeError(`the token's ${part} must be ${what}, got ${JSON.stringify(replay[part]) ?? "nothing"}`);
  };
  const isText = (value: unknown) => typeof value === "string";
  const isRate = (value: unknown) => typeof value === "number" && value >= smallestRate && value < 1;
  needs("claim", "a claim's id", isText);
  needs("world", "a world's name", isText);
  needs("seed", "an integer", Number.isSafeInteger);
  needs("maxDraws", "an integer at least 1", (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1);
  for (const rate of ["falseAlarm", "falsePass"] as const)
    needs(rate, `a rate from ${smallestRate} to below 1`, isRate);
  needs("configuration", "numbers by name", () => {
    const numbers = typeof configuration === "object" && configuration !== null && !Array.isArray(configuration);
    return numbers && Object.values(configuration).every((value) => typeof value === "number");
  });
  return replay;
}
