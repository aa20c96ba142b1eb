import { checkCount, checkPositive } from "../../argument.js";

/** Where a training by Adam stands after so many steps: all there is to know to go on, bit for bit. */
export interface AdamState {
  readonly step: number;
  readonly parameters: Float64Array;
  /** Running means of the gradient and of its squares. */
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** How far to train: step sizes rise linearly to `rate` over `warmup` steps and fall as a cosine to 0 at `steps`. */
export interface AdamSchedule {
  readonly rate: number;
  readonly steps: number;
  readonly warmup: number;
}

/** The state before the first step. */
export function adamStart(parameters: Float64Array): AdamState {
  const zeros = () => new Float64Array(parameters.length);
  return { step: 0, parameters: parameters.slice(), first: zeros(), second: zeros() };
}

/** The step size of step t = 0, 1, …: `rate`·(t+1)/warmup at first, then rate·(1 + cos πu)/2, u the share gone by. */
export function rateAt({ rate, steps, warmup }: AdamSchedule, t: number): number {
  if (t < warmup) return (rate * (t + 1)) / warmup;
  return (rate * (1 + Math.cos((Math.PI * (t - warmup)) / (steps - warmup)))) / 2;
}

/**
 * Adam (Kingma & Ba 2015, Algorithm 1; β₁ = .9, β₂ = .999, ε = 1e-8) from a state to the end of the schedule, or to
 * `until`: with bias-corrected means m̂ and v̂ of the gradient and its squares, θ ← θ − rate·m̂/(√v̂ + ε).
 * @param gradient writes the gradient at step t and returns the loss; it must depend on θ and t alone.
 * @param visit sees the loss of every step with a function that copies the state after it.
 * @throws RangeError on a state beyond the end, or of another length; on a schedule out of range; Error when a loss is
 * not finite.
 */
export function continueAdam(
  state: AdamState,
  schedule: AdamSchedule,
  gradient: (parameters: Float64Array, t: number, out: Float64Array) => number,
  visit?: (loss: number, state: () => AdamState) => void,
  until = schedule.steps,
): AdamState {
  checkPositive("the rate", schedule.rate);
  checkCount("steps", schedule.steps);
  checkCount("warmup", schedule.warmup, 0);
  if (schedule.warmup >= schedule.steps) throw new RangeError(`warmup must be below the ${schedule.steps} steps`);
  if (!(Number.isSafeInteger(until) && until >= state.step && until <= schedule.steps)) {
    throw new RangeError(`the last step must be an integer from ${state.step} to ${schedule.steps}, got ${until}`);
  }
  const [parameters, first, second] = [state.parameters.slice(), state.first.slice(), state.second.slice()];
  if (first.length !== parameters.length || second.length !== parameters.length) {
    throw new RangeError(`the state has ${parameters.length} parameters, but means of ${first.length}`);
  }
  const slope = new Float64Array(parameters.length);
  for (let t = state.step; t < until; t++) {
    const loss = gradient(parameters, t, slope);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss} at step ${t}: a smaller rate may help`);
    const rate = rateAt(schedule, t) / (1 - 0.9 ** (t + 1));
    const correction = 1 / (1 - 0.999 ** (t + 1));
    for (let i = 0; i < slope.length; i++) {
      const g = slope[i]!;
      first[i] = 0.9 * first[i]! + 0.1 * g;
      second[i] = 0.999 * second[i]! + 0.001 * g * g;
      parameters[i] = parameters[i]! - (rate * first[i]!) / (Math.sqrt(second[i]! * correction) + 1e-8);
    }
    visit?.(loss, () => ({
      step: t + 1,
      parameters: parameters.slice(),
      first: first.slice(),
      second: second.slice(),
    }));
  }
  return { step: until, parameters, first, second };
}
