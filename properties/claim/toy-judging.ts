import { drawHere } from "../../src/claim/drawing.js";
import { type Judgement, type Judging, judge } from "../../src/claim/judging.js";
import { type Claim, statedWorld, type Theorem } from "../../src/claim/theorem.js";
import { coin, theorems } from "./toy-theorems.js";

export const judging: Judging = {
  draw: drawHere(theorems),
  seed: 0,
  falseAlarm: 1e-6,
  falsePass: 1e-6,
  maxDraws: 4000,
  configurations: 6,
};

/** The coin with one claim changed, as a broken twin. */
export const withClaim = (id: string, change: object): Theorem => ({
  ...coin,
  claims: coin.claims.map((claim) => (claim.id === id ? ({ ...claim, ...change } as Claim) : claim)),
});

export const on = (changed: Theorem): Judging => ({ ...judging, draw: drawHere([changed]) });

/** One claim, in the stated world unless told. */
export async function judgeOne(of: Theorem, id: string, how = judging, world = statedWorld): Promise<Judgement> {
  return (await judge(of, [id], world, how))[0]!;
}

/** A judgement that nobody expected. */
export const unexpected = (judgement: Judgement) => ({
  judgement,
  expected: "supported" as const,
  asExpected: false,
});
