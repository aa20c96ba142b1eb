import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import { type Judgement, judge } from "../../src/claim/judging.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { type Cluster, type ClusterOptions, openCluster } from "../../src/cluster/cluster.js";
import { codeIdentity } from "../../src/cluster/identity.js";
import { type Serving, type ServingOptions, serve } from "../../src/cluster/serving.js";
import { keysOf, queueName } from "../../src/cluster/wire.js";
import { type Child, rates, registry, start } from "./processes.js";
import { describeWithRedis, startRedis, type TestRedis } from "./redis-server.js";
import { faults, slowCoin, theorems } from "./theorems.js";

const untimed = (judgements: readonly Judgement[]) => judgements.map((one) => ({ ...one, seconds: 0 }));

describeWithRedis("workers of a queue", () => {
  let redis: TestRedis;
  let client: Redis;
  const open: { close: () => Promise<unknown> }[] = [];
  const children: Child[] = [];

  beforeAll(async () => {
    redis = await startRedis("--appendfsync", "always");
    client = new Redis(redis.url, { maxRetriesPerRequest: null });
    client.on("error", () => undefined);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(async () => {
    client?.disconnect();
    await redis?.stop();
  });

  /** A worker in this process, whose draws are made in threads. */
  async function worker(options: Partial<ServingOptions> = {}): Promise<Serving & { lines: string[] }> {
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const serving = await serve({ redis: redis.url, threads: 1, registry, lock: 2, say, ...options });
    open.push(serving);
    return { ...serving, lines };
  }

  async function coordinator(options: Partial<ClusterOptions> = {}): Promise<Cluster & { lines: string[] }> {
    const lines: string[] = [];
    const cluster = await openCluster({
      redis: redis.url,
      limit: 60,
      say: (line) => void lines.push(line),
      ...options,
    });
    open.push(cluster);
    return { ...cluster, lines };
  }

  /** A worker that can be killed; those who stay look for lost jobs every second. */
  async function killable(options: object = {}): Promise<Child> {
    const child = start("worker", { redis: redis.url, lock: 2, ...options });
    children.push(child);
    await child.said(/^worker /);
    return child;
  }

  const at = (wait: number, fault: number = faults.none) => ({ bias: 0.25, wait, fault });

  /** The slow coin judged with these draws. */
  const judged = async (draw: Cluster["draw"], wait: number, fault: number = faults.none) =>
    untimed(await judge(slowCoin, ["its-bias"], statedWorld, { ...rates, draw }, [{ configuration: at(wait, fault) }]));
  const here = (wait: number, fault?: number) => judged(drawHere(theorems), wait, fault);

  const landed = async (run: string, least: number) => {
    while ((await client.hlen(keysOf(run).results)) < least) await sleep(20);
  };

  it("make the bits of one thread, whatever their number and however it changes", async () => {
    await worker({ code: "many" });
    const { draw } = await coordinator({ code: "many", run: "many" });
    const running = Promise.all([judged(draw, 5), judged(draw, 0), judged(draw, 1)]);
    await landed("many", 20);
    await worker({ code: "many", threads: 2 });
    expect(await running).toEqual(await Promise.all([here(5), here(0), here(1)]));
  });

  it("are killed in mid-job, one or all: the next to come finishes the run", async () => {
    const first = await killable({ code: "killed" });
    const { draw } = await coordinator({ code: "killed", run: "killed" });
    const running = judged(draw, 30);
    await landed("killed", 3);
    await first.kill();
    expect(await client.llen(`icl:${queueName("killed")}:active`)).toBe(1);
    await worker({ code: "killed", lock: 1 });
    expect(await running).toEqual(await here(30));
  });

  it("go on, when the coordinator is killed, from what has landed", async () => {
    const { lines } = await worker({ code: "again" });
    const options = { redis: redis.url, code: "again", run: "again", configuration: at(30) };
    const first = start("coordinator", options);
    await landed("again", 8);
    await first.kill();
    const kept = await client.hgetall(keysOf("again").results);
    const second = start("coordinator", options);
    children.push(second);
    const line = await second.said(/^judged /);
    expect(JSON.parse(line.slice(7))).toEqual(await here(30));
    expect(Object.keys(kept).length).toBeGreaterThanOrEqual(8);
    await second.ended;
    // A run that came to its end leaves nothing.
    expect(await client.keys(`${keysOf("again").results}`)).toEqual([]);
    expect(lines.some((text) => /refused/.test(text))).toBe(false);
  });

  it("and their coordinator wait for a Redis that is killed, and go on when it is back", async () => {
    await worker({ code: "power" });
    const { draw, lines } = await coordinator({ code: "power", run: "power" });
    const running = judged(draw, 30);
    await landed("power", 4);
    await redis.kill();
    await sleep(2500);
    expect(lines).toContain(`Redis at ${redis.url} is gone; waiting for it`);
    await redis.start();
    expect(await running).toEqual(await here(30));
  });

  it("of another version are refused, by both, with a line that says whose", async () => {
    const behind = await worker({ code: "old" });
    const { draw, lines } = await coordinator({ code: "new", run: "versions" });
    const running = judged(draw, 0);
    await expect
      .poll(() => lines, { timeout: 10_000 })
      .toContainEqual(
        expect.stringMatching(/^refused: worker \S+:\d+ \(icl-claims \S+, code old\); this run is of new$/),
      );
    await expect
      .poll(() => behind.lines, { timeout: 10_000 })
      .toContainEqual(
        expect.stringMatching(/^not served: run versions of \S+ \(icl-claims \S+, code new\) is not of old$/),
      );
    await worker({ code: "new" });
    expect(await running).toEqual(await here(0));
  });

  it("whose draws throw fail the run with the sentence that threads have", async () => {
    await worker({ code: "throws" });
    const { draw } = await coordinator({ code: "throws" });
    const message = await here(0, faults.throws).catch((error: Error) => error.message);
    expect(message).toMatch(/^slow-coin .* draw 0: the coin fell off the table$/);
    await expect(judged(draw, 0, faults.throws)).rejects.toThrow(message as string);
    await expect(judged(draw, 0, faults.throws)).rejects.toHaveProperty("cause", expect.any(RangeError));
  });

  it("end a draw that never ends at the time limit, and are there for the next", async () => {
    await worker({ code: "endless" });
    const { draw } = await coordinator({ code: "endless", limit: 3 });
    const patient = await coordinator({ code: "endless" });
    const what = /^slow-coin \(as stated\), draws 0 to 0: not done in 3 s, the time limit \(worker \S+:\d+\)$/;
    await expect(judged(draw, 0, faults.neverEnds)).rejects.toThrow(what);
    expect(await judged(patient.draw, 1)).toEqual(await here(1));
  });

  it("give up a job that ends its worker each time", async () => {
    const { draw } = await coordinator({ code: "poison" });
    const why = /a job was begun 5 times and never ended: its workers died/;
    const given = expect(judged(draw, 0)).rejects.toThrow(why);
    const waiting = () => client.lrange(`icl:${queueName("poison")}:wait`, 0, -1);
    await expect.poll(waiting, { timeout: 10_000 }).not.toEqual([]);
    // As if five workers had begun each of them, and died.
    for (const id of await waiting()) await client.hset(keysOf(id.split(".")[0]!).begun, id, 5);
    await worker({ code: "poison" });
    await given;
  });

  it("may bring a result twice, or bring what is none", async () => {
    const { draw } = await coordinator({ code: "twice", run: "twice" });
    const keys = keysOf("twice");
    const running = judged(draw, 5);
    await worker({ code: "twice" });
    await landed("twice", 4);
    const all = await client.hgetall(keys.results);
    const notice = JSON.stringify({ landed: Object.keys(all), failed: [] });
    for (let i = 0; i < 3; i++) {
      await client.hset(keys.results, all);
      await client.publish(keys.notices, notice);
      await client.publish(keys.notices, "{no JSON");
    }
    expect(await running).toEqual(await here(5));
    // A second run of the name finds one that was damaged, and has it made again.
    await client.hset(keys.results, Object.keys(all)[0]!, "no result");
    const again = await coordinator({ code: "twice", run: "twice" });
    expect(await judged(again.draw, 5)).toEqual(await here(5));
  });

  it("are not asked for draws past a verdict", async () => {
    const { draw } = await coordinator({ code: "cancelled" });
    const enough = new AbortController();
    const job = { theorem: "slow-coin", world: statedWorld, claims: ["its-bias"], seed: 0, purpose: "judge" };
    const asked = Array.from({ length: 6 }, (_, i) =>
      draw({ ...job, configuration: at(0), from: i, to: i + 1 }, enough.signal),
    );
    const queued = () => client.llen(`icl:${queueName("cancelled")}:wait`);
    await expect.poll(queued, { timeout: 10_000 }).toBe(6);
    enough.abort();
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    await expect.poll(queued, { timeout: 10_000 }).toBe(0);
    // What was dropped can be asked for again.
    await worker({ code: "cancelled" });
    expect((await draw({ ...job, configuration: at(0), from: 0, to: 1 })).values[0]).toHaveLength(1);
  });

  it("serve several runs in turn", async () => {
    const [first, second] = [await coordinator({ code: "fair" }), await coordinator({ code: "fair" })];
    const order: string[] = [];
    const ask = (who: string, { draw }: Cluster, seed: number) =>
      Promise.all(
        Array.from({ length: 24 }, async (_, i) => {
          const job = { theorem: "slow-coin", world: statedWorld, claims: ["its-bias"], purpose: who };
          await draw({ ...job, seed, configuration: at(250 + i), from: 0, to: 1 });
          order.push(who);
        }),
      );
    const all = Promise.all([ask("first", first, 1), sleep(300).then(() => ask("second", second, 2))]);
    await worker({ code: "fair", threads: 4 });
    await all;
    // Unless they took turns, the first's 24 would come before any of the second's.
    expect(order.slice(0, 24).filter((who) => who === "second").length).toBeGreaterThan(5);
  });

  it("that do not come are waited for so long, and no longer", async () => {
    const { draw, lines } = await coordinator({ code: "nobody", run: "nobody", patience: 6 });
    await expect(judged(draw, 0)).rejects.toThrow(
      "no worker that it can use has been seen for 6 s; with --run nobody it goes on from what there is",
    );
    expect(lines).toContain(`waiting for workers: icl-claims worker --redis ${redis.url}`);
  });

  it("refuse what is no parcel, and run nothing that comes with it", async () => {
    const { lines } = await worker({ code: "forged" });
    const { Queue } = await import("bullmq");
    const queue = new Queue(queueName("forged"), { connection: client as never, prefix: "icl" });
    await queue.add("draws", { run: "x", code: "forged", limit: 1, keep: 1, draws: [{ theorem: "process.exit()" }] });
    await queue.add("draws", { run: "x", code: "other", limit: 1, keep: 1, draws: [] });
    await expect
      .poll(() => lines, { timeout: 10_000 })
      .toEqual(
        expect.arrayContaining([
          "refused: a job of the queue is no parcel of draws",
          "refused: a job of run x is of code other",
        ]),
      );
    await queue.close();
  });

  it("have one identity on one code", () => {
    expect(codeIdentity()).toBe(codeIdentity());
    expect(codeIdentity()).toMatch(/^[0-9a-f]{12}-(wasm|ts)-v8-\d+\.\d+$/);
  });
});
