import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { version } from "../src/report/version.js";
import { writeWhole } from "../src/report/whole-file.js";
import { theorems } from "../theorems/index.js";
import { bundles } from "./bundle.js";
import { contentsPage } from "./contents-page.js";
import { drawnFigures } from "./figures.js";
import { findingsOf } from "./findings.js";
import { framed, type Page } from "./frame.js";
import { drawnMaps } from "./maps.js";
import { playgroundPage } from "./playground-page.js";
import { figuresPage, findingsPage } from "./prose-pages.js";
import { codeFingerprint, recorded } from "./recorded.js";
import { theoremPage } from "./theorem-page.js";
import { mathStyle } from "./typeset.js";

const root = new URL("..", import.meta.url).pathname;

/** A written file and its size in bytes. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Builds the page into a folder, which is made; what an earlier build left there is removed.
 * @throws RangeError when the folder holds anything else.
 */
export async function buildSite(out: string): Promise<Written[]> {
  clear(out);
  const found = recorded();
  const files = theoremFiles();
  const [figures, scripts] = await Promise.all([drawnFigures(), bundles()]);
  const maps = drawnMaps(theorems);
  const here = { theorems, recorded: found, figures, maps };
  const pages: Page[] = [
    contentsPage(theorems, found),
    playgroundPage(),
    findingsPage(findingsOf(theorems, "")),
    figuresPage(figures, maps),
    ...theorems.map((theorem) =>
      theoremPage(theorem, { ...here, findings: findingsOf(theorems, "../"), file: files.get(theorem.id)! }),
    ),
  ];
  const origin = { recorded: found, current: found.code === codeFingerprint(), version };
  const texts = pages.map((page) => framed(page, origin));
  const written: Written[] = [];
  const write = (path: string, content: string | Uint8Array) => {
    writeWhole(join(out, path), content);
    written.push({ path, bytes: Buffer.byteLength(content) });
  };
  write(marker, `icl-claims ${version}\n`);
  pages.forEach((page, i) => {
    write(page.path, texts[i]!);
  });
  write("assets/math.css", mathStyle(texts));
  for (const [name, content] of Object.entries(scripts)) write(`assets/${name}`, content);
  for (const file of files.values()) write(join("sources", file), readFileSync(join(root, file)));
  return written;
}

/** A file by which a folder is known to be a build's. */
const marker = "icl-claims-site.txt";

function clear(out: string): void {
  if (!existsSync(out)) return;
  const there = readdirSync(out);
  if (there.length > 0 && !there.includes(marker)) {
    throw new RangeError(`${out} holds something else than a built page; name an empty or new folder`);
  }
  rmSync(out, { recursive: true });
}

/** The file that each theorem is defined in, by the id it gives. */
function theoremFiles(): Map<string, string> {
  const files = (readdirSync(join(root, "theorems"), { recursive: true }) as string[])
    .filter((name) => /[\\/].*\.ts$/.test(name))
    .map((name) => `theorems/${name.replaceAll("\\", "/")}`);
  const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
  return new Map(
    theorems.map(({ id }) => {
      const at = texts.findIndex((text) => text.includes(`theorem({\n  id: "${id}"`));
      if (at < 0) throw new Error(`no file under theorems/ defines ${id} as theorem({ id: "${id}"`);
      return [id, files[at]!];
    }),
  );
}
