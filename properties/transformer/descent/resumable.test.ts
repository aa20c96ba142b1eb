import { describe, expect, it } from "vitest";
import { gramProduct } from "../../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../../src/mixture/signed/task-law.js";
import { drawTasks } from "../../../src/mixture/signed/tasks.js";
import { Stream } from "../../../src/random/stream.js";
import { continueDual, type DualState, trainDual, untrained } from "../../../src/transformer/descent/dual.js";

describe("a resumable training", () => {
  const { m, u } = drawTasks(Stream.root("resumable"), taskLaw({ d: 12, k: 3, R: 3, N: 10 }), 25);
  const K = gramProduct(m, u);

  it("is trainDual's to the bit, in one go or from any state on the way, and a broken twin that starts over is not", () => {
    const [end] = trainDual(K, { stepSize: 0.05, at: [40] });
    const states: DualState[] = [];
    const whole = continueDual(K, untrained(25), 0.05, 40, (state) => states.push(state));
    expect(whole).toEqual({ step: 40, alpha: end!.alpha });
    expect(states.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    for (const state of states) expect(continueDual(K, state, 0.05, 40)).toEqual(whole);
    expect(continueDual(K, { ...untrained(25), step: 20 }, 0.05, 40)).not.toEqual(whole);
  });

  it("refuses what does not fit", () => {
    expect(() => continueDual(K, untrained(24), 0.1, 5)).toThrow("the state has 24 tasks, the operator 25");
    expect(() => continueDual(K, { ...untrained(25), step: 6 }, 0.1, 5)).toThrow("at least 6, got 5");
    expect(() => continueDual(K, untrained(25), 0.1, 1.5)).toThrow("must be an integer");
    expect(() => continueDual(K, untrained(25), 0, 5)).toThrow("above 0, got 0");
  });
});
