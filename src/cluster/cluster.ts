import { randomBytes } from "node:crypto";
import type { DrawFailure, DrawJob, Draws } from "../claim/drawing.js";
import type { DrawingPool } from "../claim/pool.js";
import type { PartPool } from "../figure/pool.js";
import type { PartMessage } from "../figure/worker.js";
import { Costs } from "./bundling.js";
import { Dispatch, type Piece } from "./dispatch.js";
import { codeIdentity } from "./identity.js";
import { type Link, openLink, queuePackages } from "./redis.js";
import { leave, type Member, member, memberText, present, sign, signEvery } from "./roster.js";
import { decode, isRunName, keysOf, pieceName, rosters } from "./wire.js";

/** How a run uses a queue's workers. */
export interface ClusterOptions {
  /** redis://host:6379, or rediss:// for TLS. */
  readonly redis: string;
  /** Names the run, so that one that was cut off goes on from its results; without a name nothing is kept. */
  readonly run?: string;
  /** The module of each theorem that is not this package's own, by its hash. */
  readonly own?: ReadonlyMap<string, string>;
  /** Seconds that one piece of a job may take. */
  readonly limit: number;
  /** Seconds to wait for a Redis that was lost, or for a worker, before giving up. */
  readonly patience?: number;
  /** What this computes with, unless it is this package's code. */
  readonly code?: string;
  /** Where it speaks to a person. */
  readonly say: (line: string) => void;
}

/** Draws and parts of figures made by the workers of a queue. */
export type Cluster = Required<DrawingPool> & PartPool;

/** Seconds that results are kept after the last one: of a run with a name, and of one without. */
const keep = { named: 7 * 86_400, unnamed: 3600 };

/**
 * Joins the workers at a Redis. The numbers are those of one thread: a piece of work is named by its content, and it
 * does not matter who computes it, when, or how often.
 * @throws RangeError in one sentence: a name that cannot name a run, no such Redis, or packages that are missing.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  if (options.run !== undefined && !isRunName(options.run)) {
    throw new RangeError(`a run's name has up to 80 letters, digits, dots, hyphens and underscores: "${options.run}"`);
  }
  const { bullmq } = await queuePackages();
  const link = await openLink(options.redis);
  const run = options.run ?? `unnamed-${randomBytes(6).toString("hex")}`;
  const code = options.code ?? codeIdentity();
  const waybill = { run, code, limit: options.limit, keep: options.run === undefined ? keep.unnamed : keep.named };
  const dispatch = new Dispatch(link, bullmq, waybill, options.run !== undefined);
  const cluster = new Coordinator(options, run, code, link, dispatch);
  await cluster.start();
  return {
    ...{ draw: cluster.draw, run: cluster.run, close: cluster.close, note: cluster.note, finished: cluster.finished },
    lanes: 32,
  };
}

class Coordinator {
  readonly #costs = new Costs();
  readonly #self: Member;
  readonly #asked = new Map<string, { readonly draws: Promise<Draws>; wanting: number }>();
  readonly #modules: readonly string[];
  readonly #spoken = new Set<string>();
  readonly #rates: [at: number, drawn: number][] = [[performance.now(), 0]];
  #subscriber: Link["redis"] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #workers = 0;
  #drawn = 0;
  #ticks = 0;
  #ticking = false;
  #alone = performance.now();
  #done = false;
  #closed: Promise<void> | undefined;

  constructor(
    private readonly options: ClusterOptions,
    private readonly name: string,
    private readonly code: string,
    private readonly link: Link,
    private readonly dispatch: Dispatch,
  ) {
    this.#modules = [...new Set(options.own?.values() ?? [])];
    this.#self = member({ code, run: name, modules: this.#modules });
  }

  async start(): Promise<void> {
    this.#subscriber = this.link.another();
    this.#subscriber.on("error", () => undefined);
    this.#subscriber.on("message", (_, text: string) => this.dispatch.notice(text));
    await this.#subscriber.subscribe(keysOf(this.name).notices);
    await this.#meet();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  readonly draw = (job: DrawJob, signal?: AbortSignal): Promise<Draws> => {
    const module = this.options.own?.get(job.theorem);
    const name = pieceName(this.code, module, job);
    const before = this.#asked.get(name);
    const asked = before ?? { draws: this.#draw(name, module, job), wanting: 0 };
    this.#asked.set(name, asked);
    asked.wanting++;
    if (!before) asked.draws.finally(() => this.#asked.delete(name)).catch(() => undefined);
    if (!signal) return asked.draws;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--asked.wanting === 0) {
          this.#asked.delete(name);
          this.dispatch.drop(name);
        }
        reject(new Error("the draws are not wanted any more"));
      };
      if (signal.aborted) return leave();
      signal.addEventListener("abort", leave, { once: true });
      asked.draws.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  };

  #draw(name: string, module: string | undefined, job: DrawJob): Promise<Draws> {
    return new Promise((resolve, reject) => {
      const land = (result: unknown) => {
        if (!areDraws(result, job)) return false;
        const drawn = result.values[0]!.length;
        if (drawn > 0) this.#costs.learn(job, result.seconds / drawn);
        this.#drawn += drawn;
        resolve(result);
        return true;
      };
      const content = { draws: [job], ...(module ? { module } : {}) };
      const kind = `draws ${module ?? ""}`;
      this.dispatch.ask({ name, kind, seconds: () => this.#costs.of(job), content, land, fail: reject });
    });
  }

  readonly run: PartPool["run"] = (part, hear) =>
    new Promise((resolve, reject) => {
      const name = pieceName(this.code, undefined, part);
      const piece: Piece = {
        ...{ name, kind: "part", content: { part }, fail: reject, seconds: () => Number.POSITIVE_INFINITY },
        land: (result) => {
          if (!isLastMessage(result)) return false;
          hear(result);
          resolve();
          return true;
        },
        hear: ({ share }) => {
          if (typeof share === "number") return hear({ kind: "progress", share });
          const state = this.link.redis.hget(keysOf(this.name).states, name);
          state
            .then((text) => {
              if (text) hear({ kind: "state", state: decode(text) } as PartMessage);
            })
            // As when a checkpoint cannot be written.
            .catch((error: Error) => {
              this.dispatch.drop(name);
              reject(error);
            });
        },
      };
      this.dispatch.ask(piece);
    });

  /** "3 workers (6 threads), 132 draws a second", over the last half minute. */
  readonly note = (): string => {
    const [at, drawn] = this.#rates[0]!;
    const rate = (this.#drawn - drawn) / Math.max(1, (performance.now() - at) / 1000);
    const workers = `${this.#workers} ${this.#workers === 1 ? "worker" : "workers"}`;
    const threads = `${this.dispatch.threads} ${this.dispatch.threads === 1 ? "thread" : "threads"}`;
    return `${workers} (${threads}), ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} draws a second`;
  };

  readonly finished = (): void => {
    this.#done = true;
  };

  readonly close = (): Promise<void> => {
    this.#closed ??= this.#close();
    return this.#closed;
  };

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    this.dispatch.stop(new Error("the run was ended"));
    const { redis } = this.link;
    const over = async () => {
      await this.dispatch.withdraw();
      await leave(redis, rosters.runs, this.#self);
      if (this.#done || this.options.run === undefined) await redis.unlink(...Object.values(keysOf(this.name)));
    };
    // A Redis that is gone is not waited for: its keys end by themselves.
    const late = new Promise((resolve) => setTimeout(resolve, 3000).unref());
    if (this.link.silence() === 0) await Promise.race([over().catch(() => undefined), late]);
    this.#subscriber?.disconnect();
    this.link.close();
  }

  #tick(): void {
    const { patience = 600, say } = this.options;
    const silence = this.link.silence();
    if (silence > 0) {
      this.#once(`Redis at ${this.link.shown} is gone; waiting for it`, say);
      if (silence > patience) this.#giveUp(`Redis at ${this.link.shown} has not answered for ${patience} s`);
      return;
    }
    this.#spoken.delete(`Redis at ${this.link.shown} is gone; waiting for it`);
    if (this.#ticking) return;
    this.#ticking = true;
    this.#ticks++;
    this.#rates.push([performance.now(), this.#drawn]);
    if (this.#rates.length > 30) this.#rates.shift();
    const met = this.#ticks % signEvery === 0 ? this.#meet() : Promise.resolve();
    Promise.all([met, this.dispatch.mend()])
      .catch((error: Error) => this.dispatch.stop(new Error(`Redis at ${this.link.shown}: ${error.message}`)))
      .finally(() => {
        this.#ticking = false;
      });
  }

  /** Looks who is there, and says whom this run cannot use, and why. */
  async #meet(): Promise<void> {
    const { say, patience = 600 } = this.options;
    const { redis } = this.link;
    await sign(redis, rosters.runs, this.#self);
    const workers = await present(redis, rosters.workers);
    const strangers = workers.filter(({ code }) => code !== this.code);
    for (const worker of strangers)
      this.#once(`refused: worker ${memberText(worker)}; this run is of ${this.code}`, say);
    const usable = workers.filter(({ code, modules }) => {
      return code === this.code && this.#modules.every((module) => modules.includes(module));
    });
    for (const worker of workers) {
      if (worker.code !== this.code || usable.includes(worker)) continue;
      this.#once(`refused: worker ${worker.who} has not this run's modules, or others of that name`, say);
    }
    this.#workers = usable.length;
    this.dispatch.threads = Math.max(
      1,
      usable.reduce((sum, { threads = 0 }) => sum + threads, 0),
    );
    if (usable.length > 0 || !this.dispatch.busy) this.#alone = performance.now();
    const alone = (performance.now() - this.#alone) / 1000;
    if (alone > patience) return this.#giveUp(`no worker that it can use has been seen for ${patience} s`);
    if (usable.length === 0 && alone > signEvery) this.#once(`waiting for workers: ${this.#howTo()}`, say);
    if (usable.length > 0) this.#spoken.delete(`waiting for workers: ${this.#howTo()}`);
  }

  #howTo(): string {
    return `icl-claims worker --redis ${this.link.shown}`;
  }

  #giveUp(why: string): void {
    const { run } = this.options;
    const kept =
      run === undefined ? "a run without --run keeps nothing" : `with --run ${run} it goes on from what there is`;
    this.dispatch.stop(new Error(`${why}; ${kept}`));
  }

  #once(line: string, say: ClusterOptions["say"]): void {
    if (this.#spoken.has(line)) return;
    this.#spoken.add(line);
    say(line);
  }
}

function areDraws(value: unknown, { claims, from, to }: DrawJob): value is Draws {
  const { values, seconds, failure } = (value ?? {}) as Partial<Draws>;
  if (!Array.isArray(values) || values.length !== claims.length || typeof seconds !== "number") return false;
  const length = failure === undefined ? to - from : (values[0]?.length ?? 0);
  if (failure !== undefined && !(isFailure(failure) && length < to - from)) return false;
  return values.every((row) => row instanceof Float64Array && row.length === length);
}

function isFailure({ where, reason }: DrawFailure): boolean {
  return typeof where === "string" && typeof reason === "string";
}

function isLastMessage(value: unknown): value is PartMessage {
  const { kind, rows, message } = (value ?? {}) as { kind?: unknown; rows?: unknown; message?: unknown };
  return (kind === "rows" && Array.isArray(rows)) || (kind === "failure" && typeof message === "string");
}
