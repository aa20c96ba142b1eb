import { keyOf } from "../claim/configurations.js";
import { type Drawing, findClaim } from "../claim/drawing.js";
import { judgeAt } from "../claim/judging.js";
import { ratesOfOne } from "../claim/suite.js";
import { statedWorld, type Theorem, valueAt } from "../claim/theorem.js";
import { digestOf, type Measurement, type Sample, sampleOf } from "./measurement.js";

/** Draws a claim takes at each example: they tell moved bits and other streams, which is all that is asked of them. */
const mostDraws = 4;

/**
 * Every claim as stated, at its theorem's examples with seed 0: the first draws that `verify` sees there. A
 * certificate's draws are rounding errors themselves: of those only the bits are kept, and whether they are within the
 * tolerance. Cost: half a minute of one core for the papers' theorems. Where streams change so few draws can say
 * nothing of means: that is not measured, and for `verify` to judge.
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
  // Whether or not they meet the assumptions: the numbers are there either way.
  const cases = Object.entries(theorem.examples).map(([name, configuration]) => ({ name, configuration }));
  const claims = theorem.claims.map(({ id }) => id);
  const stem = { theorem: theorem.id, world: statedWorld, seed: 0, purpose: "judge" };
  const judgements = await judgeAt(short, claims, stem, { cases, missed: [] }, judging);
  // A claim that speaks of no example, but of the paper's own settings, has no number here.
  return judgements
    .filter(({ cases }) => cases.length > 0)
    .map((judgement) => {
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
        ...(claim.form === "always" ? { facts: { verdict: judgement.verdict } } : {}),
        // What a training or a solver leaves at its own tolerance moves a draw by about as much.
        rounding: 1e-8,
      };
    });
}

function shortened(claim: Theorem["claims"][number]): Theorem["claims"][number] {
  return {
    ...claim,
    maxDraws: mostDraws,
    ...(claim.form === "always" ? { seeds: Math.min(2, claim.seeds ?? 2) } : {}),
  };
}
