import { describe, expect, it } from "vitest";
import { assume } from "../../src/claim/assumption.js";

type C = { readonly B: number; readonly d: number; readonly k: number; readonly R: number };
const about = {
  why: "tasks enough",
  constants: { c_B: { value: 8, from: "calibrated: by hand" } },
  drop: (c: C) => ({ ...c, B: 1 }),
};
const c: C = { B: 64, d: 16, k: 2, R: 4 };

describe("an assumption", () => {
  it("is evaluated, measured and typeset from one string", () => {
    const enough = assume<C>("B >= c_B * k * d / R^2", about);
    expect(enough.at(c)).toEqual({ left: 64, right: 16, slack: 4, holds: true });
    expect(enough.at({ ...c, B: 8 })).toEqual({ left: 8, right: 16, slack: 0.5, holds: false });
    expect(enough.at(enough.drop(c)).holds).toBe(false);
    expect(enough.tex).toContain("\\geq");
    expect(enough.tex).toContain("\\frac");
  });

  it.each([
    ["B > 64", false, 1],
    ["B <= 128", true, 2],
    ["B < 64", false, 1],
    ["k == 2", true, 1],
    ["k == 3", false, 0],
    ["B >= 0", true, Number.POSITIVE_INFINITY],
    ["0 - B >= 0", false, 0],
    ["B - 64 >= 0", true, Number.POSITIVE_INFINITY],
    ["B - 63.5 >= 0", true, Number.POSITIVE_INFINITY],
    ["63.5 - B >= 0", false, 0],
    ["B >= 1", true, 64],
    ["B >= 4!", true, 64 / 24],
  ])("%s holds: %s, slack %d", (expression, holds, slack) => {
    expect(assume<C>(expression, about).at(c)).toMatchObject({ holds, slack });
  });

  it("is refused when it is no comparison, and fails clearly on names it does not know or values that are no numbers", () => {
    expect(() => assume<C>("B + 1", about)).toThrow(/must be one comparison, >=, >, <=, <, ==: got "B \+ 1"/);
    expect(() => assume<C>("B", about)).toThrow(RangeError);
    expect(() => assume<C>("B = 64", about)).toThrow(/must be one comparison/);
    expect(() => assume<C>("1 < B < 64", about)).toThrow(/must be one comparison/);
    expect(() => assume<C>("f(B > 64)", about).tex).toThrow(/must be one comparison/);
    expect(() => assume<C>("B >= (1", about).at(c)).toThrow(/"B >= \(1" cannot be read: Parenthesis \) expected/);
    expect(() => assume<C>("Q >= 1", about).at(c)).toThrow(/"Q >= 1" cannot be evaluated: Undefined symbol Q/);
    expect(() => assume<C>("[B, 1] >= 1", about).at(c)).toThrow(/does not compare numbers/);
  });
});
