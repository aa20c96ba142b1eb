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
      // So that x ** y is a call of Math.pow, whichever Math there is.
      supported: { "exponent-operator": false },
      define: { "process.env.NODE_ENV": '"production"' },
    });
    return outputFiles[0]!.text;
  };
  // Where draws are made and judged Math is a portable one: the same bits in every browser.
  const arithmetic = await script("portable-math", { globalName: "arithmetic", banner: "", footer: "" });
  const engine = {
    globalName: "parts",
    banner: `globalThis.iclEngine=function(){${arithmetic}return function(Math){`,
    footer: "return parts}(arithmetic.portable)};",
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
