import { describe, expect, it } from "vitest";
import { type Catalogue, compare, driftOf, schema } from "../../src/drift/compare.js";
import { digestOf, type Measurement, sampleOf } from "../../src/drift/measurement.js";
import { driftExitCodes, driftReport } from "../../src/drift/report.js";
import { twoSample } from "../../src/drift/two-sample.js";
import { Stream } from "../../src/random/stream.js";

const numbers = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) * (1 + (i % 7)));
const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

interface Plant {
  readonly sum?: number;
  readonly shift?: number;
  readonly seed?: number;
  readonly count?: number;
  readonly verdict?: string;
}

/** A small catalogue of two rooms and a claim, with something planted. */
function catalogue({ sum, shift = 0, seed = 0, count = 4000, verdict = "supported" }: Plant = {}): Catalogue {
  const draws = Float64Array.from({ length: count }, (_, i) => Stream.root("planted", seed, i).uniform() * 0.9 + shift);
  const values = [sum ?? total(numbers), 1 + shift];
  const measurements: Measurement[] = [
    { room: "claims", name: "a/b", digest: digestOf([1]), facts: { verdict }, rounding: 0 },
    { room: "linalg", name: "sum", digest: digestOf(values), values, rounding: 1e-12 },
    {
      ...{ room: "random", name: "uniform", digest: digestOf(draws) },
      ...{ samples: [sampleOf(draws, [0, 1])], rounding: 1e-12, sees: 0.2 },
    },
  ];
  return { schema, node: "v20", kernels: "wasm", measurements };
}

const golden = catalogue();
const against = (plant: Plant) => compare(golden, catalogue(plant));

describe("drift of planted catalogues", () => {
  it("is none where nothing moved", () => {
    expect(against({})).toMatchObject({ outcome: "identical" });
    expect(against({}).first).toBeUndefined();
  });

  it("tells a reordered sum, a constant wrong by 1e-9 and a changed stream apart", () => {
    const reordered = total([...numbers].reverse());
    expect(reordered).not.toBe(total(numbers));
    const sum = against({ sum: reordered });
    expect(sum).toMatchObject({ outcome: "consistent", first: { room: "linalg", name: "sum" } });
    expect(sum.first!.what).toMatch(/^moved by \d\.\de-1\d of the largest value, rounding is 1.0e-12$/);
    const constant = against({ shift: 1e-9 });
    expect(constant).toMatchObject({ outcome: "drifted", first: { room: "random", name: "uniform" } });
    expect(constant.findings.filter(({ outcome }) => outcome === "drifted")).toHaveLength(2);
    expect(constant.first!.what).toMatch(/same streams, draws moved by 1\.\de-9/);
    const stream = against({ seed: 1 });
    expect(stream).toMatchObject({ outcome: "consistent", first: { room: "random", name: "uniform" } });
    expect(stream.first!.what).toMatch(/^other streams, means .* standard errors apart, drifts from 0\.\d+ on show$/);
  });

  it("is drift where streams changed and the mean with them, or a verdict, or the number of draws", () => {
    expect(against({ seed: 1, shift: 0.09 })).toMatchObject({ outcome: "drifted" });
    expect(against({ verdict: "refuted" }).first!.what).toBe("verdict: supported before, refuted now");
    expect(against({ count: 3999 }).first!.what).toBe("draws: 4000 before, 3999 now");
  });

  it("measures nothing without goldens, with others, with NaN, or with too few draws to see what it promises", () => {
    expect(compare(undefined, golden)).toMatchObject({ outcome: "not measured" });
    expect(driftOf([])).toMatchObject({ outcome: "not measured" });
    expect(compare({ ...golden, schema: schema + 1 }, golden)).toMatchObject({ outcome: "not measured" });
    const gone = compare(golden, { ...golden, measurements: golden.measurements.slice(1) });
    expect(gone.first).toMatchObject({ outcome: "not measured", what: /^gone/ as never as string });
    expect(against({ sum: Number.NaN })).toMatchObject({ outcome: "not measured" });
    expect(against({ seed: 2, count: 60 }).first!.what).toMatch(/promised are 0.2$/);
  });

  it("has a tolerance that is the golden's: one widened since must be accepted", () => {
    const wide = catalogue({ sum: total(numbers) * (1 + 1e-6) });
    const loose = wide.measurements.map((each) => ({ ...each, rounding: 1 }));
    expect(compare(golden, { ...wide, measurements: loose })).toMatchObject({ outcome: "drifted" });
  });

  it("says the same in its table, JSON, annotations and exit code", () => {
    const plants = [{}, { seed: 1 }, { shift: 1e-9 }, { sum: Number.NaN }];
    const outcomes = plants.map((plant) => {
      const drift = against(plant);
      const { lines, json, annotations, exitCode } = driftReport(drift);
      expect(lines.at(-1)).toMatch(new RegExp(`^${drift.outcome}(; first in|$)`));
      expect((JSON.parse(json) as { outcome: string }).outcome).toBe(drift.outcome);
      expect(exitCode).toBe(driftExitCodes[drift.outcome]);
      expect(annotations).toHaveLength(drift.findings.filter(({ outcome }) => outcome !== "identical").length);
      return drift.outcome;
    });
    expect(outcomes).toEqual(["identical", "consistent", "drifted", "not measured"]);
    expect(new Set(Object.values(driftExitCodes)).size).toBe(4);
    const [line] = driftReport(against({ verdict: "100%\nrefuted" })).annotations;
    expect(line).toBe("::error title=drifted%3A claims/a/b::verdict: supported before, 100%25%0Arefuted now");
  });
});

describe("the two-sample test", () => {
  const rates = { falseAlarm: 0.01, falsePass: 0.01 };
  const sample = (name: string, seed: number, shift: number) =>
    sampleOf(
      Float64Array.from({ length: 400 }, (_, i) => Math.min(1, Stream.root(name, seed, i).uniform() * 0.5 + shift)),
      [0, 1],
    );

  it("keeps both rates: of 300 pairs of one law, and of laws as far apart as it says it sees", () => {
    const { sees } = twoSample(sample("a", 0, 0), sample("b", 0, 0), rates);
    expect(sees).toBeLessThan(0.5);
    let [alarms, passes] = [0, 0];
    for (let i = 0; i < 300; i++) {
      if (!twoSample(sample("a", i, 0), sample("b", i, 0), rates).agree) alarms++;
      if (twoSample(sample("a", i, 0), sample("c", i, sees), rates).agree) passes++;
    }
    // 3 expected at most of each: 10 or more have a chance below 0.002.
    expect(alarms).toBeLessThan(10);
    expect(passes).toBeLessThan(10);
  });
});
