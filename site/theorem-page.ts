import { readFileSync } from "node:fs";
import { configurationText } from "../src/claim/configurations.js";
import { ratesOfOne } from "../src/claim/suite.js";
import { statedWorld, type Theorem } from "../src/claim/theorem.js";
import { numberText } from "../src/claim/wording.js";
import { claimSection } from "./claim-section.js";
import type { Drawn } from "./figures.js";
import type { Findings } from "./findings.js";
import type { Page } from "./frame.js";
import { judgePanel } from "./judge-panel.js";
import { html, type Markup, raw } from "./markup.js";
import { parametersOf } from "./parameters.js";
import type { Recorded } from "./recorded.js";
import { highlighted } from "./source.js";
import { conditionTex, typeset } from "./typeset.js";
import { chip, command } from "./verdict.js";

/** What a theorem's page is made from beside the theorem. */
export interface Surroundings {
  readonly theorems: readonly Theorem[];
  readonly recorded: Recorded;
  readonly findings: Findings;
  readonly figures: readonly Drawn[];
  readonly maps: readonly { readonly theorem: string; readonly picture: Markup }[];
  /** The theorem's file, from the root of the project. */
  readonly file: string;
}

/** The page of a theorem. */
export function theoremPage(theorem: Theorem, about: Surroundings): Page {
  const { id, title, source, statement } = theorem;
  const { theorems, recorded, file } = about;
  const number = theorems.indexOf(theorem);
  const [before, after] = [theorems[number - 1], theorems[number + 1]];
  const results = recorded.results.filter(({ judgement }) => judgement.theorem === id);
  const stated = results.filter(({ judgement }) => judgement.world === statedWorld);
  const findings = about.findings.items.filter((item) => item.theorems.includes(id));
  const figures = about.figures.filter((figure) => figure.theorems.includes(id));
  const maps = about.maps.filter((map) => map.theorem === id);
  const rates = ratesOfOne(theorems);
  const body = html`
<nav class="trail" aria-label="Where this is"><a href="../index.html">Theorems</a> › ${source.paper.authors} ${source.paper.year}</nav>
<h1>${title}</h1>
<p class="source"><code>${id}</code> <span class="status">${source.status}</span> ${source.paper.authors}
(${source.paper.year}), <cite>${source.paper.title}</cite>, ${source.paper.reference}; ${source.locus}.</p>
<div class="statement">${typeset(statement, true)}</div>
<p class="summary">${stated.length === 0 ? "Not yet recorded." : stated.map(({ judgement, asExpected, expected }) => html`<a href="#${judgement.claim}">${chip(judgement.verdict, `: ${judgement.claim}${asExpected ? "" : `, expected ${expected}`}`)}</a> `)}</p>

<section aria-labelledby="assumptions"><h2 id="assumptions">Assumptions</h2>
${assumptionTable(theorem)}
${sliders(theorem)}
</section>

${judgePanel(theorem, recorded.seed, rates)}

<section aria-labelledby="claims"><h2 id="claims">Claims, as recorded</h2>
<p class="note">At the theorem's named examples and at configurations drawn from its regime, with seed ${recorded.seed}. A claim
is supported when it is at each of them, refuted when all of them together refute it; each error at most
${rates.falseAlarm.toExponential(1)}, one in a million for the whole suite.</p>
${theorem.claims.map((claim) => claimSection(theorem, claim, results, recorded.seed))}
</section>

${rivalSection(theorem)}
${
  findings.length === 0
    ? ""
    : html`<section aria-labelledby="findings"><h2 id="findings">Findings that concern it</h2>
${findings.map(({ text }) => html`<div class="finding">${text}</div>`)}</section>`
}
${
  figures.length + maps.length === 0
    ? ""
    : html`<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
${maps.map(({ picture }) => picture)}
${figures.map((figure) => figureBlock(figure))}</section>`
}
<section aria-labelledby="source"><h2 id="source">The theorem's file</h2>
<p>All that is judged here is one file: <a href="../sources/${file}" download>${file}</a>.</p>
<details class="source"><summary>Show the file</summary><pre tabindex="0"><code>${highlighted(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"))}</code></pre></details>
<p>Its claims against every rival, and its assumptions broken in turn:</p>
<p>${command(`npx tsx src/cli.ts verify ${id} --rivals`)}<br>${command(`npx tsx src/cli.ts audit ${id} --drop`)}</p>
</section>
<nav class="turn" aria-label="Other theorems">${before ? html`<a rel="prev" href="${before.id}.html">← ${before.title}</a>` : html`<span></span>`}
${after ? html`<a rel="next" href="${after.id}.html">${after.title} →</a>` : ""}</nav>
<script type="application/json" id="theorem">${raw(JSON.stringify(dataOf(theorem, recorded)).replaceAll("<", "\\u003c"))}</script>`;
  return {
    path: `theorems/${id}.html`,
    title,
    description: `${title}. ${source.paper.authors} ${source.paper.year}.`,
    body,
    scripts: ["theorem"],
  };
}

/** A figure with its caption, its command, and its numbers. */
export function figureBlock({ id, title, caption, picture, command: line }: Drawn): Markup {
  return html`<figure class="figure" id="figure-${id}"><figcaption><strong>${title}.</strong> ${caption}</figcaption>
${picture}<p>${command(line)}</p></figure>`;
}

function assumptionTable(theorem: Theorem): Markup {
  const [name, at] = Object.entries(theorem.examples)[0]!;
  if (theorem.assumptions.length === 0) return html`<p>None beyond the regime.</p>`;
  return html`<p class="note" id="slack-where">Sides and slack at <span data-live="where">“${name}”: ${configurationText(at)}</span>.
Slack is how many times over a condition holds; below 1 it is broken.</p>
<div class="wide"><table class="assumptions" aria-describedby="slack-where">
<thead><tr><th scope="col">Condition</th><th scope="col">Left</th><th scope="col">Right</th><th scope="col">Slack</th>
<th scope="col">Holds</th><th scope="col"><span class="hidden">Break it</span></th></tr></thead>
<tbody>${theorem.assumptions.map((assumption, i) => {
    const { left, right, slack, holds } = assumption.at(at);
    const constants = Object.entries(assumption.constants);
    return html`<tr data-assumption="${i}" class="${holds ? "holds" : "broken"}">
<th scope="row"><span class="condition">${typeset(conditionTex(assumption.tex))}</span><span class="why">${assumption.why}</span>
${constants.map(([constant, { value, from }]) => html`<span class="why"><code>${constant} = ${numberText(value)}</code>, ${from}</span>`)}</th>
<td data-cell="left">${numberText(left)}</td><td data-cell="right">${numberText(right)}</td>
<td data-cell="slack">${numberText(slack)}</td>
<td data-cell="holds"><span class="chip ${holds ? "supported" : "refuted"}">${holds ? "✓ holds" : "✗ broken"}</span></td>
<td><button type="button" class="quiet" data-break="${i}" hidden aria-label="Break it: ${assumption.expression}">Break it</button></td></tr>`;
  })}</tbody></table></div>`;
}

function sliders(theorem: Theorem): Markup {
  const at = Object.values(theorem.examples)[0]!;
  return html`<form id="sliders" hidden aria-label="Configuration"><div class="sliders">${parametersOf(theorem).map(
    ({ name, whole }) => html`<div class="slider"><label for="p-${name}">${name}</label>
<input type="range" id="p-${name}" data-parameter="${name}" min="0" max="1000" step="1" value="0" aria-describedby="v-${name}">
<input type="number" id="v-${name}" data-value="${name}" value="${String(at[name])}" step="${whole ? "1" : "any"}" aria-label="${name}, as a number"></div>`,
  )}</div>
<p class="row"><span>Start from</span> ${Object.keys(theorem.examples).map((name) => html`<button type="button" class="quiet" data-example="${name}">${name}</button> `)}
<span id="problem" role="status" class="problem"></span></p></form>
<noscript><p class="note">With scripts on, the configuration can be moved here and judged in this page.</p></noscript>`;
}

function rivalSection(theorem: Theorem): Markup {
  const rivals = Object.entries(theorem.rivals);
  if (rivals.length === 0) return html``;
  return html`<section aria-labelledby="rivals"><h2 id="rivals">Rivals</h2>
<p class="note">Worlds with one thing wrong. The judge that supports a claim must refute it in them.</p>
<dl class="rivals">${rivals.map(([name, { says }]) => html`<dt>${name}</dt><dd>${says}.</dd>`)}</dl></section>`;
}

/** What the page's script is told. */
function dataOf(theorem: Theorem, recorded: Recorded) {
  return {
    id: theorem.id,
    examples: theorem.examples,
    parameters: parametersOf(theorem),
    seed: recorded.seed,
    claims: theorem.claims.map(({ id, says, form, expect }) => ({ id, says, form, refuted: expect !== undefined })),
    recorded: recorded.results
      .filter(({ judgement }) => judgement.theorem === theorem.id)
      .map(({ judgement }) => [judgement.claim, judgement.world, judgement.verdict, judgement.draws]),
  };
}
