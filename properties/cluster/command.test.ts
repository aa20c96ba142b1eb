import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { register } from "tsx/esm/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCluster } from "../../src/cluster/cluster.js";
import { serve } from "../../src/cluster/serving.js";
import { keysOf } from "../../src/cluster/wire.js";
import { starterFiles } from "../../src/command/starter.js";
import { figureOf } from "../../src/figure/figures/index.js";
import type { PartMessage } from "../../src/figure/worker.js";
import { commandLine } from "../command/command-line.js";
import { poolHere, runHere } from "../command/run-here.js";
import { registry, watch } from "./processes.js";
import { describeWithRedis, startRedis, type TestRedis } from "./redis-server.js";
import { theorems } from "./theorems.js";

// A theorem of one's own imports this package from source here, as under tsx.
afterAll(register());

const root = new URL("../..", import.meta.url).pathname;

describeWithRedis("the command line with --redis", () => {
  let redis: TestRedis;
  const directory = mkdtempSync(join(tmpdir(), "icl-cluster-"));
  const starter = starterFiles["theorem.ts"]!;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.stop();
    rmSync(directory, { recursive: true });
  });

  const run = (...args: string[]) => promisify(execFile)(process.execPath, [...commandLine, ...args], { cwd: root });
  const here = (...args: string[]) => runHere({ theorems, url: "", pool: poolHere }, args);
  const results = (text: string) =>
    (JSON.parse(text) as object[]).map((result) => ({ ...result, seconds: 0 }) as Record<string, unknown>);

  it("verifies a theorem of one's own as one thread does, with a worker that has the same file and one that has not", async () => {
    writeFileSync(join(directory, "theorem.ts"), starter);
    writeFileSync(join(directory, "changed.ts"), starter.replace("hundred samples", "hundred tosses"));
    const child = (file: string) =>
      watch(
        spawn(
          process.execPath,
          [...commandLine, "worker", join(directory, file), "--redis", redis.url, "--threads", "1"],
          {
            cwd: root,
            stdio: ["ignore", "pipe", "inherit"],
          },
        ),
      );
    const other = child("changed.ts");
    await other.said(/^worker \S+:\d+ \(icl-claims /);
    const verifying = run("verify", join(directory, "theorem.ts"), "--json", "--redis", redis.url, "--run", "mine");
    await other.said(/^not served: run mine of \S+ .* has modules that this worker was not given$/);
    const same = child("theorem.ts");
    const { stdout, stderr } = await verifying;
    expect(stderr).toMatch(/^icl-claims: refused: worker \S+:\d+ has not this run's modules, or others of that name$/m);
    const threads = await here("verify", join(directory, "theorem.ts"), "--json");
    expect(results(stdout)).toEqual(results(threads.stdout));
    expect(results(stdout).length).toBeGreaterThan(1);
    await Promise.all([same.kill(), other.kill()]);
  });

  it("refuses in one sentence what does not go together", async () => {
    expect(await runHere({ theorems, url: "" }, ["verify", "--run", "x"])).toMatchObject({
      code: 2,
      stderr: "icl-claims: --run names a run of workers, and so needs --redis\n",
    });
  });

  it("makes the parts of a figure, and goes on from a training's state", async () => {
    const options = { redis: redis.url, code: "figure" };
    const serving = await serve({ ...options, registry, threads: 1, say: () => undefined });
    const cluster = await openCluster({ ...options, run: "figure", limit: 60, say: () => undefined });
    const figure = figureOf("threshold");
    const [part] = figure.parts({ ...figure.settings, ...figure.quick });
    const nothing = () => undefined;
    const here = figure.compute(part!, { seed: 0, progress: nothing, keep: nothing });
    const heard: PartMessage[] = [];
    await cluster.run({ figure: "threshold", part: part!, seed: 0 }, (message) => heard.push(message));
    expect(heard.at(-1)).toEqual({ kind: "rows", rows: here });
    await cluster.run({ figure: "2", part: { N: 0 }, seed: 0 }, (message) => heard.push(message));
    expect(heard.at(-1)).toMatchObject({ kind: "failure", usage: true });
    expect(await cluster.note()).toMatch(/^1 worker \(1 thread\), 0.0 draws a second$/);
    cluster.finished();
    await cluster.close();
    await serving.close();
    expect(keysOf("figure").states).toBe("icl:run:figure:states");
  });
});
