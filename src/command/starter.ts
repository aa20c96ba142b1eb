/** What `init` writes, by file name: a theorem with a claim, a rival and two assumptions, its test, and scripts. */
export const starterFiles: Readonly<Record<string, string>> = {
  "theorem.ts": `import fc from "fast-check";
import { assume, normal, theorem } from "icl-claims";

type At = { N: number; ridge: number; mu: number };

/** The sentence: "up to ridge 2/mu^2, pulling the mean of N examples towards 0 brings it closer to mu". */
export const ridgeGain = theorem({
  id: "ridge-gain",
  title: "A small ridge estimates a mean better",
  source: {
    paper: { authors: "You", year: 2026, title: "Your paper", reference: "your reference" },
    locus: "Theorem 1",
    status: "derived",
  },
  statement:
    String.raw\`\\lambda\\mu^2 \\le 2 \\implies \` +
    String.raw\`\\mathbb{E}(\\hat\\mu_\\lambda - \\mu)^2 \\le \\mathbb{E}(\\bar x - \\mu)^2\`,
  regime: fc.record({
    N: fc.integer({ min: 4, max: 40 }),
    ridge: fc.constantFrom(0.5, 1, 2),
    mu: fc.constantFrom(0.5, 1),
  }),
  examples: { "eight examples": { N: 8, ridge: 2, mu: 1 } },
  assumptions: [
    assume<At>("ridge * mu^2 <= 2", {
      why: "beyond it the bias costs more than the noise it saves",
      drop: (at) => ({ ...at, ridge: 12 / at.mu ** 2 }),
    }),
    assume<At>("N >= 4", { why: "the proof takes N to be large", drop: (at) => ({ ...at, N: 1 }) }),
  ],
  world: { sign: 1 },
  rivals: { "pushed outwards": { says: "a minus where the ridge has a plus", world: { sign: -1 } } },
  simulate: ({ N, ridge, mu }: At, stream, { sign }) => {
    // What the ridge adds to the squared error, in units of the noise's 1/N. A draw averages a hundred samples, so that
    // fewer draws decide.
    let added = 0;
    for (let sample = 0; sample < 100; sample++) {
      const mean = mu + normal(stream) / Math.sqrt(N);
      const estimate = (N * mean) / (N + sign * ridge);
      added += N * ((estimate - mu) ** 2 - (mean - mu) ** 2);
    }
    return added / 100;
  },
  claims: [
    {
      id: "no-more-error",
      says: "the ridge adds nothing to the mean squared error",
      form: "mean",
      range: [-1, 1],
      clip: "both",
      atMost: 0,
      slack: 0.1,
      measure: (added) => added,
      rivals: ["pushed outwards"],
    },
  ],
});
`,
  "theorem.test.ts": `import { drawHere, judgeItem, suiteItems } from "icl-claims";
import { expect, it } from "vitest";
import { ridgeGain } from "./theorem.js";

const theorems = [ridgeGain];

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
