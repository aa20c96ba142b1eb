import type { Case } from "../claim/configurations.js";
import { findClaim } from "../claim/drawing.js";
import type { DrawingPool } from "../claim/pool.js";
import { judgeItem, type SuiteOptions, type SuiteResult, suiteItems } from "../claim/suite.js";
import { statedWorld, type Theorem } from "../claim/theorem.js";
import { failureText } from "../claim/wording.js";
import { resultLine, summaryLine, theoremLines } from "../report/verdict-table.js";
import type { Progress } from "./progress.js";

/** What `verify` takes beside the theorems. */
export interface VerifyOptions extends Omit<SuiteOptions, "draw"> {
  /** Theorems to judge; all when none is named. */
  readonly ids: readonly string[];
  readonly json: boolean;
  /** Judge at this one case instead of the theorem's own. */
  readonly only?: Case;
  /** Asked between results: true ends the run with what was reached. */
  readonly interrupted: () => boolean;
}

/** Exit codes, worst first where several apply. */
export const exitCodes = { supported: 0, refuted: 1, usage: 2, undecided: 3, vacuous: 4, interrupted: 130 } as const;

/** The theorems of these ids. @throws RangeError listing what there is when one is unknown. */
export function selectTheorems(theorems: readonly Theorem[], ids: readonly string[]): readonly Theorem[] {
  const unknown = ids.find((id) => !theorems.some((theorem) => theorem.id === id));
  if (unknown !== undefined) {
    throw new RangeError(`there is no theorem "${unknown}"; there are ${theorems.map(({ id }) => id).join(", ")}`);
  }
  return ids.length === 0 ? theorems : theorems.filter(({ id }) => ids.includes(id));
}

/**
 * Judges what is to be judged of the selected theorems in the pool, several worlds at a time, and reports each theorem in
 * the registry's order as soon as it and those before it are there.
 * @returns what was reached, and the exit code.
 */
export async function verify(
  theorems: readonly Theorem[],
  pool: DrawingPool,
  options: VerifyOptions,
  { line, progress }: Pick<Progress, "line" | "progress">,
): Promise<{ readonly results: readonly SuiteResult[]; readonly exitCode: number }> {
  const items = suiteItems(selectTheorems(theorems, options.ids), options);
  const wanted = items.reduce((sum, { claims }) => sum + claims.length, 0);
  const pending: Promise<SuiteResult[]>[] = [];
  let done = 0;
  // A few items at once keep every worker busy, and let the first results come first.
  const start = () => {
    const item = items[pending.length];
    if (!item) return;
    const only = options.only && [options.only];
    const promise = judgeItem(item, theorems, { ...options, draw: pool.draw }, only).then((results) => {
      progress(++done / items.length);
      start();
      return results;
    });
    // A failure is reported where its turn comes; until then it must not count as unhandled.
    promise.catch(() => undefined);
    pending.push(promise);
  };
  for (let lane = 0; lane < 4; lane++) start();
  const results: SuiteResult[] = [];
  let ended = false;
  for (const theorem of new Set(items.map((item) => item.theorem))) {
    const found: SuiteResult[] = [];
    for (const [i, item] of items.entries()) {
      if (item.theorem !== theorem || ended) continue;
      const part = await pending[i]!.catch((error: unknown) => {
        if (options.interrupted()) return undefined;
        throw error;
      });
      if (part) found.push(...part);
      else ended = true;
    }
    const order = theorem.claims.map(({ id }) => id);
    // A claim stands above its rivals.
    found.sort((a, b) => order.indexOf(a.judgement.claim) - order.indexOf(b.judgement.claim));
    if (!options.json && found.length > 0) report(theorem, found, line);
    results.push(...found);
    if (ended) break;
  }
  if (options.json) line(JSON.stringify(results.map(machineReadable), undefined, 2));
  else line(`\n${summaryLine(results, wanted)}; seed ${options.seed ?? 0}`);
  return { results, exitCode: options.interrupted() ? exitCodes.interrupted : exitCodeOf(results) };
}

function report(theorem: Theorem, results: readonly SuiteResult[], line: Progress["line"]): void {
  for (const text of theoremLines(theorem)) line(text);
  for (const result of results) {
    const { judgement } = result;
    line(resultLine(theorem, result));
    const claim = findClaim(theorem, judgement.claim);
    if (claim.expect && judgement.world === statedWorld) line(`      expected refuted: ${claim.expect.because}`);
    if (!result.asExpected) line(`  ${failureText(theorem, result)}`);
  }
}

/** 0 when all are as expected, else by the worst: refuted (or supported where it must not be), undecided, vacuous. */
export function exitCodeOf(results: readonly SuiteResult[]): number {
  const bad = new Set(results.filter((result) => !result.asExpected).map((result) => result.judgement.verdict));
  if (bad.has("refuted") || bad.has("supported")) return exitCodes.refuted;
  if (bad.has("undecided")) return exitCodes.undecided;
  return bad.has("vacuous") ? exitCodes.vacuous : exitCodes.supported;
}

/** A result as JSON; the one thing in it that differs between runs of one seed is `seconds`. */
function machineReadable({ judgement, ...rest }: SuiteResult) {
  return { ...judgement, ...rest };
}
