import { checkCount } from "../../argument.js";
import type { Matrix } from "../../linalg/matrix.js";
import type { Stream } from "../../random/stream.js";
import type { Covariance } from "./covariance.js";
import { drawMeans, type MeansLaw } from "./means.js";

/** One task: class j has probability `priors[j]` and law N(row j of `means`, Λ). */
export interface GaussianMixture {
  readonly covariance: Covariance;
  /** c × d. */
  readonly means: Matrix;
  /** c probabilities, sum 1. */
  readonly priors: Float64Array;
}

/** A law of tasks that share covariance and priors and draw their means anew (Shen, Zhou, Yang & Shen 2024). */
export interface MixtureLaw {
  readonly covariance: Covariance;
  readonly priors: Float64Array;
  readonly meansLaw: MeansLaw;
  /** Λ⁻¹-norm of each class mean; under the Gaussian law of means only their ratios matter. */
  readonly norms: Float64Array;
}

/** What `mixtureLaw` takes: equal priors, equal norms and spherical means unless said otherwise. */
export interface MixtureParameters {
  readonly covariance: Covariance;
  readonly classes: number;
  /** One Λ⁻¹-norm ρ for all classes, or one each. */
  readonly norm: number | ArrayLike<number>;
  readonly meansLaw?: MeansLaw;
  /** Relative weights of the classes; divided by their sum. */
  readonly priors?: ArrayLike<number>;
}

/** A checked law of mixtures. @throws RangeError unless classes ≥ 2, norms and priors positive and one per class. */
export function mixtureLaw(parameters: MixtureParameters): MixtureLaw {
  const { covariance, classes, norm, meansLaw = "spherical" } = parameters;
  checkCount("classes", classes);
  if (classes < 2) throw new RangeError(`a mixture needs at least 2 classes, got ${classes}`);
  const norms = perClass("norm", classes, norm);
  const priors = perClass("prior", classes, parameters.priors ?? 1);
  const total = priors.reduce((sum, weight) => sum + weight, 0);
  return { covariance, meansLaw, norms, priors: priors.map((weight) => weight / total) };
}

/** One task of the law. */
export function drawMixture(stream: Stream, law: MixtureLaw): GaussianMixture {
  const { covariance, priors } = law;
  return { covariance, priors, means: drawMeans(stream, law.meansLaw, covariance, law.norms) };
}

/** A class drawn from the priors. */
export function drawClass(stream: Stream, priors: Float64Array): number {
  let left = stream.uniform();
  let j = 0;
  // The last class takes what rounding leaves.
  while (j < priors.length - 1 && left >= priors[j]!) left -= priors[j++]!;
  return j;
}

function perClass(what: string, classes: number, values: number | ArrayLike<number>): Float64Array {
  const result = typeof values === "number" ? new Float64Array(classes).fill(values) : Float64Array.from(values);
  if (result.length !== classes) throw new RangeError(`${classes} classes need a ${what} each, got ${result.length}`);
  result.forEach((value, j) => {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`the ${what} of class ${j} must be finite and above 0, got ${value}`);
    }
  });
  return result;
}
