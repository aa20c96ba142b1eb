import type { AssumptionValue } from "./assumption.js";
import type { Judgement, Judging } from "./judging.js";
import { judgeAlone, judgeWherever } from "./one-place.js";
import type { Configuration, Theorem } from "./theorem.js";

/** An assumption of a theorem at one configuration. */
export interface AuditedAssumption extends AssumptionValue {
  readonly expression: string;
  readonly why: string;
  readonly constants: Theorem["assumptions"][number]["constants"];
}

/** Every assumption's two sides, slack and whether it holds there. @throws RangeError when one cannot be evaluated. */
export function auditAssumptions(theorem: Theorem, configuration: Configuration): AuditedAssumption[] {
  return theorem.assumptions.map((assumption) => {
    const { expression, why, constants } = assumption;
    return { expression, why, constants, ...assumption.at(configuration) };
  });
}

/**
 * Which of the theorem's claims are its conclusion: all that are claimed to hold, or those named. @throws RangeError on
 * an unknown name.
 */
export function conclusionOf(theorem: Theorem, only?: string): string[] {
  const ids = theorem.claims.filter((claim) => !claim.expect).map(({ id }) => id);
  if (only === undefined) return ids;
  if (!ids.includes(only))
    throw new RangeError(`${theorem.id} does not conclude "${only}"; it concludes ${ids.join(", ")}`);
  return [only];
}

/**
 * The conclusion at one configuration, whether or not the assumptions hold there: each claim judged on streams of its
 * own.
 * @param label names the streams, so that the same question is always asked of the same draws.
 */
export function auditConclusion(
  theorem: Theorem,
  configuration: Configuration,
  claims: readonly string[],
  judging: Judging,
): Promise<Judgement[]> {
  return judgeAlone(theorem, claims, { configuration, purpose: "audit" }, judging);
}

/** What breaking one assumption did to the conclusion. */
export interface DropResult {
  readonly expression: string;
  readonly configuration: Configuration;
  /** Other assumptions that held before and do not hold in the dropped configuration. */
  readonly alsoBroken: readonly string[];
  readonly judgements: readonly Judgement[];
  /**
   * "carries weight": some claim is refuted. "not needed": all that speak of the place are still supported. Here, at
   * this configuration: no more is claimed. "nothing to judge": none is refuted, and some claim has nothing to measure,
   * such as a limit that does not exist.
   */
  readonly answer: "carries weight here" | "not needed here" | "nothing to judge here" | "undecided";
}

/** Breaks each assumption in turn, all others kept as far as its `drop` can, and judges the conclusion there. */
export function auditDrops(
  theorem: Theorem,
  configuration: Configuration,
  claims: readonly string[],
  judging: Judging,
): Promise<DropResult[]> {
  return Promise.all(
    theorem.assumptions.map(async (assumption) => {
      const dropped = assumption.drop(configuration);
      const judgements = await judgeWherever(theorem, claims, { configuration: dropped, purpose: "audit" }, judging);
      const alsoBroken = theorem.assumptions
        .filter((other) => other !== assumption && other.at(configuration).holds && !other.at(dropped).holds)
        .map(({ expression }) => expression);
      const refuted = judgements.some(({ verdict }) => verdict === "refuted");
      // A claim that does not speak of the place says nothing of the assumption.
      const spoken = judgements.filter(({ verdict }) => verdict !== "vacuous");
      const supported = spoken.length > 0 && spoken.every(({ verdict }) => verdict === "supported");
      const nothing = judgements.some(({ refusal }) => refusal !== undefined);
      const unrefuted = nothing ? "nothing to judge here" : supported ? "not needed here" : "undecided";
      const answer = refuted ? "carries weight here" : unrefuted;
      return { expression: assumption.expression, configuration: dropped, alsoBroken, judgements, answer } as const;
    }),
  );
}

/** The conclusion at one value of the swept parameter. */
export interface SweepRow {
  readonly value: number;
  readonly assumptions: readonly AuditedAssumption[];
  readonly judgements: readonly Judgement[];
}

/** The conclusion along a parameter, all others fixed. */
export async function auditSweep(
  theorem: Theorem,
  configuration: Configuration,
  sweep: { readonly name: string; readonly values: readonly number[] },
  claims: readonly string[],
  judging: Judging,
): Promise<SweepRow[]> {
  return Promise.all(
    sweep.values.map(async (value) => {
      const there = { ...configuration, [sweep.name]: value };
      const judgements = await judgeWherever(theorem, claims, { configuration: there, purpose: "audit" }, judging);
      return { value, assumptions: auditAssumptions(theorem, there), judgements };
    }),
  );
}

/** Where along a sweep a claim starts to hold: not yet at `after`, at `from` and everywhere beyond. */
export interface Onset {
  /** The last value at which it is refuted or undecided; undefined when it holds along the whole sweep. */
  readonly after?: SweepRow;
  /** The first value from which on it is supported everywhere; undefined when it is not at the end. */
  readonly from?: SweepRow;
}

/** The onset of the claim with that number in the rows' judgements. */
export function onsetOf(rows: readonly SweepRow[], claim: number): Onset {
  const last = rows.findLastIndex((row) => row.judgements[claim]!.verdict !== "supported");
  const after = rows[last];
  const from = rows[last + 1];
  return { ...(after ? { after } : {}), ...(from ? { from } : {}) };
}

/**
 * "B=4..1024" as a parameter and `points` values from one end to the other, equally spaced in the logarithm, rounded
 * where both ends are integers.
 * @throws RangeError saying what the form is, which names there are, or that the ends must be positive and rising.
 */
export function sweepOf(theorem: Theorem, text: string, points: number): { name: string; values: number[] } {
  const match = /^\s*([^=\s]+)\s*=\s*([^.\s]+(?:\.\d+)?)\s*\.\.\s*(\S+)\s*$/.exec(text);
  if (!match) throw new RangeError(`a sweep is written name=from..to, such as B=4..1024, got "${text}"`);
  const [, name = "", low = "", high = ""] = match;
  const names = Object.keys(Object.values(theorem.examples)[0]!);
  if (!names.includes(name))
    throw new RangeError(`${theorem.id} has no parameter "${name}"; it has ${names.join(", ")}`);
  const [from, to] = [Number(low), Number(high)];
  if (!(from > 0 && to > from && to < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a sweep needs numbers 0 < from < to, got ${low}..${high}`);
  }
  const whole = Number.isInteger(from) && Number.isInteger(to);
  const values = Array.from({ length: points }, (_, i) => from * (to / from) ** (i / (points - 1)));
  return { name, values: [...new Set(whole ? values.map(Math.round) : values)] };
}
