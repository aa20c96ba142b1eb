import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Row } from "../../src/figure/figure.js";
import { settingsText } from "../../src/figure/figure.js";
import { lawMisses } from "../../src/figure/figures/figure-2.js";
import { figureOf } from "../../src/figure/figures/index.js";
import { published } from "../../src/figure/published.js";
import { fromCsv } from "../../src/figure/rows.js";
import { inferTasks } from "../../src/figure/task-inference.js";
import { exactRisk } from "../../src/risk/exact.js";
import { momentLaw } from "../../src/risk/moment-law.js";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const committed = (name: string) => fromCsv(read(`figures/${name}.csv`));

interface Departure {
  readonly where: string;
  readonly measured: Row;
  readonly published: Row;
  /** |difference| over the allowed: 3.5 binomial standard errors of the published mean, and the reading error. */
  readonly ratio: number;
}

function departures(rows: readonly Row[], tests: number): Departure[] {
  return rows
    .filter(({ kind }) => kind === "published")
    .map((point) => {
      const ours = rows.find(
        (row) =>
          row.kind === "measured" && row.panel === point.panel && row.series === point.series && row.x === point.x,
      )!;
      const allowed = 3.5 * Math.sqrt((ours.value * (1 - ours.value)) / tests) + 0.004;
      const where = `${point.panel}, ${point.series}, M = ${point.x}`;
      return { where, measured: ours, published: point, ratio: Math.abs(point.value - ours.value) / allowed };
    });
}

/**
 * A published accuracy at M = 1 that is guessing: the reference's solver throws on a context of one class, and the
 * throw is scored as one class.
 */
const isThrow = ({ where, published }: Departure) =>
  /SVM, M = 1$/.test(where) && Math.abs(published.value - 0.5) < 3.5 * Math.sqrt(0.25 / 1000) + 0.004;

describe("the committed figures", () => {
  it("are those of the code: its settings and seed 0", () => {
    for (const id of ["1", "2", "benign-d", "benign-b", "threshold", "direction", "scaling", "lda"]) {
      const { about } = committed(id);
      expect(about.settings, id).toBe(settingsText(figureOf(id).settings));
      expect(about.seed, id).toBe("0");
    }
  });

  it("have in Figure 1 every published point within 3.5 standard errors and its reading, but the SVM's at M = 1", () => {
    const found = departures(committed("1").rows, 1000);
    expect(found).toHaveLength(64);
    const outside = found.filter(({ ratio }) => ratio > 1);
    expect(outside.every(isThrow), outside.map(({ where }) => where).join("; ")).toBe(true);
    expect(outside).toHaveLength(2);
  });

  it("have in Figure 2 every published point within 3.5 standard errors and its reading", () => {
    const found = departures(committed("2").rows, 1200);
    expect(found).toHaveLength(71);
    expect(found.filter(({ ratio }) => ratio > 1).map(({ where }) => where)).toEqual([]);
  });

  it("would not match other worlds: half the tasks in Figure 2, or the two MLEs of Figure 1 exchanged", () => {
    const law = (B: number) =>
      committed("2").rows.map((row) =>
        row.kind === "measured"
          ? {
              ...row,
              value:
                1 -
                momentLaw({
                  ...{ d: 2000, N: 40, B, M: row.x, k: Number(row.series.slice(4)) },
                  ...{ R: Number(row.panel.slice(4)), testR: Number(row.panel.slice(4)) },
                }),
            }
          : row,
      );
    expect(departures(law(1000), 1200).filter(({ ratio }) => ratio > 1).length).toBeGreaterThan(20);
    const other: Record<string, string> = { MLE: "MLE that knows P", "MLE that knows P": "MLE" };
    const exchanged = committed("1").rows.map((row) =>
      row.kind === "published" ? { ...row, series: other[row.series] ?? row.series } : row,
    );
    expect(departures(exchanged, 1000).filter(({ ratio }) => ratio > 1).length).toBeGreaterThan(20);
  });

  it("bound the accuracy of the transformer and both MLEs to ±.002 in Figure 1, and hold the exact one", () => {
    const others = ["SVM", "max-margin limit"];
    const rows = committed("1").rows.filter(({ kind, series }) => kind === "measured" && !others.includes(series));
    expect(rows).toHaveLength(48);
    for (const { panel, series, x, value, low, high } of rows) {
      expect(high - low, `${panel} ${series} ${x}`).toBeLessThanOrEqual(0.004);
      if (series === "linear transformer") continue;
      const exact = 1 - exactRisk({ R: Number(panel.slice(4)), M: x, k: series === "MLE" ? 500 : 30 });
      // 48 intervals: 4 standard errors each, and the CSV's six digits.
      expect(Math.abs(value - exact), `${panel} ${series} ${x}`).toBeLessThan((4 / 1.96) * (value - low) + 1e-6);
    }
  });
});

describe("the published accuracies", () => {
  const fixture = JSON.parse(read("fixtures/published-figures.json"));

  it("are the fixture's", () => {
    for (const name of ["figure1", "figure2"] as const) {
      expect(published[name].M).toEqual(fixture[name].M);
      expect(published[name].accuracy).toEqual(fixture[name].accuracy);
    }
  });

  it("are drawn beside ours at the published settings alone", () => {
    for (const [id, count] of [
      ["1", 64],
      ["2", 71],
    ] as const) {
      const { settings, published: points, remarks } = figureOf(id);
      const drawn = committed(id).rows.filter(({ kind }) => kind === "published");
      expect(points!(settings)).toEqual(drawn);
      expect(drawn).toHaveLength(count);
      expect(points!({ ...settings, B: 100 })).toEqual([]);
      expect(points!({ ...settings, R: 1 })).toEqual([]);
      if (remarks) expect(remarks(committed(id).rows, settings).join("\n")).toMatch(/measured at B = 2000, added: \d+/);
    }
  });

  it("speak for 2,000 training tasks in Figure 2", () => {
    const { B, low, high, misfit, degrees } = inferTasks(lawMisses(committed("2").rows));
    expect(low).toBeLessThan(2000);
    expect(high).toBeGreaterThan(2000);
    expect(high - low).toBeLessThan(0.15 * B);
    // χ² of 53 degrees of freedom: 4 standard deviations above its mean.
    expect(misfit).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
  });
});
