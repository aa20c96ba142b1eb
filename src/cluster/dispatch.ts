import type { Queue } from "bullmq";
import { type Bundled, takeBundle } from "./bundling.js";
import type { Link, queuePackages } from "./redis.js";
import { decode, hashOf, keysOf, type Notice, type Parcel, queueName, space } from "./wire.js";

/** Work for the queue, and what becomes of it. */
export interface Piece extends Bundled {
  /** By its content, as `pieceName` has it. */
  readonly name: string;
  /** What of it goes into a parcel. */
  readonly content: Pick<Parcel, "module" | "draws" | "part">;
  /** Takes a result; false when it is none. */
  readonly land: (result: unknown) => boolean;
  readonly fail: (error: Error) => void;
  /** Hears how a part of a figure fares. */
  readonly hear?: (notice: Notice) => void;
}

/** What every parcel of a run says. */
export type Waybill = Pick<Parcel, "run" | "code" | "limit" | "keep">;

/** A job in the queue, or at a worker's. */
interface Away {
  readonly id: string;
  readonly queue: Queue;
  readonly parcel: Parcel;
  /** Names of the pieces that have not come back. */
  readonly left: Set<string>;
  /** When it was last put into the queue. */
  sent: number;
}

/** Seconds after which a job that has not come back is put into the queue again, which does nothing if it is there. */
const sendAgainAfter = 10;

/** Seconds after which results are looked for without having been told of. */
const lookAfter = 2;

/** How often a result may be none before the run ends. */
const mostDamaged = 3;

/**
 * The pieces of one run on their way: bundled into jobs, so many in the queue at once (so that several runs share the
 * workers), sent again when Redis or a worker lost them, and brought back from the run's results. A worker's notice is
 * only a hint to look; nothing waits for it alone.
 */
export class Dispatch {
  /** Threads at work, as the roster has it. */
  threads = 1;
  readonly #pieces = new Map<string, Piece>();
  readonly #waiting: Piece[] = [];
  readonly #away = new Map<string, Away>();
  /** The job that a piece travels in. */
  readonly #carrier = new Map<string, Away>();
  readonly #queues = new Map<string, Queue>();
  /** Of a run that may have been here before: pieces whose results were looked for. */
  readonly #looked = new WeakSet<Piece>();
  readonly #told = new Set<string>();
  readonly #damaged = new Map<string, number>();
  #sending = false;
  #collecting = false;
  #stopped: Error | undefined;

  constructor(
    private readonly link: Link,
    private readonly bullmq: Awaited<ReturnType<typeof queuePackages>>["bullmq"],
    private readonly waybill: Waybill,
    /** Whether an earlier run of this name may have left results. */
    private readonly goesOn: boolean,
  ) {}

  /** Whether something is wanted that has not come back. */
  get busy(): boolean {
    return this.#pieces.size > 0;
  }

  ask(piece: Piece): void {
    if (this.#stopped) {
      piece.fail(this.#stopped);
      return;
    }
    this.#pieces.set(piece.name, piece);
    this.#waiting.push(piece);
    this.#send();
  }

  /** Lets go of a piece: a job whose last piece it was is taken out of the queue unless it has begun. */
  drop(name: string): void {
    this.#settled(name, (away) => void away.queue.remove(away.id).catch(() => undefined));
  }

  /** Ends everything with this error; what is in the queue is taken out by `withdraw`. */
  stop(error: Error): void {
    if (this.#stopped) return;
    this.#stopped = error;
    const pieces = [...this.#pieces.values()];
    this.#pieces.clear();
    this.#waiting.length = 0;
    for (const piece of pieces) piece.fail(error);
  }

  /** Takes out of the queue what has not begun, and lets go of the queues. */
  async withdraw(): Promise<void> {
    const jobs = [...this.#away.values()];
    this.#away.clear();
    await Promise.all(jobs.map(({ queue, id }) => queue.remove(id)));
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  /** What a worker told. */
  notice(text: string): void {
    let notice: Notice;
    try {
      notice = JSON.parse(text) as Notice;
    } catch {
      return;
    }
    for (const name of [...(notice.landed ?? []), ...(notice.failed ?? [])]) this.#told.add(name);
    if (this.#told.size > 0) this.#collect();
    if (typeof notice.part === "string") this.#pieces.get(notice.part)?.hear?.(notice);
  }

  /** What is to be done every second: looks for what nobody told of, and sends again what may be lost. */
  async mend(): Promise<void> {
    const now = performance.now();
    const since = (seconds: number) => [...this.#away.values()].filter(({ sent }) => now - sent > 1000 * seconds);
    for (const away of since(lookAfter)) for (const name of away.left) this.#told.add(name);
    this.#collect();
    for (const away of since(sendAgainAfter)) {
      away.sent = now;
      await away.queue.add(away.parcel.part ? "part" : "draws", away.parcel, { jobId: away.id });
    }
  }

  /** Jobs that may be in the queue at once: enough that no thread waits for the next one. */
  get #window(): number {
    return Math.max(8, 3 * this.threads);
  }

  /** Fills the queue, in a moment: what is asked for at once travels together. */
  #send(): void {
    if (this.#sending || this.#stopped || this.#waiting.length === 0 || this.#away.size >= this.#window) return;
    this.#sending = true;
    setImmediate(() => {
      this.#fill()
        .catch((error: Error) => this.stop(this.#wrong(error)))
        .finally(() => {
          this.#sending = false;
          this.#send();
        });
    });
  }

  async #fill(): Promise<void> {
    const { redis } = this.link;
    const keys = keysOf(this.waybill.run);
    if (this.goesOn) {
      const fresh = this.#waiting.filter((piece) => !this.#looked.has(piece));
      for (const piece of fresh) this.#looked.add(piece);
      const names = fresh.map(({ name }) => name);
      // A failure of the run before may have had its reason there, such as too little memory.
      if (names.length > 0) await redis.hdel(keys.failures, ...names);
      await this.#look(names);
    }
    const jobs = new Map<Queue, Away[]>();
    while (this.#waiting.length > 0 && this.#away.size < this.#window) {
      const away = this.#packed(takeBundle(this.#waiting, this.threads));
      jobs.set(away.queue, [...(jobs.get(away.queue) ?? []), away]);
    }
    const ids = [...jobs.values()].flat().map(({ id }) => id);
    if (this.goesOn && ids.length > 0) await redis.hdel(keys.begun, ...ids);
    for (const [queue, away] of jobs) {
      await queue.addBulk(
        away.map(({ id, parcel }) => ({ name: parcel.part ? "part" : "draws", data: parcel, opts: { jobId: id } })),
      );
    }
  }

  #packed(pieces: readonly Piece[]): Away {
    const names = pieces.map(({ name }) => name);
    const draws = pieces.flatMap(({ content }) => content.draws ?? []);
    const parcel = { ...this.waybill, ...pieces[0]!.content, ...(draws.length > 0 ? { draws } : {}) };
    const id = `${this.waybill.run}.${names.length === 1 ? names[0] : hashOf(...names)}`;
    const queue = this.#queue(queueName(this.waybill.code, parcel.module));
    const away = { id, queue, parcel, left: new Set(names), sent: performance.now() };
    this.#away.set(id, away);
    for (const name of names) this.#carrier.set(name, away);
    return away;
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new this.bullmq.Queue(name, {
      connection: this.link.redis as never,
      prefix: space,
      streams: { events: { maxLen: 100 } },
      // Neither kind is kept: a job that is kept keeps its id from being added again. What counts is in the results.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1000 },
    });
    // Told by the link.
    queue.on("error", () => undefined);
    this.#queues.set(name, queue);
    return queue;
  }

  #collect(): void {
    if (this.#collecting || this.#told.size === 0) return;
    this.#collecting = true;
    setImmediate(() => {
      const names = [...this.#told].filter((name) => this.#pieces.has(name));
      this.#told.clear();
      this.#look(names)
        .catch((error: Error) => this.stop(this.#wrong(error)))
        .finally(() => {
          this.#collecting = false;
          this.#collect();
        });
    });
  }

  /** Brings back what of these there is. */
  async #look(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const keys = keysOf(this.waybill.run);
    const [results, failures] = await Promise.all([
      this.link.redis.hmget(keys.results, ...names),
      this.link.redis.hmget(keys.failures, ...names),
    ]);
    for (const [i, name] of names.entries()) {
      const piece = this.#pieces.get(name);
      const failure = failures[i];
      if (!piece) continue;
      if (typeof results[i] === "string") await this.#land(piece, results[i]);
      else if (typeof failure === "string") {
        this.#settled(name);
        piece.fail(new Error(failure));
      }
    }
  }

  async #land(piece: Piece, text: string): Promise<void> {
    let landed = false;
    try {
      landed = piece.land(decode(text));
    } catch {
      // No JSON, which is no result.
    }
    if (landed) return this.#settled(piece.name);
    const times = 1 + (this.#damaged.get(piece.name) ?? 0);
    this.#damaged.set(piece.name, times);
    if (times >= mostDamaged) throw new Error(`the result ${piece.name} is damaged, for the ${times}rd time`);
    await this.link.redis.hdel(keysOf(this.waybill.run).results, piece.name);
    this.#settled(piece.name);
    this.ask(piece);
  }

  /** The piece is not waited for any more. */
  #settled(name: string, last: (away: Away) => void = () => undefined): void {
    const piece = this.#pieces.get(name);
    if (!piece) return;
    this.#pieces.delete(name);
    const at = this.#waiting.indexOf(piece);
    if (at >= 0) this.#waiting.splice(at, 1);
    const away = this.#carrier.get(name);
    this.#carrier.delete(name);
    away?.left.delete(name);
    if (away?.left.size === 0) {
      this.#away.delete(away.id);
      last(away);
    }
    this.#send();
  }

  /** What Redis refused, such as to keep more than it has memory for. */
  #wrong(error: Error): Error {
    return new Error(`Redis at ${this.link.shown}: ${error.message}`);
  }
}
