import { isMainThread } from "node:worker_threads";
import fc from "fast-check";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";

/** What goes wrong in a draw. */
export const faults = { none: 0, throws: 1, neverEnds: 2 } as const;

type At = { readonly bias: number; readonly wait: number; readonly fault: number };

/** Waits without using a core. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A coin that takes its time, as a training does, in a worker's thread alone, and goes wrong where it is told to. */
export const slowCoin = theorem({
  id: "slow-coin",
  title: "A coin that takes its time",
  source: {
    paper: { authors: "Nobody", year: 1654, title: "Coins", reference: "none" },
    locus: "§2",
    status: "standard",
  },
  statement: String.raw`\mathbb{E}X = p`,
  regime: fc.record({ bias: fc.constantFrom(0.2, 0.3), wait: fc.constant(0), fault: fc.constant(0) }),
  examples: { fair: { bias: 0.5, wait: 0, fault: faults.none }, slow: { bias: 0.25, wait: 5, fault: faults.none } },
  assumptions: [],
  world: { heads: (p: number) => p },
  rivals: { "all heads": { says: "it always lands heads", world: { heads: () => 1 } } },
  simulate: ({ bias, wait, fault }: At, stream: Stream, world) => {
    if (!isMainThread) {
      if (wait > 0) pause(wait);
      if (fault === faults.neverEnds) pause(Number.POSITIVE_INFINITY);
    }
    if (fault === faults.throws) throw new RangeError("the coin fell off the table");
    return stream.uniform() < world.heads(bias) ? 1 : 0;
  },
  claims: [
    {
      id: "its-bias",
      says: "heads with its bias",
      form: "equals",
      range: [0, 1],
      measure: (heads) => heads,
      equals: ({ bias }) => bias,
      within: 0.2,
      rivals: ["all heads"],
    },
  ],
});

export const theorems = [slowCoin];
