import { suiteItems } from "../claim/suite.js";
import type { Theorem } from "../claim/theorem.js";
import type { Rates } from "../stats/verdict.js";
import { numbered, rateText, wrapped } from "./columns.js";

/** Seconds of one core that judging a theorem takes, in full and when quick, by the theorem's id. */
export type Times = Readonly<Record<string, { readonly full?: number; readonly quick?: number }>>;

/** What a run is about to judge, at which rates, and how long that took when this version was made. */
export function headerLines(
  theorems: readonly Theorem[],
  { quick, workers, rates, times }: { quick: boolean; workers: number; rates: Rates; times: Times },
): string[] {
  const items = suiteItems(theorems, { quick });
  const judged = items.reduce((sum, { claims }) => sum + claims.length, 0);
  const claims = theorems.reduce((sum, theorem) => sum + theorem.claims.length, 0);
  const of = numbered(theorems.length, "theorem");
  const shared = `rates ${rateText(rates.falseAlarm)} and ${rateText(rates.falsePass)} over all of it`;
  const what = quick
    ? `quick: one claim of each of ${of}, at one configuration, without rivals; ${shared}, where a run without ` +
      `--quick judges ${numbered(claims, "claim")} and their rivals at 1e-6`
    : `${of}, ${numbered(claims, "claim")}, ${judged} judgements with their nearest rivals; ${shared}`;
  const known = theorems.flatMap(
    ({ id }) => (Object.hasOwn(times, id) ? times[id]![quick ? "quick" : "full"] : []) ?? [],
  );
  const seconds = known.reduce((sum, each) => sum + each, 0);
  const more = known.length < theorems.length && known.length > 0 ? " or more" : "";
  // Workers take some seconds to start.
  const expected = seconds < 10 ? "" : `; about ${durationText(3 + seconds / workers)}${more} on ${coresText(workers)}`;
  return wrapped(what + expected, 2);
}

function coresText(workers: number): string {
  return numbered(workers, "quiet core");
}

function durationText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}
