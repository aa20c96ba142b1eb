import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "../../site/site.js";
import { drawHere } from "../../src/claim/drawing.js";
import { judgeItem, suiteItems } from "../../src/claim/suite.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { exactRisk } from "../../src/risk/exact.js";
import { theorems } from "../../theorems/index.js";

const chrome = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const skipped = chrome === undefined && !process.env.CI;
if (skipped) console.warn("the page is not tried in a browser: there is no chromium (apt-get install chromium)");

// The cheapest theorem with a claim about a mean and a rival.
const judged = theorems.find(({ id }) => id === "monotonicity")!;

describe.skipIf(skipped)("the page in a browser", () => {
  const directory = mkdtempSync(join(tmpdir(), "icl-browser-"));
  const complaints: string[] = [];
  let browser: Browser;

  const addressOf = (path: string) => `file://${join(directory, "out", path)}`;

  /** A page opened as a file, its complaints noted. */
  async function opened(path: string, width = 1280): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      complaints.push(`${page.url()}: ${message.text()}`);
    });
    await page.goto(addressOf(path));
    return page;
  }

  beforeAll(async () => {
    await buildSite(join(directory, "out"));
    browser = await chromium.launch({
      executablePath: chrome ?? "/usr/bin/chromium",
      // The last two: fewer processes, each of which takes half a second to start.
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        ...["--in-process-gpu", "--process-per-site"],
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("opens every page without a complaint, within the width of a phone", {
    timeout: 120_000,
  }, async () => {
    const pages = readdirSync(join(directory, "out"), { recursive: true }) as string[];
    // One after the other in one page, as a reader goes through them: a page of its own for each costs twice as much.
    const page = await opened("index.html", 390);
    for (const path of pages.filter((name) => name.endsWith(".html"))) {
      await page.goto(addressOf(path));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${path} is wider than a phone by`).toBeLessThanOrEqual(0);
    }
    await page.close();
    expect(complaints).toEqual([]);
  });

  it("moves the slack with the sliders, and marks what is broken", async () => {
    const page = await opened(`theorems/${judged.id}.html`);
    const row = page.locator('[data-assumption="0"]');
    const slack = () => row.locator('[data-cell="slack"]').textContent();
    const before = await slack();
    const slider = page.locator('#sliders input[type="number"]').first();
    await slider.fill("4");
    await slider.dispatchEvent("change");
    await expect.poll(slack).not.toBe(before);
    expect(await row.getAttribute("class")).toBe("broken");
    expect(await row.locator('[data-cell="holds"]').textContent()).toContain("broken");
    expect(await page.locator("#problem").textContent()).toContain("broken here");
    await page.close();
  });

  /** Where to judge: at the theorem's configurations, or at the one to which the sliders are set. */
  type Where = "own" | "sliders";

  /** What the page finds in a world at a seed, as it saves it. */
  async function judgedInPage(seed: number, world: string, where: Where) {
    const page = await opened(`theorems/${judged.id}.html`);
    await page.fill("#seed", String(seed));
    await page.selectOption("#world", world);
    await page.selectOption("#where", where);
    await page.click("#start");
    await page.waitForFunction(() => document.querySelector("#state")!.textContent!.includes("decided"), undefined, {
      timeout: 120_000,
      // Not at every frame, each of which would be drawn.
      polling: 100,
    });
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    const found = JSON.parse(readFileSync((await download.path())!, "utf8")) as Record<string, unknown>[];
    await page.close();
    return found;
  }

  /** What the command line finds; the sliders stand at the first example. */
  async function judgedHere(seed: number, world: string, where: Where) {
    const item = suiteItems([judged]).find((candidate) => candidate.world === world)!;
    const [configuration] = Object.values(judged.examples);
    const only = where === "sliders" ? [{ configuration: configuration! }] : undefined;
    const results = await judgeItem(item, theorems, { draw: drawHere(theorems), seed }, only);
    return results.map(({ judgement, ...rest }) => ({ ...judgement, ...rest }));
  }

  const untimed = (results: readonly object[]) =>
    JSON.parse(JSON.stringify(results.map((result) => ({ ...result, seconds: 0, backend: "wasm" })))) as object[];

  it("judges as the command line does, to the bit, at the configurations of the theorem", async () => {
    expect(untimed(await judgedInPage(5, statedWorld, "own"))).toEqual(
      untimed(await judgedHere(5, statedWorld, "own")),
    );
  });

  it("refutes a rival as the command line does, where the sliders stand", { timeout: 240_000 }, async () => {
    const rival = suiteItems([judged])[1]!.world;
    const found = await judgedInPage(5, rival, "sliders");
    expect(found.map(({ verdict }) => verdict)).toEqual(found.map(() => "refuted"));
    expect(untimed(found)).toEqual(untimed(await judgedHere(5, rival, "sliders")));
  });

  it("draws the exact curves in the playground as it is dragged", async () => {
    const page = await opened("playground.html");
    await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>("#p-k")!;
      slider.value = "390";
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // The number that is read off, M* of the learner that knows the subspace, is where the exact risk is ε.
    const star = await page.locator("#readings dt", { hasText: "M*, knows" }).locator("+ dd").textContent();
    const [k, R] = await page.evaluate(() =>
      ["#v-k", "#v-testR"].map((id) => Number(document.querySelector<HTMLInputElement>(id)!.value)),
    );
    // Shown to three digits; the error falls by less than its own size times the length's.
    const error = exactRisk({ R: R!, M: Number(star!.replaceAll(",", "")), k: k! });
    expect(Math.abs(error / 0.1 - 1)).toBeLessThan(0.01);
    await page.close();
  });

  it("has no serious fault of accessibility, in light and in dark", { timeout: 120_000 }, async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    // What a page of both looks has but its colours is the same in both.
    const looks = [
      ["index.html", "light", []],
      [`theorems/${judged.id}.html`, "light", []],
      [`theorems/${judged.id}.html`, "dark", ["color-contrast"]],
      ["playground.html", "dark", []],
    ] as const;
    for (const [path, colorScheme, rules] of looks) {
      const page = await opened(path);
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe);
      const faults = await page.evaluate(async (only: readonly string[]) => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        return (await axe.run({ resultTypes: ["violations"], ...(only.length > 0 && { runOnly: only }) })).violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 120)}`);
      }, rules);
      expect(faults, `${path}, ${colorScheme}`).toEqual([]);
      await page.close();
    }
  });
});
