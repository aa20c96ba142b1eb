import { numberText } from "../claim/wording.js";
import { type Measurement, rooms, type Sample } from "./measurement.js";
import { twoSample } from "./two-sample.js";

/** Which numbers these are and what made them. */
export interface Catalogue {
  /** Of this format: another one cannot be compared with. */
  readonly schema: number;
  readonly node: string;
  readonly kernels: string;
  readonly measurements: readonly Measurement[];
}

export const schema = 1;

/** What became of a measurement, or of all of them: the worst of theirs. */
export type Outcome = "identical" | "consistent" | "not measured" | "drifted";

/** From best to worst. */
const order: readonly Outcome[] = ["identical", "consistent", "not measured", "drifted"];

export interface Finding {
  readonly room: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** What was found, in a few words. */
  readonly what: string;
}

/** A comparison: what table, JSON and exit code are all made from. */
export interface Drift {
  readonly outcome: Outcome;
  /** In the order of the rooms. */
  readonly findings: readonly Finding[];
  /** The first finding of that outcome, unless all is identical: later rooms see what earlier ones make. */
  readonly first?: Finding;
  /** Of the whole comparison. */
  readonly rates: { readonly falseAlarm: number; readonly falsePass: number };
  readonly notes: readonly string[];
}

/**
 * Compares a catalogue with its golden, measurement by measurement.
 *
 * - identical: every bit.
 * - consistent: values and draws moved by no more than their stated rounding; or other streams were drawn, and the
 *   means agree by `twoSample`, at rates that the whole comparison shares.
 * - drifted: moved further on the same streams, however little; means that disagree; another fact, such as a verdict.
 * - not measured: no golden for it or no number for the golden, another schema, a number that is none, a sample too
 *   small to show the drift that it promises to show, or any at all. A comparison of nothing is not measured.
 */
export function compare(
  golden: Catalogue | undefined,
  now: Catalogue,
  rates = { falseAlarm: 1e-6, falsePass: 1e-6 },
): Drift {
  const notes: string[] = [];
  if (golden && golden.schema !== now.schema) {
    notes.push(`the goldens have schema ${golden.schema}, this version writes ${now.schema}: accept them anew`);
  }
  const known = golden?.schema === now.schema ? golden : undefined;
  if (known && known.node !== now.node) notes.push(`goldens from Node ${known.node}, this is ${now.node}`);
  if (known && known.kernels !== now.kernels) {
    notes.push(`goldens from the ${known.kernels} kernels, these are ${now.kernels}: last bits may differ`);
  }
  const before = new Map((known?.measurements ?? []).map((each) => [keyOf(each), each]));
  const samples = now.measurements.reduce((sum, each) => sum + (each.samples?.length ?? 0), 0);
  const share = { falseAlarm: rates.falseAlarm / Math.max(1, samples), falsePass: rates.falsePass };
  const findings: Finding[] = [];
  for (const each of now.measurements) {
    const { room, name } = each;
    const old = before.get(keyOf(each));
    before.delete(keyOf(each));
    const [outcome, what] = old ? judged(old, each, share) : (["not measured", "new: there is no golden"] as const);
    findings.push({ room, name, outcome, what });
  }
  for (const { room, name } of before.values()) {
    findings.push({ room, name, outcome: "not measured", what: "gone: the golden has it, this version does not" });
  }
  return driftOf([{ outcome: "identical", findings, rates, notes }]);
}

/** Comparisons of several parts as one; of none, nothing was measured. */
export function driftOf(compared: readonly Drift[]): Drift {
  const place = ({ room }: Finding) => {
    const at = rooms.indexOf(room as (typeof rooms)[number]);
    return at < 0 ? rooms.length : at;
  };
  const findings = compared.flatMap((each) => each.findings).sort((a, b) => place(a) - place(b));
  const outcome = findings.length === 0 ? "not measured" : worst(findings.map((finding) => finding.outcome));
  const first = outcome === "identical" ? undefined : findings.find((finding) => finding.outcome === outcome);
  const rates = compared[0]?.rates ?? { falseAlarm: 0, falsePass: 0 };
  const notes = [...new Set(compared.flatMap((each) => each.notes))];
  return { outcome, findings, ...(first ? { first } : {}), rates, notes };
}

/** The worst of some outcomes; of none, identical. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return order[Math.max(0, ...outcomes.map((outcome) => order.indexOf(outcome)))]!;
}

type Judged = readonly [outcome: Outcome, what: string];

function judged(old: Measurement, now: Measurement, rates: Drift["rates"]): Judged {
  const numbers = [...(now.values ?? []), ...(now.samples ?? []).flatMap(({ mean, head }) => [mean, ...head])];
  if (numbers.some(Number.isNaN)) return ["not measured", "NaN where a number should be"];
  const facts = Object.keys({ ...old.facts, ...now.facts }).filter((name) => old.facts?.[name] !== now.facts?.[name]);
  const [firstFact] = facts;
  if (firstFact !== undefined) {
    const [was, is] = [old, now].map((each) => each.facts?.[firstFact] ?? "nothing");
    return ["drifted", `${firstFact}: ${was} before, ${is} now`];
  }
  if (old.digest === now.digest) return ["identical", "the same bits"];
  if ((old.values?.length ?? 0) !== (now.values?.length ?? 0)) return ["drifted", "another number of values"];
  if ((old.samples?.length ?? 0) !== (now.samples?.length ?? 0)) return ["drifted", "another number of samples"];
  const parts: Judged[] = [];
  // The golden's own tolerance holds: a version that widens it has to accept.
  const { rounding, sees } = old;
  if (now.values) parts.push(moved(old.values!, now.values, rounding));
  if (now.samples) parts.push(...resampled(old.samples!, now.samples, rounding, rates, sees));
  const outcome = worst(parts.map(([part]) => part));
  // The digest has more behind it than is kept: what is kept may stand still while it moves.
  if (outcome === "identical")
    return ["consistent", "bits moved, of draws that are not kept; means and first draws stand"];
  return parts.find(([part]) => part === outcome)!;
}

/** The furthest that a value moved, relative to the largest. */
function movement(old: readonly number[], now: readonly number[]): number {
  const size = Math.max(...old.map(Math.abs), Number.MIN_VALUE);
  return Math.max(0, ...old.map((value, i) => (Object.is(value, now[i]) ? 0 : Math.abs(value - now[i]!) / size)));
}

function moved(old: readonly number[], now: readonly number[], rounding: number): Judged {
  const by = movement(old, now);
  if (by === 0) return ["identical", "the same bits"];
  const text = `moved by ${numberText(by)} of the largest value, rounding is ${numberText(rounding)}`;
  return [by <= rounding ? "consistent" : "drifted", text];
}

function resampled(
  old: readonly Sample[],
  now: readonly Sample[],
  rounding: number,
  rates: Drift["rates"],
  sees?: number,
): Judged[] {
  const pairs = old.map((sample, i) => ({ old: sample, now: now[i]! }));
  const kept = pairs.flatMap((pair) => {
    const size = Math.max(...pair.old.head.map(Math.abs), Number.MIN_VALUE);
    return pair.old.head.map(
      (value, i) => Math.abs(value - (pair.now.head[i] ?? Number.POSITIVE_INFINITY)) <= 1e-6 * size,
    );
  });
  // Draws of other streams come so close by chance alone, where they are counts; three in four never.
  const sameStreams = kept.filter(Boolean).length >= 0.75 * kept.length;
  return pairs.map((pair): Judged => {
    if (sameStreams) {
      if (pair.old.n !== pair.now.n) return ["drifted", `draws: ${pair.old.n} before, ${pair.now.n} now`];
      const size = Math.max(...pair.old.head.map(Math.abs), Number.MIN_VALUE);
      const by = Math.max(movement(pair.old.head, pair.now.head), Math.abs(pair.old.mean - pair.now.mean) / size);
      if (by === 0) return ["identical", "the same bits"];
      const text = `same streams, draws moved by ${numberText(by)}, rounding is ${numberText(rounding)}`;
      return [by <= rounding ? "consistent" : "drifted", text];
    }
    const { agree, sigmas, sees: visible } = twoSample(pair.old, pair.now, rates);
    const text =
      `other streams, means ${numberText(sigmas)} standard errors apart, drifts from ` +
      `${numberText(visible)} on show`;
    if (!agree) return ["drifted", text];
    if (sees !== undefined && visible > sees) return ["not measured", `${text}, promised are ${numberText(sees)}`];
    const [low, high] = pair.now.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (visible >= high - low) return ["not measured", `${text}, which is all of the range`];
    return ["consistent", text];
  });
}

function keyOf({ room, name }: Pick<Measurement, "room" | "name">): string {
  return `${room}/${name}`;
}
