import { existsSync, readFileSync } from "node:fs";

/** The manifest, two directories up from source and three from the build. */
const manifest = ["../../package.json", "../../../package.json"]
  .map((path) => new URL(path, import.meta.url))
  .find((file) => existsSync(file))!;

/** The package's version. */
export const version = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;

/** How this command line is run, from source or installed, so that what it prints can be typed. */
export const runAs = import.meta.url.endsWith(".ts") ? "npx tsx src/cli.ts" : "npx icl-claims";
