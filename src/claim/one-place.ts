import { type Judgement, type Judging, judgeAt } from "./judging.js";
import { type Configuration, statedWorld, type Theorem } from "./theorem.js";

/** One configuration, whether or not the assumptions hold there, and what its streams are for. */
export interface Place {
  readonly configuration: Configuration;
  readonly purpose: string;
}

/**
 * Claims as stated, judged at one place.
 * @throws Error, its cause a RangeError, where a simulation or a measure refuses the place.
 */
export function judgeAlone(
  theorem: Theorem,
  claims: readonly string[],
  { configuration, purpose }: Place,
  judging: Judging,
): Promise<Judgement[]> {
  const stem = { theorem: theorem.id, world: statedWorld, seed: judging.seed, purpose };
  return judgeAt(theorem, claims, stem, { cases: [{ configuration }], missed: [] }, judging);
}

/**
 * The same at a place that is one of many, nobody's choice in particular: a claim that has nothing to measure there,
 * such as the limit of a descent that has none, is vacuous, with the reason.
 */
export async function judgeWherever(
  theorem: Theorem,
  claims: readonly string[],
  place: Place,
  judging: Judging,
): Promise<Judgement[]> {
  try {
    return await judgeAlone(theorem, claims, place, judging);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    // Each by itself, on the same draws: what one cannot measure is perhaps nothing to the others.
    if (claims.length > 1) {
      return (await Promise.all(claims.map((claim) => judgeWherever(theorem, [claim], place, judging)))).flat();
    }
    const { seed } = judging;
    const nothing = { verdict: "vacuous", cases: [], missed: [], draws: 0, seconds: 0 } as const;
    return [{ theorem: theorem.id, claim: claims[0]!, world: statedWorld, seed, ...nothing, refusal }];
  }
}

function refusalOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof RangeError ? cause.message : undefined;
}
