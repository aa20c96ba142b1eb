import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** Bundles an entry for the browser: its size in bytes, and every file and package that went in. */
async function bundled(entry: string, platform: "browser" | "node") {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/${entry}`, import.meta.url))],
    ...{ bundle: true, minify: true, write: false, metafile: true, format: "esm", platform, logLevel: "silent" },
    // What only an entry that is not light needs to be bundled at all.
    ...(platform === "node" ? { external: ["*.node", "tinypool"] } : {}),
  });
  const [output] = outputFiles!;
  const { inputs, outputs } = metafile!;
  const imports = Object.values(outputs).flatMap((file) => file.imports.map(({ path }) => path));
  return { bytes: output!.contents.length, files: [...Object.keys(inputs), ...imports] };
}

const heavy = /^node:|node_modules\/(vega|vega-lite|mathjs|tinypool|fast-check|@resvg|commander|vitest)|^tinypool/;

it("the judge's entry bundles for the browser, under 40 kB, with the random generator and the hash alone", async () => {
  const { bytes, files } = await bundled("judge.ts", "browser");
  expect(bytes).toBeLessThan(40_000);
  expect(files.filter((file) => heavy.test(file))).toEqual([]);
  const packages = new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
  expect([...packages].sort()).toEqual(["@noble/hashes", "pure-rand"]);
});

it("the whole package's does not, which shows that the test can tell", async () => {
  await expect(bundled("index.ts", "browser")).rejects.toThrow(/node:/);
  const { bytes, files } = await bundled("index.ts", "node");
  expect(bytes).toBeGreaterThan(100_000);
  expect(files.some((file) => heavy.test(file))).toBe(true);
});
