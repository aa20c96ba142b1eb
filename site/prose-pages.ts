import type { Drawn } from "./figures.js";
import type { Findings } from "./findings.js";
import type { Page } from "./frame.js";
import { html, type Markup } from "./markup.js";
import { figureBlock } from "./theorem-page.js";

/** What the checks found that the papers do not say. */
export function findingsPage({ intro, items }: Findings): Page {
  const sections = [...new Set(items.map(({ section }) => section))];
  const body = html`<h1>Findings</h1>${intro}
${sections.map(
  (section, i) => html`<section aria-labelledby="s${i}"><h2 id="s${i}">${section}</h2>
${items.filter((item) => item.section === section).map(({ text, anchor }) => html`<div class="finding" id="${anchor}">${text}</div>`)}</section>`,
)}`;
  return {
    path: "findings.html",
    title: "Findings",
    description: "What the checks found that the papers do not say.",
    body,
  };
}

/** Every committed figure and map. */
export function figuresPage(figures: readonly Drawn[], maps: readonly { readonly picture: Markup }[]): Page {
  const body = html`<h1>Figures</h1>
<p>Drawn from the committed numbers. Points are measured, with 95% intervals; hollow diamonds are read off the published figures;
dashed lines are computed. Point at a mark, or step through the marks of a picture with the arrow keys, for its value and interval.</p>
${maps.map(({ picture }) => picture)}
${figures.map((figure) => figureBlock(figure))}`;
  return {
    path: "figures.html",
    title: "Figures",
    description: "The papers' figures, drawn again with error bars.",
    body,
  };
}
