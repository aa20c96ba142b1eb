// A theorem's page: sliders with live slack, and the panel that judges.

import type { Configuration } from "../../src/claim/theorem.js";
import { judging } from "./judging.js";
import { element, engine } from "./load.js";
import { type Range, sliders } from "./sliders.js";

/** What the page was built with. */
export interface TheoremData {
  readonly id: string;
  readonly examples: Readonly<Record<string, Configuration>>;
  readonly parameters: readonly Range[];
  readonly seed: number;
  readonly claims: readonly {
    readonly id: string;
    readonly says: string;
    readonly form: string;
    readonly refuted: boolean;
  }[];
  /** Claim, world, verdict and draws of everything that was recorded. */
  readonly recorded: readonly (readonly [claim: string, world: string, verdict: string, draws: number])[];
}

const data = JSON.parse(element("theorem").textContent!) as TheoremData;
const form = element<HTMLFormElement>("sliders");
const [firstName, first] = Object.entries(data.examples)[0]!;
let configuration: Configuration = first;
let place = `“${firstName}”`;

const text = (at: Configuration) =>
  Object.entries(at)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(6))}`)
    .join(", ");

/** Shows where the assumptions stand at the sliders' configuration. */
async function showSlack(): Promise<void> {
  const { assumptionsAt, numberText } = await engine();
  const problem = element("problem");
  try {
    const broken = assumptionsAt(data.id, configuration).map(({ left, right, slack, holds }, i) => {
      const row = document.querySelector(`[data-assumption="${i}"]`)!;
      row.className = holds ? "holds" : "broken";
      const cell = (name: string) => row.querySelector(`[data-cell="${name}"]`)!;
      cell("left").textContent = numberText(left);
      cell("right").textContent = numberText(right);
      cell("slack").textContent = numberText(slack);
      cell("holds").innerHTML = holds
        ? '<span class="chip supported">✓ holds</span>'
        : '<span class="chip refuted">✗ broken</span>';
      return holds ? 0 : 1;
    });
    const count = broken.reduce((sum: number, one) => sum + one, 0);
    problem.textContent =
      count === 0
        ? ""
        : `${count === 1 ? "One assumption is" : `${count} assumptions are`} broken here: nothing is claimed.`;
    panel.ask();
  } catch (error) {
    problem.textContent = (error as Error).message;
  }
  const where = document.querySelector('[data-live="where"]');
  if (where) where.textContent = `${place}: ${text(configuration)}`;
}

const panel = judging(data, () => configuration);
const set = sliders(form, data.parameters, (values) => {
  configuration = values;
  place = "the sliders";
  panel.useSliders();
  void showSlack();
});
set(first);
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());

const moveTo = (at: Configuration, name: string) => {
  configuration = at;
  place = name;
  set(at);
  panel.useSliders();
  void showSlack();
};
for (const button of form.querySelectorAll<HTMLButtonElement>("[data-example]")) {
  const name = button.dataset.example!;
  button.addEventListener("click", () => moveTo(data.examples[name]!, `“${name}”`));
}
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-break]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { dropped } = await engine();
    moveTo(dropped(data.id, Number(button.dataset.break), configuration), "the sliders, with it broken");
  });
}

// The document is there first; what moves it comes when the browser has nothing else to do.
const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
addEventListener("load", () => whenIdle(() => void engine().then(() => panel.ask())));
