import { describe, expect, it } from "vitest";
import { casesOf, configurationText as inWords, keyOf } from "../../src/claim/configurations.js";
import { configurationWith } from "../../src/claim/setting.js";
import { Stream } from "../../src/random/stream.js";
import { coin } from "./toy-theorems.js";

describe("configurations", () => {
  it("are the examples and distinct draws of the regime, the same for the same stream", () => {
    const { cases } = casesOf(coin, Stream.root("cases"), 8);
    expect(cases).toHaveLength(8);
    expect(cases.slice(0, 2).map(({ name }) => name)).toEqual(["fair", "large"]);
    expect(new Set(cases.map(({ configuration }) => keyOf(configuration))).size).toBe(8);
    expect(casesOf(coin, Stream.root("cases"), 8).cases).toEqual(cases);
    expect(casesOf(coin, Stream.root("cases"), 1).cases).toHaveLength(2);
    const published = { ...coin, paper: { small: { size: 3, bias: 0.2 }, none: { size: 0, bias: 0.2 } } };
    expect(casesOf(published, Stream.root("cases"), 8, "paper")).toEqual({
      cases: [{ name: "small", configuration: { size: 3, bias: 0.2 } }],
      missed: [{ name: "none", configuration: { size: 0, bias: 0.2 }, expression: "size >= c * 1", slack: 0 }],
    });
    expect(inWords({ d: 3, R: 1 / 3 })).toBe("d = 3, R = 0.333333");
  });

  it("can be set by hand, with one clear line where they cannot", () => {
    expect(configurationWith(coin, "size=3, bias=0.4")).toEqual({ size: 3, bias: 0.4 });
    expect(() => configurationWith(coin, "weight=3")).toThrow(/coin has no parameter "weight"; it has size, bias/);
    expect(() => configurationWith(coin, "size=x")).toThrow(/size must be a finite number, got "x"/);
    expect(() => configurationWith(coin, "size")).toThrow(/finite number, got ""/);
    const withDimensions = { ...coin, examples: { one: { d: 3, k: 1 } } };
    expect(() => configurationWith(withDimensions, "k=4")).toThrow(/k must not exceed d, got k = 4, d = 3/);
  });
});
