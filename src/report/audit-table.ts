import {
  type AuditedAssumption,
  auditAssumptions,
  auditConclusion,
  auditDrops,
  auditSweep,
  conclusionOf,
  onsetOf,
  type SweepRow,
} from "../claim/audit.js";
import { configurationText } from "../claim/configurations.js";
import { findClaim } from "../claim/drawing.js";
import type { Judgement, Judging } from "../claim/judging.js";
import type { Configuration, Theorem } from "../claim/theorem.js";
import { estimateOf, numberText, targetOf } from "../claim/wording.js";
import { splitRates } from "../stats/budget.js";
import { rateText, wrapped } from "./columns.js";
import { csvText } from "./csv.js";

/**
 * An audit's question: at which configuration, which claim (all of the conclusion unless named), along which sweep,
 * whether to drop.
 */
export interface AuditQuestion {
  readonly configuration: Configuration;
  readonly claim?: string;
  readonly sweep?: { readonly name: string; readonly values: readonly number[] };
  readonly drop: boolean;
}

/** What an audit found, as lines for a person and, for a sweep, as CSV. */
export interface AuditReport {
  readonly lines: readonly string[];
  readonly csv?: string;
}

/**
 * Audits a theorem at a configuration: its assumptions with their slack, then the conclusion measured there; and, as
 * asked, with each assumption dropped or along a sweep. The rates given are those of the whole audit: they are split
 * over all the questions it asks.
 */
export async function audit(
  theorem: Theorem,
  question: AuditQuestion,
  how: Judging,
  progress: (share: number) => void = () => undefined,
): Promise<AuditReport> {
  const { lines, ...rest } = await auditLines(theorem, question, how, progress);
  // A line that is broken goes on deeper than it began.
  return { lines: lines.flatMap((line) => wrapped(line, /^ */.exec(line)![0].length + 4)), ...rest };
}

async function auditLines(
  theorem: Theorem,
  question: AuditQuestion,
  how: Judging,
  progress: (share: number) => void,
): Promise<AuditReport> {
  const { configuration, sweep, drop } = question;
  const claims = conclusionOf(theorem, question.claim);
  const places = sweep ? sweep.values.length : 1 + (drop ? theorem.assumptions.length : 0);
  // Of the work ahead the judge knows only the most that it can be: the bar runs by draws begun, and ends early.
  const most = claims.length * places * how.maxDraws;
  let begun = 0;
  const draw: Judging["draw"] = async (job) => {
    const draws = await how.draw(job);
    begun += job.claims.length * (job.to - job.from);
    progress(Math.min(1, begun / most));
    return draws;
  };
  const judging = { ...how, ...splitRates(claims.length * places, how), draw };
  const lines = [`${theorem.id} — ${theorem.title}`, `  at ${configurationText(configuration)}`];
  lines.push(
    `  ${claims.length * places} questions share false-alarm rate ${rateText(how.falseAlarm)}, ` +
      `false-pass rate ${rateText(how.falsePass)}`,
  );
  lines.push("", "  assumptions");
  for (const assumption of auditAssumptions(theorem, configuration)) lines.push(...assumptionLines(assumption));
  if (sweep) {
    const rows = await auditSweep(theorem, configuration, sweep, claims, judging);
    return {
      lines: [...lines, "", ...sweepLines(theorem, sweep.name, rows, claims)],
      csv: sweepCsv(sweep.name, rows, claims),
    };
  }
  lines.push("", "  conclusion");
  for (const judgement of await auditConclusion(theorem, configuration, claims, judging)) {
    lines.push(`    ${conclusionLine(theorem, judgement)}`);
  }
  if (!drop) return { lines };
  lines.push("", "  dropping one assumption at a time");
  for (const result of await auditDrops(theorem, configuration, claims, judging)) {
    const changed = Object.entries(result.configuration).filter(([name, value]) => configuration[name] !== value);
    lines.push(`    ${result.expression}: ${result.answer} (${configurationText(Object.fromEntries(changed))})`);
    if (result.alsoBroken.length > 0) lines.push(`      this also breaks ${result.alsoBroken.join("; ")}`);
    for (const judgement of result.judgements) {
      if (judgement.verdict !== "supported") lines.push(`      ${conclusionLine(theorem, judgement)}`);
    }
  }
  return { lines };
}

function assumptionLines({ expression, why, left, right, slack, holds, constants }: AuditedAssumption): string[] {
  const sides = `${numberText(left)} against ${numberText(right)}, slack ${numberText(slack)}`;
  return [
    `    ${holds ? "holds" : "FAILS"}  ${expression}  (${sides}) — ${why}`,
    ...Object.entries(constants).map(([name, { value, from }]) => `           ${name} = ${numberText(value)}, ${from}`),
  ];
}

function conclusionLine(theorem: Theorem, judgement: Judgement): string {
  const drawn = judgement.cases[0] === undefined ? "" : `, ${judgement.draws} draws`;
  return `${judgement.verdict.padEnd(9)} ${judgement.claim}: ${measuredText(theorem, judgement)}${drawn}`;
}

/** What was found at the one configuration, against what is claimed there. */
function measuredText(theorem: Theorem, { claim: id, cases, refusal }: Judgement): string {
  if (refusal !== undefined) return `nothing to measure: ${refusal}`;
  const [result] = cases;
  const claim = findClaim(theorem, id);
  return result ? `${estimateOf(result)} (${targetOf(claim, result)})` : "it does not speak of this configuration";
}

function sweepLines(theorem: Theorem, name: string, rows: readonly SweepRow[], claims: readonly string[]): string[] {
  const lines: string[] = [];
  claims.forEach((id, number) => {
    const claim = findClaim(theorem, id);
    lines.push(`  ${id}: ${claim.says}`);
    for (const row of rows) {
      const judgement = row.judgements[number]!;
      const broken = row.assumptions
        .filter(({ holds }) => !holds)
        .map(({ expression, slack }) => `${expression} (slack ${numberText(slack)})`);
      const left = `${name} = ${numberText(row.value)}`.padEnd(14);
      const measured = measuredText(theorem, judgement).padEnd(44);
      lines.push(
        `    ${left} ${judgement.verdict.padEnd(9)} ${measured} ` +
          `${broken.length > 0 ? `fails: ${broken.join("; ")}` : "assumptions hold"}`,
      );
    }
    lines.push(...onsetLines(name, rows, number), "");
  });
  return lines;
}

/** Where the claim starts to hold, and which constants would put an assumption's edge just there. */
function onsetLines(name: string, rows: readonly SweepRow[], claim: number): string[] {
  const { after, from } = onsetOf(rows, claim);
  if (!from) {
    const held = rows.findLastIndex((row) => row.judgements[claim]!.verdict === "supported");
    return held < 0
      ? ["    it holds nowhere along the sweep"]
      : [
          `    it is last supported at ${name} = ${numberText(rows[held]!.value)}, and no more ` +
            `at ${numberText(rows[held + 1]!.value)}`,
        ];
  }
  if (!after) return [`    it holds along the whole sweep, from ${name} = ${numberText(from.value)}`];
  const lines = [`    it starts to hold between ${name} = ${numberText(after.value)} and ${numberText(from.value)}`];
  from.assumptions.forEach((assumption, i) => {
    const [constant, ...more] = Object.entries(assumption.constants);
    const [low, high] = [after.assumptions[i]!.slack, assumption.slack];
    // The edge of "left >= c · right" moves with c: at this c its slack would be 1.
    if (!constant || more.length > 0 || low === high) return;
    const [at, to] = [low, high].map((slack) => numberText(constant[1].value * slack));
    lines.push(
      `    calibrated: ${assumption.expression} has its edge there for ${constant[0]} between ${at} and ${to}`,
    );
  });
  return lines;
}

function sweepCsv(name: string, rows: readonly SweepRow[], claims: readonly string[]): string {
  const assumptions = rows[0]!.assumptions.map(({ expression }) => `slack of ${expression}`);
  const columns = [name, "claim", "verdict", "estimate", "lower", "upper", "bound", "draws", ...assumptions];
  const lines = rows.flatMap((row) =>
    claims.map((id, number) => {
      const { verdict, cases } = row.judgements[number]!;
      const [result] = cases;
      const { interval } = result ?? {};
      const ends = [interval?.lower ?? "", interval?.upper ?? ""];
      const measured = [result?.estimate ?? "", ...ends, result?.bound ?? "", result?.draws ?? 0];
      return [row.value, id, verdict, ...measured, ...row.assumptions.map(({ slack }) => slack)].map(String);
    }),
  );
  return csvText([columns, ...lines]);
}
