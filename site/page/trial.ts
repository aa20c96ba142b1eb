import { keyOf } from "../../src/claim/configurations.js";
import type { Step } from "../../src/claim/judging.js";
import type { Rates, Verdict } from "../../src/stats/verdict.js";
import { escaped } from "../markup.js";
import type { Found } from "./engine.js";
import { type PlotSeries, plotSvg, short } from "./plot.js";
import type { TheoremData } from "./theorem.js";

/** A claim under judgement in the page. */
export interface Trial {
  readonly node: HTMLElement;
  /** A draw was judged. */
  readonly take: (step: Step) => void;
  /** It is decided: shown once all draws have been. */
  readonly settle: (found: Found, asRecorded: boolean | undefined) => Promise<void>;
}

interface Path {
  readonly for: [number, number][];
  readonly against: [number, number][];
}

const marks: Readonly<Record<Verdict, string>> = { supported: "✓", refuted: "✗", undecided: "?", vacuous: "–" };

/** Pictures over which draws that came at once are shown, each half of what is left. */
const frames = 2;

/** Milliseconds between two pictures: more often they would take the processor from the draws. */
const pause = 120;

/** Most points of a drawn path. */
const most = 240;

/** A claim's place in the panel: its two capitals climbing to their thresholds, and the verdict. */
export function trial(claim: TheoremData["claims"][number], rates: Rates): Trial {
  const node = document.createElement("article");
  node.className = "trial";
  node.dataset.claim = claim.id;
  node.innerHTML =
    `<h3><span class="chip waiting">… waiting</span> <span class="says">${escaped(claim.says)}</span></h3>` +
    `<div class="capitals"></div><p class="measured"></p>`;
  const [chip, picture, measured] = [".chip", ".capitals", ".measured"].map(
    (name) => node.querySelector<HTMLElement>(name)!,
  );
  const paths = new Map<string, Path>();
  const queue: Step[] = [];
  let last: Step | undefined;
  let drained: (() => void) | undefined;
  let frame = 0;
  let painted = 0;
  const ten = (log: number) => log / Math.LN10;
  const thresholds = { for: -Math.log10(rates.falsePass), against: -Math.log10(rates.falseAlarm) };

  const add = (step: Step) => {
    last = step;
    if (step.logCapitalFor === undefined) return;
    const key = keyOf(step.configuration);
    const path = paths.get(key) ?? { for: [[0, 0]], against: [[0, 0]] };
    paths.set(key, path);
    path.for.push([step.draws, ten(step.logCapitalFor)]);
    path.against.push([step.draws, ten(step.logCapitalAgainst!)]);
  };

  const paint = () => {
    if (!last) return;
    const { draws, estimate } = last;
    measured!.textContent =
      claim.form === "always"
        ? `worst ${short(estimate)} after ${draws} seeds`
        : `mean ${short(estimate)} after ${draws} draws`;
    if (paths.size > 0) picture!.innerHTML = plotSvg(plotOf([...paths.values()], thresholds, claim.id));
  };

  const play = (now: number) => {
    if (now < painted + pause) {
      frame = requestAnimationFrame(play);
      return;
    }
    painted = now;
    const share = Math.max(1, Math.ceil(queue.length / frames));
    for (const step of queue.splice(0, share)) add(step);
    paint();
    if (queue.length > 0) frame = requestAnimationFrame(play);
    else {
      frame = 0;
      drained?.();
    }
  };

  return {
    node,
    take: (step) => {
      if (!last && queue.length === 0) chip!.textContent = "… betting";
      queue.push(step);
      if (frame === 0) frame = requestAnimationFrame(play);
    },
    settle: async ({ result, estimate, target }, asRecorded) => {
      if (frame !== 0 && !document.hidden) {
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      } else for (const step of queue.splice(0)) add(step);
      paint();
      const { verdict, draws, log10Evidence } = result.judgement;
      chip!.className = `chip ${verdict}`;
      chip!.textContent = `${marks[verdict]} ${verdict}${verdict === "refuted" && result.asExpected ? ", as expected" : ""}`;
      const evidence = log10Evidence === undefined ? "" : `, evidence 10<sup>${log10Evidence.toFixed(1)}</sup>`;
      const same =
        asRecorded === undefined
          ? ""
          : asRecorded
            ? "; as recorded, draw for draw"
            : "; <strong>not as recorded</strong>";
      measured!.innerHTML =
        estimate === ""
          ? "no configuration meets the assumptions"
          : `<b>${estimate}</b>, ${verdict === "supported" ? "certified" : verdict === "refuted" ? "not" : "claimed"} ` +
            `<b>${target}</b>, ${draws.toLocaleString("en")} draws${evidence}${same}`;
    },
  };
}

function plotOf(paths: readonly Path[], thresholds: { for: number; against: number }, name: string) {
  const draws = Math.max(8, ...paths.map((path) => path.for.at(-1)![0]));
  const top = Math.max(thresholds.for, thresholds.against) + 1;
  const series = paths.flatMap((path, i): PlotSeries[] => [
    { name: "for it", look: "for", points: thinned(path.for), unnamed: i > 0 },
    { name: "against it", look: "against", points: thinned(path.against), unnamed: i > 0 },
  ]);
  const same = Math.abs(thresholds.for - thresholds.against) < 1e-9;
  return {
    ...{ title: `Capitals of ${name}, for and against, in powers of ten`, width: 640, height: 190 },
    x: { label: "draws, a line a configuration", scale: "linear" as const, from: 0, to: draws },
    y: { label: "capital", scale: "linear" as const, from: -3, to: top, tick: (value: number) => short(10 ** value) },
    rules: [
      { name: same ? "either decides here" : "supported", look: "target", y: thresholds.for },
      ...(same ? [] : [{ name: "refuted", look: "target", y: thresholds.against }]),
    ],
    series,
  };
}

function thinned(points: readonly [number, number][]): readonly [number, number][] {
  if (points.length <= most) return points;
  const every = Math.ceil(points.length / most);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}
