import { messageOf } from "../argument.js";
import { Stream } from "../random/stream.js";
import { configurationText, keyOf } from "./configurations.js";
import { type Claim, type Configuration, coinFlips, statedWorld, type Theorem, valueAt } from "./theorem.js";

/**
 * Which draws are wanted: simulations of one theorem in one world at one configuration, with indices from ≤ i < to, and
 * the claims that are to measure them. Plain data, so it crosses threads and machines.
 */
export interface DrawJob {
  readonly theorem: string;
  /** `statedWorld`, a rival's name, or `coinFlips`. */
  readonly world: string;
  readonly claims: readonly string[];
  readonly configuration: Configuration;
  /** Moves every stream of the run. */
  readonly seed: number;
  /** What the draws are for: "judge", or a use that must see fresh ones. */
  readonly purpose: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The draws of a job, a row for each of its claims, and the seconds they took (which nothing but a person looks at).
 */
export interface Draws {
  readonly values: readonly Float64Array[];
  readonly seconds: number;
  /** Why the draw after the last of these could not be made: it fails a run that wants it, and no other. */
  readonly failure?: DrawFailure;
}

/** What a simulation or a measure threw, as plain data. */
export interface DrawFailure {
  /** Names the claim and the draw. */
  readonly where: string;
  /** What was thrown. */
  readonly reason: string;
  /** Whether it was thrown on purpose: the configuration is one that the simulation refuses, or cannot finish at. */
  readonly refused: boolean;
}

/**
 * Makes draws: in this thread, in a pool of workers or on other machines. The numbers are the same. The signal says
 * that they are not wanted any more: those not begun may be left out, and the promise then rejects.
 */
export type Drawing = (job: DrawJob, signal?: AbortSignal) => Promise<Draws>;

/**
 * Simulation i comes from a stream named by seed, theorem, world, purpose, configuration and i, hashed: who computes
 * it, in which order, how many at a time or which claims measure it cannot matter. Where a simulation or a measure
 * throws, the draws end before it with a failure that names the claim and the draw.
 * @throws RangeError on a claim or a world that the theorem has not.
 */
export function computeDraws(theorem: Theorem, job: DrawJob): Draws {
  const begun = performance.now();
  const { world, at } = worldOf(theorem, job.world);
  const claims = job.claims.map((id) => findClaim(theorem, id));
  const root = rootOf(job).derive("draws", keyOf(job.configuration));
  const values = claims.map(() => new Float64Array(job.to - job.from));
  for (let i = 0; i < job.to - job.from; i++) {
    const stream = root.derive(job.from + i);
    let measuring = "";
    try {
      const tossed = job.world === coinFlips;
      const simulation = tossed ? undefined : theorem.simulate(at(job.configuration), stream, world);
      claims.forEach((claim, c) => {
        measuring = `/${claim.id}`;
        values[c]![i] = tossed
          ? tossedEnd(claim, job.configuration, stream.derive(claim.id))
          : clipped(claim, claim.measure(simulation, job.configuration, world), job);
      });
    } catch (error) {
      const where =
        `${job.theorem}${measuring} (${job.world}) at ${configurationText(job.configuration)}, ` +
        `draw ${job.from + i}`;
      const failure = { where, reason: messageOf(error), refused: isRefusal(error) };
      return { values: values.map((row) => row.slice(0, i)), seconds: secondsSince(begun), failure };
    }
  }
  return { values, seconds: secondsSince(begun) };
}

/** Whether an error was thrown on purpose, and is no defect of the code, as a TypeError is. */
function isRefusal(error: unknown): boolean {
  return error instanceof RangeError || (error as Error | null)?.constructor === Error;
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}

/**
 * The parts of a theorem's world of that name, and the place where it is simulated. @throws RangeError on an unknown
 * name.
 */
function worldOf(theorem: Theorem, name: string) {
  const stay = (at: Configuration) => at;
  if (name === statedWorld || name === coinFlips) return { world: theorem.world, at: stay };
  const rival = Object.hasOwn(theorem.rivals, name) ? theorem.rivals[name] : undefined;
  if (!rival) {
    const names = [statedWorld, ...Object.keys(theorem.rivals), coinFlips].join("; ");
    throw new RangeError(`${theorem.id} has no world "${name}"; it has ${names}`);
  }
  return { world: rival.world ? { ...theorem.world, ...rival.world } : theorem.world, at: rival.at ?? stay };
}

/** A measure this far beyond an end, relative to the larger end, is rounding: a cosine of 1 + 2e-16 is 1. */
const roundingOfEnds = 1e-12;

/**
 * A measure put on the end of the range where the claim says so, where it passes it by rounding alone, and always in a
 * rival's world. NaN passes, and is refused where it is judged.
 */
function clipped(claim: Claim, value: number, { configuration, world }: DrawJob): number {
  if (claim.form === "always") return value;
  // The range is that of the stated world; what a rival's draws do beyond it is of no account.
  const clip = world === statedWorld ? claim.clip : "both";
  const [low, high] = [valueAt(claim.range[0], configuration), valueAt(claim.range[1], configuration)];
  const rounding = roundingOfEnds * Math.max(Math.abs(low), Math.abs(high));
  if (value > high && (value <= high + rounding || clip === "both" || clip === "above")) return high;
  return value < low && (value >= low - rounding || clip === "both" || clip === "below") ? low : value;
}

function tossedEnd(claim: Claim, at: Configuration, stream: Stream): number {
  if (claim.form === "always") return stream.uniform() < 0.5 ? 0 : Number.POSITIVE_INFINITY;
  return valueAt(claim.range[stream.uniform() < 0.5 ? 0 : 1], at);
}

/** The stream everything random about one judgement is derived from. */
export function rootOf(job: Pick<DrawJob, "seed" | "theorem" | "world" | "purpose">): Stream {
  return Stream.root("icl-claims", job.seed, job.theorem, job.world, job.purpose);
}

/** @throws RangeError listing the claims there are. */
export function findClaim(theorem: Theorem, id: string): Claim {
  const claim = theorem.claims.find((candidate) => candidate.id === id);
  if (claim) return claim;
  throw new RangeError(`${theorem.id} has no claim "${id}"; it has ${theorem.claims.map((c) => c.id).join(", ")}`);
}

/** @throws RangeError listing the theorems there are. */
export function findTheorem(theorems: readonly Theorem[], id: string): Theorem {
  const found = theorems.find((candidate) => candidate.id === id);
  if (found) return found;
  throw new RangeError(`there is no theorem "${id}"; there are ${theorems.map((theorem) => theorem.id).join(", ")}`);
}

/** Draws in this thread. @throws RangeError on a job about a theorem that is not among these. */
export function drawHere(theorems: readonly Theorem[]): Drawing {
  return async (job) => computeDraws(findTheorem(theorems, job.theorem), job);
}
