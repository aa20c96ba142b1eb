import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addFigureCommand } from "../../src/command/figure.js";
import { loadCheckpoint, saveCheckpoint } from "../../src/figure/checkpoint.js";
import {
  checkSettings,
  listOf,
  numberOf,
  type Row,
  type Settings,
  settingsText,
  settingsWith,
} from "../../src/figure/figure.js";
import { figureOf, figures } from "../../src/figure/figures/index.js";
import { specification, toPng, toSvg } from "../../src/figure/picture.js";
import { type PartRunner, partPool } from "../../src/figure/pool.js";
import { type FigureRun, renderFigure } from "../../src/figure/render.js";
import { fromCsv, tableLines, toCsv } from "../../src/figure/rows.js";
import { type PartMessage, work } from "../../src/figure/worker.js";

/** Each figure at settings that take a fraction of a second. */
const tiny: Record<string, string> = {
  1: "d=20,k=3,B=60,M=1/5,tests=50,svmTests=10,steps=120",
  2: "d=30,k=5/10,R=2/3,B=10,M=1/5,tests=20",
  "benign-d": "d=10/20,tests=30",
  "benign-b": "d=30,b=0.3/0.7,tests=30",
  threshold: "d=20/30,ratio=1/4,trainings=3,tests=20",
  direction: "B=10,decades=2",
  scaling: "k=2/4,d=20/30,testR=2/3,k0=3,d0=20,trainings=3,tests=60",
  lda: "classes=2/3,lengths=20/40,scaleTasks=300,tasks=100",
  training: "d=2,B=100/400,steps=30,trainings=2,scaleTasks=300",
  softmax: "classes=2,learner=-1/0/1,lengths=20/40,N=10,width=8,heads=2,hidden=8,steps=20,trainings=2,tests=4",
  "softmax-lengths": "k=1/2,d=3/4,atK=2,atD=4,N=8,B=40,width=8,heads=2,hidden=8,steps=20,trainings=2,tests=4",
  digits: "classes=2,learner=-1/0/1,d=3,N=8,lengths=10/20,width=8,heads=2,hidden=8,steps=20,trainings=2,tests=4",
};
const tinySettings = (id: string) => settingsWith(figureOf(id).settings, tiny[id]!);
const here: PartRunner = async (job, hear) => work(job, hear);
const freshDirectory = () => mkdtempSync(join(tmpdir(), "icl-figure-"));

function run(id: string, options: Partial<FigureRun> = {}): Promise<Row[]> {
  return renderFigure(figureOf(id), {
    ...{ settings: tinySettings(id), seed: 0, directory: freshDirectory(), name: id, run: here },
    ...{ progress: () => undefined, line: () => undefined },
    ...options,
  });
}

const drawnInFull = figures.map(({ id }) => id);

describe("every figure", () => {
  for (const { id, series, tabled = [], quick, settings } of Object.keys(tiny).map(figureOf)) {
    it(`${id} is drawn whole: SVG, PNG and CSV, its table, values inside their intervals`, async () => {
      const directory = freshDirectory();
      const lines: string[] = [];
      const shares: number[] = [];
      const progress = (share: number) => shares.push(share);
      const rows = await run(id, { directory, progress, line: (text) => lines.push(text) });
      expect(readdirSync(directory).sort()).toEqual([`${id}.csv`, `${id}.png`, `${id}.svg`]);
      const { rows: read, about } = fromCsv(readFileSync(join(directory, `${id}.csv`), "utf8"));
      expect(read).toHaveLength(rows.length);
      expect(about).toMatchObject({ figure: id, seed: "0", settings: settingsText(tinySettings(id)) });
      for (const { value, low, high, x, series: name } of rows) {
        expect([x, value, low, high].every(Number.isFinite)).toBe(true);
        expect(low <= value && value <= high).toBe(true);
        expect([...series(tinySettings(id)), ...tabled]).toContain(name);
      }
      expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1)).toBe(true);
      expect(shares.at(-1)).toBeCloseTo(1, 12);
      const svg = readFileSync(join(directory, `${id}.svg`), "utf8");
      for (const panel of new Set(rows.map((row) => row.panel))) expect(svg).toContain(panel.replaceAll("&", "&amp;"));
      for (const name of new Set(rows.map((row) => row.series))) {
        expect(svg.includes(`>${name}<`), name).toBe(!tabled.includes(name));
      }
      expect(lines.join("\n")).toContain(settingsText(tinySettings(id)));
      expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(quick)));
    });
  }

  it("is the same, bit for bit, in this thread and on two workers, and another at another seed", async () => {
    const pool = partPool(2);
    const settings = settingsWith(tinySettings("2"), "R=2");
    const runs = [{}, { run: pool.run }, { seed: 1 }].map((options) => run("2", { settings, ...options }));
    const [one, two, other] = await Promise.all(runs);
    await pool.close();
    expect(two).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it("passes a worker's failure on", async () => {
    const settings = { ...tinySettings("2"), N: 0 };
    await expect(run("2", { settings })).rejects.toThrow(/N must be an integer at least 1, got 0/);
    const silent: PartRunner = async () => undefined;
    await expect(run("2", { run: silent })).rejects.toThrow(/ended without rows/);
    expect(() => partPool(0)).toThrow(/workers must be an integer/);
    const odd: PartRunner = async (_, hear) => hear({ kind: "failure", message: "broken", usage: false });
    await expect(run("2", { run: odd })).rejects.toThrow("broken");
  });
});

describe("an interrupted run", () => {
  /** Stops at the first state worth keeping, as an interruption does. */
  const interrupted: PartRunner = (job, hear) =>
    new Promise((_, reject) => {
      work(job, (message: PartMessage) => {
        if (message.kind === "rows") reject(new Error("interrupted"));
        else if (message.kind !== "state" || message.state.step === 50) hear(message);
      });
    });

  it("goes on from its checkpoint to the bits of an uninterrupted one, and a checkpoint of another training does not", async () => {
    const whole = await run("1");
    const directory = freshDirectory();
    await expect(run("1", { directory, run: interrupted })).rejects.toThrow("interrupted");
    expect(readdirSync(directory).sort()).toEqual(["1.part-1.checkpoint.json", "1.part-2.checkpoint.json"]);
    const path = join(directory, "1.part-1.checkpoint.json");
    const record = JSON.parse(readFileSync(path, "utf8"));
    const lines: string[] = [];
    expect(await run("1", { directory, line: (text) => lines.push(text) })).toEqual(whole);
    expect(lines[0]).toBe("resuming part 1 of 2 at step 50");
    expect(readdirSync(directory).sort()).toEqual(["1.csv", "1.png", "1.svg"]);
    const alpha = new Float64Array(Buffer.from(record.alpha, "base64").length / 8);
    const origin = {
      figure: "1",
      settings: figureOf("1").parts(tinySettings("1"))[0]!,
      seed: 0,
      version: record.version,
    };
    saveCheckpoint(path, origin, { step: 50, alpha });
    expect(await run("1", { directory })).not.toEqual(whole);
  });

  it("is refused where anything it depends on differs, with what differs", async () => {
    const directory = freshDirectory();
    await expect(run("1", { directory, run: interrupted })).rejects.toThrow("interrupted");
    const settings = settingsWith(tinySettings("1"), "B=61");
    await expect(run("1", { directory, settings })).rejects.toThrow(
      /was made with settings .*B=60.*, this run has .*B=61/,
    );
    await expect(run("1", { directory, seed: 1 })).rejects.toThrow(/was made with seed 0, this run has 1; remove it/);
    const origin = { figure: "1", settings: { B: 3 }, seed: 0, version: "9" };
    const path = join(directory, "one");
    saveCheckpoint(path, origin, { step: 7, alpha: Float64Array.of(0.1, -0, 1e-300) });
    expect(loadCheckpoint(path, origin)).toEqual({ step: 7, alpha: Float64Array.of(0.1, -0, 1e-300) });
    expect(() => loadCheckpoint(path, { ...origin, version: "10" })).toThrow(/version 9/);
    expect(() => loadCheckpoint(path, { ...origin, figure: "2" })).toThrow(/figure 1, this run has 2/);
    for (const text of ["", "{}", "not json", "null", "3", "[]"]) {
      writeFileSync(path, text);
      expect(() => loadCheckpoint(path, origin)).toThrow(/is not a checkpoint/);
    }
    expect(loadCheckpoint(join(directory, "none"), origin)).toBeUndefined();
  });

  it("is not written over by another run in the same folder, which is told to take its own", () => {
    const path = join(freshDirectory(), "one");
    const origin = { figure: "1", settings: { B: 3 }, seed: 0, version: "9" };
    const state = { step: 7, alpha: Float64Array.of(1) };
    saveCheckpoint(path, origin, state);
    expect(() => saveCheckpoint(path, { ...origin, seed: 1 }, state)).toThrow(
      /was made with seed 0, this run has 1: another run is in this folder, so this one needs its own, with --out/,
    );
    expect(loadCheckpoint(path, origin)).toEqual(state);
    saveCheckpoint(path, origin, { ...state, step: 8 });
    expect(loadCheckpoint(path, origin)).toMatchObject({ step: 8 });
  });

  it("is refused when any character of it is another, when its step or a weight is none, or other kernels made it", () => {
    const path = join(freshDirectory(), "one");
    const origin = { figure: "1", settings: { B: 3 }, seed: 0, version: "9" };
    const save = (step: number, ...weights: number[]) =>
      saveCheckpoint(path, origin, { step, alpha: Float64Array.from(weights) });
    save(7, 0.1, 0.25, 1e-300);
    const text = readFileSync(path, "utf8");
    for (let i = 0; i < text.length - 1; i++) {
      const other = text[i] === "A" ? "B" : "A";
      writeFileSync(path, text.slice(0, i) + other + text.slice(i + 1));
      expect(() => loadCheckpoint(path, origin), `character ${i}`).toThrow(/remove it to start afresh/);
    }
    for (const step of [-5, 2.5, Number.NaN]) {
      save(step, 1);
      expect(() => loadCheckpoint(path, origin)).toThrow(/must have a whole step at least 0/);
    }
    save(3, 1, Number.NaN);
    expect(() => loadCheckpoint(path, origin)).toThrow(/no finite doubles/);
    writeFileSync(path, text.replace(/"backend":"[a-z]+"/, '"backend":"abacus"'));
    expect(() => loadCheckpoint(path, origin)).toThrow(/was made with backend abacus, this run has/);
  });
});

describe("settings", () => {
  const settings: Settings = { d: 5, R: [2, 3] };

  it("are read as they are written, and refused in one line that says what is allowed", () => {
    expect(settingsWith(settings, "d=7, R=1/4.5")).toEqual({ d: 7, R: [1, 4.5] });
    expect(settingsWith(settings, settingsText(settings))).toEqual(settings);
    expect(() => settingsWith(settings, "D=7")).toThrow('there is no setting "D"; there are d, R');
    expect(() => settingsWith(settings, "d=x")).toThrow('d must be finite numbers, got "x"');
    expect(() => settingsWith(settings, "R=")).toThrow("R must be finite numbers");
    expect(() => settingsWith(settings, "d=1/2")).toThrow("d must be one number, got 1/2");
    expect(() => numberOf(settings, "R")).toThrow("R must be one number");
    expect(() => settingsWith(settings, "d=5.5")).toThrow("d must be an integer at least 1, got 5.5");
    expect(() => settingsWith(settings, "d=1e300")).toThrow("d must be at most 4294967295, got 1e+300");
    expect(() => settingsWith(settings, "R=-1")).toThrow("R must be at least 0, got -1");
    const more = { k: 2, d: 5, svmTests: 20, tests: 20, stepSize: 0.01 };
    expect(() => settingsWith(more, "svmTests=1.5")).toThrow("svmTests must be an integer at least 2, got 1.5");
    expect(() => settingsWith(more, "tests=-1")).toThrow("tests must be an integer at least 2, got -1");
    expect(() => settingsWith(more, "stepSize=0")).toThrow("stepSize must be finite and above 0, got 0");
    expect(() => settingsWith(more, "k=6")).toThrow("k must not exceed d, got k = 6, d = 5");
    for (const figure of figures) expect(() => checkSettings(figure.settings), figure.id).not.toThrow();
    for (const { settings: full, quick } of figures) expect(() => checkSettings({ ...full, ...quick })).not.toThrow();
    expect(listOf(settings, "d")).toEqual([5]);
    expect(listOf(settings, "none")).toEqual([]);
  });

  it("reach the figure from the command line", async () => {
    const directory = freshDirectory();
    const figure = (...args: string[]) => {
      const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
      addFigureCommand(program);
      for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
      return program.parseAsync(["node", "icl-claims", "figure", ...args]);
    };
    await expect(figure("3")).rejects.toThrow(/there is no figure "3"; there are 1, 2, benign-d/);
    await expect(figure("1", "--set", "q=1")).rejects.toThrow(/there is no setting "q"; there are d, k, R, N, B/);
    await expect(figure("1", "--workers", "none")).rejects.toThrow(/must be an integer at least 1/);
    await figure("direction", "--quick", "--set", "B=10,decades=2", "--out", directory, "--workers", "1");
    expect(existsSync(join(directory, "direction-quick.png"))).toBe(true);
  });
});

describe("tables", () => {
  const rows: Row[] = [
    { panel: 'a "b", c', series: "one", kind: "measured", x: 1, value: 0.5, low: 0.4, high: 0.6 },
    { panel: 'a "b", c', series: "one", kind: "computed", x: 2, value: 1 / 3, low: 1 / 3, high: 1 / 3 },
  ];

  it("come back from CSV, to six digits", () => {
    const { rows: back, about } = fromCsv(toCsv(rows, { figure: "1", seed: 3 }));
    expect(about).toEqual({ figure: "1", seed: "3" });
    expect(back[0]).toEqual(rows[0]);
    expect(back[1]).toEqual({ ...rows[1], value: 0.333333, low: 0.333333, high: 0.333333 });
    expect(() => fromCsv("x,y\n1,2\n")).toThrow(/columns must be panel, series/);
  });

  it("come back whatever their texts hold, and after a spreadsheet's CRLF and byte order mark", () => {
    const text = fc.stringMatching(/^[a,"\n\r;#|\t ]{0,6}$/);
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => Number(value.toPrecision(6)) || 0);
    const row = fc.record({
      ...{ panel: text, series: text, x: number, value: number, low: number, high: number },
      kind: fc.constantFrom("measured" as const, "computed" as const, "published" as const),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (drawn) => {
        expect(fromCsv(toCsv(drawn, { figure: "1" }))).toEqual({ rows: drawn, about: { figure: "1" } });
      }),
      { seed: 1, numRuns: 300 },
    );
    const csv = toCsv([{ ...rows[0]!, panel: "" }, rows[1]!], { figure: "1", seed: 3 });
    expect(fromCsv(`\uFEFF${csv.replaceAll("\n", "\r\n")}`)).toEqual(fromCsv(csv));
    expect(fromCsv(csv).rows[0]!.panel).toBe("");
    const head = "panel,series,kind,x,value,low,high\n";
    for (const bad of ["a,b,measured,1,2,3", "a,b,guessed,1,2,3,4", "a,b,measured,1,,3,4", 'a,"b,measured,1,2,3,4']) {
      expect(() => fromCsv(`${head}${bad}\n`)).toThrow(RangeError);
    }
  });

  it("are printed with half widths, and gaps where there is no value", () => {
    expect(tableLines(rows, "M").map((text) => text.trim())).toEqual([
      ...["", 'a "b", c', "M        one  one, computed", "1  0.5 ± 0.1", "2                    0.3333"],
    ]);
  });
});

describe("pictures", () => {
  it("show letters where no font is installed, and none without the package's", () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15" font-family="DejaVu Sans">R̃ √</text></svg>';
    const inked = (image: { readonly pixels: Uint8Array }) => image.pixels.some((value) => value > 0);
    expect(inked(new Resvg(svg, { font: { loadSystemFonts: false } }).render())).toBe(false);
    const blank = toPng(svg.replace("R̃ √", ""));
    expect(Buffer.from(toPng(svg)).equals(Buffer.from(blank))).toBe(false);
  });

  it("are the committed ones, byte for byte, drawn from the committed rows", async () => {
    for (const id of drawnInFull) {
      const committed = (ending: string) => readFileSync(new URL(`../../figures/${id}.${ending}`, import.meta.url));
      const { rows, about } = fromCsv(committed("csv").toString());
      expect(toCsv(rows, about), id).toBe(committed("csv").toString());
      const settings = settingsWith(figureOf(id).settings, about.settings!);
      const svg = await toSvg(specification(figureOf(id), settings, rows));
      expect(svg === committed("svg").toString(), `${id}.svg`).toBe(true);
      if (id === "2") expect(Buffer.from(toPng(svg)).equals(committed("png")), `${id}.png`).toBe(true);
    }
  });

  it("are drawn from the rows as the CSV keeps them", async () => {
    const directory = freshDirectory();
    await run("2", { directory });
    const { rows } = fromCsv(readFileSync(join(directory, "2.csv"), "utf8"));
    const svg = await toSvg(specification(figureOf("2"), tinySettings("2"), rows));
    expect(svg).toBe(readFileSync(join(directory, "2.svg"), "utf8"));
  });

  /** The labels of the axis with this title, and whether the SVG has a number that is none. */
  const labels = (svg: string, axis: "X" | "Y") =>
    [...svg.matchAll(new RegExp(`aria-label="${axis}-axis titled .*?with a \\w+ scale.*?</g></g></g>`, "gs"))].map(
      ([group]) => [...group.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].length,
    );
  const odd = /NaN|Infinity|undefined|null(?!")/;

  it("cut and mark what reaches 0 on a logarithmic axis, and have numbers on each axis", async () => {
    for (const change of ["testR=39", "testR=5"]) {
      const settings = settingsWith(
        { ...figureOf("threshold").settings, ...figureOf("threshold").quick },
        `d=40,ratio=1/4/16,trainings=4,tests=50,${change}`,
      );
      const directory = freshDirectory();
      await run("threshold", { settings, directory });
      const svg = readFileSync(join(directory, "threshold.svg"), "utf8");
      expect(svg).not.toMatch(odd);
      for (const count of [...labels(svg, "X"), ...labels(svg, "Y")]) expect(count).toBeGreaterThan(2);
    }
  });

  it("have neither NaN nor a bare axis whatever the numbers", async () => {
    const size = fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -12, max: 12 }));
    const number = size.map(([digits, power]) => Number((digits * 10 ** power).toPrecision(6)));
    const height = fc.oneof(number, fc.constantFrom(0));
    const at = fc.record({ x: number, value: height, half: height });
    const cases = fc.sample(fc.array(at, { minLength: 1, maxLength: 6 }), { seed: 1, numRuns: 25 });
    for (const points of cases) {
      const rows = points.map(({ x, value, half }) => {
        return { ...{ panel: "p", series: "d = 60", kind: "measured" as const }, x, value, low: value - half, high: value + half }; // biome-ignore format: a row
      });
      const svg = await toSvg(specification(figureOf("threshold"), figureOf("threshold").settings, rows));
      expect(svg).not.toMatch(odd);
      for (const count of [...labels(svg, "X"), ...labels(svg, "Y")]) expect(count).toBeGreaterThan(1);
      expect(svg.includes("it reaches 0")).toBe(rows.some(({ low }) => low <= 0));
    }
    const row = { panel: "p", series: "d = 60", kind: "measured" as const, x: 0, value: 1, low: 1, high: 1 };
    const draw = (change: object) => specification(figureOf("threshold"), {}, [{ ...row, ...change }]);
    expect(() => draw({})).toThrow(/has a logarithmic axis: it must be above 0, got 0/);
    expect(() => draw({ x: 1, high: Number.NaN })).toThrow(/finite numbers, got NaN in d = 60/);
  });

  it("keep all their text inside", async () => {
    for (const id of drawnInFull) {
      const rows = fromCsv(readFileSync(new URL(`../../figures/${id}.csv`, import.meta.url), "utf8")).rows;
      const svg = await toSvg(specification(figureOf(id), figureOf(id).settings, rows));
      // The page without its white ground: what is drawn is smaller than the page on every side.
      const drawn = new Resvg(svg.replace(/<rect[^>]*fill="white"[^>]*>(<\/rect>)?/, ""), {
        font: { loadSystemFonts: false, fontDirs: [join(process.cwd(), "node_modules/dejavu-fonts-ttf/ttf")] },
      });
      const box = drawn.getBBox()!;
      expect(box.x, id).toBeGreaterThanOrEqual(0);
      expect(box.y, id).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, id).toBeLessThanOrEqual(drawn.width);
      expect(box.y + box.height, id).toBeLessThanOrEqual(drawn.height);
    }
  });
});

it("a figure of too few tests for an interval says so", async () => {
  const settings = { ...tinySettings("threshold"), trainings: 1 };
  await expect(run("threshold", { settings })).rejects.toThrow(/at least 2 tests or trainings: d = 30/);
});
