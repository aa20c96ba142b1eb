import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeStarter } from "../../src/command/init.js";

it("writes a theorem, its test and scripts once, and overwrites nothing", () => {
  const directory = mkdtempSync(join(tmpdir(), "icl-init-"));
  writeFileSync(join(directory, "package.json"), "{}");
  expect(writeStarter(directory)).toHaveLength(2);
  expect(() => writeStarter(directory)).toThrow(/theorem.ts is there already; nothing was written/);
  expect(readdirSync(directory).sort()).toEqual(["package.json", "theorem.test.ts", "theorem.ts"]);
  rmSync(directory, { recursive: true });
});
