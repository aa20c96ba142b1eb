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

it("the rooms' numbers are those of the goldens, or moved by rounding alone", () => {
  const catalogue = catalogueOf(measureRooms());
  const drift = compare(readGolden(goldens, "rooms"), catalogue);
  // Another Node or processor may move last bits; what says more than that is drift.
  expect(worst([drift.outcome, "consistent"]), driftReport(drift).lines.join("\n")).toBe("consistent");
  const measured = new Set(catalogue.measurements.map(({ room }) => room));
  expect(rooms.filter((room) => !measured.has(room))).toEqual(["claims", "figures"]);
});

it("claims are measured at their first example: the same twice, and a changed measure is seen", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => measureClaims(theorems, drawHere(theorems))));
  expect(one).toHaveLength(6);
  expect(compare(catalogueOf(one!), catalogueOf(two!))).toMatchObject({ outcome: "identical" });
  expect(one![0]).toMatchObject({ room: "claims", name: "coin/at-most-half", facts: { verdict: "undecided" } });
  const [coin] = theorems;
  const moved = [{ ...coin!, claims: coin!.claims.map(shrunk) }];
  const drift = compare(catalogueOf(one!), catalogueOf(await measureClaims(moved, drawHere(moved))));
  expect(drift).toMatchObject({ outcome: "drifted", first: { name: "coin/at-most-half" } });
});

/** The claim with its measure off by 1e-7 of itself. */
function shrunk(claim: (typeof theorems)[number]["claims"][number]): typeof claim {
  return { ...claim, measure: (...of: Parameters<typeof claim.measure>) => claim.measure(...of) * (1 - 1e-7) };
}

it("goldens come back as they were written, beside the reasons; what is none is refused", () => {
  const directory = mkdtempSync(join(tmpdir(), "goldens-"));
  try {
    expect(readGolden(directory, "rooms")).toBeUndefined();
    const catalogue = catalogueOf(measureRooms().slice(0, 12));
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
