import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, extname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Loader, Plugin } from "esbuild";
import { type Theorem, theorem } from "../claim/theorem.js";
import type { Registry } from "./registry.js";

/** What was named on a command line: a registry to look in, the ids of it that were meant, the modules it came from. */
export interface Named {
  readonly registry: Registry;
  /** Empty for all. */
  readonly ids: readonly string[];
  /** The paths as they were typed; a command that is printed to be run again needs them. */
  readonly modules: readonly string[];
}

/**
 * The theorems named by ids and by paths of modules (TypeScript or JavaScript) that export a theorem or `theorems`;
 * `path#id` is one of several. With a path among the names the registry is what was named and nothing else, so that
 * rates are split over what is judged. The modules are bundled with esbuild into one data URL, which worker threads
 * import as this one does (loader hooks reach them on some versions of Node and not on others) and which leaves no file
 * behind; packages stay outside of it, this one too, whether or not it is installed where the module lies.
 * @throws RangeError in one sentence: a module that does not exist, does not compile, throws, or exports no theorem; an
 * id that is unknown or taken.
 */
export async function named(registry: Registry, names: readonly string[]): Promise<Named> {
  const modules = names.filter(isPath);
  if (modules.length === 0) return { registry, ids: names, modules };
  const own: { path: string; exports: string; hash: string; theorems: readonly Theorem[] }[] = [];
  for (const name of modules) {
    const [, path = name, id] = /^(.*?)(?:#([^#]*))?$/.exec(name)!;
    const { url: exports, hash } = await bundled(path);
    const theorems = exported(path, await loaded(path, exports));
    const chosen = id === undefined ? theorems : theorems.filter((candidate) => candidate.id === id);
    if (chosen.length === 0) throw new RangeError(`${path} exports no theorem "${id}", but ${idsOf(theorems)}`);
    own.push({ path, exports, hash, theorems: chosen });
  }
  const ids = names.filter((name) => !isPath(name));
  const unknown = ids.find((id) => !registry.theorems.some((theorem) => theorem.id === id));
  if (unknown !== undefined) {
    throw new RangeError(`there is no theorem "${unknown}"; there are ${idsOf(registry.theorems)}`);
  }
  const taken = new Map(registry.theorems.map((theorem) => [theorem.id, "this package"]));
  for (const { path, theorems } of own) {
    for (const { id } of theorems) {
      const owner = taken.get(id);
      if (owner !== undefined) throw new RangeError(`the id "${id}" of ${path} is taken by a theorem of ${owner}`);
      taken.set(id, path);
    }
  }
  const chosen = registry.theorems.filter(({ id }) => ids.includes(id));
  const theorems = [...own.flatMap((module) => module.theorems), ...chosen];
  // The theorems of every module by their ids: a worker looks one up among all of them.
  const lines = own.map(({ exports }, i) => `import * as own${i} from ${JSON.stringify(exports)};`);
  if (chosen.length > 0) lines.push(`import { theorems as known } from ${JSON.stringify(registry.url)};`);
  const parts = own.map((_, i) => `...Object.values(own${i}).flat()`);
  lines.push(`export const theorems = [${[...parts, ...(chosen.length > 0 ? ["...known"] : [])].join(", ")}];`);
  const hashes = new Map(own.flatMap((module) => module.theorems.map(({ id }): [string, string] => [id, module.hash])));
  const { pool } = registry;
  const found = { theorems, url: dataUrl(lines.join("\n")), own: hashes, ...(pool ? { pool } : {}) };
  return { registry: found, ids: theorems.map(({ id }) => id), modules };
}

/** Ids are words joined by hyphens: what has a dot or a slash is a path. */
function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

function idsOf(theorems: readonly Theorem[]): string {
  return theorems.map(({ id }) => id).join(", ");
}

function dataUrl(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
}

/** The module in one URL, and the hash of the files that went into it, which is the same wherever they lie. */
async function bundled(path: string): Promise<{ url: string; hash: string }> {
  const file = resolve(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new RangeError(`there is no file ${path}`);
  const { build } = await import("esbuild");
  try {
    const { outputFiles, metafile } = await build({
      ...{ entryPoints: [file], bundle: true, write: false, logLevel: "silent", metafile: true },
      ...{ format: "esm", platform: "node", target: "node20", plugins: [packagesOutside] },
    });
    const texts = Object.keys(metafile.inputs).map((input) => sha256(readFileSync(resolve(input))));
    return { url: dataUrl(outputFiles[0]!.text), hash: sha256(texts.sort().join()).slice(0, 16) };
  } catch (error) {
    const [first] = (error as { errors?: { text: string; location: { line: number; column: number } | null }[] })
      .errors ?? [{ text: (error as Error).message, location: null }];
    const where = first?.location ? ` (line ${first.location.line})` : "";
    throw new RangeError(`${path} cannot be compiled: ${first?.text.split("\n")[0]}${where}`);
  }
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

async function loaded(path: string, url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  } catch (error) {
    // A long data URL in a message says nothing.
    const message = String((error as Error)?.message ?? error).replaceAll(/data:text\/javascript\S*/g, path);
    throw new RangeError(`${path} throws as it is loaded: ${message.split("\n")[0]}`);
  }
}

/** The theorems among a module's exports, checked as `theorem` checks them. */
function exported(path: string, module: Record<string, unknown>): readonly Theorem[] {
  const candidates = [...new Set(Object.values(module).flat())].filter((value): value is Theorem => {
    return typeof value === "object" && value !== null && "claims" in value && "simulate" in value;
  });
  if (candidates.length === 0) {
    throw new RangeError(`${path} exports no theorem: export what theorem({ … }) returns, or an array \`theorems\``);
  }
  for (const candidate of candidates) {
    try {
      theorem(candidate);
    } catch (error) {
      throw new RangeError(`${path}: ${(error as Error).message}`);
    }
  }
  return candidates;
}

const here = dirname(fileURLToPath(import.meta.url));
const source = resolve(here, "..");
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const entries: Readonly<Record<string, string>> = {
  "icl-claims": resolve(source, `index.${extension}`),
  "icl-claims/judge": resolve(source, `judge.${extension}`),
  "icl-claims/theorems": resolve(source, `../theorems/index.${extension}`),
};

/**
 * Packages by the URLs of their files: a data URL can import nothing else. This package is the one that runs, and
 * fast-check the one that it shrinks with, so that a module needs neither of them installed beside it.
 */
const packagesOutside: Plugin = {
  name: "packages-outside",
  setup(build) {
    const seen = Symbol("resolved once");
    const outside = (path: string) => ({ path: pathToFileURL(path).href, external: true });
    build.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === "entry-point" || pluginData === seen) return undefined;
      const entry = entries[path];
      if (entry) return outside(entry);
      const from = path === "fast-check" ? here : resolveDir;
      const found = await build.resolve(path, { kind, resolveDir: from, pluginData: seen });
      if (found.errors.length > 0 || found.external) return found;
      // What lies in this package's source is loaded once and from its place: it finds its kernels beside it.
      const inside = !relative(source, found.path).startsWith("..");
      return inside || found.path.includes(`${sep}node_modules${sep}`) ? outside(found.path) : found;
    });
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: (extname(path).endsWith("ts") ? "ts" : "js") as Loader,
    }));
  },
};
