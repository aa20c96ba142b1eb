import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { register } from "tsx/esm/api";
import { afterAll, describe, expect, it } from "vitest";
import { named } from "../../src/command/own-modules.js";
import type { Registry } from "../../src/command/registry.js";
import { starterFiles } from "../../src/command/starter.js";
import { theorems } from "../claim/toy-theorems.js";
import { poolHere } from "./run-here.js";

// A module imports this package from source here, as the command line does under tsx.
afterAll(register());

const directory = mkdtempSync(join(tmpdir(), "icl-own-"));
afterAll(() => rmSync(directory, { recursive: true }));

const url = new URL("../claim/toy-theorems.ts", import.meta.url).href;
const registry: Registry = { theorems, url, pool: poolHere };

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const starter = starterFiles["theorem.ts"]!;

describe("theorems named by ids and paths", () => {
  it("are those of the module, with the registry to load them from in a worker, and no file left behind", async () => {
    const path = file("mine.ts", starter);
    const before = readdirSync(tmpdir());
    const { registry: own, ids, modules } = await named(registry, [path]);
    expect(ids).toEqual(["ridge-gain"]);
    expect(modules).toEqual([path]);
    expect(own.url).toMatch(/^data:text\/javascript/);
    expect(own.pool).toBe(poolHere);
    expect(readdirSync(tmpdir()).filter((name) => !before.includes(name) && /esbuild/.test(name))).toEqual([]);
  });

  it("have a hash that is their files' content, wherever they lie", async () => {
    const dice = starter.replaceAll("ridge-gain", "other-gain").replaceAll("ridgeGain", "otherGain");
    const [here, there] = [file("here.ts", starter), file("there.ts", starter)];
    const hashOf = async (path: string) => [...(await named(registry, [path])).registry.own!.values()];
    expect(await hashOf(here)).toEqual(await hashOf(there));
    expect(await hashOf(file("other.ts", dice))).not.toEqual(await hashOf(here));
  });

  it("leaves ids alone where there is no path", async () => {
    expect(await named(registry, ["coin"])).toEqual({ registry, ids: ["coin"], modules: [] });
  });

  it.each([
    ["nothing.ts", "export const x = 1;", /exports no theorem: export what theorem/],
    ["throws.ts", 'throw new Error("too early");', /throws as it is loaded: too early/],
    ["broken.ts", "export const = 3;", /cannot be compiled: .* \(line 1\)/],
    [
      "taken.ts",
      starter.replace('"ridge-gain"', '"coin"'),
      /the id "coin" of .* is taken by a theorem of this package/,
    ],
  ])("refuses %s in one sentence", async (name, text, message) => {
    const path = file(name, text);
    await expect(named(registry, [path])).rejects.toThrow(message);
    await expect(named(registry, [path])).rejects.toBeInstanceOf(RangeError);
  });

  it("refuses a path where there is nothing, and an id that a module has not", async () => {
    await expect(named(registry, ["./nowhere.ts"])).rejects.toThrow("there is no file ./nowhere.ts");
    const path = file("one.ts", starter);
    await expect(named(registry, [`${path}#other`])).rejects.toThrow('exports no theorem "other", but ridge-gain');
    await expect(named(registry, [path, "dice"])).rejects.toThrow('there is no theorem "dice"; there are coin');
  });
});
