/** What `init` writes, by file name: a theorem with a claim, a rival and two assumptions, its test, and scripts. */
export const starterFiles: Readonly<Record<string, string>> = {
  "theorem.ts": `import fc from "fast-check";
import { assume, normals, theorem } from "icl-claims";

type At = { N: number; ridge: number };

/** The sentence: "the ridge estimate of a mean from N examples is off by ridge/(N + ridge) of it". */
export const ridgeBias = theorem({
  id: "ridge-bias",
  title: "A ridge pulls a mean towards 0",
  source: {
    paper: { authors: "You", year: 2026, title: "Your paper", reference: "your reference" },
    locus: "Theorem 1",
    status: "derived",
  },
  statement: String.raw\`\\mathbb{E}\\hat\\mu = \\frac{N}{N + \\lambda}\\mu\`,
  regime: fc.record({ N: fc.integer({ min: 4, max: 40 }), ridge: fc.constantFrom(1, 2, 4) }),
  examples: { small: { N: 8, ridge: 2 } },
  assumptions: [
    assume<At>("N >= 4", { why: "the noise stays within the range", drop: (at) => ({ ...at, N: 2 }) }),
    assume<At>("ridge >= 0", { why: "a ridge pulls inwards", drop: (at) => ({ ...at, ridge: -1 }) }),
  ],
  world: { sign: 1 },
  rivals: { "the ridge pushes outwards": { says: "a minus for a plus", world: { sign: -1 } } },
  simulate: ({ N, ridge }: At, stream, { sign }) => {
    // A hundred samples a draw: their mean decides with fewer draws.
    const sum = normals(stream, 100 * N).reduce((total, noise) => total + 1 + noise, 0) / 100;
    return sum / (N + sign * ridge);
  },
  claims: [
    {
      id: "bias",
      says: "the mean estimate of 1 is N/(N + ridge)",
      form: "equals",
      range: [0, 2],
      clip: "both",
      equals: ({ N, ridge }) => N / (N + ridge),
      within: 0.1,
      measure: (estimate) => estimate,
      rivals: ["the ridge pushes outwards"],
    },
  ],
});
`,
  "theorem.test.ts": `import { drawHere, judgeItem, suiteItems } from "icl-claims";
import { expect, it } from "vitest";
import { ridgeBias } from "./theorem.js";

const theorems = [ridgeBias];

it.each(suiteItems(theorems))("$theorem.id, $world", async (item) => {
  for (const result of await judgeItem(item, theorems, { draw: drawHere(theorems) })) {
    expect(result.judgement.verdict).toBe(result.expected);
  }
}, 60_000);
`,
  "package.json": `${JSON.stringify(
    {
      name: "my-theorem",
      private: true,
      type: "module",
      scripts: {
        verify: "icl-claims verify ./theorem.ts",
        audit: "icl-claims audit ./theorem.ts --drop",
        test: "vitest run",
      },
    },
    undefined,
    2,
  )}\n`,
};
