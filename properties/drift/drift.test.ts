import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import { measureClaims } from "../../src/drift/claims.js";
import { compare, worst } from "../../src/drift/compare.js";
import { catalogueOf, logAcceptance, readGolden, writeGolden } from "../../src/drift/goldens.js";
import { rooms } from "../../src/drift/measurement.js";
import { driftReport } from "../../src/drift/report.js";
import { measureRooms } from "../../src/drift/rooms.js";
import { theorems } from "../claim/toy-theorems.js";

const goldens = new URL("../../fixtures/drift", import.meta.url).pathname;

it("the rooms' numbers are those of the goldens, or moved by rounding alone", async () => {
  const catalogue = catalogueOf(await measureRooms());
  const drift = compare(readGolden(goldens, "rooms"), catalogue);
  // Another Node or processor may move last bits; what says more than that is drift.
  expect(worst([drift.outcome, "consistent"]), driftReport(drift).lines.join("\n")).toBe("consistent");
  const measured = new Set(catalogue.measurements.map(({ room }) => room));
  expect(rooms.filter((room) => !measured.has(room))).toEqual(["claims", "figures"]);
});

it("stops between two measurements when it is told to, as Ctrl-C tells it", async () => {
  let turns = 0;
  const between = async () => {
    if (++turns === 3) throw new Error("interrupted");
  };
  await expect(measureRooms(between)).rejects.toThrow("interrupted");
  expect(turns).toBe(3);
});

it("claims are measured at their examples: the same twice, and each planted change tells itself", async () => {
  const measure = async (change: (value: number, i: number) => number) => {
    const moved = theorems.map((theorem) => ({
      ...theorem,
      claims: theorem.claims.map((claim, i) => ({
        ...claim,
        measure: (...of: Parameters<typeof claim.measure>) => change(claim.measure(...of), i),
      })),
    }));
    return catalogueOf(await measureClaims(moved, drawHere(moved)));
  };
  const golden = await measure((value) => value);
  expect(golden.measurements).toHaveLength(6);
  expect(golden.measurements[0]).toMatchObject({ room: "claims", name: "coin/at-most-half", rounding: 1e-8 });
  expect(golden.measurements[0]!.samples).toHaveLength(2);
  expect(golden.measurements[0]!.samples![0]).toMatchObject({ n: 4, range: [0, 1] });
  expect(golden.measurements[3]).toMatchObject({ name: "coin/always-a-side", facts: { verdict: "supported" } });
  expect(compare(golden, await measure((value) => value))).toMatchObject({ outcome: "identical" });
  const first = async (change: (value: number, i: number) => number) => compare(golden, await measure(change));
  const sums = await first((value) => value * (1 - 1e-13));
  expect(sums).toMatchObject({ outcome: "consistent", first: { name: "coin/at-most-half" } });
  expect(await first((value) => value * (1 - 1e-7))).toMatchObject({ outcome: "drifted" });
  // A certificate's draws are not kept, but their bits.
  const residue = await first((value, i) => (i === 3 ? value - 1e-16 : value));
  expect(residue).toMatchObject({ outcome: "consistent", first: { name: "coin/always-a-side" } });
  const broken = await first((value, i) => (i === 3 ? value + 1 : value));
  expect(broken.first!.what).toBe("verdict: supported before, refuted now");
  // Other streams: four draws say nothing of a mean, and it is said that they do not.
  const other = theorems.map((theorem) => ({ ...theorem, id: `${theorem.id}-again` }));
  const renamed = (await measureClaims(other, drawHere(other))).map((each) => ({
    ...each,
    name: each.name.replace("-again", ""),
  }));
  const streams = compare(golden, catalogueOf(renamed));
  expect(streams.outcome).toBe("not measured");
  expect(streams.first!.what).toMatch(/^other streams, .* which is all of the range$/);
});

it("leaves out a claim that speaks of no example", async () => {
  const [coin] = theorems;
  const silent = [{ ...coin!, claims: coin!.claims.map((claim) => ({ ...claim, where: () => false })) }];
  expect(await measureClaims(silent, drawHere(silent))).toEqual([]);
});

it("goldens come back as they were written, beside the reasons; what is none is refused", async () => {
  const directory = mkdtempSync(join(tmpdir(), "goldens-"));
  try {
    expect(readGolden(directory, "rooms")).toBeUndefined();
    const catalogue = catalogueOf((await measureRooms()).slice(0, 12));
    writeGolden(directory, "rooms", catalogue);
    expect(compare(readGolden(directory, "rooms"), catalogue)).toMatchObject({ outcome: "identical" });
    logAcceptance(directory, "one\nreason");
    logAcceptance(directory, "another");
    expect(readFileSync(join(directory, "accepted.log"), "utf8")).toBe("one reason\nanother\n");
    for (const text of ["{}", "null", "["]) {
      writeFileSync(join(directory, "rooms.json"), text);
      expect(() => readGolden(directory, "rooms")).toThrow(/rooms.json is no golden of this command/);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
