import { setFlagsFromString } from "node:v8";

/**
 * V8's flags for a process whose threads keep every processor busy: its helpers of the garbage collector only take
 * turns with them, which costs lda-equivalence a tenth (four runs in turn; either flag alone gives less). One thread on
 * two processors is no slower.
 */
export const withoutHelpers = ["--no-parallel-scavenge", "--no-concurrent-array-buffer-sweeping"];

/** Lets each thread collect its own garbage from here on: V8 reads both flags at each collection. */
export function collectWithoutHelpers(): void {
  withoutHelpers.forEach(setFlagsFromString);
}
