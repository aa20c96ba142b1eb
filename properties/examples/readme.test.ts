import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("the README's example is the one that is run", () => {
  expect(text("../../README.md")).toContain(text("./dice.test.ts"));
});
