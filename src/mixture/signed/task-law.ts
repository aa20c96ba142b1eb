import { checkCount } from "../../argument.js";
import { fillNormal } from "../../random/normal.js";
import { fillSphere } from "../../random/sphere.js";
import type { Stream } from "../../random/stream.js";
import { checkDimensions, coordinateSubspace, haarSubspace, type Subspace } from "../subspace.js";

/**
 * The law of a classification task (Magen & Vardi 2025, §2): μ = Pμ′ with μ′ uniform on the sphere of radius R in ℝ^k,
 * labels y uniform on {±1}, examples x = yμ + z with z ~ N(0, I_d). Each context label is flipped with probability p.
 */
export interface TaskLaw {
  readonly d: number;
  readonly k: number;
  /** Signal strength ‖μ‖; the noise has unit variance per coordinate. */
  readonly R: number;
  /** Examples in a context. */
  readonly N: number;
  /** Probability that a context label is flipped, in [0, ½). */
  readonly p: number;
  /** The span of P, or "per-task": a fresh Haar subspace for each task, which breaks the shared structure. */
  readonly subspace: Subspace | "per-task";
  /** Law of μ′: uniform on the sphere, on the 2k points ±R e_i, or N(0, R²/k I_k), whose norms vary. */
  readonly means: "sphere" | "axes" | "gaussian";
  /** The context mean's noise is this many times N(0, I/N); 1/√N makes it 1/N per coordinate. */
  readonly contextNoise: number;
  /** The query's noise is this many times N(0, I). */
  readonly queryNoise: number;
}

/**
 * What `taskLaw` takes: unless said otherwise the subspace is the coordinate one, p is 0, the means are on the sphere
 * and both factors of the noise 1, which is the papers' law.
 */
export interface TaskParameters {
  readonly d: number;
  readonly k: number;
  readonly R: number;
  readonly N: number;
  readonly p?: number;
  readonly subspace?: Subspace | "per-task";
  readonly means?: TaskLaw["means"];
  readonly contextNoise?: number;
  readonly queryNoise?: number;
}

/** A checked task law. @throws RangeError naming the parameter that is out of range, and the range. */
export function taskLaw(parameters: TaskParameters): TaskLaw {
  const { d, k, R, N, p = 0, means = "sphere", contextNoise = 1, queryNoise = 1 } = parameters;
  checkDimensions(k, d);
  if (!(R >= 0 && R < Number.POSITIVE_INFINITY)) throw new RangeError(`R must be finite and at least 0, got ${R}`);
  checkCount("N", N);
  if (!(p >= 0 && p < 0.5)) throw new RangeError(`p must be at least 0 and below 1/2, got ${p}`);
  if (!["sphere", "axes", "gaussian"].includes(means)) {
    throw new RangeError(`means must be "sphere", "axes" or "gaussian", got ${JSON.stringify(means)}`);
  }
  for (const [name, factor] of Object.entries({ contextNoise, queryNoise })) {
    if (factor >= 0 && factor < Number.POSITIVE_INFINITY) continue;
    throw new RangeError(`${name} must be finite and at least 0, got ${factor}`);
  }
  const subspace = parameters.subspace ?? coordinateSubspace(k, d);
  if (subspace !== "per-task" && (subspace.d !== d || subspace.k !== k)) {
    throw new RangeError(`the subspace has k = ${subspace.k}, d = ${subspace.d}, the tasks k = ${k}, d = ${d}`);
  }
  return { d, k, R, N, p, subspace, means, contextNoise, queryNoise };
}

/** Writes a task's μ′ ∈ ℝ^k, its mean within the subspace, into `out`. Cost: k normals. */
export function fillInnerSignal(stream: Stream, { R, means }: TaskLaw, out: Float64Array): Float64Array {
  if (means === "sphere") return fillSphere(stream, out, R);
  if (means === "gaussian") return fillNormal(stream, out, R / Math.sqrt(out.length));
  out.fill(0);
  out[Math.floor(stream.uniform() * out.length)] = R * stream.sign();
  return out;
}

/** Writes one task's μ ∈ ℝ^d into `out`. Cost: kd, or d in the coordinate subspace, or 4dk² for a per-task subspace. */
export function fillSignal(stream: Stream, law: TaskLaw, out: Float64Array): Float64Array {
  const { d, k } = law;
  const subspace = law.subspace === "per-task" ? haarSubspace(stream, k, d) : law.subspace;
  const inner = fillInnerSignal(stream, law, new Float64Array(k));
  out.fill(0);
  if (subspace.coordinate) {
    out.set(inner);
    return out;
  }
  const { basis } = subspace;
  for (let i = 0; i < k; i++) {
    const weight = inner[i]!;
    const direction = basis.subarray(i * d, (i + 1) * d);
    for (let a = 0; a < d; a++) out[a] = out[a]! + weight * direction[a]!;
  }
  return out;
}
