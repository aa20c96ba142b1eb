import { expect, it } from "vitest";
import { onPrompts, overTrainings, trainSeveral } from "../../src/figure/prompt-training.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { Stream } from "../../src/random/stream.js";
import type { DualState } from "../../src/transformer/descent/dual.js";
import { openSmoother } from "../../src/transformer/softmax/smoother.js";
import { signedSource } from "../../src/transformer/softmax/sources.js";

it("several trainings resume to the bit from any state kept, within the first or a later one", () => {
  const train = (seed: number, resume?: DualState) => {
    const states: DualState[] = [];
    const ended = trainSeveral(
      Stream.root("several", seed),
      onPrompts({
        ...{ model: openSmoother(2, { prompts: 2, examples: 4, queries: 2 }), d: 2 },
        start: () => Float64Array.of(0.1, 0, 0, 0.1, 1),
        source: signedSource(taskLaw({ d: 2, k: 1, R: 2, N: 4 })),
        schedule: { rate: 0.01, steps: 250, warmup: 10 },
      }),
      2,
      { progress: () => undefined, keep: (state) => states.push(state), ...(resume ? { resume } : {}) },
    );
    return { states, ended };
  };
  const { states, ended } = train(0);
  expect(states.map(({ step }) => step)).toEqual([100, 200, 350, 450]);
  for (const state of states) expect(train(0, state).ended).toEqual(ended);
  // A state of another training, or one whose means are lost, ends elsewhere.
  expect(train(0, train(1).states[1]!).ended[0]).not.toEqual(ended[0]);
  const bare = { ...states[1]!, alpha: states[1]!.alpha.map((value, i) => (i < 5 ? value : 0)) };
  expect(train(0, bare).ended[0]).not.toEqual(ended[0]);
  expect(ended[0]).not.toEqual(ended[1]);
});

it("an interval over few trainings is Student's", () => {
  const { mean, standardError } = overTrainings([1, 2, 3]);
  expect(mean).toBe(2);
  // 4.303 for 2 degrees of freedom.
  expect(1.96 * standardError).toBeCloseTo(4.303 / Math.sqrt(3), 12);
});
