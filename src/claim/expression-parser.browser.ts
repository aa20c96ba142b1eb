declare const require: (module: "mathjs/lib/browser/math.js") => typeof import("mathjs");

/** mathjs, which the bundler embeds: a required module runs when it is first asked for. */
export function expressionParser(): typeof import("mathjs") {
  return require("mathjs/lib/browser/math.js");
}
