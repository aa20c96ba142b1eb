import katex from "katex";
import { describe, expect, it } from "vitest";
import { theorems } from "../theorems/index.js";

const render = (tex: string) => katex.renderToString(tex, { throwOnError: true, strict: "error", displayMode: true });

describe("the statement of every theorem is rendered by KaTeX", () => {
  it.each(theorems.map(({ id, statement }) => [id, statement]))("%s", (_, statement) => {
    expect(render(statement!)).toContain("katex");
  });

  it("and so are its assumptions", () => {
    for (const { assumptions } of theorems) for (const { tex } of assumptions) expect(render(tex)).toContain("katex");
  });

  it("which an unknown command, an open brace or an accent outside of words is not", () => {
    for (const broken of [String.raw`\nosuch{x}`, "x^{2", "2(a + G) é"]) {
      expect(() => render(broken)).toThrow();
    }
  });
});
