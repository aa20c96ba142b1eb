import type { Job, Worker } from "bullmq";
import type { DrawJob } from "../claim/drawing.js";
import { drawingThreads } from "../claim/pool.js";
import { partPool } from "../figure/pool.js";
import type { PartJob, PartMessage } from "../figure/worker.js";
import type { DualState } from "../transformer/descent/dual.js";
import { codeIdentity } from "./identity.js";
import { openLink, queuePackages } from "./redis.js";
import { leave, type Member, member, memberText, present, sign, signEvery } from "./roster.js";
import {
  decode,
  encode,
  hashOf,
  keysOf,
  type Notice,
  type Parcel,
  parcelIn,
  pieceName,
  queueName,
  rosters,
  space,
} from "./wire.js";

/** What a worker serves, and with what. */
export interface ServingOptions {
  readonly redis: string;
  /** Jobs it makes at once, each in a thread of its own. */
  readonly threads: number;
  /** URL of the module that exports this package's `theorems`. */
  readonly registry: string;
  /** Modules of one's own, by their hash: the URL to load each from. */
  readonly modules?: ReadonlyMap<string, string>;
  /** Seconds after which a job whose worker says nothing is given to another. */
  readonly lock?: number;
  /** What it computes with, unless it is this package's code. */
  readonly code?: string;
  readonly say: (line: string) => void;
}

/** A worker at work. */
export interface Serving {
  /** Ends it: jobs under way get ten seconds, and then go back into the queue. */
  readonly close: () => Promise<void>;
}

/** How often a job may be begun: one that ends its worker each time, as by taking all memory, must not end them all. */
const mostBegun = 5;

/** Seconds between two states of a training that are kept. */
const stateEvery = 10;

/** Seconds that jobs under way get when a worker is ended. */
const grace = 10;

/**
 * Makes the draws and parts of figures that a queue asks for, in threads, while this thread renews the jobs' locks. It
 * runs nothing that comes from the queue: a job names a theorem and a configuration.
 * @throws RangeError in one sentence as `openLink`, or unless threads is an integer from 1 to 256.
 */
export async function serve(options: ServingOptions): Promise<Serving> {
  const { bullmq } = await queuePackages();
  const link = await openLink(options.redis);
  const server = new Server(options, link.redis, bullmq.UnrecoverableError);
  const { lock = 30, threads } = options;
  const workers = server.queues.map((queue) => {
    const worker = new bullmq.Worker(queue, (job: Job) => server.work(job), {
      ...{ connection: link.redis as never, prefix: space, concurrency: threads },
      ...{ lockDuration: 1000 * lock, stalledInterval: Math.ceil((1000 * lock) / 3), runRetryDelay: 1000 },
      // How often a job may be begun is counted where it is begun.
      maxStalledCount: 1_000_000,
      ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    });
    // A Redis that is gone is waited for; a lock that was lost means that the job is made twice, with the same numbers.
    worker.on("error", () => undefined);
    return worker as Worker;
  });
  const { say } = options;
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  await server.sign();
  say(`worker ${memberText(server.self)}: ${threads} ${threads === 1 ? "thread" : "threads"}, at ${link.shown}`);
  let gone = false;
  const timers = [
    setInterval(() => {
      if (link.silence() > 0) {
        if (!gone) say(`Redis at ${link.shown} is gone; waiting for it`);
        gone = true;
        return;
      }
      if (gone) say(`Redis at ${link.shown} is back`);
      gone = false;
      server.sign().catch(() => undefined);
    }, 1000 * signEvery),
    setInterval(() => say(server.minute()), 60_000),
  ];
  let closed: Promise<void> | undefined;
  const close = async () => {
    for (const timer of timers) clearInterval(timer);
    const leaving = leave(link.redis, rosters.workers, server.self).catch(() => undefined);
    // Those that the grace does not suffice for fail, and so go back into the queue at once.
    const late = setTimeout(() => server.end(), 1000 * grace);
    const ending = Promise.all([leaving, ...workers.map((worker) => worker.close())]);
    const latest = new Promise((resolve) => setTimeout(resolve, 1000 * (grace + 3)).unref());
    await Promise.race([ending, latest]);
    clearTimeout(late);
    await server.end();
    link.close();
  };
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** What of a job can be kept: a result, or why there is none. */
type Outcome = { readonly name: string; readonly result: unknown } | { readonly name: string; readonly why: string };

class Server {
  readonly self: Member;
  readonly queues: readonly string[];
  readonly #code: string;
  readonly #draws;
  readonly #parts;
  readonly #refused = new Set<string>();
  #jobs = 0;
  #drawn = 0;
  #ended: Promise<unknown> | undefined;

  constructor(
    private readonly options: ServingOptions,
    private readonly redis: Awaited<ReturnType<typeof openLink>>["redis"],
    private readonly Unrecoverable: new (message: string) => Error,
  ) {
    this.#code = options.code ?? codeIdentity();
    const modules = [...(options.modules?.keys() ?? [])];
    this.self = member({ code: this.#code, threads: options.threads, modules });
    this.queues = [undefined, ...modules].map((module) => queueName(this.#code, module));
    this.#draws = drawingThreads(options.threads);
    this.#parts = partPool(options.threads);
  }

  /** Ends the threads; what they were at fails. */
  end(): Promise<unknown> {
    this.#ended ??= Promise.all([this.#draws.close(), this.#parts.close()]);
    return this.#ended;
  }

  /** A sign of life, and a line about each run that this worker cannot serve. */
  async sign(): Promise<void> {
    await sign(this.redis, rosters.workers, this.self);
    for (const run of await present(this.redis, rosters.runs)) {
      const lacking = run.modules.filter((module) => !this.self.modules.includes(module));
      if (run.code === this.#code && lacking.length === 0) continue;
      const why = run.code === this.#code ? "has modules that this worker was not given" : `is not of ${this.#code}`;
      this.#refuse(`not served: run ${run.run} of ${memberText(run)} ${why}`);
    }
  }

  /** What the last minute saw. */
  minute(): string {
    const line = `${this.#jobs} jobs, ${this.#drawn} draws in the last minute`;
    this.#jobs = 0;
    this.#drawn = 0;
    return line;
  }

  async work(job: Job): Promise<void> {
    let parcel: Parcel;
    try {
      parcel = parcelIn(job.data);
      if (parcel.code !== this.#code) throw new RangeError(`a job of run ${parcel.run} is of code ${parcel.code}`);
    } catch (error) {
      this.#refuse(`refused: ${(error as Error).message}`);
      throw new this.Unrecoverable((error as Error).message);
    }
    this.#jobs++;
    const pieces = parcel.draws ?? [parcel.part!];
    const names = pieces.map((piece) => pieceName(this.#code, parcel.module, piece));
    const keys = keysOf(parcel.run);
    const id = job.id ?? hashOf(...names);
    const [begun, found] = await Promise.all([
      this.redis.hincrby(keys.begun, id, 1),
      this.redis.hmget(keys.results, ...names),
      this.redis.expire(keys.begun, parcel.keep),
    ]);
    // A job that came twice: by now its results may be there.
    const missing = pieces.map((piece, i) => ({ piece, name: names[i]! })).filter((_, i) => found[i] === null);
    if (begun > mostBegun) {
      const why = `a job was begun ${mostBegun} times and never ended: its workers died, as of too little memory`;
      await this.#keep(
        parcel,
        missing.map(({ name, piece }) => ({ name, why: `${titleOf(piece)}: ${why}` })),
      );
      return;
    }
    const outcomes: Outcome[] = [];
    try {
      for (const { piece, name } of missing) {
        outcomes.push(
          "figure" in piece ? await this.#part(parcel, piece, name) : await this.#draw(parcel, piece, name),
        );
      }
    } catch (error) {
      // The thread died, as of too little memory: another try may fare better. One that was ended is nobody's fault.
      if (this.#ended) await this.redis.hincrby(keys.begun, id, -1);
      if (this.#ended || begun < mostBegun) throw error;
      const { name, piece } = missing[outcomes.length]!;
      outcomes.push({ name, why: `${titleOf(piece)}: ${(error as Error).message} (worker ${this.self.who})` });
    }
    await this.#keep(parcel, outcomes);
    await this.redis.hdel(keys.begun, id);
  }

  async #draw({ module, limit }: Parcel, piece: DrawJob, name: string): Promise<Outcome> {
    const url = module === undefined ? this.options.registry : this.options.modules?.get(module);
    if (url === undefined) return { name, why: `${titleOf(piece)}: worker ${this.self.who} has not its module` };
    const signal = AbortSignal.timeout(1000 * limit);
    try {
      const result = await this.#draws.draw(url, piece, signal);
      this.#drawn += result.values[0]!.length;
      return { name, result };
    } catch (error) {
      if (signal.aborted) return { name, why: this.#late(piece, limit) };
      if (!(error instanceof RangeError)) throw error;
      return { name, why: `${titleOf(piece)}: ${error.message} (worker ${this.self.who})` };
    }
  }

  async #part(parcel: Parcel, piece: PartJob, name: string): Promise<Outcome> {
    const keys = keysOf(parcel.run);
    const signal = AbortSignal.timeout(1000 * parcel.limit);
    const kept = await this.redis.hget(keys.states, name);
    const state = kept ? (decode(kept) as DualState) : undefined;
    const resume = state && state.step > (piece.resume?.step ?? -1) ? state : piece.resume;
    let last: PartMessage | undefined;
    let told = performance.now();
    let stored = told;
    const seconds = (since: number) => (performance.now() - since) / 1000;
    const tell = (notice: Notice) =>
      void this.redis.publish(keys.notices, JSON.stringify(notice)).catch(() => undefined);
    await this.#parts.run(
      { ...piece, ...(resume ? { resume } : {}) },
      (message) => {
        if (message.kind === "progress") {
          if (seconds(told) < 1) return;
          told = performance.now();
          tell({ part: name, share: message.share });
        } else if (message.kind === "state") {
          if (seconds(stored) < stateEvery) return;
          stored = performance.now();
          const storing = this.redis
            .multi()
            .hset(keys.states, name, encode(message.state))
            .expire(keys.states, parcel.keep);
          void storing.exec().then(
            () => tell({ part: name }),
            () => undefined,
          );
        } else last = message;
      },
      signal,
    );
    if (last) return { name, result: last };
    if (signal.aborted) return { name, why: this.#late(piece, parcel.limit) };
    throw new Error(`${titleOf(piece)} ended without rows`);
  }

  #late(piece: DrawJob | PartJob, limit: number): string {
    return `${titleOf(piece)}: not done in ${limit} s, the time limit (worker ${this.self.who})`;
  }

  /** The same bytes, should somebody have been here before. */
  async #keep({ run, keep }: Parcel, outcomes: readonly Outcome[]): Promise<void> {
    const keys = keysOf(run);
    const writing = this.redis.multi();
    const landed = outcomes.flatMap((outcome) => ("result" in outcome ? [outcome] : []));
    const failed = outcomes.flatMap((outcome) => ("why" in outcome ? [outcome] : []));
    if (landed.length > 0) {
      writing.hset(keys.results, ...landed.flatMap(({ name, result }) => [name, encode(result)]));
      writing.expire(keys.results, keep);
    }
    if (failed.length > 0) {
      writing.hset(keys.failures, ...failed.flatMap(({ name, why }) => [name, why]));
      writing.expire(keys.failures, keep);
    }
    const names = (some: readonly Outcome[]) => some.map(({ name }) => name);
    writing.publish(keys.notices, JSON.stringify({ landed: names(landed), failed: names(failed) } satisfies Notice));
    // A transaction resolves to what each command came to.
    for (const [error] of (await writing.exec()) ?? []) if (error) throw error;
  }

  #refuse(line: string): void {
    if (this.#refused.has(line)) return;
    this.#refused.add(line);
    this.options.say(line);
  }
}

function titleOf(piece: DrawJob | PartJob): string {
  if ("figure" in piece) return `a part of figure ${piece.figure}`;
  return `${piece.theorem} (${piece.world}), draws ${piece.from} to ${piece.to - 1}`;
}
