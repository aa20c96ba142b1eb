import { keyOf } from "../claim/configurations.js";
import { type Drawing, findClaim } from "../claim/drawing.js";
import { judge } from "../claim/judging.js";
import { ratesOfOne } from "../claim/suite.js";
import { statedWorld, type Theorem, valueAt } from "../claim/theorem.js";
import { digestOf, type Measurement, type Sample, sampleOf } from "./measurement.js";

/** Draws a claim may take here: enough for the first of what `verify` sees, a fortieth of its cost. */
const mostDraws = 100;

/**
 * Every claim as stated, at its theorem's first example with seed 0: its verdict, and the draws that came to it. A
 * certificate's draws are rounding errors themselves: of those only the verdict and the bits are kept.
 */
export async function measureClaims(theorems: readonly Theorem[], draw: Drawing): Promise<Measurement[]> {
  const measured = await Promise.all(theorems.map((theorem) => measureTheorem(theorem, theorems, draw)));
  return measured.flat();
}

async function measureTheorem(theorem: Theorem, theorems: readonly Theorem[], draw: Drawing): Promise<Measurement[]> {
  const drawn = new Map<string, Map<number, Float64Array>>();
  const recording: Drawing = async (job, signal) => {
    const draws = await draw(job, signal);
    job.claims.forEach((claim, c) => {
      const key = `${claim} ${keyOf(job.configuration)}`;
      if (!drawn.has(key)) drawn.set(key, new Map());
      drawn.get(key)!.set(job.from, draws.values[c]!);
    });
    return draws;
  };
  const judging = { ...ratesOfOne(theorems), draw: recording, seed: 0, maxDraws: mostDraws, configurations: 1 };
  const short = { ...theorem, maxDraws: mostDraws, claims: theorem.claims.map(shortened) };
  const [name, configuration] = Object.entries(theorem.examples)[0]!;
  const claims = theorem.claims.map(({ id }) => id);
  const judgements = await judge(short, claims, statedWorld, judging, [{ name, configuration }]);
  return judgements.map((judgement) => {
    const claim = findClaim(theorem, judgement.claim);
    const samples: Sample[] = [];
    const all: number[] = [];
    for (const result of judgement.cases) {
      const parts = drawn.get(`${claim.id} ${keyOf(result.configuration)}`) ?? new Map<number, Float64Array>();
      const values = [...parts]
        .sort(([a], [b]) => a - b)
        .flatMap(([, part]) => [...part])
        .slice(0, result.draws);
      all.push(...values);
      if (claim.form === "always") continue;
      const ends = claim.range.map((end) => valueAt(end, result.configuration)) as [number, number];
      samples.push(sampleOf(values, ends));
    }
    return {
      ...{ room: "claims", name: `${theorem.id}/${claim.id}`, digest: digestOf(all) },
      ...(samples.length > 0 ? { samples } : {}),
      facts: { verdict: judgement.verdict },
      // What a training or a solver leaves at its own tolerance moves a draw by about as much.
      rounding: 1e-8,
    };
  });
}

function shortened(claim: Theorem["claims"][number]): Theorem["claims"][number] {
  return claim.maxDraws === undefined ? claim : { ...claim, maxDraws: Math.min(claim.maxDraws, mostDraws) };
}
