import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { version } from "../report/version.js";

/** A worker or a run as it makes itself known. */
export interface Member {
  /** host:process, whose it is. */
  readonly who: string;
  /** What it computes with. */
  readonly code: string;
  readonly version: string;
  /** Of a worker. */
  readonly threads?: number;
  /** Hashes of the modules that a worker has besides, or that a run needs. */
  readonly modules: readonly string[];
  /** Of a run: its name. */
  readonly run?: string;
}

/** Seconds after which one that says nothing is taken for gone. */
export const goneAfter = 15;

/** Seconds between two signs of life. */
export const signEvery = 4;

/** This process as a member. */
export function member(rest: Omit<Member, "who" | "version">): Member {
  return { who: `${hostname()}:${process.pid}`, version, ...rest };
}

/** A sign of life, by Redis' clock; those silent for a day are forgotten. */
export async function sign(redis: Redis, roster: string, self: Member): Promise<void> {
  const now = await clock(redis);
  await redis
    .multi()
    .zadd(roster, now, JSON.stringify(self))
    .zremrangebyscore(roster, "-inf", String(now - 86_400))
    .exec();
}

/** Leaves the roster. */
export async function leave(redis: Redis, roster: string, self: Member): Promise<void> {
  await redis.zrem(roster, JSON.stringify(self));
}

/** Those who gave a sign of life lately. What is no member is none. */
export async function present(redis: Redis, roster: string): Promise<Member[]> {
  const since = (await clock(redis)) - goneAfter;
  const texts = await redis.zrangebyscore(roster, String(since), "+inf");
  return texts.flatMap((text) => {
    try {
      const { who, code, version: other, threads, modules, run } = JSON.parse(text) as Member;
      return [{ who, code, version: other, threads: threads ?? 0, modules: modules ?? [], ...(run ? { run } : {}) }];
    } catch {
      return [];
    }
  });
}

/** "alice:4242 (icl-claims 0.1.0, code 1a2b…)": whose, and what it computes with. */
export function memberText({ who, code, version: other }: Member): string {
  return `${who} (icl-claims ${other}, code ${code})`;
}

async function clock(redis: Redis): Promise<number> {
  return Number((await redis.time())[0]);
}
