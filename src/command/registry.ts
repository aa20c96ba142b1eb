import type { DrawingPool } from "../claim/pool.js";
import type { Theorem } from "../claim/theorem.js";
import type { Times } from "../report/run-header.js";

/** The theorems a command speaks of, and the module that worker threads load them from. */
export interface Registry {
  readonly theorems: readonly Theorem[];
  /** URL of a module that exports `theorems`. */
  readonly url: string;
  /** Seconds of one core that judging each theorem took when this version was made, by its id. */
  readonly times?: Times;
  /** Of theorems that are not this package's: the hash of the module that each comes from. */
  readonly own?: ReadonlyMap<string, string>;
  /** Makes the pool of a registry's draws in place of worker threads. */
  readonly pool?: (registry: Registry) => DrawingPool;
}
