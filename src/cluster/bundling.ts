import { keyOf } from "../claim/configurations.js";
import type { DrawJob } from "../claim/drawing.js";

/** Aim for a job of the queue: long beside what the queue costs (milliseconds), short for what a lost worker loses. */
const secondsPerJob = 1;

/** Below this the queue's own cost would show. */
const leastSeconds = 0.1;

/**
 * What draws cost, as measured while the run goes: at a configuration by its last draws there, at one not drawn from
 * yet by the dearest of its theorem and world. It decides how pieces travel together, and no number.
 */
export class Costs {
  readonly #at = new Map<string, number>();
  readonly #dearest = new Map<string, number>();

  learn(job: DrawJob, secondsPerDraw: number): void {
    this.#at.set(placeOf(job), secondsPerDraw);
    const world = worldOf(job);
    this.#dearest.set(world, Math.max(secondsPerDraw, this.#dearest.get(world) ?? 0));
  }

  /** Seconds that a piece will take; infinite where nothing is known. */
  of(job: DrawJob): number {
    const each = this.#at.get(placeOf(job)) ?? this.#dearest.get(worldOf(job)) ?? Number.POSITIVE_INFINITY;
    return each * (job.to - job.from);
  }
}

const worldOf = ({ theorem, world }: DrawJob) => `${theorem}\n${world}`;
const placeOf = (job: DrawJob) => `${worldOf(job)}\n${keyOf(job.configuration)}`;

/** Something that travels in a job of the queue. */
export interface Bundled {
  /** What it belongs to: those of one kind travel together. */
  readonly kind: string;
  /** Seconds that it will take; infinite where unknown, and then it travels alone. */
  readonly seconds: () => number;
}

/**
 * Takes the first piece and those after it that go with it, up to about a second of work, or to what lets every thread
 * have a share where there is little left. What is taken leaves the list.
 */
export function takeBundle<T extends Bundled>(waiting: T[], threads: number): T[] {
  const costs = waiting.map((piece) => piece.seconds());
  const known = costs.reduce((sum, seconds) => sum + (Number.isFinite(seconds) ? seconds : 0), 0);
  const most = Math.min(secondsPerJob, Math.max(leastSeconds, known / (2 * Math.max(1, threads))));
  const taken = new Set<T>();
  let sum = 0;
  for (const [i, piece] of waiting.entries()) {
    if (taken.size > 0 && piece.kind !== waiting[0]!.kind) continue;
    if (taken.size > 0 && sum + costs[i]! > most) continue;
    taken.add(piece);
    sum += costs[i]!;
    if (sum >= most) break;
  }
  waiting.splice(0, waiting.length, ...waiting.filter((piece) => !taken.has(piece)));
  return [...taken];
}
