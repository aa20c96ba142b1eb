import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startRedis } from "../properties/cluster/redis-server.js";
import { Stream } from "../src/random/stream.js";
import { builtCommand, startBuilt } from "./cluster-processes.js";

// `npx tsx bench/cluster-soak.ts [runs] [seed]` after `npm run build`: verifies a small theorem over and over by two
// workers, one of which is killed (-9) every few seconds and another started, and now and then the coordinator, which
// is started again under its name. Every run's JSON must be that of threads.

const [runs = 200, seed = 0] = process.argv.slice(2).map(Number);
const meanSecondsToKill = 4;
const directory = mkdtempSync(join(tmpdir(), "icl-soak-"));
const theorem = join(directory, "slow-coin.ts");
writeFileSync(
  theorem,
  `import { isMainThread } from "node:worker_threads";
import fc from "fast-check";
import { theorem } from "icl-claims";

export const slowCoin = theorem({
  id: "slow-coin",
  title: "A coin that takes its time",
  source: { paper: { authors: "-", year: 1654, title: "-", reference: "-" }, locus: "-", status: "standard" },
  statement: "\\\\mathbb{E}X = p",
  regime: fc.record({ bias: fc.integer({ min: 10, max: 40 }) }),
  examples: { quarter: { bias: 25 } },
  assumptions: [],
  world: { heads: (p: number) => p },
  rivals: { "all heads": { says: "it always lands heads", world: { heads: () => 1 } } },
  simulate: ({ bias }, stream, world) => {
    if (!isMainThread) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4);
    return stream.uniform() < world.heads(bias / 100) ? 1 : 0;
  },
  claims: [
    {
      id: "its-bias",
      says: "heads with its bias",
      form: "equals",
      range: [0, 1],
      measure: (heads) => heads,
      equals: ({ bias }) => bias / 100,
      within: 0.25,
      rivals: ["all heads"],
    },
  ],
});
`,
);

const redis = await startRedis();
const stream = Stream.root("soak", seed);
const at = ["--redis", redis.url];
const worker = () => startBuilt("worker", theorem, ...at, "--threads", "1", "--lock", "1");
const workers = [worker(), worker()];
let killed = 0;
let over = false;
const killing = (async () => {
  while (!over) {
    await sleep(-1000 * meanSecondsToKill * Math.log(1 - stream.uniform()));
    const which = stream.uniform() < 0.5 ? 0 : 1;
    workers[which]!.kill("SIGKILL");
    workers[which] = worker();
    killed++;
  }
})();

const judged = ["verify", theorem, "--json", "--configurations", "2", "--seed", "5"];
const untimed = (text: string) => text.replaceAll(/"seconds": [^\n]*/g, "");
const run = promisify(execFile);
const { stdout } = await run(process.execPath, [builtCommand, ...judged, "--workers", "1"]);
const expected = untimed(stdout);
let [same, restarted] = [0, 0];
const begun = performance.now();
for (let i = 0; i < runs; i++) {
  const args = [...judged, ...at, "--run", `soak-${i}`];
  if (i % 8 === 7) {
    const first = startBuilt(...args);
    await sleep(1000 + 1500 * stream.uniform());
    if (first.kill("SIGKILL")) restarted++;
  }
  const again = untimed((await run(process.execPath, [builtCommand, ...args])).stdout);
  if (again === expected) same++;
  else console.log(`run ${i} is another: ${again}`);
  if (i % 20 === 19) console.log(`${i + 1} runs, ${same} identical, ${killed} workers killed`);
}
over = true;
for (const one of workers) one.kill("SIGKILL");
void killing.then(() => workers.map((one) => one.kill("SIGKILL")));
const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
console.log(
  `${runs} runs in ${minutes} min: ${same} identical to threads; ` +
    `${killed} workers and ${restarted} coordinators were killed`,
);
await killing;
for (const one of workers) one.kill("SIGKILL");
await redis.stop();
rmSync(directory, { recursive: true });
process.exitCode = same === runs ? 0 : 1;
