import { start } from "../properties/cluster/processes.js";
import { startRedis } from "../properties/cluster/redis-server.js";
import { statedWorld } from "../src/claim/theorem.js";
import { Dispatch } from "../src/cluster/dispatch.js";
import { openLink, queuePackages } from "../src/cluster/redis.js";
import { keysOf, pieceName } from "../src/cluster/wire.js";
import { cpuSeconds } from "./cluster-processes.js";

// `npx tsx bench/cluster-throughput.ts [jobs]`: what a job costs Redis, the coordinator and the worker, beside its
// draws, in CPU milliseconds: jobs of one draw each, of which a draw takes microseconds.

const [jobs = 3000] = process.argv.slice(2).map(Number);
const redis = await startRedis("--appendfsync", "everysec");
const worker = start("worker", { redis: redis.url, code: "bench", threads: 1 });
await worker.said(/^worker /);
const link = await openLink(redis.url);
const { bullmq } = await queuePackages();
const waybill = { run: "bench", code: "bench", limit: 60, keep: 600 };
const dispatch = new Dispatch(link, bullmq, waybill, false);
const subscriber = link.another();
subscriber.on("message", (_, text: string) => dispatch.notice(text));
await subscriber.subscribe(keysOf("bench").notices);
const job = {
  ...{ theorem: "slow-coin", world: statedWorld, claims: ["its-bias"], seed: 0, purpose: "bench" },
  configuration: { bias: 0.25, wait: 0, fault: 0 },
};
/** Asks for that many jobs and waits for them all. */
const ask = (from: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) => {
      const draws = [{ ...job, from: from + i, to: from + i + 1 }];
      return new Promise<void>((resolve, fail) => {
        const land = () => {
          resolve();
          return true;
        };
        const name = pieceName("bench", undefined, draws[0]!);
        dispatch.ask({ name, kind: "", seconds: () => Number.POSITIVE_INFINITY, content: { draws }, land, fail });
      });
    }),
  );
await ask(0, 500);
const own = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const before = [cpuSeconds(redis.pid()), cpuSeconds(worker.pid), own(), performance.now() / 1000];
await ask(500, jobs);
const after = [cpuSeconds(redis.pid()), cpuSeconds(worker.pid), own(), performance.now() / 1000];
const [inRedis, inWorker, inCoordinator, wall] = after.map((value, i) => (1000 * (value - before[i]!)) / jobs);
console.log(
  `${jobs} jobs, each: Redis ${inRedis!.toFixed(3)} ms CPU, worker ${inWorker!.toFixed(3)} ms CPU, ` +
    `coordinator ${inCoordinator!.toFixed(3)} ms CPU; one worker of one thread took ${wall!.toFixed(3)} ms a job`,
);
await worker.kill();
subscriber.disconnect();
link.close();
await redis.stop();
