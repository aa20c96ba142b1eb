import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Of uniform numbers. */
const spacing = 2 ** -53;

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
  readonly #digest: Uint8Array;
  readonly #generator: RandomGenerator;

  private constructor(digest: Uint8Array) {
    this.#digest = digest;
    // 128 bits of a SHA-256 digest: the forbidden all-zero state has probability 2^-128.
    this.#generator = xoroshiro128plusFromState([word(digest, 0), word(digest, 4), word(digest, 8), word(digest, 12)]);
  }

  /** The stream named by these labels. @throws RangeError on a label that is NaN, infinite or no well-formed string. */
  static root(...labels: readonly Label[]): Stream {
    return new Stream(hash(new Uint8Array(), labels));
  }

  /** The child stream of that name; independent of this stream's position. Cost: one hash (a few µs). */
  derive(...labels: readonly Label[]): Stream {
    return new Stream(hash(this.#digest, labels));
  }

  /** 32 random bits, as a signed integer in [-2^31, 2^31). */
  int32(): number {
    return this.#generator.next();
  }

  /** −1 or 1, each with probability ½: by a shift, since a branch would be guessed wrong half of the time. */
  sign(): number {
    return (this.#generator.next() >> 31) | 1;
  }

  /** Uniform on [0, 1), a multiple of 2^-53. The generator's low bits, its weakest, are dropped. */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 0x4000000 + low) * spacing;
  }

  /** The path's fingerprint, for saying which stream a result came from. */
  get fingerprint(): string {
    return bytesToHex(this.#digest).slice(0, 16);
  }
}

const encoder = new TextEncoder();

/** The signed 32-bit integer written at that byte, lowest byte first. */
function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Every label is written with its kind and length, so no two different paths are written alike. */
function hash(parent: Uint8Array, labels: readonly Label[]): Uint8Array {
  let path = "";
  let plain = true;
  for (const label of labels) {
    if (typeof label === "number" ? !Number.isFinite(label) : typeof label !== "string") {
      throw new RangeError(`a stream's label must be a string or a finite number, got ${String(label)}`);
    }
    const text = String(label);
    let length = text.length;
    if (/[^\0-\x7f]/.test(text)) {
      // A surrogate without its partner becomes U+FFFD in UTF-8, as every other does: two labels would be written
      // alike.
      if (/\p{Surrogate}/u.test(text)) {
        throw new RangeError(`a stream's label must be well-formed, got a lone surrogate in ${JSON.stringify(text)}`);
      }
      length = encoder.encode(text).length;
      plain = false;
    }
    path += `${typeof label === "number" ? "n" : "s"}${length}:${text}`;
  }
  // One byte a character, for nearly every name there is: the encoder takes as long as the hash.
  const written = plain ? path : encoder.encode(path);
  const message = new Uint8Array(parent.length + written.length);
  message.set(parent);
  if (typeof written !== "string") message.set(written, parent.length);
  else for (let i = 0; i < written.length; i++) message[parent.length + i] = written.charCodeAt(i);
  return sha256(message);
}
