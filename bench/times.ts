/*
 * Writes theorems/times.ts, the seconds of one core that judging each theorem takes, from what a machine with nothing
 * else to do printed: npx tsx src/cli.ts verify --json > full.json; … verify --quick --json > quick.json; then
 * npx tsx bench/times.ts full.json quick.json
 */
import { readFileSync, writeFileSync } from "node:fs";

interface Row {
  readonly theorem: string;
  readonly seconds: number;
}

const [full, quick] = process.argv.slice(2, 4).map((file) => {
  const sums = new Map<string, number>();
  for (const { theorem, seconds } of JSON.parse(readFileSync(file, "utf8")) as Row[]) {
    sums.set(theorem, (sums.get(theorem) ?? 0) + seconds);
  }
  return sums;
});
if (!full || !quick) throw new RangeError("two files are needed, full.json and quick.json");
const ids = [...new Set([...full.keys(), ...quick.keys()])];
const part = (name: string, seconds?: number) =>
  seconds === undefined ? [] : [`${name}: ${Number(seconds.toPrecision(2))}`];
const lines = ids.map((id) => {
  const key = id.includes("-") ? `"${id}"` : id;
  return `  ${key}: { ${[...part("full", full.get(id)), ...part("quick", quick.get(id))].join(", ")} },`;
});
const text = `import type { Times } from "../src/report/run-header.js";

/** Seconds of one core that judging each theorem takes, in full and quick; bench/times.ts writes this. */
export const times: Times = {
${lines.join("\n")}
};
`;
writeFileSync(new URL("../theorems/times.ts", import.meta.url), text);
