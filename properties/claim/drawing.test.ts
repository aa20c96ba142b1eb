import { describe, expect, it } from "vitest";
import { computeDraws } from "../../src/claim/drawing.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { judgeOne, on, withClaim } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

/** One draw of the coin. */
const job = {
  ...{ theorem: "coin", claims: ["its-bias"], world: statedWorld, seed: 3, purpose: "judge", from: 0, to: 1 },
  configuration: { size: 1, bias: 0.5 },
};

describe("draws", () => {
  it("says which draw failed when one throws, and refuses draws outside the range", async () => {
    const throwing = withClaim("its-bias", {
      measure: () => {
        throw new RangeError("no coin");
      },
    });
    await expect(judgeOne(throwing, "its-bias", on(throwing))).rejects.toThrow(
      /coin\/its-bias \(as stated\) at size = 1, bias = 0.5, draw 0: no coin/,
    );
    const outside = withClaim("its-bias", { measure: () => 1.5 });
    await expect(judgeOne(outside, "its-bias", on(outside))).rejects.toThrow(
      /^coin\/its-bias \(as stated\) at .*: draw 0 is 1.5, outside the declared range \[0, 1\]/,
    );
  });

  it("puts what passes an end by rounding alone on the end, and refuses what passes it by more", () => {
    const drawn = (value: number) => computeDraws(withClaim("its-bias", { measure: () => value }), job).values[0]![0];
    expect([1 + 2 ** -52, -1e-17, 0.3, 1 + 1e-9, -1e-9].map(drawn)).toEqual([1, 0, 0.3, 1 + 1e-9, -1e-9]);
  });

  it("says of an array that cannot be made how large it would be", () => {
    const failure = (measure: () => number) => computeDraws(withClaim("its-bias", { measure }), job).failure;
    expect(failure(() => new Float64Array(1e10).length)).toMatchObject({
      where: expect.stringMatching(/^coin\/its-bias \(as stated\) at size = .*, draw 0$/),
      reason: "it needs an array of 10000000000 numbers, which is more than can be made",
      refused: true,
    });
    let tosses = 0;
    const third = () => {
      if (tosses++ === 2) throw new Error("lost");
      return 0.5;
    };
    const { values, failure: lost } = computeDraws(withClaim("its-bias", { measure: third }), {
      ...job,
      from: 5,
      to: 10,
    });
    expect([values[0]!.length, lost!.where]).toEqual([2, expect.stringMatching(/, draw 7$/)]);
    expect(failure(() => new Array(-1).length)!.reason).toMatch(/an array of so many numbers/);
    expect(failure(() => new Float64Array(1 / 0).length)!.reason).toMatch(/an array of Infinity numbers/);
  });

  it("tells a simulation that refuses a configuration or cannot finish there from a defect of the code", () => {
    const refused = (error: unknown) => {
      const measure = () => {
        throw error;
      };
      return computeDraws(withClaim("its-bias", { measure }), job).failure!.refused;
    };
    expect([new RangeError("k > d"), new Error("no descent"), new TypeError("not a function")].map(refused)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("draws the same numbers whatever the job's cut, and others for another seed, world or purpose", () => {
    const whole = computeDraws(coin, { ...job, to: 40 }).values[0]!;
    const cut = [0, 7, 8, 40]
      .slice(1)
      .flatMap((to, i) => [
        ...computeDraws(coin, { ...job, configuration: { bias: 0.5, size: 1 }, from: [0, 7, 8][i]!, to }).values[0]!,
      ]);
    expect(cut).toEqual([...whole]);
    for (const change of [{ seed: 4 }, { purpose: "confirm" }, { world: "the coin turned round" }]) {
      expect(computeDraws(coin, { ...job, to: 40, ...change }).values[0]).not.toEqual(whole);
    }
    // Which claims measure a simulation does not move it.
    const two = computeDraws(coin, { ...job, to: 40, claims: ["always-a-side", "its-bias"] }).values;
    expect(two[1]).toEqual(whole);
    expect(() => computeDraws(coin, { ...job, world: "the moon" })).toThrow(
      /coin has no world "the moon"; it has as stated; the coin turned round; /,
    );
  });
});
