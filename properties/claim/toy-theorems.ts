import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";

type C = { readonly size: number; readonly bias: number };

/** How the coin is tossed: what a wrong theory of coins would get wrong. */
interface World {
  readonly turned: boolean;
  /** How likely a coin of bias p is to land heads. */
  readonly heads: (p: number) => number;
  /** Coins larger than this stand on their edge. */
  readonly edge: number;
}

interface Toss {
  readonly heads: number;
  /** Tails of a coin that is nearly always heads, whatever its bias. */
  readonly rare: number;
  readonly side: number;
}

function toss({ size, bias }: C, stream: Stream, world: World): Toss {
  const heads = stream.uniform() < world.heads(bias) ? 1 : 0;
  const landed = world.turned ? 1 - heads : heads;
  return { heads: landed, rare: stream.uniform() < 0.05 ? 1 : 0, side: size > world.edge ? 0.5 : landed };
}

/** A coin whose laws are known, so that every verdict has a claim that must come to it. */
export const coin = theorem({
  id: "coin",
  title: "A coin lands heads with its bias",
  source: {
    paper: { authors: "Nobody", year: 1654, title: "Coins", reference: "none" },
    locus: "§1",
    status: "standard",
  },
  statement: String.raw`\mathbb{E}X = p`,
  regime: fc.record({ size: fc.integer({ min: 1, max: 100 }), bias: fc.constantFrom(0.2, 0.3) }),
  examples: { fair: { size: 1, bias: 0.5 }, large: { size: 50, bias: 0.25 } },
  assumptions: [
    assume<C>("size >= c * 1", {
      why: "a coin is at least as large as a cent",
      constants: { c: { value: 1, from: "calibrated: by eye" } },
      drop: (c) => ({ ...c, size: 0 }),
    }),
  ],
  world: { turned: false, heads: (p: number) => p, edge: Number.POSITIVE_INFINITY },
  rivals: {
    "the coin turned round": { says: "tails for heads", world: { turned: true } },
    "no heads": { says: "it never lands heads", world: { heads: () => 0 } },
    "all heads": { says: "it always lands heads", world: { heads: () => 1 } },
    "half as often": { says: "heads half as often", world: { heads: (p: number) => p / 5 } },
    "large coins stand on their edge": { says: "those above 10", world: { edge: 10 } },
    "a large coin": { says: "judged at size 50", at: (at: C) => ({ ...at, size: 50 }) },
  },
  simulate: toss,
  claims: [
    {
      id: "at-most-half",
      says: "heads at most half of the time",
      form: "mean",
      range: [0, 1],
      measure: ({ heads }) => heads,
      atMost: 0.55,
      slack: 0.2,
      rivals: ["the coin turned round", { rival: "no heads", trueOfItToo: "no heads are few heads" }],
    },
    {
      id: "at-least-tenth",
      says: "heads at least a tenth of the time",
      form: "mean",
      range: [0, 1],
      measure: ({ heads }) => heads,
      atLeast: 0.15,
      slack: 0.1,
      rivals: ["no heads"],
    },
    {
      id: "its-bias",
      says: "heads with its bias",
      form: "equals",
      range: [0, 1],
      measure: ({ heads }) => heads,
      equals: (c) => c.bias,
      within: 0.15,
      rivals: ["half as often", "all heads"],
    },
    {
      id: "always-a-side",
      says: "it lands on a side",
      form: "always",
      tolerance: 0,
      because: "heads and tails are exact",
      measure: ({ side }) => Math.abs(Math.abs(side - 0.5) - 0.5),
      rivals: ["large coins stand on their edge"],
    },
    {
      id: "small-coins-only",
      says: "coins are below 30 in size, which is false",
      form: "mean",
      range: [0, 1],
      measure: ({ rare }, c) => (c.size > 30 ? 1 : rare),
      atMost: 0.3,
      slack: 0.3,
      expect: { verdict: "refuted", because: "the regime has larger ones", nearest: "at-most-half" },
      rivals: [],
    },
    {
      id: "too-few-draws",
      says: "a claim whose budget cannot decide it",
      form: "mean",
      range: [0, 1],
      measure: ({ heads }) => heads,
      atMost: 0.5,
      slack: 0.01,
      maxDraws: 60,
      rivals: ["all heads"],
    },
  ],
});

export const theorems = [coin];
