import { createRequire } from "node:module";

/**
 * mathjs, loaded when an expression is first read: that takes a third of a second, and a worker thread, which makes
 * draws alone, reads none. The one-file build, since the module of a thousand files takes seven times as long. A bundle
 * for browsers takes expression-parser.browser.ts in this file's place (package.json, "browser").
 */
export function expressionParser(): typeof import("mathjs") {
  return createRequire(import.meta.url)("mathjs/lib/browser/math.js");
}
