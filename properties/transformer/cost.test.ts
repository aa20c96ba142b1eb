import { describe, expect, it } from "vitest";
import { costText, dualTrainingCost, totalCost } from "../../src/transformer/cost.js";

describe("the cost of a training, before it starts", () => {
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

  it("is the sum of its counts: normals, the kernel, steps, and factors or products for the limit", () => {
    const size = { B: 1000, columns: 50, steps: 200 };
    // 1e5 normals at 2.5e7 a second, 1e8 operations at 15e9, 4e8 at 5e9; in bytes, B²/2 and 24 + 16 a number.
    const double = dualTrainingCost(size);
    expect(double.seconds).toBeCloseTo(0.004 + 1 / 150 + 0.08, 12);
    expect(double.bytes).toBe(4e6 + 2e6);
    const single = dualTrainingCost({ ...size, precision: "f32" });
    expect(single.seconds).toBeCloseTo(0.004 + 0.004 + 1 / 15, 12);
    expect(single.bytes).toBe(2e6 + 1.6e6);
    const extra = (B: number) => {
      const [plain, limited] = [false, true].map((limit) => dualTrainingCost({ B, columns: 1, steps: 0, limit }));
      return [limited!.seconds - plain!.seconds, limited!.bytes - plain!.bytes];
    };
    // Ten factors of B³/3 while they are cheaper than 100 products of 2B², and beside them a dense K and the factor.
    for (const [B, operations, bytes] of [
      [10, 1e4 / 3, 1600],
      [1000, 2e8, 16e6],
      [4096, 200 * 4096 ** 2, 16 * 4096 ** 2],
      [5000, 5e9, 0],
    ] as const) {
      const [seconds, more] = extra(B);
      expect(seconds! / (operations / 5e9)).toBeCloseTo(1, 9);
      expect(more).toBe(bytes);
    }
  });

  it("is told in words from a minute or 2 GB on, in the unit that suits it", () => {
    const text = (seconds: number, bytes = 0, cores = 1) => costText({ seconds, bytes }, cores);
    expect(text(60, 2e9)).toBeUndefined();
    expect(text(60.5)).toBe("about 61 s on 1 core, 0.0 GB");
    expect(text(90)).toBe("about 2 minutes on 1 core, 0.0 GB");
    expect(text(120.5, 0, 2)).toBe("about 61 s on 2 cores, 0.0 GB");
    expect(text(5399)).toBe("about 90 minutes on 1 core, 0.0 GB");
    expect(text(5400)).toBe("about 2 hours on 1 core, 0.0 GB");
    const [a, b] = [
      { seconds: 1, bytes: 5 },
      { seconds: 2, bytes: 3 },
    ];
    expect(totalCost([a, b])).toEqual({ seconds: 3, bytes: 5 });
    expect(totalCost([])).toEqual({ seconds: 0, bytes: 0 });
  });

  it("refuses what is no count", () => {
    expect(() => dualTrainingCost({ B: 0, columns: 1, steps: 0 })).toThrow(/B must be an integer at least 1, got 0/);
    expect(() => dualTrainingCost({ B: 1, columns: 1, steps: -1 })).toThrow(/steps must be an integer at least 0/);
  });
});
