import { lazily } from "../../src/claim/lazily.js";
import { symmetricEigen } from "../../src/linalg/decompositions.js";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { dot, norm } from "../../src/linalg/vector.js";
import { normals } from "../../src/random/normal.js";
import type { Stream } from "../../src/random/stream.js";
import { hessianProduct, hessianRange, populationLoss } from "../../src/transformer/classes/loss.js";
import { populationMinimiser } from "../../src/transformer/classes/minimiser.js";
import { smoothnessBound, trainOnPrompts } from "../../src/transformer/classes/prompts.js";
import { drawPopulationSample, embedSample } from "../../src/transformer/classes/sample.js";
import { gap, lawOf, precisionTimes } from "./setup.js";

/** Where descent is looked at: the parameters are said in linear-rate.ts. */
export type C = {
  readonly classes: number;
  readonly d: number;
  readonly condition: number;
  readonly N: number;
  readonly step: number;
  readonly W0: number;
  readonly flat: number;
  readonly priors: number;
  readonly norms: number;
};

/** The parts of what is said of descent that may be off. */
export interface World {
  /** Factor on the rate claimed. */
  readonly speed: number;
  /** The long and the short step of the edge, in units of 2/λ_max at W*. */
  readonly inside: number;
  readonly outside: number;
  readonly balanced: boolean;
  readonly flat: boolean;
}

/** Descents of the expected loss over a sample of tasks, each made when a claim asks for it. */
export function simulate(at: C, stream: Stream, world: World) {
  const law = lawOf({ ...at, rho: 1.5 });
  const data = drawPopulationSample(stream.derive("tasks"), law, at.N, Math.max(40, 4 * at.d * at.d));
  const size = at.d + (at.flat === 1 || world.flat ? 1 : 0);
  const sample = embedSample(data, size);
  const { W: minimiser } = populationMinimiser(sample, { tolerance: 1e-13 });
  const random = (name: string, length: number) => {
    const z = normals(stream.derive(name), size * size);
    return plus(minimiser, matrix(size, size, z), (length * norm(minimiser.data)) / norm(z));
  };
  const smooth = smoothnessBound(sample);
  const stepSize = at.step / smooth;
  const limit = populationLoss(sample, minimiser);
  const eigen = () => {
    const hessian = matrix(size * size, size * size);
    for (let i = 0; i < size * size; i++) {
      const unit = matrix(size, size);
      unit.data[i] = 1;
      hessian.data.set(hessianProduct(sample, limit, unit).data, i * size * size);
    }
    return symmetricEigen(hessian);
  };
  const spectrum = lazily({ eigen });
  return lazily({
    path: () => {
      const all = Array.from({ length: 1001 }, (_, t) => t);
      const path = trainOnPrompts(sample, { start: random("W0", at.W0), stepSize, at: all, target: minimiser });
      let smallest = curvatureOf(minimiser).smallest;
      for (let t = 0; t < 1001; t += 100) smallest = Math.min(smallest, curvatureOf(path[t]!.W).smallest);
      const first = path[0]!.distance;
      // W* is known to 1e-12 of it: nearer than this, a distance is not known to the claim's tolerance.
      const least = 1e-6 * Math.max(first, norm(minimiser.data));
      const seen = path.filter(({ distance }) => distance > least);
      return {
        excess: (speed: number) =>
          seen
            .map(({ distance, step }) => Math.log(distance / first) - step * Math.log1p(-speed * stepSize * smallest))
            .reduce(
              (most, excess) => Math.max(most, 2 * excess),
              seen.length > 0 ? Number.NEGATIVE_INFINITY : Number.NaN,
            ),
      };
    },
    rate: () => {
      const { values, vectors } = spectrum.eigen;
      const before = plus(minimiser, column(vectors, 0, size), 1e-4 * norm(minimiser.data));
      const [a, b] = trainOnPrompts(sample, { start: before, stepSize, at: [0, 50], target: minimiser });
      return Math.log(b!.distance / a!.distance) / (50 * Math.log1p(-stepSize * values[0]!));
    },
    edge: () => (share: number) => {
      const { values, vectors } = spectrum.eigen;
      const start = plus(minimiser, column(vectors, size * size - 1, size), 1e-5 * norm(minimiser.data));
      const step = (2 * share) / values.at(-1)!;
      const [a, b] = trainOnPrompts(sample, { start, stepSize: step, at: [0, 20], target: minimiser });
      return Math.log(b!.distance / a!.distance);
    },
    ball: () => {
      const { values, vectors } = spectrum.eigen;
      const least = curvatureOf(minimiser).smallest;
      const radius = norm(minimiser.data) / 2;
      const directions = [0, 1, 2, 3].flatMap((i) => {
        const V = column(vectors, Math.min(i, values.length - 1), size);
        return [plus(minimiser, V, radius), plus(minimiser, V, -radius), random(`ball ${i}`, 0.5)];
      });
      return directions.reduce((fewest, W) => {
        const away = W.data.map((value, i) => value - minimiser.data[i]!);
        return Math.min(fewest, dot(populationLoss(sample, W).gradient.data, away) / (least * dot(away, away)));
      }, Number.POSITIVE_INFINITY);
    },
    moved: () => (skewed: boolean) => {
      const other = lawOf({ ...at, rho: 1.5, priors: skewed ? 9 : 1, norms: skewed ? 2 : 1 });
      const limited = drawPopulationSample(stream.derive("limit"), other, Number.POSITIVE_INFINITY, 20 * at.d * at.d);
      const optimum = precisionTimes(other, at.classes);
      return gap(populationMinimiser(limited, { tolerance: 1e-10 }).W, optimum) / norm(optimum.data);
    },
    concave: () => {
      const other = lawOf({ ...at, rho: 1.5, priors: 9, norms: 2 });
      const skewed = drawPopulationSample(stream.derive("skewed"), other, at.N, 40);
      const down = [0, 1, 2].some((i) => {
        const z = normals(stream.derive("W", i), at.d * at.d).map((value) => value * 4 ** (i - 1));
        const { smallest, largest } = hessianRange(skewed, populationLoss(skewed, matrix(at.d, at.d, z)));
        return smallest < -1e-12 * largest;
      });
      return down ? 1 : 0;
    },
    far: () => {
      const [a, b] = trainOnPrompts(sample, { start: random("far", 10), stepSize, at: [0, 2000], target: minimiser });
      return b!.distance / a!.distance;
    },
  });
  /** In the directions that the data has. */
  function curvatureOf(W: Matrix) {
    const inner = matrix(at.d, at.d);
    for (let a = 0; a < at.d; a++) row(inner, a).set(row(W, a).subarray(0, at.d));
    return hessianRange(data, populationLoss(data, inner));
  }
}

/** Eigenvector j, a row of `vectors`, as a matrix. */
function column({ data, cols }: Matrix, j: number, size: number): Matrix {
  return matrix(size, size, data.slice(j * cols, (j + 1) * cols));
}

function plus(a: Matrix, b: Matrix, scale: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + scale * b.data[i]!),
  );
}
