import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assume } from "../../src/claim/assumption.js";
import { drawHere } from "../../src/claim/drawing.js";
import { assumptionEdge, type MapAxis, type MapCell, type MapQuestion, mapClaim } from "../../src/claim/map.js";
import { theorem } from "../../src/claim/theorem.js";
import { mapSpecification } from "../../src/figure/map-picture.js";
import { mapCsv, mapLines } from "../../src/report/map-table.js";

type C = { readonly B: number; readonly d: number };

/** Holds where B·d ≥ 1000, for certain: a map whose every cell is known. */
const toy = theorem({
  id: "product",
  title: "Holds where B times d is large",
  source: {
    paper: { authors: "Nobody", year: 1654, title: "Maps", reference: "none" },
    locus: "§1",
    status: "standard",
  },
  statement: "Bd \\ge 1000",
  regime: fc.record({ B: fc.integer({ min: 1, max: 9 }), d: fc.constant(1) }),
  examples: { one: { B: 100, d: 100 } },
  assumptions: [
    assume<C>("B >= 1000 / d", { why: "it is what holds", drop: (at) => ({ ...at, B: 1 }) }),
    assume<C>("d >= 1", { why: "a dimension", drop: (at) => ({ ...at, d: 0 }) }),
  ],
  world: { turned: false },
  rivals: { turned: { says: "the other side", world: { turned: true } } },
  simulate: ({ B, d }: C, _stream, { turned }: { turned: boolean }) => (B * d >= 1000 === turned ? 1 : 0),
  claims: [
    {
      id: "inside",
      says: "inside",
      form: "mean",
      range: [0, 1],
      measure: (outside) => outside,
      atMost: 0.2,
      slack: 0.2,
      rivals: ["turned"],
    },
  ],
});

const powers = (length: number) => Array.from({ length }, (_, i) => 2 ** (i / 2));
const question: MapQuestion = {
  claim: "inside",
  configuration: { B: 1, d: 1 },
  x: { name: "B", values: powers(17).map((v) => Math.round(4 * v)) },
  y: { name: "d", values: powers(17).map((v) => Math.round(4 * v)) },
};
const judging = {
  draw: drawHere([toy]),
  seed: 0,
  falseAlarm: 1e-6,
  falsePass: 1e-6,
  maxDraws: 200,
  configurations: 1,
};
const holdsAt = ({ column, row }: MapCell) => question.x.values[column]! * question.y.values[row]! >= 1000;

describe("a map", () => {
  it("judges each cell on the edge, fewer than all, and none wrongly", async () => {
    const shares: number[] = [];
    const cells = await mapClaim(toy, question, judging, [], (_, share) => shares.push(share));
    for (const cell of cells) expect(cell.verdict).toBe(holdsAt(cell) ? "supported" : "refuted");
    expect(cells.length).toBeLessThan(0.7 * 17 * 17);
    const judged = new Set(cells.map(({ column, row }) => `${column} ${row}`));
    for (const corner of ["0 0", "16 0", "0 16", "16 16"]) expect(judged.has(corner)).toBe(true);
    // Along every row the last refuted and the first supported cell are both judged.
    for (let row = 0; row < 17; row++) {
      const first = question.x.values.findIndex((B) => B * question.y.values[row]! >= 1000);
      if (first > 0) expect([judged.has(`${first} ${row}`), judged.has(`${first - 1} ${row}`)]).toEqual([true, true]);
    }
    expect(shares.at(-1)).toBeCloseTo(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });

  it("judges of a plain, beside its coarse grid, one cell in twelve", async () => {
    const plain = Array.from({ length: 33 }, (_, i) => 100 + i);
    const axes = { x: { name: "B", values: plain }, y: { name: "d", values: plain } };
    const cells = await mapClaim(toy, { ...question, ...axes }, judging);
    // Every eighth place both ways comes first: 25 cells.
    const coarse = cells.filter(({ column, row }) => column % 8 === 0 && row % 8 === 0);
    expect(coarse).toHaveLength(25);
    const others = 33 ** 2 - 25;
    const score = (cells.length - 25 - others / 12) / Math.sqrt((others / 12) * (11 / 12));
    expect(Math.abs(score)).toBeLessThan(5);
  });

  it("goes on from the cells there are to the same map, and judges none of them again", async () => {
    const whole = await mapClaim(toy, question, judging);
    let again = 0;
    const resumed = await mapClaim(toy, question, judging, whole.slice(0, 60), () => again++);
    expect(resumed).toEqual(whole);
    expect(again).toBe(whole.length - 60);
  });

  it("begins with a grid of four to seven places a side, the last place on it, and halves it until it is the finest", async () => {
    for (const [length, stride, first] of [
      [2, 1, 2],
      [6, 1, 6],
      [7, 2, 4],
      [12, 2, 7],
      [13, 4, 4],
      [24, 4, 7],
      [25, 8, 4],
    ] as const) {
      // No configuration has half a task: nothing needs to be judged.
      const values = Array.from({ length }, (_, i) => i + 0.5);
      const places: number[] = [];
      const shares: number[] = [];
      const tell = ({ column }: MapCell, share: number) => {
        places.push(column);
        shares.push(share);
      };
      const flat = { ...question, x: { name: "B", values }, y: { name: "d", values: [1] } };
      await mapClaim(toy, flat, judging, [], tell);
      const coarse = shares.filter((share) => share < 1 / (1 + Math.log2(stride)) + 1e-9).length;
      expect(coarse, `of ${length}`).toBe(first);
      const grid = Array.from({ length: first - 1 }, (_, i) => i * stride);
      expect(places.slice(0, first)).toEqual([...grid, length - 1]);
    }
  });

  it("says of a place where there is no configuration that it is vacuous", async () => {
    const [cell] = await mapClaim(
      toy,
      { ...question, x: { name: "B", values: [0.5, 4] }, y: { name: "d", values: [4, 8] } },
      judging,
    );
    expect(cell).toMatchObject({ verdict: "vacuous", draws: 0 });
  });

  it("draws an assumption's edge where its slack is 1", () => {
    const edge = assumptionEdge(toy, question, 0);
    expect(edge.length).toBeGreaterThan(10);
    for (const { x, y } of edge) expect(Math.abs(Math.log((x * y) / 1000))).toBeLessThan(0.02);
    // One point for each two neighbours, along either axis, that the assumption tells apart: in every row and column.
    const crossings = (along: MapAxis, across: MapAxis) =>
      across.values.flatMap((b) => {
        const at = along.values.findIndex((a) => a * b >= 1000);
        return at > 0 ? [b] : [];
      });
    const { x, y } = question;
    const ys = edge.map((point) => point.y);
    expect(edge).toHaveLength(crossings(x, y).length + crossings(y, x).length);
    for (const row of crossings(x, y)) expect(ys).toContain(row);
    for (const column of crossings(y, x)) expect(edge.map((point) => point.x)).toContain(column);
    // Also where an edge runs through the first row and the first column alone.
    const corner = { ...question, x: { name: "B", values: [500, 2000] }, y: { name: "d", values: [1, 4] } };
    expect(assumptionEdge(toy, corner, 0)).toEqual([
      { x: 500, y: expect.closeTo(2, 9) },
      { x: expect.closeTo(1000, 9), y: 1 },
    ]);
    expect(assumptionEdge(toy, question, 1)).toEqual([]);
  });

  it("is told as characters, as CSV and as a picture that leaves what was not judged white", async () => {
    const cells = await mapClaim(toy, question, judging);
    const lines = mapLines(toy, question, cells);
    expect(lines[1]).toMatch(/d = 1024 \|[x+]/);
    expect(lines.join("\n")).toContain("blank not judged");
    const csv = mapCsv(toy, question, cells, { seed: 0 }).trim().split("\n");
    expect(csv.filter((line) => !line.startsWith("#"))).toHaveLength(cells.length + 1);
    expect(csv.find((line) => line.startsWith("B,d,"))).toContain("slack of B >= 1000 / d");
    const [boxes, marks, edges] = (mapSpecification(toy, question, cells) as unknown as { layer: Layer[] }).layer;
    expect(boxes!.data.values).toHaveLength(cells.length);
    expect(marks!.data.values.filter(({ mark }) => mark === "✗")).toHaveLength(
      cells.filter(({ verdict }) => verdict === "refuted").length,
    );
    expect(edges!.data.values.every(({ assumption }) => assumption === "B >= 1000 / d")).toBe(true);
  });
});

interface Layer {
  readonly data: { readonly values: readonly { readonly mark?: string; readonly assumption?: string }[] };
}
