import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { transformSync } from "esbuild";
import { expect, it } from "vitest";

const hook = new URL("../../src/claim/cheap-closures.mjs", import.meta.url).href;

it("names no function at run time in what tsx makes of a module, and moves nothing", async () => {
  const { load } = await import(hook);
  // As tsx has it transformed (tsx 4: keepNames and minifyWhitespace).
  const text = "export const outer = () => { const inner = (x: number) => 2 * x; return inner(3); };";
  const { code } = transformSync(text, { loader: "ts", keepNames: true, minifyWhitespace: true });
  expect(code).toContain('__defProp(target,"name"');
  const { source } = await load("file:///a.ts", {}, async () => ({ format: "module", source: code }));
  expect(source).not.toContain("__defProp(target");
  expect(source).toHaveLength(code.length);
  expect(source.indexOf("inner")).toBe(code.indexOf("inner"));
  const { outer } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  expect(outer()).toBe(6);
});

it("has the same effect in a thread on the tsx that is installed", async () => {
  const directory = mkdtempSync(join(tmpdir(), "icl-closures-"));
  const module = join(directory, "names.mts");
  writeFileSync(module, "const inner = (): number => 1;\nexport const found: string = inner.name;\n");
  const nameIn = (hooks: string) =>
    new Promise((resolve, reject) => {
      const code = `import { parentPort } from "node:worker_threads";
        import { register as registerHooks } from "node:module";
        import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
        register();
        ${hooks}
        parentPort.postMessage((await import(${JSON.stringify(pathToFileURL(module).href)})).found);`;
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
      worker.once("message", resolve).once("error", reject);
    });
  try {
    expect(await nameIn("")).toBe("inner");
    expect(await nameIn(`registerHooks(${JSON.stringify(hook)});`)).toBe("");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it("leaves alone what is no text, as a module of WebAssembly", async () => {
  const { load } = await import(hook);
  const loaded = { format: "wasm", source: new Uint8Array(3) };
  expect(await load("file:///a.wasm", {}, async () => loaded)).toBe(loaded);
});
