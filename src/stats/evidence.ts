import { averageLogCapital } from "./capital.js";
import { refuseUnknownKeys } from "./unknown-keys.js";
import { checkRates, type Rates, type Verdict } from "./verdict.js";

/**
 * The most a record may claim a draw: log 2^53. Bets on ends of the range can win more; it is cut, a smaller e-value
 * being as valid.
 */
export const largestLogGain = 53 * Math.LN2;

/** Seeds from, from + 1, …, to. */
export type SeedRange = readonly [from: number, to: number];

/**
 * What one run, or several together, learnt about a claim: plain JSON, so that machines can write it to files and one
 * of them add it up. Nothing else of a run is needed to judge with it.
 */
export interface Evidence {
  readonly claim: string;
  /** The code that was run, such as a commit: evidence about other code is evidence about another claim. */
  readonly code: string;
  /** Disjoint, in increasing order. */
  readonly seeds: readonly SeedRange[];
  /** Draws behind the capitals: each can have multiplied one by 2^53 at most. */
  readonly draws: number;
  /** Natural logs of the capitals against the claim, and against its being false by its slack. */
  readonly logCapitalAgainst: number;
  readonly logCapitalFor: number;
}

/**
 * The product of independent evidence: of runs on fresh seeds of unchanged code. The product of independent e-values is
 * an e-value, so weak evidence adds up night by night. Every run there is must go in: leaving out the unlucky ones is
 * not valid.
 *
 * @example
 * const nightly = files.map((file) => parseEvidence(readFileSync(file, "utf8")));
 * verdictOf(multiplyEvidence(nightly), { falseAlarm: 1e-6, falsePass: 1e-6 });
 * @throws RangeError on records of different claims or code, on seeds that overlap, on a malformed record, or none.
 */
export function multiplyEvidence(records: readonly Evidence[]): Evidence {
  const { claim, code } = agreed(records);
  const seeds = records.flatMap((record) => record.seeds).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < seeds.length; i++) {
    if (seeds[i]![0] > seeds[i - 1]![1]) continue;
    throw new RangeError(
      `seeds ${seeds[i]!.join("–")} and ${seeds[i - 1]!.join("–")} overlap: ` +
        "a product needs fresh seeds (average dependent evidence)",
    );
  }
  return {
    claim,
    code,
    seeds: joined(seeds),
    draws: records.reduce((sum, record) => sum + record.draws, 0),
    logCapitalAgainst: records.reduce((sum, record) => sum + record.logCapitalAgainst, 0),
    logCapitalFor: records.reduce((sum, record) => sum + record.logCapitalFor, 0),
  };
}

/**
 * The average of evidence that may be dependent, such as runs that share seeds: an e-value whatever the dependence.
 * @throws RangeError on records of different claims or code, on a malformed record, or none.
 */
export function averageEvidence(records: readonly Evidence[]): Evidence {
  const { claim, code } = agreed(records);
  return {
    claim,
    code,
    seeds: joined(records.flatMap((record) => record.seeds).sort((a, b) => a[0] - b[0])),
    draws: records.reduce((sum, record) => sum + record.draws, 0),
    logCapitalAgainst: averageLogCapital(records.map((record) => record.logCapitalAgainst)),
    logCapitalFor: averageLogCapital(records.map((record) => record.logCapitalFor)),
  };
}

/** What evidence says at these rates. Refuted prevails. @throws RangeError on rates outside (0, 1). */
export function verdictOf(evidence: Evidence, rates: Rates): Verdict {
  checkRates(rates);
  if (evidence.logCapitalAgainst >= -Math.log(rates.falseAlarm)) return "refuted";
  return evidence.logCapitalFor >= -Math.log(rates.falsePass) ? "supported" : "undecided";
}

/** The record written as JSON. @throws RangeError on anything but a well-formed record. */
export function parseEvidence(text: string): Evidence {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw new RangeError(`evidence must be JSON, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  check(record);
  refuseUnknownKeys("evidence", record, ["claim", "code", "seeds", "draws", "logCapitalAgainst", "logCapitalFor"]);
  return record;
}

function agreed(records: readonly Evidence[]): Evidence {
  const first = records[0];
  if (first === undefined) throw new RangeError("evidence is combined from at least one record, got none");
  for (const record of records) {
    check(record);
    for (const key of ["claim", "code"] as const) {
      if (record[key] === first[key]) continue;
      throw new RangeError(`evidence about ${key} "${record[key]}" cannot be combined with ${key} "${first[key]}"`);
    }
  }
  return first;
}

function check(record: unknown): asserts record is Evidence {
  const { claim, code, seeds, draws, logCapitalAgainst, logCapitalFor } = (record ?? {}) as {
    [key in keyof Evidence]: unknown;
  };
  for (const [name, value] of Object.entries({ claim, code })) {
    if (typeof value === "string" && value !== "") continue;
    throw new RangeError(`evidence needs a ${name}, a string that is not empty, got ${JSON.stringify(value)}`);
  }
  if (!(Number.isSafeInteger(draws) && (draws as number) >= 1)) {
    throw new RangeError(`evidence needs draws, an integer >= 1, got ${String(draws)}`);
  }
  for (const [name, value] of Object.entries({ logCapitalAgainst, logCapitalFor })) {
    if (!Number.isFinite(value)) throw new RangeError(`evidence needs a finite ${name}, got ${String(value)}`);
    if ((value as number) <= (draws as number) * largestLogGain) continue;
    throw new RangeError(`evidence has a ${name} of ${String(value)}, which ${String(draws)} draws cannot have won`);
  }
  const ordered =
    Array.isArray(seeds) &&
    seeds.length > 0 &&
    seeds.every((range: unknown, i) => {
      if (!(Array.isArray(range) && range.length === 2 && range.every(Number.isSafeInteger))) return false;
      return range[0] <= range[1] && (i === 0 || range[0] > seeds[i - 1][1]);
    });
  if (!ordered) {
    throw new RangeError(
      `evidence needs seeds as [from, to] pairs of integers, disjoint and increasing, got ${JSON.stringify(seeds)}`,
    );
  }
}

/** Ranges sorted by their start, with touching and overlapping ones made one. */
function joined(ranges: readonly SeedRange[]): SeedRange[] {
  const out: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
