import type { Matrix } from "../../linalg/matrix.js";
import type { Stream } from "../../random/stream.js";
import { type AdamSchedule, type AdamState, adamStart, continueAdam } from "../descent/adam.js";
import type { ClassPrompts } from "./prompts.js";

/** What can be trained on prompts: a flat vector of parameters, logits of the classes, and the mean loss's gradient. */
export interface PromptModel {
  readonly parameters: number;
  readonly logits: (parameters: Float64Array, batch: ClassPrompts) => Matrix;
  readonly gradient: (parameters: Float64Array, batch: ClassPrompts, out: Float64Array) => number;
}

/** Fills a batch with fresh tasks, contexts, queries and labels. */
export type PromptSource = (stream: Stream, batch: ClassPrompts) => void;

/**
 * Trains by Adam on prompts drawn afresh at each step: step t reads `stream.derive(t)` and nothing else, so that a
 * training resumed from any of its states goes on to the bit. Cost: a gradient a step.
 * @param start the parameters to begin with, or a state to go on from.
 * @throws RangeError as `continueAdam`, or on parameters that are not the model's.
 */
export function trainOnPrompts(
  stream: Stream,
  model: PromptModel,
  batch: ClassPrompts,
  source: PromptSource,
  schedule: AdamSchedule,
  start: Float64Array | AdamState,
  visit?: (loss: number, state: () => AdamState) => void,
  until = schedule.steps,
): AdamState {
  const state = start instanceof Float64Array ? adamStart(start) : start;
  if (state.parameters.length !== model.parameters) {
    throw new RangeError(`the model has ${model.parameters} parameters, got ${state.parameters.length}`);
  }
  const gradient = (parameters: Float64Array, t: number, out: Float64Array) => {
    source(stream.derive(t), batch);
    return model.gradient(parameters, batch, out);
  };
  return continueAdam(state, schedule, gradient, visit, until);
}
