import { describe, expect, it } from "vitest";
import { configurationProblem } from "../../src/claim/setting.js";

const sound = { d: 10, k: 2, R: 1.5, N: 20, M: 3.5 };

describe("a configuration", () => {
  it.each([
    {},
    { k: 10 },
    { M: 1e-9 },
    { M: Number.POSITIVE_INFINITY },
    { N: Number.POSITIVE_INFINITY },
    { d: 1, k: 1, N: 1 },
    { d: 2 ** 32 - 1 },
    { R: 0, norm: 0, testR: 0, condition: 0 },
    { beta: -3.5 },
    { testTasks: 1, subtests: 0.5 },
  ])("is one with %j", (change) => {
    expect(configurationProblem({ ...sound, ...change })).toBeUndefined();
  });

  it("needs neither k nor d nor M", () => {
    for (const names of [["k"], ["d"], ["M"], ["k", "d", "M"]]) {
      const rest = Object.entries(sound).filter(([name]) => !names.includes(name));
      expect(configurationProblem(Object.fromEntries(rest))).toBeUndefined();
    }
  });

  it.each([
    [{ d: 0 }, "d must be an integer at least 1, got 0"],
    [{ N: 1.5 }, "N must be an integer at least 1, got 1.5"],
    [{ N: Number.NEGATIVE_INFINITY }, "N must be an integer at least 1, got -Infinity"],
    [{ manyTests: 0.5 }, "manyTests must be an integer at least 1, got 0.5"],
    [{ testTasks: -1 }, "testTasks must be an integer at least 1, got -1"],
    [{ d: 2 ** 32 }, "d must be at most 4294967295, got 4294967296"],
    [{ R: -1e-9 }, "R must be at least 0, got -1e-9"],
    [{ R: Number.POSITIVE_INFINITY }, "R must be finite, got Infinity"],
    [{ beta: Number.NaN }, "beta must be finite, got NaN"],
    [{ M: 0 }, "M must be above 0, got 0"],
    [{ M: -1 }, "M must be above 0, got -1"],
    [{ M: Number.NaN }, "M must be above 0, got NaN"],
    [{ k: 11 }, "k must not exceed d, got k = 11, d = 10"],
  ])("is none with %j", (change, problem) => {
    expect(configurationProblem({ ...sound, ...change })).toBe(problem);
  });
});
