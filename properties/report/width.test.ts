import { describe, expect, it } from "vitest";
import type { CaseResult } from "../../src/claim/case-trial.js";
import type { DrawJob } from "../../src/claim/drawing.js";
import type { Judgement } from "../../src/claim/judging.js";
import type { MapCell } from "../../src/claim/map.js";
import { expectation, meets, type SuiteResult, suiteItems } from "../../src/claim/suite.js";
import { type Theorem, valueAt } from "../../src/claim/theorem.js";
import { audit } from "../../src/report/audit-table.js";
import { cut, lineWidth, padded, widthOf, wrapped } from "../../src/report/columns.js";
import { mapLines } from "../../src/report/map-table.js";
import { paintFor, plain } from "../../src/report/paint.js";
import { rivalMatrix } from "../../src/report/rival-matrix.js";
import { headerLines } from "../../src/report/run-header.js";
import { failureLines, resultLines, summaryLines, theoremLines } from "../../src/report/verdict-table.js";
import { suiteRates } from "../../src/stats/budget.js";
import type { Verdict } from "../../src/stats/verdict.js";
import { theorems } from "../../theorems/index.js";

const verdicts: readonly Verdict[] = ["supported", "refuted", "undecided", "vacuous"];
const colours = paintFor({ isTTY: true }, {});

/** What a judgement of a claim may look like at its widest: long numbers, many draws, hours. */
function widest(theorem: Theorem, id: string, world: string, verdict: Verdict): SuiteResult {
  const claim = theorem.claims.find((candidate) => candidate.id === id)!;
  const configuration = Object.values(theorem.examples)[0]!;
  const numbers = { estimate: -1.234e-5, bound: -0.1234, slack: 0.1234, draws: 123_456, onEnds: 0 };
  const bet = { interval: { lower: -1.234e-5, upper: -1.234e-5 }, logCapitalFor: 1, logCapitalAgainst: 2 };
  const result: CaseResult = { configuration, verdict, ...numbers, ...(claim.form === "always" ? {} : bet) };
  const judgement: Judgement = {
    ...{ theorem: theorem.id, claim: id, world, seed: 0, verdict, draws: 123_456, seconds: 1234.5 },
    cases: verdict === "vacuous" ? [] : [result],
    missed: theorem.assumptions.map(({ expression }) => ({ name: "named", configuration, expression, slack: 0.1234 })),
  };
  const expected = expectation(claim, world);
  const counterexample = { configuration, confirmation: judgement, token: "x".repeat(300) };
  return {
    ...{ judgement, expected, asExpected: meets(expected, verdict) },
    ...(verdict === "refuted" ? { counterexample } : {}),
  };
}

const wide = (lines: readonly string[]) => lines.filter((line) => widthOf(line) > lineWidth);

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))("%s fits 100 columns", (_, theorem) => {
  const items = suiteItems([theorem], { matrix: true });
  const results = verdicts.flatMap((verdict) =>
    items.flatMap(({ world, claims }) => claims.map((id) => widest(theorem, id, world, verdict))),
  );

  it("in its head, its results and its failures, but for what is to be copied", () => {
    expect(wide(theoremLines(theorem))).toEqual([]);
    for (const result of results) {
      expect(wide(resultLines(theorem, result, colours))).toEqual([]);
      const failure = failureLines(theorem, result).filter((line) => !line.trim().startsWith("replay: "));
      expect(wide(failure)).toEqual([]);
    }
  });

  it("in its rivals", () => {
    for (const verdict of verdicts) {
      const own = results.filter(({ judgement }) => judgement.verdict === verdict);
      expect(wide(rivalMatrix(theorem, own))).toEqual([]);
    }
  });

  it("in its audits, dropped and swept, and its maps", async () => {
    const configuration = Object.values(theorem.examples)[0]!;
    const draw = async ({ claims, configuration: at, from, to }: DrawJob) => ({
      values: claims.map((id) => {
        const claim = theorem.claims.find((each) => each.id === id)!;
        const low = claim.form === "always" ? Number.NaN : valueAt(claim.range[0], at);
        return new Float64Array(to - from).fill(low);
      }),
      seconds: 0,
    });
    const judging = { ...suiteRates, draw, seed: 0, maxDraws: 8, configurations: 1 };
    const [name] = Object.keys(configuration);
    const sweep = { name: name!, values: [1, 2, 1024].map((factor) => factor * configuration[name!]!) };
    for (const question of [
      { configuration, drop: true },
      { configuration, drop: false, sweep },
    ]) {
      expect(wide((await audit(theorem, question, judging)).lines)).toEqual([]);
    }
    const longest = Object.keys(configuration).sort((a, b) => b.length - a.length)[0]!;
    for (const columns of [2, 17, 60, 200]) {
      const axis = { name: longest, values: Array.from({ length: columns }, (_, i) => 123_456.789 + i) };
      const cells: MapCell[] = axis.values.map((_, column) => ({
        ...{ column, row: 0, verdict: "refuted" as const, estimate: 0, lower: 0, upper: 0, draws: 1 },
      }));
      const question = { claim: theorem.claims[0]!.id, configuration, x: axis, y: axis };
      expect(wide(mapLines(theorem, question, cells))).toEqual([]);
    }
  });
});

describe("what stands around the tables", () => {
  it("fits too: headers and the summary by paper, which counts", () => {
    for (const quick of [true, false]) {
      const times = Object.fromEntries(theorems.map(({ id }) => [id, { full: 100, quick: 2 }]));
      const lines = headerLines(theorems, { quick, workers: 2, rates: suiteRates, times });
      expect(wide(lines)).toEqual([]);
      expect(lines.join(" ")).toMatch(
        quick ? /^quick: one claim of each .*about \d+ s\s+on 2/ : /about \d+ minutes\s+on 2/,
      );
      expect(lines.join(" ")).toMatch(quick ? /without rivals; rates/ : /nearest rivals;\s+rates 1e-6 and 1e-6/);
    }
    const short = { quick: false, workers: 1, rates: suiteRates };
    expect(headerLines(theorems.slice(0, 1), { ...short, times: {} }).join(" ")).not.toContain("about");
    const half = { [theorems[0]!.id]: { full: 200 } };
    expect(headerLines(theorems, { ...short, times: half }).join(" ")).toMatch(
      /about 4 minutes\s+or more\s+on 1\s+quiet core$/,
    );
    const results = theorems.map((theorem, i) =>
      widest(
        theorem,
        theorem.claims.find(({ expect }) => !expect)!.id,
        "as stated",
        i === 0 ? "undecided" : "supported",
      ),
    );
    const lines = summaryLines(results, theorems, results.length + 3);
    expect(wide(lines)).toEqual([]);
    expect(lines).toHaveLength(1 + new Set(theorems.map(({ source }) => source.paper)).size);
    expect(lines[0]).toMatch(/^ {2}✗ Magen & Vardi 2025 +\d+ theorems, \d+ claims, 0 rivals: 1 not as expected$/);
    expect(lines.slice(1, -1).every((line) => line.startsWith("  ✓ "))).toBe(true);
    expect(lines.at(-1)).toBe(`${results.length - 1} as expected, 1 not, 3 not reached`);
    expect(summaryLines(results.slice(0, 2), theorems, 2)).toEqual(["1 as expected, 1 not"]);
  });

  it("counts columns as a terminal does: no accent and no colour takes one", () => {
    expect(widthOf("R̃²")).toBe(2);
    expect(widthOf(colours.good("abc"))).toBe(3);
    expect(padded("R̃", 3)).toBe("R̃  ");
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("abcd", 4)).toBe("abcd");
    expect(wrapped("  one  two three", 4, 10)).toEqual(["  one  two", "    three"]);
    expect(wrapped("unbreakable word", 2, 5)).toEqual(["unbreakable", "  word"]);
    expect(wrapped("", 2)).toEqual([""]);
  });

  it("has colours on a terminal that has them, and where they are asked for", () => {
    const terminal = { isTTY: true };
    expect(paintFor(terminal, { TERM: "xterm" })).not.toBe(plain);
    expect(paintFor({}, {})).toBe(plain);
    expect(paintFor(terminal, { NO_COLOR: "1" })).toBe(plain);
    expect(paintFor(terminal, { NO_COLOR: "" })).not.toBe(plain);
    expect(paintFor(terminal, { TERM: "dumb" })).toBe(plain);
    expect(paintFor({}, { FORCE_COLOR: "1" })).not.toBe(plain);
    expect(paintFor(terminal, { FORCE_COLOR: "0" })).toBe(plain);
    expect(plain.bad("x")).toBe("x");
    expect(colours.bad("x")).toBe("\x1b[31mx\x1b[39m");
    const [theorem] = theorems;
    const id = theorem!.claims[0]!.id;
    const [good] = resultLines(theorem!, widest(theorem!, id, "as stated", "supported"), colours);
    const [bad] = resultLines(theorem!, widest(theorem!, id, "as stated", "refuted"), colours);
    expect(good!.startsWith("  \x1b[32m✓ supported\x1b[39m ")).toBe(true);
    expect(bad!.startsWith("  \x1b[31m✗ refuted  \x1b[39m ")).toBe(true);
  });
});
