import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { checkWritable, writeWhole } from "../../src/report/whole-file.js";

const disk = vi.hoisted(() => ({ full: false }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const writeFileSync = (path: string, content: string) => {
    if (!disk.full) return real.writeFileSync(path, content);
    // As a full disk: a part is there before it is found out.
    real.writeFileSync(path, content.slice(0, 2));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  return { ...real, writeFileSync };
});

const directory = mkdtempSync(join(tmpdir(), "whole-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("writes a file whole or leaves the one before, with the path and the reason in one line", () => {
  const path = join(directory, "a", "file");
  writeWhole(path, "before");
  disk.full = true;
  expect(() => writeWhole(path, "after")).toThrow(`cannot write ${path}: no space is left on the device`);
  disk.full = false;
  expect(readdirSync(join(directory, "a"))).toEqual(["file"]);
  expect(readFileSync(path, "utf8")).toBe("before");
  mkdirSync(join(directory, "way"));
  expect(() => writeWhole(join(directory, "way"), "x")).toThrow(/cannot write .*way: a directory is in the way$/);
  expect(() => writeWhole(join(path, "b"), "x")).toThrow(/a file is in the way of its directory$/);
  expect(readdirSync(directory).sort()).toEqual(["a", "way"]);
});

it("says beforehand of what cannot be written that it cannot", () => {
  writeFileSync(join(directory, "file"), "");
  const no: readonly (readonly [string, RegExp])[] = [
    ["", /needs a name, got none/],
    [" ", /needs a name, got none/],
    [directory, /a directory is there/],
    [join(directory, "new/"), /it names a directory, and a file is needed/],
    [join(directory, "file", "x"), /no directory/],
  ];
  for (const [path, message] of no) expect(() => checkWritable(path), path).toThrow(message);
  for (const path of [join(directory, "file"), join(directory, "new", "x")]) {
    expect(() => checkWritable(path)).not.toThrow();
  }
  expect(existsSync(join(directory, "new"))).toBe(false);
});
