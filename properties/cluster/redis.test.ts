import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { openCluster } from "../../src/cluster/cluster.js";
import { openLink, withQueuePackages } from "../../src/cluster/redis.js";
import { certificate, describeWithRedis, startRedis } from "./redis-server.js";

describe("a Redis that cannot be used is refused in one sentence", () => {
  it.each(["http://127.0.0.1:6379", "127.0.0.1:6379", "redis://", "nonsense"])(
    "%s, which is no such URL",
    async (url) => {
      await expect(openLink(url)).rejects.toThrow(/^a Redis URL is written redis:\/\/host:6379, or rediss:/);
    },
  );

  it("where nobody answers, without its password", async () => {
    await expect(openLink("redis://user:secret@127.0.0.1:1")).rejects.toThrow(
      /^Redis at redis:\/\/127.0.0.1:1 does not answer: connect ECONNREFUSED/,
    );
  });

  it("where the queue's packages are missing, and passes on every other error", async () => {
    const missing = Object.assign(new Error("Cannot find package 'bullmq'"), { code: "ERR_MODULE_NOT_FOUND" });
    await expect(withQueuePackages(() => Promise.reject(missing))).rejects.toThrow(
      "--redis needs two more packages: npm install bullmq@6 ioredis@6",
    );
    const other = new Error("another");
    await expect(withQueuePackages(() => Promise.reject(other))).rejects.toBe(other);
  });

  it("when a run's name cannot name one", async () => {
    const options = { redis: "redis://127.0.0.1:1", limit: 1, say: () => undefined };
    await expect(openCluster({ ...options, run: "a b" })).rejects.toThrow(/^a run's name has up to 80 letters/);
  });
});

describeWithRedis("a Redis", () => {
  afterEach(() => {
    delete process.env.ICL_REDIS_PASSWORD;
  });

  it("that throws keys away when it is full is refused", async () => {
    const redis = await startRedis("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
    await expect(openLink(redis.url)).rejects.toThrow(
      `Redis at ${redis.url} throws keys away when its memory is full (maxmemory-policy is allkeys-lru); ` +
        "set it to noeviction",
    );
    await redis.stop();
  });

  it("with a password takes it from the URL or the environment, and shows it nowhere", async () => {
    const redis = await startRedis("--requirepass", "open sesame");
    await expect(openLink(redis.url)).rejects.toThrow(/^Redis at \S+ (does not answer|refuses): NOAUTH/);
    const wrong = redis.url.replace("//", "//:wrong@");
    await expect(openLink(wrong)).rejects.toThrow(
      /^Redis at redis:\/\/127\.0\.0\.1:\d+ (does not answer|refuses): WRONGPASS/,
    );
    const link = await openLink(redis.url.replace("//", "//:open%20sesame@"));
    expect(link.shown).toBe(redis.url);
    link.close();
    process.env.ICL_REDIS_PASSWORD = "open sesame";
    (await openLink(redis.url)).close();
    await redis.stop();
  });

  it("is reached by TLS, with a certificate that is trusted", async () => {
    const directory = mkdtempSync(join(tmpdir(), "icl-tls-"));
    const files = certificate(directory);
    if (!files) return console.warn("skipped: a certificate needs openssl");
    const [cert, key] = files;
    const tls = ["--tls-port", "PORT", "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert];
    const redis = await startRedis(...tls, "--tls-auth-clients", "no");
    await expect(openLink(redis.url)).rejects.toThrow(
      /^Redis at rediss:\S+ does not answer: .*self-signed certificate/,
    );
    const script = `
      import { openLink } from ${JSON.stringify(new URL("../../src/cluster/redis.ts", import.meta.url).href)};
      const link = await openLink(${JSON.stringify(redis.url)});
      console.log(await link.redis.ping());
      link.close();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: cert } },
    );
    expect(stdout.trim()).toBe("PONG");
    await redis.stop();
    rmSync(directory, { recursive: true });
  });
});
