#!/usr/bin/env node
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command, CommanderError } from "commander";
import { theorems } from "../theorems/index.js";
import { conclusionOf, sweepOf } from "./claim/audit.js";
import { evidenceOf, mergeEvidence } from "./claim/claim-evidence.js";
import { replayed, replayOf } from "./claim/counterexample.js";
import { type DrawingPool, drawingPool } from "./claim/pool.js";
import { configurationWith } from "./claim/setting.js";
import { ratesOfOne } from "./claim/suite.js";
import { numberText } from "./claim/wording.js";
import { addFigureCommand } from "./command/figure.js";
import { integer, rate } from "./command/options.js";
import { progressLines } from "./command/progress.js";
import { exitCodeOf, exitCodes, selectTheorems, type VerifyOptions, verify } from "./command/verify.js";
import { writeWhole } from "./command/whole-file.js";
import { checkBackend } from "./linalg/kernels/backend.js";
import { audit } from "./report/audit-table.js";
import { resultLine, theoremLines } from "./report/verdict-table.js";
import { suiteRates } from "./stats/budget.js";
import { parseEvidence } from "./stats/evidence.js";

const registry = new URL(
  import.meta.url.endsWith(".ts") ? "../theorems/index.ts" : "../theorems/index.js",
  import.meta.url,
).href;

/** @throws RangeError when the file cannot be read. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

interface VerifyFlags {
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
}

/** Runs with a pool whose workers end with it, at Ctrl-C at once. `byHand` says that the configuration was typed. */
async function withPool(
  workers: number,
  byHand: boolean,
  run: (pool: DrawingPool, interrupted: () => boolean) => Promise<number>,
): Promise<void> {
  const pool = drawingPool(registry, workers);
  let interrupted = false;
  process.once("SIGINT", () => {
    interrupted = true;
    void pool.close();
  });
  try {
    process.exitCode = await run(pool, () => interrupted);
  } catch (error) {
    if (interrupted) {
      console.error("icl-claims: interrupted");
      process.exitCode = exitCodes.interrupted;
      return;
    }
    // A draw that refuses its configuration says so as a RangeError: a setting by hand was out of range.
    if (byHand && (error as Error).cause instanceof RangeError) throw new RangeError((error as Error).message);
    throw error;
  } finally {
    await pool.close();
  }
}

const program = new Command("icl-claims")
  .description("Papers on in-context learning, made executable: which claims hold, with stated error rates")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "icl-claims: ")) });

program
  .command("list")
  .description("the theorems, where they come from and what they claim")
  .option("--json", "as JSON")
  .action(({ json }: { json?: true }) => {
    if (json) {
      const rows = theorems.map(({ id, title, source, statement, claims }) => {
        return { id, title, status: source.status, statement, claims: claims.map(({ id, says }) => ({ id, says })) };
      });
      console.log(JSON.stringify(rows, undefined, 2));
      return;
    }
    for (const { id, title, source, claims } of theorems) {
      console.log(
        `${id.padEnd(28)} ${source.status.padEnd(15)} ${title} (${source.paper.authors} ${source.paper.year})`,
      );
      for (const claim of claims)
        console.log(`  ${claim.id.padEnd(26)} ${claim.expect ? "(expected refuted) " : ""}${claim.says}`);
    }
  });

program
  .command("verify")
  .description("judge every claim, and its control, of these theorems (of all when none is named)")
  .argument("[id...]", "theorems, as `list` names them")
  .option("--seed <N>", "moves every random stream; same seed, same bits", integer(0), 0)
  .option("--fresh", "draws a seed and prints it")
  .option("--json", "as JSON; all but `seconds` is the same for the same seed")
  .option("--alarm <rate>", "false-alarm rate of the whole suite", rate, suiteRates.falseAlarm)
  .option("--pass <rate>", "false-pass rate of the whole suite", rate, suiteRates.falsePass)
  .option("--max-draws <N>", "draws a configuration may take", integer(1), 4000)
  .option("--configurations <N>", "configurations a claim is judged at", integer(1), 8)
  .option("--workers <N>", "worker threads", integer(1), availableParallelism())
  .option("--evidence <file>", "write a record of the capitals there, a line a claim and configuration, for `merge`")
  .option("--code <name>", "what was run, such as a commit: evidence is merged only with evidence about the same")
  .option("--set <name=value,…>", "judge at this one configuration instead: the theorem's first example so changed")
  .addHelpText(
    "after",
    "\nExit code: 0 all as expected, 1 refuted, 2 bad usage, 3 undecided, 4 vacuous, 130 interrupted.",
  )
  .action(async (ids: string[], flags: VerifyFlags) => {
    const chosen = selectTheorems(theorems, ids);
    if (flags.set !== undefined && ids.length !== 1) throw new RangeError("--set needs one theorem, named before it");
    const only = flags.set === undefined ? undefined : { configuration: configurationWith(chosen[0]!, flags.set) };
    if ((flags.evidence === undefined) !== (flags.code === undefined))
      throw new RangeError("--evidence and --code go together");
    const seed = flags.fresh ? randomInt(2 ** 31) : flags.seed;
    const { maxDraws, configurations } = flags;
    const rates = { falseAlarm: flags.alarm, falsePass: flags.pass };
    await withPool(flags.workers, flags.set !== undefined, async (pool, interrupted) => {
      const voice = progressLines();
      const options: VerifyOptions = {
        ...{ ids, seed, rates, maxDraws, configurations, interrupted, json: flags.json === true },
        ...(only ? { only } : {}),
      };
      try {
        const { results, exitCode } = await verify(theorems, pool, options, voice);
        const { evidence, code } = flags;
        if (evidence !== undefined && code !== undefined) {
          const records = results.flatMap(({ judgement }) => evidenceOf(judgement, code));
          writeWhole(evidence, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
        }
        return exitCode;
      } finally {
        voice.stop();
      }
    });
  });

interface AuditFlags extends Pick<VerifyFlags, "seed" | "maxDraws" | "workers" | "set"> {
  readonly claim?: string;
  readonly sweep?: string;
  readonly points: number;
  readonly drop?: true;
  readonly csv?: string;
}

program
  .command("audit")
  .description(
    "a theorem's assumptions at a configuration, by which slack they hold, and the conclusion measured there",
  )
  .argument("<theorem>", "as `list` names it")
  .option("--set <name=value,…>", "the configuration: the theorem's first example so changed", "")
  .option("--claim <id>", "this claim only, not all of the conclusion")
  .option("--drop", "break each assumption in turn, all others kept: does it carry weight here?")
  .option("--sweep <name=from..to>", "the conclusion along a parameter, on a logarithmic grid")
  .option("--points <N>", "points of the grid", integer(2), 9)
  .option("--csv <file>", "write the sweep there")
  .option("--seed <N>", "moves every random stream; same seed, same bits", integer(0), 0)
  .option("--max-draws <N>", "draws a configuration may take before it is undecided", integer(1), 300)
  .option("--workers <N>", "worker threads", integer(1), availableParallelism())
  .action(async (id: string, flags: AuditFlags) => {
    const theorem = selectTheorems(theorems, [id])[0]!;
    const configuration = configurationWith(theorem, flags.set ?? "");
    const sweep = flags.sweep === undefined ? undefined : sweepOf(theorem, flags.sweep, flags.points);
    if (flags.csv !== undefined && !sweep) throw new RangeError("--csv needs --sweep: only a sweep makes a table");
    const { claim, seed, maxDraws } = flags;
    const question = {
      configuration,
      drop: flags.drop === true,
      ...(claim ? { claim } : {}),
      ...(sweep ? { sweep } : {}),
    };
    conclusionOf(theorem, claim);
    await withPool(flags.workers, true, async (pool) => {
      const judging = { ...ratesOfOne(theorems), draw: pool.draw, seed, maxDraws, configurations: 1 };
      const report = await audit(theorem, question, judging);
      for (const line of report.lines) console.log(line);
      if (flags.csv !== undefined && report.csv !== undefined) writeWhole(flags.csv, report.csv);
      return exitCodes.supported;
    });
  });

program
  .command("merge")
  .description("add up the evidence of several runs on fresh seeds, as `verify --evidence` wrote it")
  .argument("<file...>")
  .option("--alarm <rate>", "false-alarm rate of the whole suite", rate, suiteRates.falseAlarm)
  .option("--pass <rate>", "false-pass rate of the whole suite", rate, suiteRates.falsePass)
  .action((files: string[], { alarm, pass }: { alarm: number; pass: number }) => {
    const records = files.flatMap((file) => {
      const text = readText(file);
      return text.split("\n").flatMap((line) => (line === "" ? [] : parseEvidence(line)));
    });
    const merged = mergeEvidence(records, ratesOfOne(theorems, { falseAlarm: alarm, falsePass: pass }));
    for (const { evidence, verdict } of merged) {
      const log = verdict === "refuted" ? evidence.logCapitalAgainst : evidence.logCapitalFor;
      console.log(`${verdict.padEnd(9)} log10 e ${numberText(log / Math.LN10).padEnd(8)} ${evidence.claim}`);
    }
  });

program
  .command("replay")
  .description("judge a refuted claim's counterexample again: the same draws, the same verdict")
  .argument("<token>", "as the refutation printed it")
  .action(async (token: string) => {
    const replay = replayOf(token);
    const theorem = selectTheorems(theorems, [replay.theorem])[0]!;
    await withPool(1, false, async (pool) => {
      const judgement = await replayed(theorem, replay, pool.draw);
      const asExpected = judgement.verdict === judgement.expected;
      const result = { judgement, asExpected };
      for (const text of theoremLines(theorem)) console.log(text);
      console.log(resultLine(theorem, result));
      return exitCodeOf([result]);
    });
  });

addFigureCommand(program);

try {
  checkBackend();
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version also end this way, with code 0.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  } else {
    console.error(`icl-claims: ${(error as Error).message}`);
    process.exitCode = error instanceof RangeError ? exitCodes.usage : 70;
  }
}
