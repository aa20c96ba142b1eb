import type { Redis } from "ioredis";

/** A connection to Redis, and what is known of it. */
export interface Link {
  readonly redis: Redis;
  /** Its URL without user and password: what may be printed. */
  readonly shown: string;
  /** Another connection to the same place, as a subscriber needs. */
  readonly another: () => Redis;
  /** Seconds since it was lost; 0 while it is there. */
  readonly silence: () => number;
  readonly close: () => void;
}

/** The queue's packages, loaded when wanted. @throws RangeError that says what to install when they are missing. */
export async function queuePackages(): Promise<{ bullmq: typeof import("bullmq"); Redis: typeof Redis }> {
  return withQueuePackages(async () => {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, Redis: ioredis.Redis };
  });
}

/** Runs an import of the queue's packages. @throws RangeError that says what to install when one is missing. */
export async function withQueuePackages<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw new RangeError("--redis needs two more packages: npm install bullmq@6 ioredis@6");
  }
}

/**
 * Connects, and checks that this Redis keeps what it is given. A URL without a password takes ICL_REDIS_PASSWORD, which
 * no list of processes shows. A connection that is lost later is made again for as long as the program runs.
 * @throws RangeError in one sentence: no such URL, no answer, a wrong password, too old, or keys evicted when full.
 */
export async function openLink(url: string): Promise<Link> {
  const { shown, password } = readUrl(url);
  const { Redis } = await queuePackages();
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: (times: number) => Math.min(1000, 50 * times),
    ...(password === undefined ? {} : { password }),
  };
  const redis = new Redis(url, options);
  let last = "";
  let lost: number | undefined;
  redis.on("error", (error: Error) => {
    last = error.message || (error as NodeJS.ErrnoException).code || String(error);
  });
  redis.on("close", () => {
    lost ??= performance.now();
  });
  redis.on("ready", () => {
    lost = undefined;
  });
  const refuse = (why: string): never => {
    redis.disconnect();
    throw new RangeError(`Redis at ${shown} ${why}`);
  };
  const connected = await redis.connect().catch((error: Error) => refuse(`does not answer: ${last || error.message}`));
  void connected;
  const info = await redis.info().catch((error: Error) => refuse(`refuses: ${error.message}`));
  const [, version = ""] = /^redis_version:(\S+)/m.exec(info) ?? [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (!(major > 6 || (major === 6 && minor >= 2))) refuse(`is version ${version}; 6.2 or later is needed`);
  const [, policy = ""] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy !== "noeviction") {
    refuse(`throws keys away when its memory is full (maxmemory-policy is ${policy}); set it to noeviction`);
  }
  return {
    redis,
    shown,
    another: () => redis.duplicate(),
    silence: () => (lost === undefined ? 0 : (performance.now() - lost) / 1000),
    close: () => redis.disconnect(),
  };
}

function readUrl(text: string): { shown: string; password?: string } {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // Refused below, without its text: a password may be in it.
  }
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new RangeError("a Redis URL is written redis://host:6379, or rediss://user:password@host:6379 for TLS");
  }
  const shown = `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`;
  const given = process.env.ICL_REDIS_PASSWORD;
  return url.password === "" && given !== undefined && given !== "" ? { shown, password: given } : { shown };
}
