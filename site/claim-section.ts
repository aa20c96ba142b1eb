import type { CaseResult } from "../src/claim/case-trial.js";
import { configurationText } from "../src/claim/configurations.js";
import type { SuiteResult } from "../src/claim/suite.js";
import { type Claim, rivalName, statedWorld, type Theorem } from "../src/claim/theorem.js";
import { certifiedOf, estimateOf, numberText, targetOf, tellingCase, vacuousText } from "../src/claim/wording.js";
import { certifiedFailureShare } from "../src/stats/certificate.js";
import { html, type Markup } from "./markup.js";
import { chip, command, evidenceText, resultChip } from "./verdict.js";

/** A claim with what was recorded of it and of its rivals. */
export function claimSection(theorem: Theorem, claim: Claim, results: readonly SuiteResult[], seed: number): Markup {
  const own = results.filter(({ judgement }) => judgement.claim === claim.id);
  const stated = own.find(({ judgement }) => judgement.world === statedWorld);
  const rivals = claim.rivals.map((rival) => {
    const name = rivalName(rival);
    const result = own.find(({ judgement }) => judgement.world === name);
    return { name, result, trueToo: typeof rival === "string" ? undefined : rival.trueOfItToo };
  });
  return html`<article class="claim" id="${claim.id}">
<h3>${stated ? resultChip(stated) : html`<span class="chip vacuous">not recorded</span>`} <span class="says">${claim.says}</span></h3>
${stated ? numbers(claim, stated) : ""}
${claim.expect && html`<p class="because"><strong>As people read it, it is false:</strong> ${claim.expect.because}.${claim.expect.nearest && html` The nearest true statement is <a href="#${claim.expect.nearest}">${claim.expect.nearest}</a>.`}</p>`}
${stated && stated.judgement.cases.length > 0 ? strip(claim, stated.judgement.cases) : ""}
${
  rivals.length > 0 &&
  html`<ul class="rivals-of">${rivals.map(({ name, result, trueToo }) => {
    const says = theorem.rivals[name]!.says;
    if (trueToo !== undefined)
      return html`<li><span class="chip vacuous">true of it too</span> <b>${name}</b>: ${trueToo}.</li>`;
    if (!result)
      return html`<li><span class="chip quiet">named</span> <b>${name}</b>, ${says}: refuted in the matrix of rivals.</li>`;
    return html`<li>${resultChip(result)} <b>${name}</b>, ${says}: ${measured(claim, result)}</li>`;
  })}</ul>`
}
<p class="row"><code class="id">${claim.id}</code> ${command(`npx tsx src/cli.ts verify ${theorem.id} --seed ${seed}`)}</p>
${stated && stated.judgement.cases.length > 0 ? cases(claim, stated.judgement.cases) : ""}
</article>`;
}

/** Where it was decided, with what evidence. */
function numbers(claim: Claim, result: SuiteResult): Markup {
  const { judgement } = result;
  const share =
    claim.form === "always" && judgement.verdict === "supported" ? certifiedFailureShare(judgement.draws) : undefined;
  return html`<p class="measured">${measured(claim, result)}${
    share !== undefined &&
    html`; of configurations and seeds at most
${numberText(Number((100 * share).toPrecision(2)))}% can fail, at 95%`
  }${claim.form === "always" && html`; the tolerance: ${claim.because}`}.</p>`;
}

function measured(claim: Claim, { judgement }: SuiteResult): Markup {
  const telling = tellingCase(judgement);
  if (!telling) return html`${vacuousText(judgement)}`;
  const supported = judgement.verdict === "supported";
  const target = supported ? certifiedOf(claim, telling) : targetOf(claim, telling);
  const evidence = evidenceText(judgement.log10Evidence);
  return html`${claim.form === "always" ? "" : "mean "}<b>${estimateOf(telling)}</b>, ${supported ? "certified" : "not"}
<b>${target}</b>, ${judgement.draws.toLocaleString("en")} draws${evidence.markup !== "" && html`, evidence ${evidence}`}`;
}

/** Every configuration's interval over one scale, with what is claimed: a line a configuration. */
function strip(claim: Claim, results: readonly CaseResult[]): Markup {
  if (claim.form === "always") return html``;
  const ends = results.flatMap(({ interval, bound, slack, estimate }) =>
    [interval?.lower, interval?.upper, bound - slack, bound + slack, estimate].filter((value) =>
      Number.isFinite(value),
    ),
  ) as number[];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const pad = (most - least) * 0.04 || 1;
  const at = (value: number) => `${((100 * (value - least + pad)) / (most - least + 2 * pad)).toFixed(2)}%`;
  const height = 12 * results.length + 4;
  const allowed = ({ bound, slack }: CaseResult): [number, number] => {
    if (claim.form === "equals") return [bound - slack, bound + slack];
    return claim.atMost === undefined ? [bound - slack, most + pad] : [least - pad, bound + slack];
  };
  const rows = results.map((result, i) => {
    const y = 12 * i + 8;
    const [low, high] = allowed(result);
    const { estimate, interval, draws } = result;
    const tip = `${placeOf(result)}: ${estimateOf(result)}, claimed ${targetOf(claim, result)}, ${draws} draws, ${result.verdict}`;
    const width = `${(parseFloat(at(high)) - parseFloat(at(low))).toFixed(2)}%`;
    return html`<g class="mark ${result.verdict}"><title>${tip}</title>
<rect class="allowed" x="${at(low)}" width="${width}" y="${y - 5}" height="10"/>
<line class="bound" x1="${at(result.bound)}" x2="${at(result.bound)}" y1="${y - 5}" y2="${y + 5}"/>
${interval && html`<line class="bar" x1="${at(interval.lower)}" x2="${at(interval.upper)}" y1="${y}" y2="${y}"/>`}
<circle cx="${at(estimate)}" cy="${y}" r="3.2"/></g>`;
  });
  const label = `${claim.id}: ${results.length} configurations, estimates with 95% intervals against what is claimed`;
  return html`<svg class="strip chart" width="100%" height="${height}" role="img" tabindex="0" aria-label="${label}">${rows}</svg>
<p class="ends" aria-hidden="true"><span>${numberText(least)}</span><span>shaded: what is claimed, with its slack</span><span>${numberText(most)}</span></p>`;
}

function placeOf({ name, configuration }: CaseResult): string {
  return name === undefined ? configurationText(configuration) : `${name} (${configurationText(configuration)})`;
}

function cases(claim: Claim, results: readonly CaseResult[]): Markup {
  return html`<details><summary>At each configuration</summary><div class="wide"><table class="numbers">
<thead><tr><th scope="col">Configuration</th><th scope="col">Verdict</th><th scope="col">Estimate, 95% interval</th>
<th scope="col">Claimed</th><th scope="col">Draws</th></tr></thead><tbody>${results.map(
    (
      result,
    ) => html`<tr><th scope="row">${placeOf(result)}</th><td>${chip(result.verdict)}</td><td>${estimateOf(result)}</td>
<td>${targetOf(claim, result)}</td><td>${result.draws.toLocaleString("en")}</td></tr>`,
  )}</tbody></table></div></details>`;
}
