import { html, type Markup, raw } from "./markup.js";
import type { Recorded } from "./recorded.js";

/** One page. */
export interface Page {
  /** Where it is written, such as "theorems/error-floor.html". */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly body: Markup;
  /** Scripts of this page, beside the one that all pages have. */
  readonly scripts?: readonly string[];
}

/** What is said at the foot of every page of where its numbers are from. */
export interface Origin {
  readonly recorded: Recorded;
  /** Whether the code that was judged is the code that this page was built from. */
  readonly current: boolean;
  readonly version: string;
}

/** Where a reader can go from every page. */
const places = [
  ["index.html", "Theorems"],
  ["playground.html", "Playground"],
  ["findings.html", "Findings"],
  ["figures.html", "Figures"],
] as const;

/** The way from a page to the folder that all are in. */
export function baseOf(path: string): string {
  return "../".repeat(path.split("/").length - 1);
}

// Before the first paint, so that nothing flashes.
const themeScript = `try{const t=localStorage.getItem("icl-theme");if(t)document.documentElement.dataset.theme=t}catch{}`;

/** The text of a page with its head, its ways elsewhere, and its foot. */
export function framed(
  { path, title, description, body, scripts = [] }: Page,
  { recorded, current, version }: Origin,
): string {
  const base = baseOf(path);
  const { seed, commit, code, node, backend } = recorded;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · icl-claims</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 8l4 5 8-11' fill='none' stroke='%230b6bb8' stroke-width='2.5'/%3E%3C/svg%3E">
<script>${raw(themeScript)}</script>
<link rel="stylesheet" href="${base}assets/math.css">
<link rel="stylesheet" href="${base}assets/page.css">
${["page", ...scripts].map((name) => html`<script defer src="${base}assets/${name}.js"></script>\n`)}</head>
<body data-base="${base}">
<a class="skip" href="#main">To the text</a>
<header class="top">
<a class="brand" href="${base}index.html">icl-claims</a>
<nav aria-label="Pages">${places.map(
    ([to, name]) => html`<a href="${base}${to}"${raw(to === path ? ' aria-current="page"' : "")}>${name}</a>`,
  )}</nav>
<button type="button" class="quiet" id="theme" hidden>Dark</button>
</header>
<main id="main">
${body}
</main>
<footer>
<p>Recorded verdicts: seed ${seed}, commit <code>${commit}</code>, code <code>${code}</code>, Node ${node}, ${backend} kernels.
${current ? "The code here is the code that was judged." : html`<strong>The code has changed since; the verdicts are of the code that was judged.</strong>`}
icl-claims ${version}, MIT licence. Nothing on this page is fetched from elsewhere.</p>
</footer>
</body>
</html>
`;
  return markup;
}
