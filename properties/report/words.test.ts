import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { SuiteResult } from "../../src/claim/suite.js";
import type { Theorem } from "../../src/claim/theorem.js";
import { numbered, rateText } from "../../src/report/columns.js";
import { costLines } from "../../src/report/cost-line.js";
import { csvRows, csvText } from "../../src/report/csv.js";
import { paintFor } from "../../src/report/paint.js";
import { matrixLegend, rivalMatrix } from "../../src/report/rival-matrix.js";
import { headerLines } from "../../src/report/run-header.js";
import { failureLines, resultLines, summaryLines, theoremLines } from "../../src/report/verdict-table.js";
import { runAs, version } from "../../src/report/version.js";
import { checkWritable, writeWhole } from "../../src/report/whole-file.js";
import type { Verdict } from "../../src/stats/verdict.js";
import { coin } from "../claim/toy-theorems.js";

/** A judgement with one case, of known numbers. */
function result(
  claim: string,
  world: string,
  verdict: Verdict,
  asExpected = true,
  theorem = "coin",
  draws = 1234,
): SuiteResult {
  const bet = { interval: { lower: 0.2, upper: 0.3 }, logCapitalFor: 20, logCapitalAgainst: -5 };
  const own = { configuration: { size: 3, bias: 0.25 }, verdict, estimate: 0.25, slack: 0.2, draws: 1234, onEnds: 0 };
  const certificate = claim === "always-a-side";
  const one = { ...own, bound: certificate ? 0 : 0.55, ...(certificate ? {} : bet) };
  const judgement = {
    ...{ theorem, claim, world, seed: 0, verdict, draws, seconds: 12.34 },
    ...{ cases: verdict === "vacuous" ? [] : [one], missed: [] },
  };
  return { judgement, expected: "supported", asExpected };
}

const late: Theorem = {
  ...coin,
  id: "late",
  source: { ...coin.source, paper: { ...coin.source.paper, year: 1700 } },
};

describe("the table of verdicts says", () => {
  it("what a theorem is and where it comes from", () => {
    expect(theoremLines(coin)).toEqual([
      "",
      "coin — A coin lands heads with its bias",
      "  Nobody 1654, §1; standard",
      "  EX = p",
    ]);
  });

  it("the same of a long title, source or statement, whose later lines are indented by two columns more", () => {
    const long = "very ".repeat(40).trim();
    const indents = (of: Partial<Theorem>) =>
      theoremLines({ ...coin, ...of })
        .slice(1)
        .map((line) => line.search(/\S/));
    expect(indents({ title: long })).toEqual([0, 2, 2, 2, 2]);
    expect(indents({ source: { ...coin.source, locus: long } })).toEqual([0, 2, 4, 4, 2]);
    expect(indents({ statement: `a${" + a".repeat(40)}` })).toEqual([0, 2, 2, 4]);
  });

  it.each([
    ["at-most-half", "as stated", "supported", true, "0.25 [0.2, 0.3] ≤ 0.75"],
    ["at-most-half", "as stated", "refuted", false, "0.25 [0.2, 0.3] not ≤ 0.55"],
    ["at-most-half", "the coin turned round", "refuted", true, "0.25 [0.2, 0.3] not ≤ 0.55"],
    ["its-bias", "as stated", "undecided", false, "0.25 [0.2, 0.3] not = 0.55 ± 0.2"],
    // 1,234 seeds in a row prove less than 1 − .05^(1/1234) = .24%.
    ["always-a-side", "as stated", "supported", true, "worst 0.25 ≤ 0, fails < 0.24%"],
    ["always-a-side", "as stated", "refuted", false, "worst 0.25 not ≤ 0"],
  ] as const)("%s, %s: %s, as expected: %s", (claim, world, verdict, expected, measured) => {
    const [mark, name] = [expected ? "✓" : "✗", world === "as stated" ? claim : `  rival: ${world}`];
    expect(resultLines(coin, result(claim, world, verdict, expected))).toEqual([
      `  ${mark} ${verdict.padEnd(9)} ${name.padEnd(34)} ${measured.padEnd(36)}  1,234  12.3 s`,
    ]);
  });

  it("what three seeds in a row prove: fewer than 63% fail", () => {
    const [line] = resultLines(coin, result("always-a-side", "as stated", "supported", true, "coin", 3));
    expect(line).toContain(" ≤ 0, fails < 63% ");
  });

  it("nothing measured where no configuration was judged, and lets a long measure take the name's room", () => {
    expect(resultLines(coin, result("at-most-half", "as stated", "vacuous", false))).toEqual([
      "  ✗ vacuous   at-most-half                     no configuration meets the assumptions  1,234  12.3 s",
    ]);
  });

  it("a failure with its configuration, and the command that replays it in one line however long", () => {
    const failed = result("at-most-half", "as stated", "refuted", false);
    const said = [
      "  coin/at-most-half refuted, expected supported: 0.25 [0.2, 0.3] over 1,234 draws against ≤ 0.55;",
      "    size = 3, bias = 0.25",
    ];
    expect(failureLines(coin, failed)).toEqual(said);
    const token = "word ".repeat(40).trim();
    const counterexample = { configuration: { size: 3, bias: 0.25 }, confirmation: failed.judgement, token };
    const lines = failureLines(coin, { ...failed, counterexample }, (word) => `npx replay "${word}"`);
    expect(lines.filter((line) => line.includes("replay"))).toEqual([`    replay: npx replay "${token}"`]);
  });

  it("what a run comes down to, paper by paper where there are several", () => {
    const good = result("at-most-half", "as stated", "supported");
    const bad = result("at-most-half", "no heads", "refuted", false, "late");
    expect(summaryLines([good, bad], [coin, late], 2)).toEqual([
      "  ✓ Nobody 1654                  1 theorem, 1 claim, 0 rivals",
      "  ✗ Nobody 1700                  1 theorem, 0 claims, 1 rival: 1 not as expected",
      "1 as expected, 1 not",
    ]);
    expect(summaryLines([good], [coin, late], 3)).toEqual(["1 as expected, 0 not, 2 not reached"]);
    const same = { ...coin, id: "late" };
    expect(summaryLines([good, bad], [coin, same], 2)).toEqual(["1 as expected, 1 not"]);
  });
});

describe("the matrix of rivals", () => {
  const worlds = ["as stated", ...Object.keys(coin.rivals)];
  const results = coin.claims.flatMap(({ id }) =>
    worlds.map((world) =>
      result(id, world, id === "at-least-tenth" ? "supported" : "refuted", world !== "a large coin"),
    ),
  );
  const rows = (lines: readonly string[]) => lines.filter((line) => line.startsWith("|"));

  it("has a mark for each claim and rival, their meanings, and why some claims are true of a rival", () => {
    expect(rivalMatrix(coin, results)).toEqual([
      "",
      "## coin",
      "",
      "- a *the coin turned round*: tails for heads.",
      "- b *no heads*: it never lands heads.",
      "- c *all heads*: it always lands heads.",
      "- d *half as often*: heads half as often.",
      "- e *large coins stand on their edge*: those above 10.",
      "- f *a large coin*: judged at size 50.",
      "- g *coin flips between the ends*.",
      "",
      "| claim          | a | b | c | d | e | f | g |",
      "|----------------|---|---|---|---|---|---|---|",
      "| at-most-half   | ✗ | = | x | x | x | ! | – |",
      "| at-least-tenth | ✓ | ✗ | ✓ | ✓ | ✓ | ! | – |",
      "| its-bias       | x | x | ✗ | ✗ | x | ! | – |",
      "| always-a-side  | x | x | x | x | ✗ | ! | – |",
      "| too-few-draws  | x | x | ✗ | x | x | ! | – |",
      "",
      "- at-most-half is true of *no heads* too: no heads are few heads.",
    ]);
    expect(matrixLegend.join(" ")).toMatch(/✗ refuted.*= true of the rival too.*x refuted, ✓ supported.*! not as/);
  });

  it("ends after its table where nothing is true of a rival, and has several where rivals are too many", () => {
    const claims = coin.claims.map((claim) => ({ ...claim, rivals: [] }));
    expect(rivalMatrix({ ...coin, claims }, []).at(-1)).toBe("| too-few-draws  | – | – | – | – | – | – | – |");
    const many = (count: number) => {
      const rivals = Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, { says: "so", world: {} }]));
      return rows(rivalMatrix({ ...coin, claims, rivals }, []));
    };
    // 20 columns of 4 beside 14 letters of a name: with the coin flips, 20 and 21 worlds.
    expect(many(19).map((row) => row.length)).toEqual(Array(7).fill(98));
    expect(many(20)).toHaveLength(14);
    expect(many(20)[7]).toBe("| claim          | u |");
    const brief = claims.slice(0, 1).map((claim) => ({ ...claim, id: "x" }));
    expect(rivalMatrix({ ...coin, claims: brief }, []).slice(-3, -1)).toEqual([
      "| claim | a | b | c | d | e | f | g |",
      "|-------|---|---|---|---|---|---|---|",
    ]);
  });
});

describe("before a run", () => {
  const rates = { falseAlarm: 1e-6, falsePass: 0.05 };
  const last = (full: number | undefined, theorems: readonly Theorem[] = [coin, late], workers = 1) => {
    const times = full === undefined ? {} : { coin: { full, quick: 4 } };
    return headerLines(theorems, { quick: false, workers, rates, times }).join(" ");
  };

  it("the header counts claims and judgements and names the rates", () => {
    expect(last(undefined, [coin])).toBe(
      "1 theorem, 6 claims, 11 judgements with their nearest rivals; rates 1e-6 and 0.05 over all of it",
    );
    expect(headerLines([coin], { quick: true, workers: 1, rates, times: {} }).join("")).toMatch(
      /^quick: one claim of each of 1 theorem, .*rates 1e-6 and 0\.05 .*judges 6 claims and their rivals at 1e-6$/,
    );
  });

  it.each([
    [9.9, /all of it$/],
    [10, /; +about 13 s or more on 1 quiet core$/],
    [86.9, /; +about 90 s or more on 1 quiet core$/],
    [87, /; +about 2 minutes or more on 1 quiet core$/],
    [1000, /; +about 17 minutes or more on 1 quiet core$/],
  ])("it says how long %d seconds of one core take, where they are ten or more", (full, said) => {
    expect(last(full)).toMatch(said);
  });

  it("work is shared by the workers, and all of it is known where every theorem's is", () => {
    expect(last(30, [coin], 2)).toMatch(/; +about 18 s on 2 quiet cores$/);
  });

  it("a cost is told where it is above a minute or 2 GB, for 40 draws of all configurations", () => {
    const told = (seconds: number, bytes: number, only = true) =>
      costLines([{ ...coin, cost: () => ({ seconds, bytes }) }, coin], {
        ...{ workers: 2, seed: 0, scale: "suite" as never },
        ...(only ? { only: { size: 1, bias: 0.5 } } : {}),
      });
    expect(told(1, 1e8)).toEqual([]);
    expect(told(10, 1e8)).toEqual(["coin: about 3 minutes on 2 cores, 0.2 GB for each world, if 40 draws decide"]);
    expect(told(0.01, 3e9)[0]).toMatch(/^coin: .* 6\.0 GB for each world/);
    // Two examples and eight drawn.
    expect(told(1, 1e8, false)[0]).toMatch(/^coin: about 3 minutes on 2 cores, 0.2 GB/);
  });
});

describe("small words", () => {
  it("are counted and rated as a person writes them", () => {
    expect([0, 1, 2].map((count) => numbered(count, "claim"))).toEqual(["0 claims", "1 claim", "2 claims"]);
    expect([0.05, 1e-3, 9.99e-4, 1e-6, 1.234e-7].map(rateText)).toEqual(["0.05", "0.001", "1e-3", "1e-6", "1.2e-7"]);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(runAs).toBe("npx tsx src/cli.ts");
  });

  it("are coloured by their own codes, and back", () => {
    const { good, bad, strong, quiet } = paintFor({}, { FORCE_COLOR: "" });
    expect([good, bad, strong, quiet].map((paint) => paint("a"))).toEqual([
      "\x1b[32ma\x1b[39m",
      "\x1b[31ma\x1b[39m",
      "\x1b[1ma\x1b[22m",
      "\x1b[2ma\x1b[22m",
    ]);
    expect(paintFor({ isTTY: true }, { FORCE_COLOR: "false" }).good("a")).toBe("a");
    expect(paintFor({ isTTY: false }, {}).good("a")).toBe("a");
    expect(paintFor({}, { FORCE_COLOR: "1", NO_COLOR: "1" }).good("a")).toBe(good("a"));
  });

  it("survive a CSV: commas, quotes, newlines, CRLF and a byte order mark", () => {
    const rows = [
      ["a", 'b "c", d', "e\nf"],
      ["", "1", " "],
    ];
    expect(csvText(rows)).toBe('a,"b ""c"", d","e\nf"\n,1," "\n');
    expect(csvRows(csvText(rows))).toEqual(rows);
    expect(csvRows("\uFEFFa;b,c\r\n\r\n1,2\r\n")).toEqual([
      ["a;b", "c"],
      ["1", "2"],
    ]);
    expect(() => csvRows('a\n"b')).toThrow(/the CSV cannot be read: .*\(row 1\)/);
  });
});

describe("a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "icl-report-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is written whole, in a folder made for it, over what was there", () => {
    const path = join(folder, "new", "deep", "a.txt");
    checkWritable(path);
    writeWhole(path, "one");
    writeWhole(path, "two");
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(join(folder, "new", "deep"))).toEqual(["a.txt"]);
    checkWritable(path);
  });

  it("that cannot be leaves nothing beside it, and says why in words", () => {
    const at = (...names: string[]) => join(folder, ...names);
    writeFileSync(at("plain"), "");
    mkdirSync(at("taken", "full"), { recursive: true });
    expect(() => writeWhole(at("plain", "a"), "")).toThrow(/cannot write .*plain.a: a file is in the way of its direc/);
    expect(() => writeWhole(at("taken"), "")).toThrow(/cannot write .*taken: a directory is in the way/);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
    expect(() => checkWritable(at("taken"))).toThrow(/cannot write .*taken: a directory is there/);
    expect(() => checkWritable(at("plain", "a"))).toThrow(/cannot write .*plain.a: .*plain is no directory/);
    expect(existsSync(at("plain", "a"))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)("is refused where permission is", () => {
    const locked = join(folder, "locked");
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect(() => checkWritable(join(locked, "deep", "a"))).toThrow(/permission denied/);
    expect(() => writeWhole(join(locked, "a"), "")).toThrow(/permission denied/);
  });
});
