import { describe, expect, it } from "vitest";
import { gramProduct } from "../../src/linalg/symmetric-operator.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks } from "../../src/mixture/signed/tasks.js";
import { Stream } from "../../src/random/stream.js";
import { costText, dualTrainingCost, totalCost } from "../../src/transformer/cost.js";
import { trainDual } from "../../src/transformer/descent/dual.js";

describe("the cost of a training, before it starts", () => {
  it("grows as the training's own CPU time does, within a factor of 3: 16 times the pairs of tasks, 4 times the steps", () => {
    const cpu = (B: number, steps: number) => {
      const start = process.cpuUsage();
      const { m, u } = drawTasks(Stream.root("cost"), taskLaw({ d: 100, k: 4, R: 2, N: 20 }), B);
      trainDual(gramProduct(m, u), { stepSize: 0.01, at: [steps] });
      const { user } = process.cpuUsage(start);
      return user;
    };
    cpu(300, 100);
    const told = (B: number, steps: number) => dualTrainingCost({ B, columns: 100, steps }).seconds;
    const measured = cpu(2000, 400) / cpu(500, 400);
    const expected = told(2000, 400) / told(500, 400);
    expect(measured / expected).toBeGreaterThan(1 / 3);
    expect(measured / expected).toBeLessThan(3);
    // A count that forgets the steps would say 1.
    expect(told(500, 1600) / told(500, 400)).toBeGreaterThan(2);
  });

  it("tells Figure 1's, and is silent on what takes a moment", () => {
    const one = dualTrainingCost({ B: 20_000, columns: 500, steps: 300, limit: true, precision: "f32" });
    // Measured: 16 s for K, 40 s for the steps, 7 to 10 s for the limit, and 1.2 GB.
    expect(one.seconds).toBeGreaterThan(30);
    expect(one.seconds).toBeLessThan(130);
    expect(one.bytes).toBeGreaterThan(0.9e9);
    expect(one.bytes).toBeLessThan(1.6e9);
    expect(costText(totalCost([one, one]), 1)).toMatch(/^about \d minutes on 1 core, 1\.\d GB$/);
    expect(costText(dualTrainingCost({ B: 200, columns: 60, steps: 300, limit: true }))).toBeUndefined();
    expect(costText({ seconds: 1, bytes: 3e9 }, 2)).toBe("about 1 s on 2 cores, 3.0 GB");
    expect(costText({ seconds: 36_000, bytes: 1 })).toBe("about 10 hours on 1 core, 0.0 GB");
  });

  it("refuses what is no count", () => {
    expect(() => dualTrainingCost({ B: 0, columns: 1, steps: 0 })).toThrow(/B must be an integer at least 1, got 0/);
    expect(() => dualTrainingCost({ B: 1, columns: 1, steps: -1 })).toThrow(/steps must be an integer at least 0/);
  });
});
