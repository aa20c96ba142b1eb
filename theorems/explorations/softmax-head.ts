import fc from "fast-check";
import { assume } from "../../src/claim/assumption.js";
import { lazily } from "../../src/claim/lazily.js";
import { theorem } from "../../src/claim/theorem.js";
import { taskLaw } from "../../src/mixture/signed/task-law.js";
import { gamma } from "../../src/random/gamma.js";
import { normal } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";
import { normalQuantile } from "../../src/risk/normal.js";
import { exactSampleComplexity } from "../../src/risk/sample-complexity.js";
import { softmaxHeadComplexity } from "../../src/risk/softmax-head.js";
import { headErrors, headStart, headSums, trainHead } from "../../src/transformer/softmax/head-training.js";
import { magenVardi2025 } from "../papers.js";

/*
 * The paper's third open question: is a softmax head as good a metalearner as the linear transformer? One head from the
 * query to its context, f(x) = v Σᵢ softmaxᵢ(xᵢᵀWx/√d) yᵢ, W/√d = aPPᵀ, in k of d dimensions, at strength R.
 * Turn the query's label to 1 and let u = μ + z, t = μᵀu, n = ‖Pᵀu‖. The head's sign is that of Σ yᵢ exp(a xᵢᵀu), and
 * yᵢxᵢᵀu ~ N(t, n²): a term has mean e^{q/2} sinh(at) and second moment e^{2q} cosh(2at), q = a²n². To first order in t
 * the signal is at e^{−q/2} deviations, at most (t/n)e^{−1/2}, at q = 1, where averaging has t/n. So the best head
 * needs e times the examples of PPᵀ as k → ∞, whatever R; at smaller k, n² varies and heavy terms count. The central
 * limit asks for many terms: at R = 2, ε = .05 it holds at k = 64, M* = 103; at k = 16, M* = 36, such heads err .9 ε.
 * Given t and n a term is one normal and one sign, so that tests need no vectors. Trainings, of 1,200 steps on 64 fresh
 * prompts of 40 examples, are the same two for every draw.
 */
type At = { readonly k: number; readonly d: number; readonly R: number; readonly epsilon: number };

interface World {
  readonly attention: "softmax" | "averaging";
  /** Factor on the head's scores, on the steps of training, and how many times PPᵀ's examples are said to do. */
  readonly scores: number;
  readonly steps: number;
  readonly factor: number;
}

const usual = { R: 2, epsilon: 0.05 };
const trainings = 2;
const tests = 2000;
const strata = 700;

export const softmaxHead = theorem({
  id: "softmax-head",
  title: "One softmax head needs e times the examples of averaging in the subspace",
  source: { paper: magenVardi2025, locus: "the third open question; the law is derived here", status: "derived" },
  statement: String.raw`M^*_{\mathrm{head}}(k) \big/ M^*_{PP^\top}(k) \to e \quad (k \to \infty)`,
  regime: fc.record({ k: fc.constantFrom(16, 32), d: fc.constantFrom(32, 64), ...constants(usual) }),
  examples: {
    "k = 16, trained in 32 dimensions": { k: 16, d: 32, ...usual },
    "k = 64": { k: 64, d: 64, ...usual },
    "k = 256": { k: 256, d: 256, ...usual },
  },
  configurations: 3,
  maxDraws: 300,
  assumptions: [
    assume<At>("R > c", {
      why: "an error of 0.05 is within reach of any context: Φ(−R) is less",
      constants: { c: { value: 1.7, from: "Φ⁻¹(0.95) = 1.645" } },
      drop: (at) => ({ ...at, R: -normalQuantile(at.epsilon) / 2 }),
    }),
    assume<At>("k <= d", { why: "a subspace", drop: (at) => ({ ...at, k: 2 * at.d }) }),
  ],
  world: { attention: "softmax", scores: 1, steps: 1, factor: Math.E } as World,
  rivals: {
    "averaging in the subspace": { says: "weights linear in the scores", world: { attention: "averaging" } },
    "scores halved": { says: "half the inverse temperature", world: { scores: 0.5 } },
    "scores doubled": { says: "twice the inverse temperature", world: { scores: 2 } },
    "factor 2": { says: "a theory in which labels cost nothing", world: { factor: 2 } },
    "factor 4": { says: "a theory with twice the exponent", world: { factor: 4 } },
    "never trained": { says: "W = 0", world: { steps: 0 } },
    "a tenth of the steps": { says: "hardly trained", world: { steps: 0.1 } },
  },
  simulate,
  claims: [
    {
      id: "law-of-the-head",
      says: "from k = 64 on, after the examples that its law says, the best head errs ε, to ± 10%",
      form: "equals",
      where: ({ k }) => k >= 64,
      measure: ({ atLaw }) => atLaw,
      ...{ equals: 1, within: 0.1, range: [0.7, 1.3], clip: "both" },
      rivals: ["scores halved", "scores doubled", "averaging in the subspace"],
    },
    {
      id: "factor-e",
      says: "at k = 256 it errs ε, to ± 10%, after e times the examples that PPᵀ needs",
      form: "equals",
      where: ({ k }) => k >= 256,
      measure: ({ atFactor }) => atFactor,
      ...{ equals: 1, within: 0.1, range: [0.7, 1.3], clip: "both" },
      rivals: ["factor 2", "factor 4", "averaging in the subspace"],
    },
    {
      id: "trained-head",
      says: "a head trained on prompts of 40 examples errs as the one that knows the subspace does, to ± 0.15 ε",
      form: "equals",
      where: ({ k, d }) => k === 16 && d === 32,
      measure: ({ trained, atLaw }) => trained - atLaw,
      ...{ equals: 0, within: 0.15, range: [-0.5, 0.5], clip: "both" },
      rivals: ["a tenth of the steps", "never trained"],
    },
  ],
});

function simulate(at: At, stream: Stream, world: World) {
  const { k, d, R, epsilon } = at;
  const law = lawAt(at);
  const errorAt = (name: string, M: number) =>
    bestError(stream.derive(name), at, law.a, Math.round(M), world) / epsilon;
  return lazily({
    atLaw: () => errorAt("law", examples(law.M)),
    atFactor: () => errorAt("factor", world.factor * examples(exactSampleComplexity({ R, k, epsilon }))),
    trained: () => {
      const which = Math.floor(trainings * stream.derive("which").uniform());
      const theta = trainedHead(at, Math.round(1200 * world.steps), which).map((w) => world.scores * w);
      const tasks = taskLaw({ d, k, R, N: 1 });
      return headErrors(stream.derive("trained"), tasks, theta, [Math.round(examples(law.M))], tests)[0]! / epsilon;
    },
  });
}

function examples(M: number): number {
  if (M < Number.POSITIVE_INFINITY) return M;
  throw new RangeError("no number of examples reaches the error");
}

/**
 * The chance that scores a·xᵢᵀPPᵀx get a test query wrong after M examples. Queries are stratified by g, their noise
 * along μ, which decides most: one for each v in a `strata`th of (0, 1), g's quantile at v², of weight dv²/dv = 2v,
 * since errors are where g is low.
 */
function bestError(stream: Stream, { k, R }: At, a: number, M: number, { attention, scores }: World): number {
  let error = 0;
  for (let i = 0; i < strata; i++) {
    const v = (i + stream.uniform()) / strata;
    const g = normalQuantile(Math.min(Math.max(v * v, Number.MIN_VALUE), 1 - Number.EPSILON));
    const t = R * R + R * g;
    const n = Math.sqrt((R + g) ** 2 + (k > 1 ? 2 * gamma(stream, (k - 1) / 2) : 0));
    const place = { along: scores * a * t, length: scores * a * n };
    const said = attention === "softmax" ? headSums(stream, place, [M])[0]! : t + (n * normal(stream)) / Math.sqrt(M);
    error += (2 * v * (said > 0 ? 0 : said < 0 ? 1 : 0.5)) / strata;
  }
  return error;
}

const laws = new Map<string, ReturnType<typeof softmaxHeadComplexity>>();

function lawAt({ k, R, epsilon }: At) {
  const name = `${k} ${R} ${epsilon}`;
  const known = laws.get(name) ?? softmaxHeadComplexity({ R, k, epsilon });
  laws.set(name, known);
  return known;
}

const heads = new Map<string, Float64Array>();

/** Trainings that depend on these arguments alone, each made once in a thread. */
function trainedHead({ k, d, R }: At, steps: number, which: number): Float64Array {
  if (steps === 0) return headStart(d);
  const name = `${k} ${d} ${R} ${steps} ${which}`;
  let theta = heads.get(name);
  if (!theta) {
    const schedule = { rate: 0.01, steps, warmup: Math.floor(steps / 10) };
    theta = trainHead(Stream.root("softmax-head", name), taskLaw({ d, k, R, N: 40 }), {
      prompts: 64,
      schedule,
    }).parameters;
    heads.set(name, theta);
  }
  return theta;
}

function constants<T extends Record<string, number>>(values: T) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<number>;
  };
}
