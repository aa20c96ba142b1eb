import { Stream } from "../random/stream.js";
import { keyOf } from "./configurations.js";
import type { Claim, Configuration, Theorem } from "./theorem.js";

/** Whether the claim itself is drawn or its control's wrong world. */
export type World = "claim" | "control";

/**
 * Which draws are wanted: those of one claim at one configuration with indices from ≤ i < to. Plain data, so it crosses
 * threads.
 */
export interface DrawJob {
  readonly theorem: string;
  readonly claim: string;
  readonly world: World;
  readonly configuration: Configuration;
  /** Moves every stream of the run. */
  readonly seed: number;
  /** What the draws are for: "judge", or a use that must see fresh ones. */
  readonly purpose: string;
  readonly from: number;
  readonly to: number;
}

/** The draws of a job, and the seconds spent on making them (which nothing but a person looks at). */
export interface Draws {
  readonly values: Float64Array;
  readonly seconds: number;
}

/** Makes draws: in this thread, or in a pool of workers. The numbers are the same. */
export type Drawing = (job: DrawJob) => Promise<Draws>;

/**
 * Draw i comes from a stream named by seed, theorem, claim, world, purpose, configuration and i, hashed: who computes
 * it, in which order or how many at a time, cannot matter.
 */
export function computeDraws(theorem: Theorem, job: DrawJob): Draws {
  const begun = performance.now();
  const claim = findClaim(theorem, job.claim);
  const draw = job.world === "control" ? claim.control.draw : claim.draw;
  const root = rootOf(job).derive("draws", keyOf(job.configuration));
  const values = Float64Array.from({ length: job.to - job.from }, (_, i) => {
    const index = job.from + i;
    try {
      return draw(job.configuration, root.derive(index));
    } catch (error) {
      const where = `${job.theorem}/${job.claim} (${job.world}) at ${keyOf(job.configuration)}, draw ${index}`;
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    }
  });
  return { values, seconds: (performance.now() - begun) / 1000 };
}

/** The stream everything random about one judgement is derived from. */
export function rootOf(job: Pick<DrawJob, "seed" | "theorem" | "claim" | "world" | "purpose">): Stream {
  return Stream.root("icl-claims", job.seed, job.theorem, job.claim, job.world, job.purpose);
}

/** @throws RangeError listing the claims there are. */
export function findClaim(theorem: Theorem, id: string): Claim<Configuration> {
  const claim = theorem.claims.find((candidate) => candidate.id === id);
  if (claim) return claim;
  throw new RangeError(`${theorem.id} has no claim "${id}"; it has ${theorem.claims.map((c) => c.id).join(", ")}`);
}

/** Draws in this thread. @throws RangeError on a job about a theorem that is not among these. */
export function drawHere(theorems: readonly Theorem[]): Drawing {
  return async (job) => {
    const theorem = theorems.find((candidate) => candidate.id === job.theorem);
    if (!theorem) throw new RangeError(`there is no theorem "${job.theorem}"`);
    return computeDraws(theorem, job);
  };
}
