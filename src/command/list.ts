import type { Command } from "commander";
import { wrapped } from "../report/columns.js";
import { plainExitCodeText } from "./exit-codes.js";
import { named } from "./own-modules.js";
import type { Registry } from "./registry.js";
import { selectTheorems } from "./select.js";

/** Adds `list` to the command line. */
export function addListCommand(program: Command, known: Registry): void {
  program
    .command("list")
    .description("the theorems, where they come from and what they claim")
    .argument("[name...]", "ids, or paths of modules that export theorems; all of the papers' when none is named")
    .option("--json", "as JSON")
    .addHelpText("after", plainExitCodeText)
    .action(async (names: string[], { json }: { json?: true }) => {
      const { registry, ids } = await named(known, names);
      const theorems = selectTheorems(registry.theorems, ids);
      if (json) {
        const rows = theorems.map(({ id, title, source, statement, claims }) => {
          const said = claims.map((claim) => ({ id: claim.id, says: claim.says }));
          return { id, title, status: source.status, statement, claims: said };
        });
        console.log(JSON.stringify(rows, undefined, 2));
        return;
      }
      for (const { id, title, source, claims } of theorems) {
        const paper = `${source.paper.authors} ${source.paper.year}`;
        const lines = wrapped(`${id.padEnd(28)} ${source.status.padEnd(15)} ${title} (${paper})`, 45);
        for (const claim of claims) {
          const says = `${claim.expect ? "(expected refuted) " : ""}${claim.says}`;
          lines.push(...wrapped(`  ${claim.id.padEnd(26)} ${says}`, 29));
        }
        for (const line of lines) console.log(line);
      }
    });
}
