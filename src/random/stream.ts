import { createHash } from "node:crypto";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A part of a stream's name. The kind counts: `1` and `"1"` name different streams. */
export type Label = string | number;

/**
 * A source of random bits, named by a root seed and a path of labels.
 *
 * Streams are derived by hashing their whole path with SHA-256, never by counting seeds up: the first draws of
 * xoroshiro128+ from seeds s, s+1, s+2 … have lag-1 correlation 1.0. Equal paths give equal bits on every machine and
 * in every worker; deriving a child neither reads nor moves the parent's own position.
 */
export class Stream {
  readonly #digest: Buffer;
  readonly #generator: RandomGenerator;

  private constructor(digest: Buffer) {
    this.#digest = digest;
    // 128 bits of a SHA-256 digest: the forbidden all-zero state has probability 2^-128.
    this.#generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  }

  /** The stream named by these labels. @throws RangeError on a label that is NaN or infinite. */
  static root(...labels: readonly Label[]): Stream {
    return new Stream(hash(Buffer.alloc(0), labels));
  }

  /** The child stream of that name; independent of this stream's position. Cost: one hash (a few µs). */
  derive(...labels: readonly Label[]): Stream {
    return new Stream(hash(this.#digest, labels));
  }

  /** 32 random bits, as a signed integer in [-2^31, 2^31). */
  int32(): number {
    return this.#generator.next();
  }

  /** Uniform on [0, 1), a multiple of 2^-53. The generator's low bits, its weakest, are dropped. */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 0x4000000 + low) * 2 ** -53;
  }

  /** The path's fingerprint, for saying which stream a result came from. */
  get fingerprint(): string {
    return this.#digest.toString("hex").slice(0, 16);
  }
}

/** Every label is written with its kind and length, so no two different paths are written alike. */
function hash(parent: Buffer, labels: readonly Label[]): Buffer {
  const sha = createHash("sha256").update(parent);
  for (const label of labels) {
    if (typeof label === "number" && !Number.isFinite(label)) {
      throw new RangeError(`a stream's label must be a string or a finite number, got ${label}`);
    }
    const text = String(label);
    sha.update(`${typeof label === "number" ? "n" : "s"}${Buffer.byteLength(text)}:${text}`);
  }
  return sha.digest();
}
