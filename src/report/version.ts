import { existsSync, readFileSync } from "node:fs";

/** The package's version, the same from source and from the build. */
export const version: string = (() => {
  for (const up of ["../../package.json", "../../../package.json"]) {
    const file = new URL(up, import.meta.url);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
  return "unknown";
})();
