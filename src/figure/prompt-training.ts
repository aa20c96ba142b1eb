import type { Stream } from "../random/stream.js";
import type { AdamSchedule, AdamState } from "../transformer/descent/adam.js";
import { adamStart } from "../transformer/descent/adam.js";
import type { BatchSize } from "../transformer/softmax/prompts.js";
import { emptyPrompts } from "../transformer/softmax/prompts.js";
import { type PromptModel, type PromptSource, trainOnPrompts } from "../transformer/softmax/training.js";
import type { Surroundings } from "./figure.js";

/** Steps between two states handed out to be kept. */
const keepEvery = 100;

/** One training: from a state on to the end of its schedule, telling of every step. */
export interface Training {
  readonly start: (stream: Stream) => Float64Array;
  readonly steps: number;
  readonly train: (stream: Stream, from: AdamState, visit: (loss: number, state: () => AdamState) => void) => AdamState;
}

/** A model trained on fresh prompts: what it needs beside its stream. */
export interface PromptTraining {
  readonly model: PromptModel & { readonly size: BatchSize };
  /** Coordinates of an input. */
  readonly d: number;
  readonly start: (stream: Stream) => Float64Array;
  readonly source: PromptSource;
  readonly schedule: AdamSchedule;
}

/** The training of a model on prompts. */
export function onPrompts({ model, d, start, source, schedule }: PromptTraining): Training {
  const batch = emptyPrompts(model.size, d);
  return {
    ...{ start, steps: schedule.steps },
    train: (stream, from, visit) => trainOnPrompts(stream, model, batch, source, schedule, from, visit),
  };
}

/**
 * The parameters that several trainings end with, one after another, from where the surroundings say an earlier run
 * stopped. A state kept holds the parameters of the trainings done, then parameters and means of the one under way.
 * @param share how much of the part's progress the trainings make.
 */
export function trainSeveral(
  stream: Stream,
  { start, steps, train }: Training,
  trainings: number,
  { resume, progress, keep }: Pick<Surroundings, "resume" | "progress" | "keep">,
  share = 1,
): Float64Array[] {
  const length = start(stream.derive(0).derive("start")).length;
  const done = resume ? Math.floor(resume.step / steps) : 0;
  const ended: Float64Array[] = Array.from({ length: done }, (_, i) =>
    resume!.alpha.slice(i * length, (i + 1) * length),
  );
  for (let i = done; i < trainings; i++) {
    const own = stream.derive(i);
    const part = (n: number) => resume!.alpha.slice((i + n) * length, (i + n + 1) * length);
    const from: AdamState =
      resume && i === done && resume.step % steps > 0
        ? { step: resume.step % steps, parameters: part(0), first: part(1), second: part(2) }
        : adamStart(start(own.derive("start")));
    let step = from.step;
    const end = train(own.derive("prompts"), from, (_, state) => {
      step++;
      if (step % 20 === 0) progress((share * (i + step / steps)) / trainings);
      if (step % keepEvery !== 0 || step === steps) return;
      const { parameters, first, second } = state();
      const alpha = new Float64Array((i + 3) * length);
      [...ended, parameters, first, second].forEach((values, n) => {
        alpha.set(values, n * length);
      });
      keep({ step: i * steps + step, alpha });
    });
    ended.push(end.parameters);
  }
  return ended;
}

/** Mean and standard error over trainings. */
export function overTrainings(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Student's t of few trainings, in units of the 1.96 that an interval takes.
  const wide = (studentQuantiles[values.length - 2] ?? 2) / 1.96;
  return { mean, standardError: wide * Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** t at 97.5% for 1, 2, … degrees of freedom. */
const studentQuantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
