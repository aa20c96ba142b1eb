import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { theorem } from "../../src/claim/theorem.js";

type C = { readonly size: number; readonly bias: number };

const toss = (c: C, stream: { uniform(): number }) => (stream.uniform() < c.bias ? 1 : 0);

/** A coin whose laws are known, so that every verdict has a claim that must come to it. */
export const coin = theorem<C>({
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
  claims: [
    {
      id: "at-most-half",
      says: "heads at most half of the time",
      form: "mean",
      range: [0, 1],
      draw: toss,
      atMost: 0.55,
      slack: 0.2,
      control: { name: "the coin turned round", draw: (c, stream) => 1 - toss(c, stream) },
    },
    {
      id: "at-least-tenth",
      says: "heads at least a tenth of the time",
      form: "mean",
      range: [0, 1],
      draw: toss,
      atLeast: 0.15,
      slack: 0.1,
      control: { name: "no heads", draw: () => 0 },
    },
    {
      id: "its-bias",
      says: "heads with its bias",
      form: "equals",
      range: [0, 1],
      draw: toss,
      equals: (c) => c.bias,
      within: 0.15,
      control: { name: "half as often", draw: (c, stream) => toss(c, stream) * toss({ ...c, bias: 0.2 }, stream) },
    },
    {
      id: "always-a-side",
      says: "it lands on a side",
      form: "always",
      tolerance: 0,
      because: "heads and tails are exact",
      draw: (c, stream) => Math.abs(Math.abs(toss(c, stream) - 0.5) - 0.5),
      control: { name: "large coins stand on their edge", draw: (c) => (c.size > 10 ? 0.5 : 0) },
    },
    {
      id: "small-coins-only",
      says: "coins are below 30 in size, which is false",
      form: "mean",
      range: [0, 1],
      draw: (c, stream) => (c.size > 30 ? 1 : toss({ ...c, bias: 0.05 }, stream)),
      atMost: 0.3,
      slack: 0.3,
      expect: { verdict: "refuted", because: "the regime has larger ones" },
      control: { name: "all coins below 30", draw: (c, stream) => toss({ ...c, bias: 0.05 }, stream) },
    },
    {
      id: "too-few-draws",
      says: "a claim whose budget cannot decide it",
      form: "mean",
      range: [0, 1],
      draw: toss,
      atMost: 0.5,
      slack: 0.01,
      maxDraws: 60,
      control: { name: "all heads", draw: () => 1 },
    },
  ],
});

export const theorems = [coin];
