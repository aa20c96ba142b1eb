import { describe, expect, it } from "vitest";
import type { MapCell } from "../../src/claim/map.js";
import { mapCsv, mapLines } from "../../src/report/map-table.js";
import type { Verdict } from "../../src/stats/verdict.js";
import { coin } from "../claim/toy-theorems.js";

describe("a map", () => {
  const cell = (column: number, row: number, verdict: Verdict, estimate: number): MapCell => {
    return {
      column,
      row,
      verdict,
      estimate,
      lower: estimate - 0.125,
      upper: estimate + 0.125,
      draws: 10 * column + row,
    };
  };
  const cells = [
    cell(0, 0, "supported", 1 / 3),
    cell(2, 0, "refuted", 0.5),
    cell(1, 1, "undecided", 0),
    cell(2, 1, "vacuous", Number.NaN),
  ];
  const question = {
    ...{ claim: "its-bias", configuration: { size: 1, bias: 0.5 } },
    x: { name: "size", values: [1, 2.5, 1234567] },
    y: { name: "bias", values: [0.25, 0.5] },
  };

  it("in characters has the largest y on top, and blanks where nothing was judged", () => {
    expect(mapLines(coin, question, cells)).toEqual([
      "coin: its-bias",
      "        bias = 0.5 |  ? -",
      "       bias = 0.25 |+   x",
      "                    size = 1 to 1234570",
      "  + supported, x refuted, ? undecided, - no such configuration, blank not judged",
    ]);
  });

  it("is spaced while it fits 100 columns, close while that fits, and left to the picture beyond", () => {
    const row = (columns: number) => {
      const x = { name: "size", values: Array.from({ length: columns }, (_, i) => i + 1) };
      const all = x.values.map((_, column) => cell(column, 1, "supported", 0));
      return mapLines(coin, { ...question, x }, all)[1];
    };
    expect(row(40)).toBe(`        bias = 0.5 |${"+ ".repeat(40).trim()}`);
    expect(row(41)).toBe(`        bias = 0.5 |${"+".repeat(41)}`);
    expect(row(80)).toBe(`        bias = 0.5 |${"+".repeat(80)}`);
    expect(row(81)).toBe("  81 columns: see the picture");
  });

  it("as CSV has a line a judged cell, with the slacks there and nothing for what was not measured", () => {
    expect(mapCsv(coin, question, cells, { seed: 7 }).split("\n")).toEqual([
      "# theorem: coin",
      "# claim: its-bias",
      '# configuration: {"size":1,"bias":0.5}',
      "# columns: 3",
      "# rows: 2",
      "# seed: 7",
      "size,bias,verdict,estimate,lower,upper,draws,slack of size >= c * 1",
      "1,0.25,supported,0.333333,0.208333,0.458333,0,1",
      "1234570,0.25,refuted,0.5,0.375,0.625,20,1234570",
      "2.5,0.5,undecided,0,-0.125,0.125,11,2.5",
      "1234570,0.5,vacuous,,,,21,1234570",
      "",
    ]);
  });
});
