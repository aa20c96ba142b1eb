import { setFlagsFromString } from "node:v8";

/**
 * Lets each thread collect its own garbage. Every processor has a thread that draws already: V8's helpers would only
 * take turns with them, and what they hand to each other costs a tenth of a run (lda-equivalence, four runs in turn).
 * Both flags are read at each collection, so that they count from here on.
 */
export function collectWithoutHelpers(): void {
  for (const helper of ["parallel-scavenge", "concurrent-array-buffer-sweeping"]) setFlagsFromString(`--no-${helper}`);
}
