// What the page costs: how long each page takes to open, a drag in the playground, and a judgement against the command
// line's. `npx tsx bench/page.ts [theorem]`; needs chromium.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { buildSite } from "../site/site.js";
import { drawingPool } from "../src/claim/pool.js";
import { judgeItem, suiteItems } from "../src/claim/suite.js";
import { theorems } from "../theorems/index.js";

const id = process.argv[2] ?? "strength-shift";
const directory = mkdtempSync(join(tmpdir(), "icl-page-"));
const out = join(directory, "out");
const written = await buildSite(out);
const sizeOf = (paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(out, path))).length, 0);
const assets = ["assets/page.css", "assets/math.css", "assets/page.js", "assets/theorem.js"];
console.log(
  `${written.length} files; a theorem's page, compressed: ${(sizeOf([`theorems/${id}.html`, ...assets]) / 1e3).toFixed(0)} kB`,
);
console.log(`the judge with its kernels, on demand: ${(sizeOf(["assets/engine.js"]) / 1e3).toFixed(0)} kB`);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const path of ["index.html", `theorems/${id}.html`, "playground.html", "findings.html", "figures.html"]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`file://${join(out, path)}`);
  const ms = await page.evaluate('performance.getEntriesByType("navigation")[0].duration');
  const shift = await page.evaluate(
    `new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().reduce((sum, { value }) => sum + value, 0)))
      .observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => done(0), 300))`,
  );
  console.log(
    `${path.padEnd(34)} opens in ${Number(ms).toFixed(0).padStart(5)} ms, layout shift ${Number(shift).toFixed(3)}`,
  );
  if (path === "playground.html") {
    const drag = await page.evaluate(`(() => {
      const slider = document.querySelector("#p-k");
      const begun = performance.now();
      for (let i = 0; i < 20; i++) {
        slider.value = String(300 + 10 * i);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
      return (performance.now() - begun) / 20;
    })()`);
    console.log(`a drag of its slider follows in ${Number(drag).toFixed(1)} ms`);
  }
  await page.close();
}
const item = suiteItems([theorems.find((theorem) => theorem.id === id)!])[0]!;
const pool = drawingPool(new URL("../theorems/index.ts", import.meta.url).href, 2);
const page = await browser.newPage();
await page.goto(`file://${join(out, `theorems/${id}.html`)}`);
for (let round = 0; round < 3; round++) {
  const before = performance.now();
  await judgeItem(item, theorems, { draw: pool.draw, seed: round });
  const here = (performance.now() - before) / 1000;
  await page.fill("#seed", String(round));
  await page.click("#start");
  await page.waitForFunction('document.querySelector("#state").textContent.startsWith("decided")', undefined, {
    timeout: 600_000,
  });
  const said = await page.textContent("#state");
  const there = Number(said!.match(/in ([\d.]+) s/)![1]);
  console.log(
    `${id}, seed ${round}: threads ${here.toFixed(1)} s, page ${there.toFixed(1)} s, ${(there / here).toFixed(2)} times`,
  );
}
await pool.close();
await browser.close();
rmSync(directory, { recursive: true, force: true });
