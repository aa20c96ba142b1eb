import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DrawJob } from "../../src/claim/drawing.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { type Bundled, Costs, takeBundle } from "../../src/cluster/bundling.js";
import { decode, encode, hashOf, parcelIn, pieceName, queueName } from "../../src/cluster/wire.js";

const job: DrawJob = {
  ...{ theorem: "coin", world: statedWorld, claims: ["its-bias"], configuration: { size: 1, bias: 0.5 } },
  ...{ seed: 0, purpose: "judge", from: 0, to: 4 },
};

describe("what crosses the queue", () => {
  it("keeps every bit", () => {
    const doubles = fc.float64Array().map((values) => Float64Array.from(values));
    const numbers = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
    fc.assert(
      fc.property(fc.array(doubles), fc.array(numbers), fc.string(), (values, seconds, message) => {
        const value = { values, rows: seconds.map((x) => ({ x })), message, none: null };
        expect(decode(encode(value))).toEqual(value);
      }),
    );
    expect(JSON.parse(JSON.stringify({ x: Number.NaN }))).not.toEqual({ x: Number.NaN });
  });

  it("is named by its content, in whatever order a configuration was written", () => {
    const name = pieceName("code", undefined, job);
    expect(pieceName("code", undefined, { ...job, configuration: { bias: 0.5, size: 1 } })).toBe(name);
    const others = [
      pieceName("other", undefined, job),
      pieceName("code", "module", job),
      ...[{ seed: 1 }, { from: 1 }, { to: 5 }, { claims: ["a", "b"] }, { purpose: "map" }, { world: "x" }].map(
        (change) => pieceName("code", undefined, { ...job, ...change }),
      ),
      pieceName("code", undefined, { figure: "1", part: { d: 1 }, seed: 0 }),
    ];
    expect(new Set([name, ...others]).size).toBe(others.length + 1);
    expect(pieceName("c", undefined, { figure: "1", part: { d: 1 }, seed: 0 })).toBe(
      pieceName("c", undefined, {
        figure: "1",
        part: { d: 1 },
        seed: 0,
        resume: { step: 3, alpha: new Float64Array(1) },
      }),
    );
    expect(hashOf("a", "b")).not.toBe(hashOf("ab"));
    expect(queueName("a")).not.toBe(queueName("b"));
  });

  it("is refused where it is no parcel", () => {
    const parcel = { run: "r", code: "c", limit: 1, keep: 1, draws: [job] };
    expect(parcelIn(parcel)).toBe(parcel);
    expect(
      parcelIn({ ...parcel, draws: undefined, part: { figure: "1", part: { d: [1, 2] }, seed: 0 } }),
    ).toBeDefined();
    const broken = [
      ...[null, 3, {}, { ...parcel, run: "a b" }, { ...parcel, code: 3 }, { ...parcel, limit: 0 }],
      ...[
        { ...parcel, draws: [{ ...job, to: 0 }] },
        { ...parcel, draws: [{ ...job, to: 1e9 }] },
      ],
      ...[
        { ...parcel, draws: [{ ...job, configuration: { size: "1" } }] },
        { ...parcel, draws: undefined },
      ],
      ...[
        { ...parcel, draws: [{ ...job, claims: [] }] },
        { ...parcel, part: {} },
      ],
    ];
    for (const data of broken) expect(() => parcelIn(data)).toThrow("a job of the queue is no parcel of draws");
  });
});

describe("bundling", () => {
  const piece = (seconds: number, kind = "draws"): Bundled => ({ kind, seconds: () => seconds });

  it("puts about a second of work into a job, of one kind, and what is unknown alone", () => {
    const waiting = [piece(0.4), piece(0.4), piece(0.4, "other"), piece(Number.POSITIVE_INFINITY), piece(0.1)];
    const many = Array.from({ length: 50 }, () => piece(0.4));
    expect(takeBundle([...waiting, ...many], 1)).toHaveLength(3);
    expect(takeBundle([piece(Number.POSITIVE_INFINITY), piece(0.1)], 1)).toHaveLength(1);
    expect(takeBundle([piece(30)], 1)).toHaveLength(1);
  });

  it("leaves every thread a share of the last of the work", () => {
    const waiting = Array.from({ length: 20 }, () => piece(0.1));
    const bundles = [];
    while (waiting.length > 0) bundles.push(takeBundle(waiting, 4));
    expect(bundles.flat()).toHaveLength(20);
    expect(bundles.length).toBeGreaterThanOrEqual(8);
    // Milliseconds of work are not cut up: that would cost more than it is.
    const little = Array.from({ length: 20 }, () => piece(0.001));
    expect(takeBundle(little, 4)).toHaveLength(20);
  });

  it("loses no piece and takes none twice, whatever they cost", () => {
    const costs = fc.array(fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.constantFrom("a", "b")));
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 50 }), (list, threads) => {
        const pieces = list.map(([seconds, kind]) => piece(seconds, kind));
        const waiting = [...pieces];
        const taken: Bundled[] = [];
        while (waiting.length > 0) {
          const bundle = takeBundle(waiting, threads);
          expect(bundle.length).toBeGreaterThan(0);
          expect(new Set(bundle.map(({ kind }) => kind)).size).toBe(1);
          taken.push(...bundle);
        }
        expect(new Set(taken)).toEqual(new Set(pieces));
        expect(taken).toHaveLength(pieces.length);
      }),
    );
  });

  it("knows what was measured at a place, and of others of its theorem the dearest", () => {
    const costs = new Costs();
    expect(costs.of(job)).toBe(Number.POSITIVE_INFINITY);
    costs.learn(job, 0.5);
    costs.learn({ ...job, configuration: { size: 2, bias: 0.5 } }, 2);
    expect(costs.of(job)).toBe(2);
    expect(costs.of({ ...job, configuration: { size: 3, bias: 0.5 } })).toBe(8);
    expect(costs.of({ ...job, world: "another" })).toBe(Number.POSITIVE_INFINITY);
  });
});
