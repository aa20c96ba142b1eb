import type { Step } from "../../src/claim/judging.js";
import type { Configuration } from "../../src/claim/theorem.js";
import { escaped } from "../markup.js";
import type { Found, Question } from "./engine.js";
import { element, engine, workerSource, workersHere } from "./load.js";
import { legendHtml } from "./plot.js";
import type { TheoremData } from "./theorem.js";
import { type Trial, trial } from "./trial.js";
import type { WebPool } from "./web-pool.js";

/** The panel in which a theorem is judged. */
export interface Panel {
  /** Turns to the sliders' configuration. */
  readonly useSliders: () => void;
  /** Says which command line asks what the panel is set to. */
  readonly ask: () => void;
}

/** Sets the panel up. @param configuration where the sliders stand. */
export function judging(data: TheoremData, configuration: () => Configuration): Panel {
  const form = element<HTMLFormElement>("judging");
  const [seed, where, world] = [
    element<HTMLInputElement>("seed"),
    element<HTMLSelectElement>("where"),
    element<HTMLSelectElement>("world"),
  ];
  const [start, pause, stop, save] = ["start", "pause", "stop", "save"].map((id) => element<HTMLButtonElement>(id)) as [
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
  ];
  const say = (text: string) => {
    element("state").textContent = text;
  };
  let run: { readonly pool: WebPool; paused: boolean } | undefined;
  let json = "";

  const question = (): Question => ({
    theorem: data.id,
    world: world.value,
    seed: Math.max(0, Math.floor(Number(seed.value))),
    ...(where.value === "sliders" ? { at: configuration() } : {}),
  });

  const ask = async () => {
    const { commandOf } = await engine();
    try {
      const { command, audit } = commandOf(question());
      const note = audit
        ? "An assumption is broken there: an audit judges the conclusion all the same. "
        : "The same on a command line: ";
      element("asked").innerHTML =
        `${note}<span class="command"><code>${escaped(command)}</code>` +
        `<button type="button" class="copy" data-copy="${escaped(command)}">Copy</button></span>`;
      start.disabled = run !== undefined;
    } catch (error) {
      element("asked").textContent = (error as Error).message;
      start.disabled = true;
    }
  };

  const judgeIt = async () => {
    if (run) return;
    const asked = question();
    start.disabled = true;
    say("loading the judge …");
    const { webPool, askAll, commandOf, Stopped, backend } = await engine();
    const { claims, rates } = commandOf(asked);
    const pool = webPool(workerSource(), workersHere());
    run = { pool, paused: false };
    for (const button of [pause, stop]) button.disabled = false;
    save.disabled = true;
    const begun = performance.now();
    const trials = new Map(
      claims.map((id): [string, Trial] => [id, trial(data.claims.find((claim) => claim.id === id)!, rates)]),
    );
    element("trials").innerHTML = legendLine;
    element("trials").append(...[...trials.values()].map(({ node }) => node));
    let draws = 0;
    const watch = (step: Step) => {
      draws++;
      trials.get(step.claim)!.take(step);
    };
    const ticking = setInterval(() => {
      if (!run?.paused) say(`judging on ${workersHere()} workers: ${draws.toLocaleString("en")} draws judged`);
    }, 250);
    try {
      const found = await askAll(asked, pool.draw, watch);
      clearInterval(ticking);
      const seconds = (performance.now() - begun) / 1000;
      await Promise.all(
        found.map((one) => trials.get(one.result.judgement.claim)!.settle(one, recordedAs(data, asked, one))),
      );
      json = JSON.stringify(
        found.map(({ result: { judgement, ...rest } }) => ({ ...judgement, ...rest, backend })),
        undefined,
        2,
      );
      save.disabled = false;
      say(`decided in ${seconds.toFixed(1)} s, ${draws.toLocaleString("en")} draws, ${backend} kernels`);
    } catch (error) {
      say(error instanceof Stopped ? "stopped: nothing is concluded" : (error as Error).message);
    } finally {
      clearInterval(ticking);
      await pool.close();
      run = undefined;
      for (const button of [pause, stop]) button.disabled = true;
      pause.textContent = "Pause";
      start.disabled = false;
    }
  };

  pause.addEventListener("click", () => {
    if (!run) return;
    run.paused = !run.paused;
    if (run.paused) run.pool.pause();
    else run.pool.resume();
    pause.textContent = run.paused ? "Go on" : "Pause";
    if (run.paused) say("paused; what is under way is finished");
  });
  stop.addEventListener("click", () => void run?.pool.close());
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${json}\n`], { type: "application/json" }));
    link.download = `${data.id}-seed-${seed.value}.json`;
    link.click();
  });
  element("fresh").addEventListener("click", () => {
    seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1);
    void ask();
  });
  form.addEventListener("input", () => void ask());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void judgeIt();
  });
  form.hidden = false;
  return {
    useSliders: () => {
      where.value = "sliders";
    },
    ask: () => void ask(),
  };
}

const legendLine = `<p class="legend">${legendHtml([
  { name: "capital of who bets for the claim", look: "for", points: [] },
  { name: "capital of who bets against it", look: "against", points: [] },
])}</p>`;

/** Whether a result is what was recorded; undefined where another question was asked. */
function recordedAs(data: TheoremData, { seed, at }: Question, { result }: Found): boolean | undefined {
  const { claim, world, verdict, draws } = result.judgement;
  const before = data.recorded.find(([id, place]) => id === claim && place === world);
  if (!before || seed !== data.seed || at) return undefined;
  return before[2] === verdict && before[3] === draws;
}
