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

it("leaves alone what is no text, as a module of WebAssembly", async () => {
  const { load } = await import(hook);
  const loaded = { format: "wasm", source: new Uint8Array(3) };
  expect(await load("file:///a.wasm", {}, async () => loaded)).toBe(loaded);
});
