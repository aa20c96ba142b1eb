import type { Command } from "commander";
import { replayed, replayOf } from "../claim/counterexample.js";
import { findClaim } from "../claim/drawing.js";
import { expectation, meets } from "../claim/suite.js";
import { paintFor } from "../report/paint.js";
import { resultLines, theoremLines } from "../report/verdict-table.js";
import { exitCodeOf, exitCodeText } from "./exit-codes.js";
import { named } from "./own-modules.js";
import type { Registry } from "./registry.js";
import { selectTheorems } from "./select.js";
import { withPool } from "./with-pool.js";

/** Adds `replay` to the command line. */
export function addReplayCommand(program: Command, known: Registry): void {
  program
    .command("replay")
    .description("judge a refuted claim's counterexample again: the same draws, the same verdict")
    .argument("<token>", "as the refutation printed it")
    .argument("[module...]", "of a theorem of your own: the module that exports it")
    .addHelpText("after", exitCodeText)
    .action(async (token: string, modules: string[]) => {
      const replay = replayOf(token);
      const { registry } = await named(known, modules);
      const theorem = selectTheorems(registry.theorems, [replay.theorem])[0]!;
      await withPool(registry, { workers: 1 }, true, async (pool) => {
        const judgement = await replayed(theorem, replay, pool.draw);
        const expected = expectation(findClaim(theorem, judgement.claim), judgement.world);
        const result = { judgement, expected, asExpected: meets(expected, judgement.verdict) };
        const paint = paintFor(process.stdout, process.env);
        const lines = [...theoremLines(theorem, paint), ...resultLines(theorem, result, paint)];
        for (const line of lines) console.log(line);
        return exitCodeOf([result]);
      });
    });
}
