import { expect, it } from "vitest";
import { withDrawingPackages } from "../../src/figure/drawing-packages.js";

it("says what to install when a package that draws is missing, and passes on every other error", async () => {
  const missing = Object.assign(new Error("Cannot find package 'vega'"), { code: "ERR_MODULE_NOT_FOUND" });
  await expect(withDrawingPackages(() => Promise.reject(missing))).rejects.toThrow(/^drawing needs more packages: npm/);
  const other = new Error("another");
  await expect(withDrawingPackages(() => Promise.reject(other))).rejects.toBe(other);
  expect(await withDrawingPackages(async () => 3)).toBe(3);
});
