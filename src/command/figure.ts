import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { withDrawingPackages } from "../figure/drawing-packages.js";
import { settingsText, settingsWith } from "../figure/figure.js";
import { figureOf, figures } from "../figure/figures/index.js";
import { partPool } from "../figure/pool.js";
import { exitCodes, plainExitCodeText } from "./exit-codes.js";
import { integer, joined } from "./options.js";
import { progressLines } from "./progress.js";
import { addRedisOptions, clusterOf, type RedisFlags } from "./redis-options.js";

interface FigureFlags extends RedisFlags {
  readonly quick?: true;
  readonly set?: string;
  readonly seed: number;
  readonly out: string;
  readonly workers: number;
}

/** Adds `figure` to the command line: exit code 0 when drawn, 2 on bad usage, 130 when interrupted. */
export function addFigureCommand(program: Command): void {
  const command = program
    .command("figure")
    .description("draw a figure as SVG, PNG and CSV, and print its table")
    .argument("<name>", figures.map(({ id }) => id).join(", "))
    .option("--quick", "a small version, in seconds; its files are called <name>-quick")
    .option("--set <name=value,…>", "other settings than the published ones, several values joined by /", joined)
    .option("--seed <N>", "same seed, same bits on any number of workers", integer(0), 0)
    .option("--out <directory>", "where the files go", "figures")
    .option("--workers <N>", "worker threads", integer(1), availableParallelism())
    .addHelpText("after", () => `\n${figures.map(helpLine).join("\n")}\n${plainExitCodeText}`)
    .action(async (id: string, flags: FigureFlags) => {
      const { quick, set, seed, out, workers } = flags;
      const figure = figureOf(id);
      const base = quick ? { ...figure.settings, ...figure.quick } : figure.settings;
      const settings = set === undefined ? base : settingsWith(base, set);
      const { renderFigure } = await withDrawingPackages(() => import("../figure/render.js"));
      const cluster = await clusterOf(flags);
      const pool = cluster ?? partPool(workers);
      const bar = progressLines(cluster?.note);
      // Files are written in this thread alone, each in one piece, so that there is none to clean up.
      const interrupted = new Promise<"interrupted">((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve("interrupted"));
      });
      try {
        const drawn = renderFigure(figure, {
          ...{ settings, seed, directory: out, name: quick ? `${id}-quick` : id, run: pool.run },
          ...{ progress: bar.progress, line: bar.line },
        });
        // Where it was interrupted, that its parts come to nothing is no failure.
        drawn.catch(() => undefined);
        if ((await Promise.race([drawn, interrupted])) === "interrupted") {
          console.error("icl-claims: interrupted; the same command goes on from the last checkpoint, if there is one");
          process.exitCode = exitCodes.interrupted;
        } else cluster?.finished();
      } finally {
        bar.stop();
        await pool.close();
      }
    });
  addRedisOptions(command, 86_400);
}

function helpLine(figure: (typeof figures)[number]): string {
  return `${figure.id.padEnd(10)} ${figure.title}\n${" ".repeat(11)}${settingsText(figure.settings)}`;
}
