import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, it, vi } from "vitest";
import { addAuditCommand } from "../../src/command/audit.js";
import { defaultBackend } from "../../src/linalg/kernels/backend.js";
import { theorems } from "../claim/toy-theorems.js";
import { poolHere } from "./run-here.js";

const registry = { theorems, url: "", pool: poolHere };

it("of a sweep leaves a CSV that says where it comes from, kernels included", async () => {
  const directory = mkdtempSync(join(tmpdir(), "audit-"));
  const streams = [process.stdout, process.stderr];
  const quiet = streams.map((stream) => vi.spyOn(stream, "write").mockImplementation(() => true));
  try {
    const program = new Command("icl-claims").exitOverride();
    addAuditCommand(program, registry);
    const file = join(directory, "sweep.csv");
    const asked = [
      "audit",
      "coin",
      "--claim",
      "at-most-half",
      "--sweep",
      "size=1..4",
      "--points",
      "2",
      "--seed",
      "3",
      "--csv",
      file,
    ];
    await program.parseAsync(asked, { from: "user" });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "# theorem: coin",
      expect.stringMatching(/^# configuration: \{.*"size":/),
      "# seed: 3",
      "# maxDraws: 300",
      "# rate: 0.000001",
      `# backend: ${defaultBackend}`,
    ]);
    expect(lines[6]).toMatch(/^size,claim,verdict,/);
    expect(lines).toHaveLength(9);
  } finally {
    for (const spy of quiet) spy.mockRestore();
    rmSync(directory, { recursive: true });
    process.exitCode = 0;
  }
});
