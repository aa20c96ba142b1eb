import type { Page } from "./frame.js";
import { html, raw } from "./markup.js";
import { curvesAt, curvesPlot, startingSetting } from "./page/curves.js";
import { legendHtml, plotSvg } from "./page/plot.js";
import { readingsHtml } from "./page/readings.js";
import { command } from "./verdict.js";

/** Sliders: name, what it is, and its ends; all on a logarithmic scale. */
const controls = [
  ["d", "d, dimensions", 2, 1e6, true],
  ["k", "k, of the subspace", 1, 1000, true],
  ["R", "R, strength in training", 0.5, 1000, false],
  ["N", "N, examples a training task", 1, 1000, true],
  ["B", "B, training tasks", 1, 1e5, true],
  ["testR", "R̃, strength at test", 0.25, 10, false],
  ["epsilon", "ε, error to reach", 0.001, 0.45, false],
] as const;

/** The playground: exact curves that follow the sliders, and a training on request. */
export function playgroundPage(): Page {
  const curves = curvesAt(startingSetting);
  const plot = curvesPlot(startingSetting, curves);
  const body = html`<h1>Playground</h1>
<p class="lead">A transformer is trained on B tasks of N examples in ℝ<sup>d</sup>, whose means lie in a k-dimensional subspace at
strength R; then it sees M examples of a new task at strength R̃. How accurate is it, and how accurate could it be?</p>
<div class="playground">
<figure class="figure"><div id="curves">${raw(plotSvg(plot))}</div><p class="legend" id="legend">${raw(legendHtml(plot.series))}</p></figure>
<form id="play" hidden aria-label="Setting">${controls.map(
    ([name, label, from, to, whole]) => html`<div class="slider"><label for="p-${name}">${label}</label>
<input type="range" id="p-${name}" data-parameter="${name}" data-from="${from}" data-to="${to}" data-whole="${whole ? "yes" : "no"}" min="0" max="1000" step="1" aria-describedby="v-${name}">
<input type="number" id="v-${name}" data-value="${name}" step="any" value="${startingSetting[name]}" aria-label="${label}, as a number"></div>`,
  )}
<p class="row"><button type="button" class="main" id="train">Train it here</button> <button type="button" id="forget" disabled>Forget the trainings</button>
<span id="training" role="status"></span></p><p id="problem" role="status" class="problem"></p></form>
</div>
<div id="readings">${raw(readingsHtml(curves, startingSetting))}</div>
<noscript><p class="note">With scripts on, the curves follow sliders, and a training runs in this page.</p></noscript>
<h2>What is drawn</h2>
<p>The learner that knows the subspace and the single-task learner (W = I) are exact, by a contour integral, to eleven digits. The
moment law gives the transformer after one step of gradient descent from zero, and nearly that after a few hundred small ones: to
about a tenth of the error where M ≥ 10 and B ≥ 4k, and it is optimistic at M = 1. A training draws B tasks by their inner products
alone, so that d costs nothing, takes 300 steps of the largest step that is sure to lower the loss, and the max-margin limit of them
all; its points are means over trainings with 95% intervals. The theorems behind it:
<a href="theorems/sample-complexity.html">sample complexity</a>, <a href="theorems/task-threshold.html">task threshold</a>,
<a href="theorems/learner-ordering.html">learner ordering</a>, <a href="theorems/single-task-lower-bound.html">single-task lower bound</a>.</p>
<p>${command("npx tsx src/cli.ts verify learner-ordering task-threshold")}</p>`;
  return {
    path: "playground.html",
    title: "Playground",
    description: "Accuracy against the number of in-context examples, live.",
    body,
    scripts: ["playground"],
  };
}
