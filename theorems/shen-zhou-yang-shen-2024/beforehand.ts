import type { Matrix } from "../../src/linalg/matrix.js";
import { Stream } from "../../src/random/stream.js";
import { curvatureForm, curvatureRange } from "../../src/transformer/classes/curvature.js";
import { populationScale } from "../../src/transformer/classes/scale.js";
import { lawOf, populationIn, precisionTimes, statedContexts } from "./setup.js";

/** The law that a training is on: c classes in dimension d, Λ diagonal, means of Λ⁻¹-norm rho, contexts of N. */
export interface TrainingLaw {
  readonly classes: number;
  readonly d: number;
  readonly rho: number;
  readonly condition: number;
  readonly N: number;
}

/** What is known of a configuration before any prompt is seen. */
export interface Beforehand {
  /** W* = a(N)Λ⁻¹, to some .2%. */
  readonly optimum: Matrix;
  /** The expected loss curves least along it at W*; and by how much, if the rate went with that power of Λ. */
  readonly direction: Matrix;
  readonly rate: (power?: number) => number;
}

const known = new Map<string, Beforehand>();

/** A pure function of the configuration, from tasks of its own stream; kept, since every draw asks for it. */
export function beforehand({ classes, d, rho, condition, N }: TrainingLaw): Beforehand {
  const key = `${[classes, d, rho, condition, N]}`;
  const before = known.get(key);
  if (before) return before;
  const stream = Stream.root("prompt-training", key);
  const { scale } = populationScale(stream, { classes, d, norm: rho, N }, Math.ceil(200_000 / classes));
  const white = lawOf({ classes, d, rho });
  const law = lawOf({ classes, d, rho, condition });
  const tasks = Math.ceil(20_000 / classes / Math.max(1, d / 5));
  const form = curvatureForm(populationIn(statedContexts, stream, white, N, tasks), scale);
  const variances = Array.from({ length: d }, (_, a) => law.covariance.matrix.data[a * (d + 1)]!);
  const rate = (power = 1) =>
    curvatureRange(
      form,
      variances.map((value) => value ** power),
    ).smallest;
  const found: Beforehand = {
    optimum: precisionTimes(law, scale),
    direction: curvatureRange(form, variances).slowest,
    rate,
  };
  known.set(key, found);
  return found;
}
