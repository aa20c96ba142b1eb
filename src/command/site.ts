import { existsSync } from "node:fs";
import type { Command } from "commander";
import { exitCodes, plainExitCodeText } from "./exit-codes.js";

/** Adds `site` to the command line. */
export function addSiteCommand(program: Command): void {
  program
    .command("site")
    .description("build the page in which every theorem can be read, judged and broken: a folder for any host, or none")
    .option("--out <directory>", "an empty folder, a new one, or that of an earlier build", "dist/site")
    .addHelpText("after", plainExitCodeText)
    .action(async ({ out }: { out: string }) => {
      const written = await (await builder())(out);
      const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
      console.log(`${written.length} files, ${(bytes / 1e6).toFixed(1)} MB; open ${out}/index.html`);
      process.exitCode = exitCodes.supported;
    });
}

type Builder = (out: string) => Promise<readonly { readonly path: string; readonly bytes: number }[]>;

/**
 * The builder, which is TypeScript beside the sources that it bundles. @throws RangeError where it is not: an installed
 * package has neither it nor what it typesets with, so that the judge's users need not install them.
 */
async function builder(): Promise<Builder> {
  const source = ["../../site/site.ts", "../../../site/site.ts"]
    .map((path) => new URL(path, import.meta.url))
    .find((file) => existsSync(file));
  try {
    if (!source) throw new Error("no sources");
    const { tsImport } = await import("tsx/esm/api");
    return ((await tsImport(source.href, import.meta.url)) as { buildSite: Builder }).buildSite;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (source && code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new RangeError(
      `the page is built from a checkout of the project after npm ci, which has its sources and KaTeX: ${message}`,
    );
  }
}
