import { suiteItems } from "../src/claim/suite.js";
import { rivalName, statedWorld, type Theorem } from "../src/claim/theorem.js";
import type { Rates } from "../src/stats/verdict.js";
import { html, type Markup } from "./markup.js";

/** The panel in which the theorem is judged in the page. Without scripts it says what to type instead. */
export function judgePanel(theorem: Theorem, seed: number, rates: Rates): Markup {
  const first = suiteItems([theorem]).map(({ world }) => world);
  const named = new Set(theorem.claims.flatMap(({ rivals }) => rivals.map(rivalName)));
  const worlds = Object.keys(theorem.rivals).filter((world) => named.has(world));
  const rate = rates.falseAlarm.toExponential(1);
  return html`<section aria-labelledby="judge" class="judge"><h2 id="judge">Judge it here</h2>
<noscript><p>With scripts on, the same judge runs in this page. On a command line:
<code>npx tsx src/cli.ts verify ${theorem.id} --seed ${seed}</code></p></noscript>
<form id="judging" hidden>
<div class="controls">
<label>Seed <input type="number" id="seed" min="0" step="1" value="${seed}"></label>
<button type="button" class="quiet" id="fresh">Fresh seed</button>
<label>Where <select id="where"><option value="own">the theorem's configurations</option><option value="sliders">the sliders' configuration</option></select></label>
<label>World <select id="world"><option value="${statedWorld}">as stated</option>${worlds.map(
    (world) =>
      html`<option value="${world}">rival: ${world}${first.includes(world) ? "" : " (in the matrix)"}</option>`,
  )}</select></label>
</div>
<div class="controls"><button type="submit" class="main" id="start">Judge it</button>
<button type="button" id="pause" disabled>Pause</button><button type="button" id="stop" disabled>Stop</button>
<button type="button" class="quiet" id="save" disabled>Save as JSON</button>
<span id="state" role="status"></span></div>
<p class="note" id="asked"></p>
</form>
<div id="trials"></div>
<details class="note"><summary>What is promised</summary><p>Two capitals bet on each claim, draw by draw, one for it and one against. The first to pass its
threshold decides; looking early or often changes nothing. The same seed gives the same draws and the same verdict as the command
line, to the last bit in every browser: engines round <code>Math.exp</code> and its like in ways of their own, so that here they
are computed in plain arithmetic, as Node 20 does. Whoever tries seeds until one disagrees meets the stated rates: a true claim about a mean is
refuted on at most ${rate} of all seeds, and a claim that is false by its slack supported on at most as many.</p></details>
</section>`;
}
