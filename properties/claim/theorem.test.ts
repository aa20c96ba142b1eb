import { describe, expect, it } from "vitest";
import { ratesOfOne, suiteItems } from "../../src/claim/suite.js";
import { statedWorld, type Theorem, theorem, valueAt } from "../../src/claim/theorem.js";
import { coin, theorems } from "./toy-theorems.js";

describe("a theorem", () => {
  const { claims, ...rest } = coin as Theorem;
  it.each([
    [{ ...rest, claims, id: "Not An Id" }, /theorem Not An Id: its id must be lower-case words/],
    [{ ...rest, claims: [] }, /at least one claim/],
    [{ ...rest, claims, examples: {} }, /at least one named example/],
    [{ ...rest, claims: [claims[0]!, claims[0]!] }, /two claims are called at-most-half/],
    [{ ...rest, claims: [{ ...claims[0]!, id: "A B" }] }, /claim id "A B" must be/],
    [{ ...rest, claims: [{ ...claims[0]!, atLeast: 0 }] }, /at-most-half needs one of atMost and atLeast/],
    [{ ...rest, claims, statement: "\text" }, /its statement holds a control character/],
    [
      { ...rest, claims, rivals: { ...rest.rivals, odd: { says: "" } } },
      /the rival "odd" must change the world or the/,
    ],
    [
      { ...rest, claims, rivals: { ...rest.rivals, odd: { says: "", world: { colour: 1 } } } },
      /the rival "odd" changes "colour", which the world has not/,
    ],
    [
      { ...rest, claims, rivals: { ...rest.rivals, [statedWorld]: { says: "", world: {} } } },
      /a rival cannot be called "as stated"/,
    ],
    [{ ...rest, claims: [{ ...claims[0]!, rivals: ["dice"] }] }, /names the rival "dice", which the theorem has not/],
    [{ ...rest, claims: [{ ...claims[0]!, rivals: [] }] }, /at-most-half needs a rival that it refutes/],
    [{ ...rest, claims: [claims[4]!] }, /small-coins-only points to "at-most-half", which is no claim/],
  ])("is refused with one clear line (%#)", (definition, message) => {
    expect(() => theorem(definition as Theorem)).toThrow(RangeError);
    expect(() => theorem(definition as Theorem)).toThrow(message);
  });

  it("shares the suite's rates over all that is judged, evenly", () => {
    expect(ratesOfOne(theorems, { falseAlarm: 0.11, falsePass: 0.22 })).toEqual({ falseAlarm: 0.01, falsePass: 0.02 });
    const items = suiteItems(theorems).map(({ world, claims }) => [world, claims.length]);
    expect(items).toEqual([
      [statedWorld, 6],
      ["the coin turned round", 1],
      ["no heads", 1],
      ["all heads", 1],
      ["half as often", 1],
      ["large coins stand on their edge", 1],
    ]);
    expect(suiteItems(theorems, { matrix: true })).toHaveLength(8);
    expect(ratesOfOne(theorems, { falseAlarm: 0.48, falsePass: 0.48 }, { matrix: true }).falseAlarm).toBeCloseTo(0.01);
    expect(suiteItems(theorems, { scale: "paper" })).toEqual([]);
    expect(valueAt((c: { a: number }) => 2 * c.a, { a: 3 })).toBe(6);
  });
});
