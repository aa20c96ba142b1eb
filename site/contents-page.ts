import type { SuiteResult } from "../src/claim/suite.js";
import { statedWorld, type Theorem } from "../src/claim/theorem.js";
import { certifiedOf, tellingCase } from "../src/claim/wording.js";
import type { Page } from "./frame.js";
import { html, type Markup } from "./markup.js";
import type { Recorded } from "./recorded.js";
import { typeset } from "./typeset.js";
import { command } from "./verdict.js";

/** The contents: the papers, their theorems, and what was found of each. */
export function contentsPage(theorems: readonly Theorem[], recorded: Recorded): Page {
  const papers = [...new Set(theorems.map(({ source }) => source.paper))];
  const { results, seed } = recorded;
  const stated = results.filter(({ judgement }) => judgement.world === statedWorld);
  const count = (list: readonly SuiteResult[], verdict: string) =>
    list.filter((one) => one.judgement.verdict === verdict).length;
  const rivals = results.filter(({ judgement }) => judgement.world !== statedWorld);
  const draws = results.reduce((sum, { judgement }) => sum + judgement.draws, 0);
  const wrong = results.filter(({ asExpected }) => !asExpected).length;
  const names = [...new Set(theorems.flatMap((theorem) => Object.keys(Object.values(theorem.examples)[0]!)))].sort();
  const body = html`
<h1 class="title">Which theorems on in-context learning hold, and where</h1>
<p class="lead">What papers prove, state or suggest about transformers that learn in context, as programs: each theorem is one file,
simulated and judged by a sequential test with stated error rates. Every claim names its rivals, worlds with one thing wrong, in
which the same judge must refute it. The verdicts below were recorded; every one can be judged again in this page, with a seed of
yours, at a configuration of yours, with an assumption broken or a rival in its place.</p>
<dl class="counts">
<div><dt>theorems</dt><dd>${theorems.length}</dd></div>
<div><dt>claims supported</dt><dd>${count(stated, "supported")}</dd></div>
<div><dt>false statements refuted</dt><dd>${count(stated, "refuted")}</dd></div>
<div><dt>rivals refuted</dt><dd>${count(rivals, "refuted")}</dd></div>
<div><dt>not as expected</dt><dd>${wrong}</dd></div>
<div><dt>draws judged</dt><dd>${draws.toLocaleString("en")}</dd></div>
</dl>
<p class="note">All of it at once, at an error rate of one in a million each way: ${command(`npx tsx src/cli.ts verify --seed ${seed}`)}</p>
<form id="filter" class="controls" role="search" hidden>
<label class="grow">Search <input type="search" id="search" placeholder="max-margin, Φ, sample complexity …" autocomplete="off"></label>
<label>Paper <select id="paper"><option value="">all</option>${papers.map((paper, i) => html`<option value="${String(i)}">${paper.authors} ${paper.year}</option>`)}</select></label>
<label>Status <select id="status"><option value="">any</option>${[...new Set(theorems.map(({ source }) => source.status))].map((status) => html`<option>${status}</option>`)}</select></label>
<label>Verdict <select id="verdict"><option value="">any</option><option value="supported">has supported claims</option><option value="refuted">has refuted statements</option><option value="unexpected">not as expected</option></select></label>
<label>Assumption on <select id="assumption"><option value="">anything</option>${names.map((name) => html`<option>${name}</option>`)}</select></label>
<span id="matches" role="status"></span>
</form>
${papers.map((paper, i) => {
  const own = theorems.filter(({ source }) => source.paper === paper);
  return html`<section class="paper" data-paper="${String(i)}" aria-labelledby="paper-${i}">
<h2 id="paper-${i}">${paper.title}</h2>
<p class="source">${paper.authors} (${paper.year}), ${paper.reference}</p>
<ul class="theorems">${own.map((theorem) => row(theorem, i, results))}</ul></section>`;
})}`;
  return {
    path: "index.html",
    title: "Theorems",
    description: "Papers on in-context learning, made executable: which claims hold, with stated error rates.",
    body,
  };
}

function row(theorem: Theorem, paper: number, results: readonly SuiteResult[]): Markup {
  const { id, title, source, claims, assumptions } = theorem;
  const own = results.filter(({ judgement }) => judgement.theorem === id);
  const stated = own.filter(({ judgement }) => judgement.world === statedWorld);
  const number = (verdict: string) => stated.filter(({ judgement }) => judgement.verdict === verdict).length;
  const rivals = own.length - stated.length;
  const wrong = own.filter(({ asExpected }) => !asExpected).length;
  const names = Object.keys(Object.values(theorem.examples)[0]!);
  const conditions = assumptions.map(({ expression }) => expression).join(" ");
  const about = names.filter((name) => new RegExp(`(?<![\\w])${name}(?![\\w])`).test(conditions));
  const words = [id, title, ...claims.flatMap((claim) => [claim.id, claim.says]), ...Object.keys(theorem.rivals)].join(
    " ",
  );
  const verdicts = [
    number("supported") > 0 && "supported",
    number("refuted") > 0 && "refuted",
    wrong > 0 && "unexpected",
  ];
  return html`<li class="theorem" data-paper="${String(paper)}" data-status="${source.status}" data-words="${words.toLowerCase()}"
 data-verdicts="${verdicts.filter(Boolean).join(" ")}" data-assumptions="${about.join(" ")}">
<h3><a href="theorems/${id}.html">${title}</a></h3>
<p class="chips">${number("supported") > 0 && html`<span class="chip supported"><span aria-hidden="true">✓</span> ${number("supported")} supported</span> `}${
    number("refuted") > 0 &&
    html`<span class="chip refuted"><span aria-hidden="true">✗</span> ${number("refuted")} false statement${number("refuted") > 1 ? "s" : ""} refuted</span> `
  }${number("undecided") > 0 && html`<span class="chip undecided"><span aria-hidden="true">?</span> ${number("undecided")} undecided</span> `}${
    number("vacuous") > 0 &&
    html`<span class="chip vacuous"><span aria-hidden="true">–</span> ${number("vacuous")} vacuous</span> `
  }${rivals > 0 && html`<span class="chip quiet">${rivals} rivals refuted</span> `}${
    wrong > 0 && html`<span class="chip wrong"><span aria-hidden="true">!</span> ${wrong} not as expected</span> `
  }${stated.length === 0 && html`<span class="chip vacuous">not recorded</span> `}<span class="status">${source.status}</span></p>
<div class="formula">${typeset(theorem.statement)}</div>
${certified(theorem, stated)}
</li>`;
}

/** The first claim and what is certified of it. */
function certified(theorem: Theorem, stated: readonly SuiteResult[]): Markup {
  const claim = theorem.claims.find(({ expect }) => !expect)!;
  const result = stated.find(({ judgement }) => judgement.claim === claim.id);
  const telling = result && tellingCase(result.judgement);
  return html`<p class="says">${claim.says}${telling && result.judgement.verdict === "supported" && html`: certified <b>${certifiedOf(claim, telling)}</b>`}</p>`;
}
