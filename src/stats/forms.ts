import type { Stream } from "../random/stream.js";
import type { Hypothesis, Range } from "./hypothesis.js";
import type { Spread } from "./judge.js";
import { checkRange } from "./range.js";
import type { Asking, Simulation } from "./simulation.js";

/** A simulated value from a stream. */
export type Sampler<T = number> = (stream: Stream) => T | Promise<T>;

/**
 * A claim about the probability of an event, as a simulation: the mean of its indicator, with both rates of a mean.
 *
 * @example
 * probability({ event: (stream) => wait(stream) < 3, claim: { form: "atLeast", bound: 0.9, slack: 0.02 } })
 */
export function probability({ event, ...rest }: Asking & { event: Sampler<boolean>; claim: Hypothesis }): Simulation {
  return { ...rest, range: [0, 1], draw: async (stream) => ((await event(stream)) ? 1 : 0) };
}

/**
 * "The q-quantile is at most x": at least a share q of the draws is ≤ x; or "at least x": at most a share q is < x.
 * Both are claims about a probability, and the slack is one: refuted, the share of draws misses q; supported, it misses
 * q by less than the slack.
 *
 * @example
 * quantile({ draw: wait, q: 0.9, atMost: 3, slack: 0.02 }) // 90% of the waits are at most 3
 * @throws RangeError unless exactly one of atMost and atLeast is given.
 */
export function quantile({
  draw,
  q,
  atMost,
  atLeast,
  slack,
  ...rest
}: Asking & { draw: Sampler; q: number; slack: number } & (
    | { atMost: number; atLeast?: never }
    | { atLeast: number; atMost?: never }
  )): Simulation {
  if ((atMost === undefined) === (atLeast === undefined))
    throw new RangeError("a quantile needs one of atMost and atLeast");
  const below = (value: number): boolean => {
    if (Number.isNaN(value)) throw new RangeError("a draw is NaN");
    return atMost === undefined ? value < atLeast! : value <= atMost;
  };
  const form = atMost === undefined ? "atMost" : "atLeast";
  const event = async (stream: Stream) => below(await draw(stream));
  return probability({ ...rest, event, claim: { form, bound: q, slack } });
}

/**
 * A claim about the variance: half the squared difference of two independent draws has it as its mean, in
 * [0, (hi − lo)²/2]. A draw of this simulation is two of the sampler's.
 */
export function variance({
  draw,
  range,
  ...rest
}: Asking & { draw: Sampler; range: Range; claim: Hypothesis }): Simulation {
  checkRange(range);
  const inside = (x: number) => {
    if (x >= range[0] && x <= range[1]) return x;
    throw new RangeError(`a draw is ${x}, outside the declared range [${range[0]}, ${range[1]}]`);
  };
  return {
    ...rest,
    range: [0, (range[1] - range[0]) ** 2 / 2],
    draw: async (stream) => {
      const [one, two] = [inside(await draw(stream.derive("one"))), inside(await draw(stream.derive("two")))];
      return (one - two) ** 2 / 2;
    },
  };
}

/**
 * A claim about the mean of a − b: "A beats B by δ" is `{ form: "atLeast", bound: δ, slack }`. Independent streams,
 * unless `paired`: then both samplers get the same bits (common random numbers), which removes what they share from the
 * spread. The range or deviation is that of the difference.
 */
export function difference({
  a,
  b,
  paired = false,
  ...rest
}: Asking & Spread & { a: Sampler; b: Sampler; paired?: boolean; claim: Hypothesis }): Simulation {
  const names = paired ? (["both", "both"] as const) : (["a", "b"] as const);
  return {
    ...rest,
    draw: async (stream) => (await a(stream.derive(names[0]))) - (await b(stream.derive(names[1]))),
  };
}
