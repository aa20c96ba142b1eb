import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import katex from "katex";
import { type Markup, raw } from "./markup.js";

/** TeX as HTML to look at and MathML to be read aloud. @throws Error on what KaTeX does not know. */
export function typeset(tex: string, displayMode = false): Markup {
  return raw(katex.renderToString(tex, { throwOnError: true, strict: "error", displayMode, output: "htmlAndMathml" }));
}

/** Parameters' names that stand for a symbol. */
const symbols: Readonly<Record<string, string>> = {
  ...{ Rtest: String.raw`\tilde R`, testR: String.raw`\tilde R`, snr: String.raw`\mathrm{SNR}`, W0: "W_0" },
  ...{ perDirection: String.raw`\mathrm{per\ direction}` },
};

/** The TeX that mathjs makes of an assumption, with the paper's symbols: c\_B as c_B, Rtest as R̃, words upright. */
export function conditionTex(tex: string): string {
  return tex
    .replace(/\\mathrm\{([A-Z])\}/g, " $1")
    .replace(/(?<![\\A-Za-z])([A-Za-z]+)\\_([A-Za-z0-9]+)/g, (_, name: string, index: string) =>
      index.length > 1 ? `${name}_\\mathrm{${index}}` : `${name}_{${index}}`,
    )
    .replace(/(?<![\\A-Za-z0-9{_])([A-Za-z][A-Za-z0-9]+)/g, (word) => symbols[word] ?? `\\mathrm{${word}}`)
    .replaceAll("\\cdot", "\\,");
}

/** Which of KaTeX's fonts a class of its HTML asks for; Main-Regular always. */
const fontOf: readonly (readonly [RegExp, string])[] = [
  [/\bmathnormal\b|\bmathit\b/, "KaTeX_Math-Italic"],
  [/\bmathbf\b/, "KaTeX_Main-Bold"],
  [/\b(mathbb|amsrm|textbb)\b/, "KaTeX_AMS-Regular"],
  [/\bmathcal\b/, "KaTeX_Caligraphic-Regular"],
  [/\bmathrm textit|\btextit\b/, "KaTeX_Main-Italic"],
  [/\bdelimsizing size1\b|\bsmall-op\b|\bdelim-size1\b/, "KaTeX_Size1-Regular"],
  [/\bdelimsizing size2\b|\blarge-op\b/, "KaTeX_Size2-Regular"],
  [/\bdelimsizing size3\b/, "KaTeX_Size3-Regular"],
  [/\bdelimsizing (size4|mult)\b|\bdelim-size4\b/, "KaTeX_Size4-Regular"],
];

/**
 * KaTeX's style sheet with the fonts that these pages use inside it, so that formulas look the same on any host, and
 * from a file, without a second request or a jump of the text.
 */
export function mathStyle(pages: readonly string[]): string {
  const require = createRequire(import.meta.url);
  const path = require.resolve("katex/dist/katex.min.css");
  const classes = pages.flatMap((page) => [...page.matchAll(/class="([^"]*)"/g)].map(([, names]) => names!)).join(" ");
  const wanted = new Set(["KaTeX_Main-Regular"]);
  for (const [used, font] of fontOf) if (used.test(classes)) wanted.add(font);
  return readFileSync(path, "utf8").replace(/@font-face\{[^}]*\}/g, (face) => {
    const font = /fonts\/([\w-]+)\.woff2/.exec(face)?.[1];
    if (!font || !wanted.has(font)) return "";
    const bytes = readFileSync(require.resolve(`katex/dist/fonts/${font}.woff2`)).toString("base64");
    return face.replace(/src:[^;}]*/, `src:url(data:font/woff2;base64,${bytes}) format("woff2")`);
  });
}
