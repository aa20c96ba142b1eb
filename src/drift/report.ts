import { rateText } from "../report/columns.js";
import type { Drift, Outcome } from "./compare.js";

/** Of the four outcomes: beside those of verdicts, so that a script tells them apart. */
export const driftExitCodes: Readonly<Record<Outcome, number>> = {
  identical: 0,
  consistent: 10,
  drifted: 11,
  "not measured": 12,
};

/** What a comparison says, in every form it is said in: made from the one outcome. */
export interface DriftReport {
  readonly lines: readonly string[];
  readonly json: string;
  /** GitHub's workflow commands, which annotate a run. */
  readonly annotations: readonly string[];
  readonly exitCode: number;
}

/** The table (what is not identical, and a count), JSON, annotations and exit code of a comparison. */
export function driftReport(drift: Drift): DriftReport {
  const { outcome, findings, first, rates, notes } = drift;
  const shown = findings.filter((finding) => finding.outcome !== "identical");
  const widths = [
    Math.max(0, ...shown.map(({ room }) => room.length)),
    Math.max(0, ...shown.map(({ name }) => name.length)),
  ];
  const table = shown.map(({ room, name, outcome: of, what }) =>
    `  ${of.padEnd(12)}  ${room.padEnd(widths[0]!)}  ${name.padEnd(widths[1]!)}  ${what}`.trimEnd(),
  );
  const count = `${findings.length - shown.length} of ${findings.length} measurements identical`;
  const [alarm, pass] = [rateText(rates.falseAlarm), rateText(rates.falsePass)];
  const ratesText = `false-alarm rate ${alarm} and false-pass rate ${pass} where streams changed`;
  const where = first ? `; first in ${first.room}: ${first.name}` : "";
  return {
    lines: [...table, ...notes, `${count}; ${ratesText}`, `${outcome}${where}`],
    json: JSON.stringify(drift, undefined, 2),
    annotations: shown.map(({ room, name, outcome: of, what }) => {
      const level = of === "drifted" ? "error" : of === "consistent" ? "notice" : "warning";
      return `::${level} title=${property(`${of}: ${room}/${name}`)}::${data(what)}`;
    }),
    exitCode: driftExitCodes[outcome],
  };
}

/** Escapes as GitHub's workflow commands ask. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
