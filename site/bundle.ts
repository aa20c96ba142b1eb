import { readFileSync } from "node:fs";
import { build } from "esbuild";

const here = (path: string) => new URL(path, import.meta.url).pathname;

/**
 * The page's scripts and style, by file name. Each script is a classic one, which a page opened as a file can load. The
 * engine is a function that leaves its parts in a global, and whose text a worker runs: one file for both, loaded on
 * demand, with the kernels in it.
 */
export async function bundles(): Promise<Record<string, string>> {
  const script = async (name: string, wrap?: { banner: string; footer: string; globalName: string }) => {
    const { outputFiles } = await build({
      entryPoints: [here(`page/${name}.ts`)],
      ...{ bundle: true, minify: true, write: false, format: "iife", platform: "browser", target: "es2022" },
      ...{ loader: { ".wasm": "binary" }, logLevel: "silent", charset: "utf8", legalComments: "none" },
      ...(wrap ? { globalName: wrap.globalName, banner: { js: wrap.banner }, footer: { js: wrap.footer } } : {}),
      define: { "process.env.NODE_ENV": '"production"' },
    });
    return outputFiles[0]!.text;
  };
  const engine = {
    ...{ globalName: "parts", banner: "globalThis.iclEngine=function(){", footer: "return parts};" },
  };
  const [page, theorem, playground, judge] = await Promise.all([
    script("page"),
    script("theorem"),
    script("playground"),
    script("engine", engine),
  ]);
  return {
    "page.css": readFileSync(here("page.css"), "utf8"),
    "page.js": page!,
    "theorem.js": theorem!,
    "playground.js": playground!,
    "engine.js": judge!,
  };
}
