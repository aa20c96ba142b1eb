import { readdirSync } from "node:fs";

// Runs every *.bench.ts here, or those whose names contain one of the arguments. A bench file default-exports what it
// measures.
const wanted = process.argv.slice(2);
for (const file of readdirSync(new URL(".", import.meta.url)).sort()) {
  if (!file.endsWith(".bench.ts")) continue;
  if (wanted.length > 0 && !wanted.some((name) => file.includes(name))) continue;
  const { default: measure } = (await import(new URL(file, import.meta.url).href)) as { default: () => unknown };
  await measure();
}
