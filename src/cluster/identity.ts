import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultBackend } from "../linalg/kernels/backend.js";

/**
 * What decides the bits of a draw: a hash of the code that runs (every file of `src` and `theorems`, as source or as
 * built), the compiled kernels where they are used, the dependencies' versions, and the version of V8, whose
 * transcendental functions may differ in last bits. Two machines with one identity make the same draws. Cost: some
 * 10 ms.
 */
export function codeIdentity(): string {
  const fromSource = import.meta.url.endsWith(".ts");
  const wanted = fromSource ? /(?<!\.d)\.m?[tj]s$/ : /\.m?js$/;
  const hash = createHash("sha256");
  for (const folder of ["../", "../../theorems/"]) {
    const root = fileURLToPath(new URL(folder, import.meta.url));
    const files = readdirSync(root, { recursive: true }).map(String).sort();
    for (const file of files) {
      if (!wanted.test(file) && !(defaultBackend === "wasm" && file.endsWith(".wasm"))) continue;
      hash.update(`${folder}${file.split(sep).join("/")}\n`).update(readFileSync(`${root}/${file}`));
    }
  }
  const { dependencies } = JSON.parse(readFileSync(manifest(), "utf8")) as { dependencies: object };
  const engine = process.versions.v8.split(".").slice(0, 2).join(".");
  hash.update(JSON.stringify([dependencies, defaultBackend, engine]));
  return `${hash.digest("hex").slice(0, 12)}-${defaultBackend}-v8-${engine}`;
}

/** The manifest, two directories up from source and three from the build. */
function manifest(): URL {
  const paths = ["../../package.json", "../../../package.json"].map((path) => new URL(path, import.meta.url));
  return paths.find((file) => existsSync(file))!;
}
