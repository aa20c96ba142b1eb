import cdf from "@stdlib/stats-base-dists-normal-cdf";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { dot } from "../../src/linalg/vector.js";
import { drawContext, drawExamples, fillHeads } from "../../src/mixture/classes/context.js";
import { drawWishart, identityCovariance } from "../../src/mixture/classes/covariance.js";
import { drawMeans } from "../../src/mixture/classes/means.js";
import { drawWhitenedTask, whitenedLaw } from "../../src/mixture/classes/whitened.js";
import { contradict } from "../../src/mixture/signed/contradiction.js";
import { drawReducedTasks, drawReducedTestTasks, reducedProjector } from "../../src/mixture/signed/dimension-free.js";
import { drawNoisyContexts, examplesAt } from "../../src/mixture/signed/flipped-contexts.js";
import { drawSignedContext } from "../../src/mixture/signed/gram-context.js";
import { drawPrompt } from "../../src/mixture/signed/prompt.js";
import { fillInnerSignal, fillSignal, taskLaw } from "../../src/mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../../src/mixture/signed/tasks.js";
import { coordinateSubspace, haarSubspace } from "../../src/mixture/subspace.js";
import { Stream } from "../../src/random/stream.js";
import { kolmogorovBound, kolmogorovDistance } from "../kolmogorov.js";
import { standardScore } from "../standard-score.js";

const n = 20_000;
/** Some forty samples are looked at: all of them together are off by luck with a chance of 4e-8. */
const bound = kolmogorovBound(n, 1e-9);

/** The first n numbers of what the draws give, one draw after another. */
function numbers(name: string, draw: (stream: Stream) => Iterable<number>): Float64Array {
  const stream = Stream.root("shapes", name);
  const found: number[] = [];
  while (found.length < n) found.push(...draw(stream));
  return Float64Array.from(found.slice(0, n));
}

const apart = {
  normal: (sample: Float64Array) => kolmogorovDistance(sample, (x) => cdf(x, 0, 1)),
  /** Of each coordinate of a uniform direction in ℝ³ (Archimedes). */
  uniform: (sample: Float64Array) => kolmogorovDistance(sample, (x) => (1 + Math.min(1, Math.max(-1, x))) / 2),
};

/** The entries of a − b, divided by a scale. */
const less = (a: Float64Array, b: Float64Array, scale = 1) => a.map((value, i) => (value - b[i]!) / scale);

/** L of LLᵀ = a. */
function cholesky({ data, rows }: Matrix): Matrix {
  const L = matrix(rows, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const left = data[i * rows + j]! - dot(row(L, i).subarray(0, j), row(L, j).subarray(0, j));
      L.data[i * rows + j] = i === j ? Math.sqrt(left) : left / L.data[j * rows + j]!;
    }
  }
  return L;
}
const belowDiagonal = ({ data, rows }: Matrix) => [...data].filter((_, at) => at % rows < Math.floor(at / rows));

const law = taskLaw({ d: 5, k: 3, R: 2, N: 4, contextNoise: 3, queryNoise: 0.5 });
const wide = { ...law, d: 400 };
const plain = taskLaw({ d: 3, k: 3, R: 2, N: 4 });
const whitened = whitenedLaw({ classes: 3, d: 3, rho: 2, priors: 2, spread: 1.5 });
const priors = Float64Array.of(0.5, 0.3, 0.2);
const mixture = {
  covariance: identityCovariance(3),
  priors,
  means: matrix(
    3,
    3,
    Float64Array.from({ length: 9 }, (_, i) => i),
  ),
};

const normal: Readonly<Record<string, (stream: Stream) => Iterable<number>>> = {
  "a task's context": (stream) => {
    const { m, mu } = drawTasks(stream, law, 100);
    return less(m.data, mu.data, 3 / Math.sqrt(4));
  },
  "a task's query": (stream) => {
    const { u, mu } = drawTasks(stream, law, 100);
    return less(u.data, mu.data, 0.5);
  },
  "a test task": (stream) => drawTestTasks(stream, law, 100).zeta.data,
  "a reduced task's context, where there are few dimensions": (stream) => {
    const { m, mu } = drawReducedTasks(stream, law, 100);
    return less(m.data, mu.data, 3 / Math.sqrt(4));
  },
  "a reduced task's context below its diagonal": (stream) => {
    const { m, mu } = drawReducedTasks(stream, wide, 60);
    return Array.from({ length: 60 }, (_, t) => [
      ...less(row(m, t), row(mu, t), 3 / Math.sqrt(4)).subarray(0, 3 + t),
    ]).flat();
  },
  "a reduced task's query below its diagonal": (stream) => {
    const { u, mu } = drawReducedTasks(stream, wide, 60);
    return Array.from({ length: 60 }, (_, t) => [...less(row(u, t), row(mu, t), 0.5).subarray(0, 3 + t)]).flat();
  },
  "a reduced test task": (stream) => {
    return drawReducedTestTasks(stream, wide, drawReducedTasks(stream.derive("tasks"), wide, 20), 50).zeta.data;
  },
  "a prompt's examples": (stream) => {
    const { x, y, mu } = drawPrompt(stream, plain);
    return Array.from(y, (label, i) => [...row(x, i).map((value, a) => label * value - mu[a]!)]).flat();
  },
  "a prompt's query": (stream) => {
    const { queryX, queryY, mu } = drawPrompt(stream, plain);
    return queryX.map((value, a) => queryY * value - mu[a]!);
  },
  "a signed context along its mean": (stream) => {
    return drawSignedContext(stream, { d: 9, R: 2, p: 0 }, 50).along.map((value) => value - 2);
  },
  "a signed context across its mean": (stream) => {
    const { gram, along } = drawSignedContext(stream, { d: 90, R: 2, p: 0.2 }, 30);
    const across = gram.data.map((value, at) => value - along[Math.floor(at / 30)]! * along[at % 30]!);
    return belowDiagonal(cholesky(matrix(30, 30, across)));
  },
  "a context of two dimensions, which has no other": (stream) => {
    const { gram, along } = drawSignedContext(stream, { d: 2, R: 2, p: 0.2 }, 30);
    // z_i of one dimension: the first row's products with the others, divided by its length.
    const across = along.map((value, i) => gram.data[i]! - along[0]! * value);
    return across.subarray(1).map((value) => value / Math.sqrt(across[0]!));
  },
  "noisy contexts": (stream) => drawNoisyContexts(stream, { d: 5, k: 3, p: 0.1 }, 10, 20).noise.data,
  "a whitened task's context": (stream) => drawWhitenedTask(stream, whitened).noise.data,
  "a whitened task's query": (stream) => drawWhitenedTask(stream, whitened).query,
  "a context by its sufficient statistics": (stream) => {
    const { heads, shares } = drawContext(stream, mixture, 100);
    return heads.data.map((value, at) => {
      const share = shares[Math.floor(at / 3)]!;
      return (value - share * mixture.means.data[at]!) / Math.sqrt(share / 100);
    });
  },
  "examples one by one": (stream) => {
    const { labels, inputs } = drawExamples(stream, mixture, 50);
    return [...labels].flatMap((label, i) => [...less(row(inputs, i), row(mixture.means, label))]);
  },
  "a Wishart matrix below the diagonal of its factor": (stream) => {
    const w = drawWishart(stream, identityCovariance(6), 11);
    return belowDiagonal(cholesky(matrix(6, 6, w.data.map((value) => 11 * value)))); // biome-ignore format: one matrix
  },
  "the first of Gaussian means": (stream) => {
    return row(drawMeans(stream, "gaussian", identityCovariance(3), Float64Array.of(2, 2)), 0);
  },
};

const coordinates = (m: Matrix, R: number) => m.data.map((value) => value / R);
const uniform: Readonly<Record<string, (stream: Stream) => Iterable<number>>> = {
  "a mean within its subspace": (stream) => fillInnerSignal(stream, law, new Float64Array(3)).map((x) => x / 2),
  "a mean": (stream) => fillSignal(stream, plain, new Float64Array(3)).map((x) => x / 2),
  "a mean in a turned subspace": (stream) => {
    const subspace = haarSubspace(stream, 3, 3);
    return fillSignal(stream, { ...plain, subspace }, new Float64Array(3)).map((x) => x / 2);
  },
  "a mean in a subspace of its own": (stream) => {
    return fillSignal(stream, { ...plain, k: 1, subspace: "per-task" }, new Float64Array(3)).map((x) => x / 2);
  },
  "a subspace's first axis": (stream) => haarSubspace(stream, 1, 3).basis,
  "tasks' means": (stream) => coordinates(drawTasks(stream, plain, 50).mu, 2),
  "test tasks' means": (stream) => coordinates(drawTestTasks(stream, plain, 50).mu, 2),
  "reduced tasks' means": (stream) => {
    const { mu } = drawReducedTasks(stream, wide, 20);
    return Array.from({ length: 20 }, (_, t) => [
      ...row(mu, t)
        .subarray(0, 3)
        .map((x) => x / 2),
    ]).flat();
  },
  "reduced test tasks' means": (stream) => {
    const tasks = drawReducedTasks(stream.derive("tasks"), wide, 2);
    const { mu } = drawReducedTestTasks(stream, wide, tasks, 20);
    return Array.from({ length: 20 }, (_, t) => [
      ...row(mu, t)
        .subarray(0, 3)
        .map((x) => x / 2),
    ]).flat();
  },
  "a prompt's mean": (stream) => drawPrompt(stream, plain).mu.map((x) => x / 2),
  "noisy contexts' directions": (stream) => {
    const { directions } = drawNoisyContexts(stream, { d: 5, k: 3, p: 0.1 }, 1, 20);
    return Array.from({ length: 20 }, (_, t) => [...row(directions, t).subarray(0, 3)]).flat();
  },
  "a whitened task's means": (stream) => coordinates(drawWhitenedTask(stream, whitened).means, 2),
  "a mixture's means": (stream) => {
    return coordinates(drawMeans(stream, "spherical", identityCovariance(3), Float64Array.of(2, 2)), 2);
  },
  "the second of Gaussian means, at the first's length": (stream) => {
    const means = drawMeans(stream, "gaussian", identityCovariance(3), Float64Array.of(2, 2));
    const length = Math.hypot(...row(means, 0));
    return row(means, 1).map((x) => x / length);
  },
};

describe("normal, in law and not in its moments alone, is the noise of", () => {
  it.each(Object.keys(normal))("%s", (name) => {
    expect(apart.normal(numbers(name, normal[name]!))).toBeLessThan(bound);
  });

  it("none of these if it were uniform of the same variance", () => {
    const even = numbers("uniform", (stream) => [Math.sqrt(12) * (stream.uniform() - 0.5)]);
    expect(apart.normal(even)).toBeGreaterThan(2 * bound);
  });
});

describe("uniform on its sphere is", () => {
  it.each(Object.keys(uniform))("%s", (name) => {
    expect(apart.uniform(numbers(name, uniform[name]!))).toBeLessThan(bound);
  });

  it("no mean on the axes, ±R e_i, which are all as likely", () => {
    const axes = (stream: Stream) => fillInnerSignal(stream, { ...law, means: "axes" }, new Float64Array(3));
    const stream = Stream.root("shapes", "axes");
    const draws = Array.from({ length: n / 3 }, () => axes(stream));
    expect(apart.uniform(Float64Array.from(draws.flatMap((mu) => [...mu]).map((x) => x / 2)))).toBeGreaterThan(0.1);
    for (const a of [0, 1, 2]) {
      for (const R of [-2, 2]) {
        // 5.5 standard errors: a chance of 4e-8 each.
        expect(Math.abs(standardScore(draws.map((mu) => (mu[a] === R ? 1 : 0)), 1 / 6))).toBeLessThan(5.5); // biome-ignore format: short
      }
    }
  });

  it("no Gaussian mean, whose coordinates are N(0, R²/k)", () => {
    const draw = (stream: Stream) =>
      fillInnerSignal(stream, { ...law, means: "gaussian" }, new Float64Array(3)).map((x) => (Math.sqrt(3) * x) / 2);
    expect(apart.normal(numbers("gaussian means", draw))).toBeLessThan(bound);
  });
});

describe("labels and flips", () => {
  it("of noisy contexts are even, and flipped with chance p; examples are R·label along the direction, plus noise", () => {
    const contexts = drawNoisyContexts(Stream.root("shapes", "flips"), { d: 4, k: 2, p: 0.2 }, 10, n / 10);
    expect(Math.abs(standardScore([...contexts.labels], 0))).toBeLessThan(5.5);
    expect(Math.abs(standardScore([...contexts.flips], 0.6))).toBeLessThan(5.5);
    const seen = Array.from(contexts.flips, (flip, i) => flip * contexts.labels[i]!);
    expect(Math.abs(standardScore(seen, 0))).toBeLessThan(5.5);
    const x = examplesAt(contexts, 1.5);
    for (const i of [0, 9, 10, 57]) {
      const direction = row(contexts.directions, Math.floor(i / 10));
      row(x, i).forEach((value, a) => {
        const noise = contexts.noise.data[4 * i + a]!;
        expect(value).toBe(noise + 1.5 * contexts.labels[i]! * direction[a]!);
      });
      // Nothing of it lies beyond the first k coordinates.
      expect([...direction.subarray(2)]).toEqual([0, 0]);
    }
    expect([...contexts.flips, ...contexts.labels].every((sign) => Math.abs(sign) === 1)).toBe(true);
  });

  it("of signed contexts and prompts are even, whatever p, and flips turn the mean round with chance p", () => {
    const { y, along } = drawSignedContext(Stream.root("shapes", "signs"), { d: 1, R: 30, p: 0.2 }, 400);
    expect(Math.abs(standardScore([...y], 0))).toBeLessThan(5.5);
    // 30 standard deviations on either side: a sign says which.
    expect(Math.abs(standardScore([...along].map(Math.sign), 0.6))).toBeLessThan(5.5);
    const far = taskLaw({ d: 2, k: 2, R: 30, N: 500, p: 0.2 });
    const { x, y: labels, mu } = drawPrompt(Stream.root("shapes", "prompt"), far);
    expect(Math.abs(standardScore([...labels], 0))).toBeLessThan(5.5);
    const sides = Array.from(labels, (label, i) => Math.sign(label * dot(row(x, i), mu)));
    expect(Math.abs(standardScore(sides, 0.6))).toBeLessThan(5.5);
  });
});

describe("the flips of reduced tasks", () => {
  it("shrink the context's mean to its share of labels that are right less those that are not, and no query", () => {
    const [N, k, R] = [4, 2, 3];
    const law = taskLaw({ d: 9, k, R, N, p: 0.3, contextNoise: 1e-9, queryNoise: 1e-9 });
    const { m, u, mu } = drawReducedTasks(Stream.root("shapes", "reduced flips"), law, 400);
    const along = (x: Matrix, t: number) => dot(row(x, t), row(mu, t)) / R ** 2;
    const shares = Array.from({ length: 400 }, (_, t) => along(m, t));
    for (const share of shares) expect(Math.abs(2 * share - Math.round(2 * share))).toBeLessThan(1e-6);
    expect(Math.abs(standardScore(shares, 1 - 2 * 0.3))).toBeLessThan(5.5);
    for (let t = 0; t < 400; t++) expect(along(u, t)).toBeCloseTo(1, 6);
  });
});

describe("what is written out", () => {
  it("of the coordinate subspace is its first k axes, made once", () => {
    const subspace = coordinateSubspace(2, 3);
    expect([...subspace.basis]).toEqual([1, 0, 0, 0, 1, 0]);
    expect(subspace.basis).toBe(subspace.basis);
    expect(subspace).toMatchObject({ d: 3, k: 2, coordinate: true });
  });

  it("of reduced tasks is full where d − k is B or less, and triangular from B + 1 on", () => {
    const zeros = (d: number) => {
      const tasks = drawReducedTasks(Stream.root("shapes", "full"), taskLaw({ d, k: 2, R: 1, N: 1 }), 4);
      expect(tasks.reduced).toEqual({ d, k: 2, columns: Math.min(d, 6) });
      return Array.from({ length: 4 }, (_, t) => row(tasks.m, t).filter((value) => value === 0).length);
    };
    expect(zeros(5)).toEqual([0, 0, 0, 0]);
    expect(zeros(6)).toEqual([0, 0, 0, 0]);
    expect(zeros(7)).toEqual([3, 2, 1, 0]);
  });

  it("of heads is share·μ + √(share/N)·noise, or less that noise for its partner", () => {
    const [means, noise] = [matrix(2, 2, Float64Array.of(1, -2, 0, 2)), Float64Array.of(4, 8, -4, 0)];
    const heads = (sign?: number) => {
      const out = new Float64Array(5);
      fillHeads(out, 1, { means, noise, N: 16 }, (j) => (j === 0 ? 0.25 : 1), sign);
      return [...out];
    };
    expect(heads()).toEqual([0, 0.75, 0.5, -1, 2]);
    expect(heads(1)).toEqual([0, 0.75, 0.5, -1, 2]);
    expect(heads(-1)).toEqual([0, -0.25, -1.5, 1, 2]);
  });

  it("of the reduced projector is the first k axes, each once", () => {
    const { alpha, m, u, reduced } = reducedProjector({ reduced: { d: 9, k: 2, columns: 3 } });
    expect([...alpha]).toEqual([1, 1]);
    for (const factor of [m, u]) expect([...factor.data]).toEqual([1, 0, 0, 0, 1, 0]);
    expect(reduced).toEqual({ d: 9, k: 2, columns: 3 });
  });

  it.each([0, 1, 3])(
    "of tasks of which %i are contradicted is they, and those once more with u turned round",
    (count) => {
      const tasks = drawTasks(Stream.root("shapes", "contradicted"), plain, 3);
      const both = contradict(tasks, count);
      for (const name of ["m", "u", "mu"] as const) {
        expect([both[name].rows, both[name].cols]).toEqual([3 + count, 3]);
        const again = tasks[name].data.subarray(0, 3 * count).map((value) => (name === "u" ? -value : value));
        expect([...both[name].data]).toEqual([...tasks[name].data, ...again]);
      }
    },
  );
});
