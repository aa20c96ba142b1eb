import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import type { Stream } from "../../src/random/stream.js";
import { expectedDeparture, totalVariation } from "../../src/risk/departure.js";
import { populationScale } from "../../src/transformer/classes/scale.js";
import { shenZhouYangShen2024 } from "../papers.js";
import { lawOf, populationWeights, precisionTimes, statedContexts, transformer } from "./setup.js";

/*
 * More classes are harder at the same context: each is seen less often. The paper's bound rises with c; here it is the
 * error itself, of weights trained for each number of classes.
 * c classes in dimension d, Λ⁻¹-norm rho of every class mean, contexts of N examples in training and M at the test. Λ
 * is I: in whitened coordinates every Λ is. W minimises the expected loss over tasks; from twenty classes on it is
 * a(N)I, which the minimiser is.
 */
type C = {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly N: number;
  readonly M: number;
};

interface World {
  /** Whether the second error is of more classes, or of fewer. */
  readonly second: "more" | "fewer" | "as many";
}

export const classCount = theorem({
  id: "class-count",
  title: "The error rises with the number of classes",
  source: { paper: shenZhouYangShen2024, locus: "multi-class inference error", status: "stated" },
  statement:
    String.raw`c < c' \implies \mathbb{E}\,\mathrm{TV}_c < \mathbb{E}\,\mathrm{TV}_{c'} ` +
    String.raw`\text{ at the same } N, M`,
  regime: fc.record({
    classes: fc.integer({ min: 2, max: 4 }),
    d: fc.integer({ min: 2, max: 5 }),
    rho: fc.constantFrom(1, 1.5, 2),
    N: fc.integer({ min: 100, max: 1000 }),
    M: fc.integer({ min: 100, max: 1000 }),
  }),
  examples: {
    "two and four classes": { classes: 2, d: 5, rho: 2, N: 100, M: 100 },
    "ten and twenty": { classes: 10, d: 3, rho: 2, N: 1000, M: 1000 },
    "forty and eighty": { classes: 40, d: 3, rho: 2, N: 4000, M: 4000 },
  },
  paper: { "ten and twenty, d = 20": { classes: 10, d: 20, rho: 2, N: 10_000, M: 10_000 } },
  configurations: 5,
  maxDraws: 800,
  assumptions: [
    assume<C>("N >= classes", { why: "training contexts show the classes", drop: (at) => ({ ...at, N: 1 }) }),
    assume<C>("M >= c_M * classes", {
      why: "examples of every class, also of twice as many",
      constants: { c_M: { value: 12, from: "calibrated: below about one example a class the error saturates" } },
      drop: (at) => ({ ...at, M: 1 }),
    }),
  ],
  world: { second: "more" } as World,
  rivals: {
    "as many classes": { says: "the two numbers of classes are one", world: { second: "as many" } },
    "with fewer": { says: "the second number of classes is smaller", world: { second: "fewer" } },
  },
  simulate,
  claims: [
    {
      id: "twice-as-many-classes",
      says: "with twice as many classes E TV is larger, by a fifth at least",
      form: "mean",
      range: [-0.1, 0.6],
      clip: "both",
      atLeast: Math.log(1.25),
      slack: Math.log(1.25 / 1.2),
      measure: ({ once, twice }) => Math.log(twice / once),
      rivals: ["as many classes", "with fewer"],
    },
    {
      id: "one-class-more",
      says: "with one class more E TV is larger, by a twentieth at least (two to five classes)",
      form: "mean",
      where: (at) => at.classes <= 5,
      range: [-0.1, 0.5],
      clip: "both",
      atLeast: Math.log(1.1),
      slack: Math.log(1.1 / 1.05),
      measure: ({ once, next }) => Math.log(next / once),
      rivals: ["as many classes", "with fewer"],
    },
  ],
});

function simulate(at: C, stream: Stream, { second }: World) {
  const { classes: c } = at;
  const than = (more: number, fewer: number) => (second === "more" ? more : second === "fewer" ? fewer : c);
  return lazily({
    once: () => error(at, c, stream.derive("once")),
    twice: () => error(at, than(2 * c, Math.max(2, Math.round(c / 2))), stream.derive("twice")),
    next: () => error(at, than(c + 1, Math.max(2, c - 1)), stream.derive("next")),
  });
}

/** E TV of the weights trained for that many classes. */
function error(at: C, classes: number, stream: Stream): number {
  const law = lawOf({ ...at, classes });
  const { d, rho: norm, N } = at;
  const W =
    classes < 10
      ? populationWeights(statedContexts, stream.derive("train"), law, N, Math.ceil(Math.max(120, 3 * d * d) / classes))
      : precisionTimes(
          law,
          populationScale(stream.derive("train"), { classes, d, norm, N }, Math.ceil(400 / classes)).scale,
        );
  const tasks = Math.ceil(200 / classes ** 0.85);
  return expectedDeparture(stream.derive("test"), law, at.M, tasks, transformer(W), totalVariation).mean;
}
