import { describe, expect, it } from "vitest";
import { assume } from "../../src/claim/assumption.js";
import type { DrawJob } from "../../src/claim/drawing.js";
import type { Theorem } from "../../src/claim/theorem.js";
import { audit } from "../../src/report/audit-table.js";
import { csvRows } from "../../src/report/csv.js";
import { coin } from "../claim/toy-theorems.js";

describe("an audit", () => {
  const sweep = { name: "size", values: [1, 2, 4, 8] };
  const asked = (holds: (size: number) => boolean, question: object, theorem = coin as Theorem) => {
    // Draws are surely on one side: the verdicts are known, and their draws do not vary.
    const draw = async ({ claims, configuration, from, to }: DrawJob) => ({
      values: claims.map(() => new Float64Array(to - from).fill(holds(configuration.size!) ? 0 : 1)),
      seconds: 0,
    });
    const shares: number[] = [];
    const how = { draw, seed: 0, falseAlarm: 1e-6, falsePass: 1e-6, maxDraws: 400, configurations: 1 };
    const at = { configuration: { size: 8, bias: 0.25 }, claim: "at-most-half", drop: false, ...question };
    return audit(theorem, at, how, (share) => shares.push(share)).then((report) => ({ ...report, shares }));
  };
  const large = (size: number) => size >= 4;
  const head = (questions: number) => [
    "coin — A coin lands heads with its bias",
    "  at size = 8, bias = 0.25",
    `  ${questions} questions share false-alarm rate 1e-6, false-pass rate 1e-6`,
    "",
    "  assumptions",
    "    holds  size >= c * 1  (8 against 1, slack 8) — a coin is at least as large as a cent",
    "           c = 1, calibrated: by eye",
    "",
  ];

  it("says what is assumed, what was found, and what a dropped assumption changes", async () => {
    const conclusion = ["  conclusion", "    supported at-most-half: 0 [0, 0.3403] (≤ 0.55), 12 draws"];
    const dropped = await asked(large, { drop: true });
    expect(dropped.lines).toEqual([
      ...head(2),
      ...conclusion,
      "",
      "  dropping one assumption at a time",
      "    size >= c * 1: carries weight here (size = 0)",
      "      refuted   at-most-half: 1 [0.8351, 1] (≤ 0.55), 28 draws",
    ]);
    expect(dropped.csv).toBeUndefined();
    const idle = await asked(() => true, { drop: true });
    expect(idle.lines.slice(-2)).toEqual([
      "  dropping one assumption at a time",
      "    size >= c * 1: not needed here (size = 0)",
    ]);
    const kept = await asked(large, {});
    expect(kept.lines).toEqual([...head(1), ...conclusion]);
    // By draws begun: one claim at one place, of 400 draws at most.
    expect(kept.shares[0]).toBe(1 / 400);
    expect(kept.shares).toEqual([...kept.shares].sort((a, b) => a - b));
    expect(kept.shares.at(-1)).toBe(12 / 400);
    expect(dropped.shares[0]).toBe(1 / 800);
  });

  it("names what a drop breaks besides", async () => {
    const also = assume<{ size: number; bias: number }>("size >= 1", {
      why: "too",
      drop: (at) => ({ ...at, size: 0 }),
    });
    const both = { ...coin, assumptions: [...coin.assumptions, also] } as unknown as Theorem;
    const { lines } = await asked(large, { drop: true }, both);
    expect(lines).toContain("      this also breaks size >= 1");
    expect(lines.filter((line) => line.includes("also breaks"))).toHaveLength(2);
  });

  it("says where along a sweep the claim starts to hold and what that calibrates, as lines and as CSV", async () => {
    const { lines, csv } = await asked(large, { sweep });
    expect(lines).toEqual([
      ...head(4),
      "  at-most-half: heads at most half of the time",
      "    size = 1       refuted   1 [0.8402, 1] (≤ 0.55)                       assumptions hold",
      "    size = 2       refuted   1 [0.8402, 1] (≤ 0.55)                       assumptions hold",
      "    size = 4       supported 0 [0, 0.3193] (≤ 0.55)                       assumptions hold",
      "    size = 8       supported 0 [0, 0.3193] (≤ 0.55)                       assumptions hold",
      "    it starts to hold between size = 2 and 4",
      "    calibrated: size >= c * 1 has its edge there for c between 2 and 4",
      "",
    ]);
    expect(csvRows(csv!).map((row) => row.filter((_, i) => i !== 4))).toEqual([
      ["size", "claim", "verdict", "estimate", "upper", "bound", "draws", "slack of size >= c * 1"],
      ["1", "at-most-half", "refuted", "1", "1", "0.55", "29", "1"],
      ["2", "at-most-half", "refuted", "1", "1", "0.55", "29", "2"],
      ["4", "at-most-half", "supported", "0", expect.stringMatching(/^0\.3192650663/), "0.55", "13", "4"],
      ["8", "at-most-half", "supported", "0", expect.stringMatching(/^0\.3192650663/), "0.55", "13", "8"],
    ]);
  });

  it.each([
    [(size: number) => size < 4, "it is last supported at size = 2, and no more at 4"],
    [(size: number) => size < 2, "it is last supported at size = 1, and no more at 2"],
    [() => false, "it holds nowhere along the sweep"],
    [() => true, "it holds along the whole sweep, from size = 1"],
  ])("or that it does not: %s", async (holds, said) => {
    expect((await asked(holds, { sweep })).lines.slice(-2)).toEqual([`    ${said}`, ""]);
  });

  it("says which assumptions fail, leaves certificates without interval, and calibrates one constant alone", async () => {
    const zero = { name: "size", values: [0, 2] };
    const { lines, csv } = await asked((size) => size > 1, { sweep: zero, claim: "always-a-side" });
    const broken = lines.indexOf(
      "    size = 0       refuted   worst 1 (≤ 0)                                fails: size >= c * 1",
    );
    expect(broken).toBeGreaterThan(0);
    expect(lines[broken + 1]).toBe("        (slack 0)");
    expect(lines).toContain("    calibrated: size >= c * 1 has its edge there for c between 0 and 2");
    expect(csvRows(csv!)[1]!.slice(0, 7)).toEqual(["0", "always-a-side", "refuted", "1", "", "", "0"]);
    const calibrated = async (expression: string, names: readonly string[]) => {
      const constants = Object.fromEntries(names.map((name) => [name, { value: 3, from: "a guess" }]));
      const one = assume<{ size: number }>(expression, { why: "so", constants, drop: (at) => at });
      const { lines } = await asked(large, { sweep }, { ...coin, assumptions: [one] } as unknown as Theorem);
      return lines.filter((line) => line.includes("calibrated")).map((line) => line.trim());
    };
    expect(await calibrated("size >= c", ["c"])).toEqual([
      "calibrated: size >= c has its edge there for c between 2 and 4",
    ]);
    // An assumption that the sweep does not move, none to calibrate, and two of which neither is told.
    expect(await calibrated("bias >= c / 100", ["c"])).toEqual([]);
    expect(await calibrated("size >= 1", [])).toEqual([]);
    expect(await calibrated("size >= b * c", ["b", "c"])).toEqual([]);
  });
});
