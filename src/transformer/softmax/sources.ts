import { row } from "../../linalg/matrix.js";
import { colour } from "../../mixture/classes/covariance.js";
import { drawClass, drawMixture, type GaussianMixture, type MixtureLaw } from "../../mixture/classes/law.js";
import { fillSignal, type TaskLaw } from "../../mixture/signed/task-law.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";
import type { ClassPrompts } from "./prompts.js";
import type { PromptSource } from "./training.js";

/** Fresh mixtures of a law, a prompt each: means, then context and queries. */
export function mixtureSource(law: MixtureLaw): PromptSource {
  return (stream, batch) => {
    for (let b = 0; b < batch.prompts; b++) fillMixturePrompt(stream, drawMixture(stream, law), batch, b);
  };
}

/** Prompt b of the batch, drawn from the mixture: its examples, then its queries. */
export function fillMixturePrompt(stream: Stream, mixture: GaussianMixture, batch: ClassPrompts, b: number): void {
  const d = mixture.means.cols;
  for (const [x, y, count] of [
    [batch.x, batch.y, batch.examples],
    [batch.queryX, batch.queryY, batch.queries],
  ] as const) {
    const inputs = colour(mixture.covariance, fillNormal(stream, x.subarray(b * count * d, (b + 1) * count * d)));
    for (let i = 0; i < count; i++) {
      const label = drawClass(stream, mixture.priors);
      y[b * count + i] = label;
      const mean = row(mixture.means, label);
      for (let a = 0; a < d; a++) inputs[i * d + a]! += mean[a]!;
    }
  }
}

/** Fresh tasks of Magen & Vardi's law, without label flips: x = yμ + z, class 1 for y = 1 and class 0 for y = −1. */
export function signedSource(law: TaskLaw): PromptSource {
  const { d } = law;
  const mu = new Float64Array(d);
  return (stream, batch) => {
    for (let b = 0; b < batch.prompts; b++) {
      fillSignal(stream, law, mu);
      for (const [x, y, count] of [
        [batch.x, batch.y, batch.examples],
        [batch.queryX, batch.queryY, batch.queries],
      ] as const) {
        const inputs = fillNormal(stream, x.subarray(b * count * d, (b + 1) * count * d));
        for (let i = 0; i < count; i++) {
          const label = stream.int32() < 0 ? 0 : 1;
          y[b * count + i] = label;
          for (let a = 0; a < d; a++) inputs[i * d + a]! += label === 1 ? mu[a]! : -mu[a]!;
        }
      }
    }
  };
}
