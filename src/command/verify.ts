import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { checkEvidence, type EvidenceFile, evidenceOf, withEvidence } from "../claim/claim-evidence.js";
import type { Case } from "../claim/configurations.js";
import { findClaim } from "../claim/drawing.js";
import type { Scale } from "../claim/judging.js";
import type { DrawingPool } from "../claim/pool.js";
import { configurationWith } from "../claim/setting.js";
import { judgeItem, type SuiteOptions, type SuiteResult, suiteItems } from "../claim/suite.js";
import { statedWorld, type Theorem } from "../claim/theorem.js";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { wrapped } from "../report/columns.js";
import { checkMemory, costLines } from "../report/cost-line.js";
import { type Paint, paintFor } from "../report/paint.js";
import { matrixLegend, rivalMatrix } from "../report/rival-matrix.js";
import { headerLines } from "../report/run-header.js";
import { failureLines, resultLines, summaryLines, theoremLines } from "../report/verdict-table.js";
import { runAs } from "../report/version.js";
import { checkWritable, writeWhole } from "../report/whole-file.js";
import { suiteRates } from "../stats/budget.js";
import { exitCodeOf, exitCodes, exitCodeText } from "./exit-codes.js";
import { integer, joined, rate, scale } from "./options.js";
import { named } from "./own-modules.js";
import type { Progress } from "./progress.js";
import { progressLines } from "./progress.js";
import { readText } from "./read-text.js";
import { addRedisOptions, type RedisFlags } from "./redis-options.js";
import type { Registry } from "./registry.js";
import { selectTheorems } from "./select.js";
import { withPool } from "./with-pool.js";

/** What `verify` takes beside the theorems. */
export interface VerifyOptions extends Omit<SuiteOptions, "draw"> {
  /** Theorems to judge; all when none is named. */
  readonly ids: readonly string[];
  readonly json: boolean;
  /** Judge at this one case instead of the theorem's own. */
  readonly only?: Case;
  /** Asked between results: true ends the run with what was reached. */
  readonly interrupted: () => boolean;
  /** How a counterexample's token is replayed: "icl-claims replay TOKEN", with the modules, unless given. */
  readonly replay?: (token: string) => string;
  readonly paint?: Paint;
}

/**
 * Judges what is to be judged of the selected theorems in the pool, several worlds at a time, and reports each theorem
 * in the registry's order as soon as it and those before it are there.
 * @returns what was reached, and the exit code.
 */
export async function verify(
  theorems: readonly Theorem[],
  pool: DrawingPool,
  options: VerifyOptions,
  { line, progress }: Pick<Progress, "line" | "progress">,
): Promise<{ readonly results: readonly SuiteResult[]; readonly exitCode: number }> {
  const chosen = selectTheorems(theorems, options.ids);
  const items = suiteItems(chosen, options);
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
  for (let lane = 0; lane < (pool.lanes ?? 4); lane++) start();
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
    if (!options.json && found.length > 0) report(theorem, found, line, options);
    results.push(...found);
    if (ended) break;
  }
  if (options.json) line(JSON.stringify(results.map(machineReadable), undefined, 2));
  else line(`\n${summaryLines(results, chosen, wanted).join("\n")}; seed ${options.seed ?? 0}`);
  return { results, exitCode: options.interrupted() ? exitCodes.interrupted : exitCodeOf(results) };
}

function report(
  theorem: Theorem,
  results: readonly SuiteResult[],
  line: Progress["line"],
  { matrix = false, replay, paint }: VerifyOptions,
): void {
  for (const text of matrix ? rivalMatrix(theorem, results) : theoremLines(theorem, paint)) line(text);
  for (const result of results.filter(({ asExpected }) => !matrix || !asExpected)) {
    const { judgement } = result;
    for (const text of resultLines(theorem, result, paint)) line(text);
    const { expect } = findClaim(theorem, judgement.claim);
    if (expect && judgement.world === statedWorld) {
      for (const text of wrapped(`      expected refuted: ${expect.because}`, 8)) line(text);
    }
    if (!result.asExpected) for (const text of failureLines(theorem, result, replay)) line(text);
  }
}

/** A result as JSON; the one thing in it that differs between runs of one seed is `seconds`. */
function machineReadable({ judgement, ...rest }: SuiteResult) {
  return { ...judgement, ...rest, backend: defaultBackend };
}

/** An evidence file as it is now; none yet is an empty one. */
function evidenceFile(name: string): EvidenceFile {
  return { name, text: existsSync(name) ? readText(name) : "" };
}

interface VerifyFlags extends RedisFlags {
  readonly seed: number;
  readonly fresh?: true;
  readonly json?: true;
  readonly alarm: number;
  readonly pass: number;
  readonly maxDraws: number;
  readonly configurations: number;
  readonly workers: number;
  readonly evidence?: string;
  readonly code?: string;
  readonly set?: string;
  readonly rivals?: true;
  readonly quick?: true;
  readonly scale: Scale;
}

/** The rates of a quick run, of all of it together, unless others are asked for. */
const quickRates = { falseAlarm: 0.05, falsePass: 0.05 };

/** Adds `verify` to the command line. */
export function addVerifyCommand(program: Command, known: Registry): void {
  const command = program
    .command("verify")
    .description("judge every claim, and its nearest rival, of these theorems (of all when none is named)")
    .argument("[id...]", "theorems, as `list` names them, or paths of modules that export theorems")
    .option("--seed <N>", "moves every random stream; same seed, same bits", integer(0), 0)
    .option("--fresh", "draws a seed and prints it")
    .option("--json", "as JSON; all but `seconds` is the same for the same seed")
    .option("--alarm <rate>", "false-alarm rate of the whole suite", rate, suiteRates.falseAlarm)
    .option("--pass <rate>", "false-pass rate of the whole suite", rate, suiteRates.falsePass)
    .option("--max-draws <N>", "draws a configuration may take", integer(1), 4000)
    .option("--configurations <N>", "configurations a claim is judged at", integer(1), 8)
    .option("--workers <N>", "worker threads", integer(1), availableParallelism())
    .option("--evidence <file>", "append a record of the capitals there, a line a claim, for `merge`")
    .option("--code <name>", "what was run, such as a commit: evidence is merged only with evidence about the same")
    .option("--rivals", "the matrix: every claim in every rival's world, as docs/rivals.md has it")
    .option("--quick", "in seconds: one claim of each theorem, at one configuration, at rates of 0.05")
    .option("--scale <scale>", "quick, or paper: the settings of the papers' own figures", scale, "quick")
    .option(
      "--set <name=value,…>",
      "judge at this one configuration instead: the theorem's first example so changed",
      joined,
    )
    .addHelpText("after", exitCodeText)
    .action(async (names: string[], flags: VerifyFlags, command: Command) => {
      const { registry, ids, modules } = await named(known, names);
      const chosen = selectTheorems(registry.theorems, ids);
      if (flags.scale === "paper" && !chosen.some((theorem) => theorem.paper)) {
        throw new RangeError(`${ids.join(", ")} has no settings of a paper's figures`);
      }
      if (flags.set !== undefined && ids.length !== 1) throw new RangeError("--set needs one theorem, named before it");
      const only = flags.set === undefined ? undefined : { configuration: configurationWith(chosen[0]!, flags.set) };
      if ((flags.evidence === undefined) !== (flags.code === undefined))
        throw new RangeError("--evidence and --code go together");
      if (flags.fresh && command.getOptionValueSource("seed") === "cli") {
        throw new RangeError("--fresh draws a seed and --seed gives one: not both");
      }
      if (only && flags.redis === undefined) checkMemory(chosen[0]!, [only.configuration]);
      const given = (name: string) => command.getOptionValueSource(name) === "cli";
      if (flags.quick) {
        const other = ["set", "rivals", "scale", "evidence", "configurations"].find(given);
        if (other !== undefined) throw new RangeError(`--quick and --${other} do not go together`);
      }
      // Before the run, which may take hours: a file that cannot be read, or written to.
      const seed = flags.fresh ? randomInt(2 ** 31) : flags.seed;
      const { evidence, code } = flags;
      if (evidence !== undefined && code !== undefined) {
        checkWritable(evidence);
        checkEvidence(evidenceFile(evidence), chosen, { seed, code });
      }
      const { maxDraws, configurations, scale, rivals: matrix = false, quick = false, workers } = flags;
      const asked = { workers, seed, scale, ...(only ? { only: only.configuration } : {}) };
      if (!quick) for (const text of costLines(chosen, asked)) console.error(text);
      const rates = {
        falseAlarm: quick && !given("alarm") ? quickRates.falseAlarm : flags.alarm,
        falsePass: quick && !given("pass") ? quickRates.falsePass : flags.pass,
      };
      const paint = paintFor(process.stdout, process.env);
      const header = headerLines(chosen, { quick, workers, rates, times: registry.times ?? {} });
      await withPool(registry, flags, flags.set !== undefined, async (pool, interrupted) => {
        const voice = progressLines(pool.note);
        const json = flags.json === true;
        const options: VerifyOptions = {
          ...{ ids, seed, rates, scale, matrix, quick, maxDraws, configurations, interrupted, json, paint },
          ...(only ? { only } : {}),
          replay: (token) => [runAs, "replay", `"${token}"`, ...modules].join(" "),
        };
        if (!json && !only && scale === "quick") for (const text of matrix ? matrixLegend : header) voice.line(text);
        try {
          const { results, exitCode } = await verify(registry.theorems, pool, options, voice);
          // Half a run's claims would look like a whole run's: an interrupted one leaves the file as it was.
          if (evidence !== undefined && code !== undefined && !interrupted()) {
            const records = results.flatMap(({ judgement }) => evidenceOf(judgement, code));
            writeWhole(evidence, withEvidence(evidenceFile(evidence), records));
          }
          return exitCode;
        } finally {
          voice.stop();
        }
      });
    });
  addRedisOptions(command);
}
