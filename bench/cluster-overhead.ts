import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startRedis } from "../properties/cluster/redis-server.js";
import { builtCommand, cpuSeconds, startBuilt } from "./cluster-processes.js";

// `npx tsx bench/cluster-overhead.ts [theorem…]` after `npm run build`: what `verify` takes by two threads, and by 1, 2
// and 4 worker processes of a thread each, in CPU seconds of all processes together; Redis' own apart. A worker's start
// is counted apart too: it is paid once, whatever it then does.

const theorems = process.argv.slice(2);
const untimed = (text: string) => text.replaceAll(/"seconds": [^\n]*/g, "");
const bash = promisify(execFile);

/** A run's JSON, and the CPU seconds of its process. */
async function verify(...args: string[]): Promise<{ json: string; seconds: number }> {
  const command = [process.execPath, builtCommand, "verify", ...theorems, "--json", ...args].join(" ");
  const { stdout, stderr } = await bash("bash", ["-c", `TIMEFORMAT='cpu %U %S'; time ${command}`]);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr)!;
  return { json: untimed(stdout), seconds: Number(user) + Number(system) };
}

console.log(`verify ${theorems.join(" ")}, CPU seconds`);
const redis = await startRedis();
let expected: string | undefined;
for (const count of [0, 1, 2, 4, 0]) {
  if (count === 0) {
    const { json, seconds } = await verify("--workers", "2");
    console.log(`2 threads: ${seconds.toFixed(1)}`);
    expected ??= json;
    continue;
  }
  const workers = Array.from({ length: count }, () => startBuilt("worker", "--redis", redis.url, "--threads", "1"));
  await sleep(6000);
  const cpu = () => workers.reduce((sum, { pid }) => sum + cpuSeconds(pid!), 0);
  const [started, redisBefore] = [cpu(), cpuSeconds(redis.pid())];
  const { json, seconds } = await verify("--redis", redis.url);
  const [drawn, redisSeconds] = [cpu() - started, cpuSeconds(redis.pid()) - redisBefore];
  const total = seconds + drawn + redisSeconds;
  console.log(
    `${count} workers: ${total.toFixed(1)}: coordinator ${seconds.toFixed(1)}, workers ${drawn.toFixed(1)} ` +
      `(and ${started.toFixed(1)} to start), Redis ${redisSeconds.toFixed(2)}; ` +
      `${json === expected ? "identical" : "ANOTHER"} JSON`,
  );
  for (const worker of workers) worker.kill("SIGTERM");
}
await redis.stop();
