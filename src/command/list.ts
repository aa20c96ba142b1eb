import type { Command } from "commander";
import { plainExitCodeText } from "./exit-codes.js";
import type { Registry } from "./registry.js";

/** Adds `list` to the command line. */
export function addListCommand(program: Command, { theorems }: Registry): void {
  program
    .command("list")
    .description("the theorems, where they come from and what they claim")
    .option("--json", "as JSON")
    .addHelpText("after", plainExitCodeText)
    .action(({ json }: { json?: true }) => {
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
        console.log(`${id.padEnd(28)} ${source.status.padEnd(15)} ${title} (${paper})`);
        for (const claim of claims) {
          console.log(`  ${claim.id.padEnd(26)} ${claim.expect ? "(expected refuted) " : ""}${claim.says}`);
        }
      }
    });
}
