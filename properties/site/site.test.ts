import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recorded, recordingOf } from "../../site/recorded.js";
import { buildSite, type Written } from "../../site/site.js";
import { theorems } from "../../theorems/index.js";

const directory = mkdtempSync(join(tmpdir(), "icl-site-"));
const out = join(directory, "out");
let written: Written[] = [];
const read = (path: string) => readFileSync(join(out, path), "utf8");

beforeAll(async () => {
  written = await buildSite(out);
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the page as a document", () => {
  it("has every theorem and every recorded verdict in its HTML, formulas typeset, with scripts off", () => {
    const contents = read("index.html");
    for (const theorem of theorems) {
      expect(contents).toContain(`theorems/${theorem.id}.html`);
      const page = read(`theorems/${theorem.id}.html`);
      expect(page).toContain('<span class="katex');
      // A formula that KaTeX does not understand is written in red.
      expect(page).not.toContain("katex-error");
      for (const claim of theorem.claims) expect(page).toContain(claim.id);
      expect(page).toContain(`verify ${theorem.id} --seed`);
    }
    const { results } = recorded();
    expect(results.length).toBeGreaterThan(0);
    for (const { judgement } of results) {
      if (theorems.every(({ id }) => id !== judgement.theorem)) continue;
      expect(read(`theorems/${judgement.theorem}.html`)).toContain(judgement.verdict);
    }
  });

  it("fetches nothing from elsewhere, and names no file that is not there", () => {
    const paths = written.map(({ path }) => path);
    for (const path of paths.filter((name) => name.endsWith(".html"))) {
      const page = read(path);
      const inside = [...page.matchAll(/(?:src|href)="([^"#]+)/g)].map(([, to]) => to!);
      for (const to of inside) {
        if (/^(https?|data):/.test(to)) {
          // A link that a reader may follow; nothing that the browser would load.
          expect(page).not.toMatch(new RegExp(`<(script|link|img)[^>]*"${to}`));
          continue;
        }
        const target = new URL(to, `file:///${path}`).pathname.slice(1);
        expect(existsSync(join(out, decodeURIComponent(target))), `${path} names ${to}`).toBe(true);
      }
    }
  });

  it("takes less than 1.5 MB compressed before a figure is opened, the judge included", () => {
    const opened = ["index.html", "assets/page.css", "assets/math.css", "assets/page.js", "assets/theorem.js"];
    const sizes = [...opened, "assets/engine.js"].map((path) => gzipSync(read(path)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1.5e6);
  });
});

describe("building it", () => {
  it("leaves alone a folder that holds something else, and says so", async () => {
    const taken = mkdtempSync(join(directory, "taken-"));
    writeFileSync(join(taken, "thesis.tex"), "years of work");
    await expect(buildSite(taken)).rejects.toThrow(RangeError);
    expect(readFileSync(join(taken, "thesis.tex"), "utf8")).toBe("years of work");
  });

  it("records only what verify prints", () => {
    const about = { version: "1", commit: "c", code: "d", node: "v20" };
    expect(() => recordingOf("no JSON", about)).toThrow();
    expect(() => recordingOf('{"a": 1}', about)).toThrow();
  });
});
