import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";

const installed = spawnSync("redis-server", ["--version"]).status === 0;

/** Tests that need a redis-server: left out, and said so, where there is none; never in continuous integration. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (installed || (process.env.CI ?? "") !== "") {
    describe(name, tests);
    return;
  }
  console.warn(`skipped: "${name}" needs redis-server (apt-get install redis-server)`);
  describe.skip(name, tests);
}

/** A redis-server of the test's own, on a loopback port. */
export interface TestRedis {
  readonly url: string;
  /** Its process. */
  readonly pid: () => number;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Starts it again with what its append-only file has. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param settings as on the command line of redis-server. */
export async function startRedis(...settings: string[]): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), "icl-redis-"));
  const port = await freePort();
  const tls = settings.includes("--tls-port");
  const password = settings[settings.indexOf("--requirepass") + 1];
  const ports = tls ? ["--port", "0"] : ["--port", String(port)];
  const args = [...ports, "--bind", "127.0.0.1", "--save", "", "--dir", directory, "--appendonly", "yes"];
  const asked = settings.map((setting) => setting.replace("PORT", String(port)));
  let child: ChildProcess;
  const start = async () => {
    child = spawn("redis-server", [...args, ...asked], { stdio: "ignore" });
    const auth = settings.includes("--requirepass") ? ["-a", password!, "--no-auth-warning"] : [];
    const how = ["-h", "127.0.0.1", "-p", String(port), ...auth, ...(tls ? ["--tls", "--insecure"] : []), "ping"];
    for (let i = 0; i < 200; i++) {
      if (spawnSync("redis-cli", how).stdout.toString().includes("PONG")) return;
      await sleep(50);
    }
    throw new Error(`redis-server did not start on port ${port}`);
  };
  const kill = async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    ...{ start, kill, pid: () => child.pid!, url: `${tls ? "rediss" : "redis"}://127.0.0.1:${port}` },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A certificate for 127.0.0.1 that its own key signed, as [certificate, key]; undefined where there is no openssl. */
export function certificate(directory: string): [string, string] | undefined {
  const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  try {
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"].concat([
        "-keyout",
        key,
        "-out",
        cert,
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
      ]),
      { stdio: "ignore" },
    );
    return [cert, key];
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
