// The playground: curves that follow the sliders, and trainings on request.

import { type Curves, curvesAt, curvesPlot, type Measured, type Setting, startingSetting } from "./curves.js";
import { element, engine, workerSource, workersHere } from "./load.js";
import { legendHtml, plotSvg } from "./plot.js";
import { readingsHtml } from "./readings.js";
import { type Range, sliders } from "./sliders.js";
import type { Training } from "./training.js";

/** Trainings of a setting, with intervals over them; and where they are looked at. */
const trainings = 6;
const trainedLengths: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5];

/** More than this a page should not ask for: seconds, of one core. */
const longest = 120;

const form = element<HTMLFormElement>("play");
const ranges: Range[] = [...form.querySelectorAll<HTMLInputElement>("[data-parameter]")].map(({ dataset }) => ({
  name: dataset.parameter!,
  from: Number(dataset.from),
  to: Number(dataset.to),
  log: true,
  whole: dataset.whole === "yes",
}));
let setting: Setting = startingSetting;
let curves: Curves = curvesAt(startingSetting);
let measured: Measured | undefined;
let number = 0;

const narrow = matchMedia("(max-width: 40rem)");

function paint(): void {
  const plot = curvesPlot(setting, curves, measured, narrow.matches ? 420 : 760);
  element("curves").innerHTML = plotSvg(plot);
  element("legend").innerHTML = legendHtml(plot.series);
  element("readings").innerHTML = readingsHtml(curves, setting);
}

const set = sliders(form, ranges, (values) => {
  try {
    const wanted = values as unknown as Setting;
    curves = curvesAt(wanted);
    setting = wanted;
    measured = undefined;
    number++;
    element<HTMLButtonElement>("forget").disabled = true;
    element("problem").textContent = "";
    paint();
  } catch (error) {
    element("problem").textContent = (error as Error).message;
  }
});
set(startingSetting as unknown as Record<string, number>);
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
narrow.addEventListener("change", paint);
if (narrow.matches) paint();

element("forget").addEventListener("click", () => {
  measured = undefined;
  element<HTMLButtonElement>("forget").disabled = true;
  paint();
});

element("train").addEventListener("click", async () => {
  const button = element<HTMLButtonElement>("train");
  const say = (text: string) => {
    element("training").textContent = text;
  };
  button.disabled = true;
  say("loading …");
  const { webPool, trainingSeconds } = await engine();
  const { d, k, R, N, B, testR } = setting;
  const seconds = trainingSeconds({ d, k, B });
  if (seconds > longest) {
    say(`that would take about ${Math.ceil(seconds / 60)} minutes of a core for each training: fewer tasks, please`);
    button.disabled = false;
    return;
  }
  const pool = webPool(workerSource(), workersHere());
  const mine = ++number;
  const done: Training[] = [];
  const begun = performance.now();
  say(`training 1 of ${trainings} …`);
  try {
    await Promise.all(
      Array.from({ length: trainings }, async (_, i) => {
        const job = { at: { d, k, R, N, B }, testR, lengths: trainedLengths, seed: 0, number: i };
        const training = await pool.train(job);
        if (mine !== number) return;
        done.push(training);
        measured = { lengths: trainedLengths, trainings: [...done] };
        paint();
        say(`${done.length} of ${trainings} trainings`);
      }),
    );
    const apart = done.some(({ limit }) => !limit) ? "; no W separates the tasks of some, which have no limit" : "";
    say(
      mine === number ? `${trainings} trainings in ${((performance.now() - begun) / 1000).toFixed(1)} s${apart}` : "",
    );
    element<HTMLButtonElement>("forget").disabled = mine !== number;
  } catch (error) {
    say((error as Error).message);
  } finally {
    await pool.close();
    button.disabled = false;
  }
});
