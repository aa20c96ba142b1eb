import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { gram } from "../linalg/products.js";
import { dot } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";
import { maxMargin } from "../transformer/max-margin.js";
import type { Learner } from "./mle.js";

/** sign(wᵀx + bias) with w = Σ α_i y_i x_i and bias = Σ α_i y_i, and the proof of how close it is to optimal. */
export interface SupportVectorMachine {
  /** "hard" where a hyperplane separates the examples, else "soft". */
  readonly kind: "hard" | "soft";
  readonly alpha: Float64Array;
  readonly bias: number;
  /** ‖w‖², the bias not counted. */
  readonly normSquared: number;
  /** Relative duality gap, 1 − dual/primal value: 0 up to this, α is optimal whatever the solver. */
  readonly gap: number;
}

/**
 * C is the price of a unit of slack; `count` takes the first examples only; `tolerance` is the duality gap to reach.
 */
export interface SupportVectorOptions {
  readonly C?: number;
  readonly count?: number;
  readonly tolerance?: number;
}

/**
 * The linear support vector machine of labelled examples, known by their signed Gram matrix G_ij = y_i y_j x_iᵀx_j
 * alone. One matrix serves every shorter context: `count` reads its leading block.
 *
 * The bias is the weight of a constant feature 1 and is penalised like any other, as in LIBLINEAR (scikit-learn's
 * LinearSVC, which the public experiments of Magen & Vardi 2025 use): K = G + yyᵀ. (A free bias would be thrown off by
 * unequal class counts when M ≪ d: the larger class's mean is the less noisy one, hence the nearer to any query.) Hard
 * margin, ½(‖w‖² + bias²) least with every y_i(wᵀx_i + bias) ≥ 1, where some hyperplane separates; else soft, plus C Σ
 * max(0, 1 − y_i(wᵀx_i + bias)).
 *
 * A context of one class needs no rule of its own: w = 0 would leave all the work to the bias, whose feature is √d
 * times shorter. The machine then separates the examples from the origin, which is to use that the two classes are
 * mirror images, x = yμ + z; for one example it is the mean.
 *
 * Dual coordinate descent (Hsieh et al. 2008), a sweep of cost n² at a time until the gap is proved; where 300 sweeps
 * do not separate, `maxMargin` decides whether anything does.
 * @throws RangeError on labels other than ±1, a G that is not square or smaller than `count`, C or a tolerance not
 * above 0; Error when the gap is not reached in 10⁵ sweeps.
 */
export function supportVectorMachine(
  G: Matrix,
  y: ArrayLike<number>,
  { C = 1, count = y.length, tolerance = 1e-6 }: SupportVectorOptions = {},
): SupportVectorMachine {
  checkProblem(G, y, count, C, tolerance);
  const K = matrix(count, count);
  for (let i = 0; i < count; i++) {
    const target = row(K, i);
    for (let j = 0; j < count; j++) target[j] = G.data[i * G.cols + j]! + y[i]! * y[j]!;
  }
  const machine = (kind: "hard" | "soft", alpha: Float64Array, squared: number, gap: number): SupportVectorMachine => {
    const bias = alpha.reduce((sum, weight, i) => sum + weight * y[i]!, 0);
    return { kind, alpha, bias, normSquared: squared - bias * bias, gap };
  };

  // Any α ≥ 0 whose w separates: ½(1ᵀα)²/αᵀKα ≤ the hard margin's optimum ≤ ½αᵀKα/(least margin)².
  const hard = descend(K, Number.POSITIVE_INFINITY, 300, (alpha, margins) => {
    const least = margins.reduce((low, margin) => Math.min(low, margin), Number.POSITIVE_INFINITY);
    const squared = dot(alpha, margins);
    const gap = 1 - ((sumOf(alpha) * least) / squared) ** 2;
    if (!(least > 0 && gap <= tolerance)) return undefined;
    return machine(
      "hard",
      alpha.map((weight) => weight / least),
      squared / (least * least),
      gap,
    );
  });
  if (hard) return hard;
  const exact = maxMargin(K);
  if (exact.separable) {
    const { lower, upper } = exact.certificate;
    return machine("hard", exact.alpha, exact.norm ** 2, 1 - (lower / upper) ** 2);
  }
  const soft = descend(K, C, 1e5, (alpha, margins) => {
    const squared = dot(alpha, margins);
    const hinge = margins.reduce((sum, margin) => sum + Math.max(0, 1 - margin), 0);
    const gap = 1 - (sumOf(alpha) - squared / 2) / (squared / 2 + C * hinge);
    return gap <= tolerance ? machine("soft", alpha, squared, gap) : undefined;
  });
  if (!soft) throw new Error(`the soft margin of ${count} examples did not reach a gap of ${tolerance} in 1e5 sweeps`);
  return soft;
}

/**
 * The support vector machine as a learner of raw contexts. Ties go to 1. Cost: N²d for the Gram matrix, then as
 * `supportVectorMachine`.
 * @throws RangeError on shapes that do not fit, or labels other than ±1.
 */
export function svm(options: Pick<SupportVectorOptions, "C" | "tolerance"> = {}): Learner {
  return (x, y, queryX) => {
    if (queryX.length !== x.cols) {
      throw new RangeError(`the query must have ${x.cols} coordinates like the context, got ${queryX.length}`);
    }
    const { alpha, bias } = supportVectorMachine(signedGram(x, y), y, options);
    const weights = alpha.map((weight, i) => weight * y[i]! * x.rows);
    return dot(contextMean(x, weights), queryX) + bias >= 0 ? 1 : -1;
  };
}

/** G_ij = y_i y_j x_iᵀx_j of a raw context (x is N × d). @throws RangeError when x and y differ in length. */
export function signedGram(x: Matrix, y: ArrayLike<number>): Matrix {
  if (x.rows !== y.length) {
    throw new RangeError(`a context needs as many labels as examples, got ${y.length} and ${x.rows}`);
  }
  const G = gram(x);
  for (let i = 0; i < G.rows; i++) {
    const target = row(G, i);
    for (let j = 0; j < G.cols; j++) target[j] = target[j]! * y[i]! * y[j]!;
  }
  return G;
}

/**
 * Coordinate descent on ½αᵀKα − 1ᵀα over 0 ≤ α ≤ C from 0, each coordinate to its optimum in turn, until `settled`,
 * asked after every sweep with α and the margins Kα, gives an answer.
 */
function descend<T>(
  K: Matrix,
  C: number,
  sweeps: number,
  settled: (alpha: Float64Array, margins: Float64Array) => T | undefined,
): T | undefined {
  const n = K.rows;
  const alpha = new Float64Array(n);
  const margins = new Float64Array(n);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let i = 0; i < n; i++) {
      const column = row(K, i);
      const to = Math.min(C, Math.max(0, alpha[i]! + (1 - margins[i]!) / column[i]!));
      const change = to - alpha[i]!;
      if (change === 0) continue;
      alpha[i] = to;
      for (let j = 0; j < n; j++) margins[j] = margins[j]! + change * column[j]!;
    }
    // Afresh, so that what is certified carries no drift of the moves' rounding.
    for (let i = 0; i < n; i++) margins[i] = dot(row(K, i), alpha);
    const answer = settled(alpha, margins);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function checkProblem(G: Matrix, y: ArrayLike<number>, count: number, C: number, tolerance: number): void {
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= y.length)) {
    throw new RangeError(`count must be an integer from 1 to the ${y.length} labels given, got ${count}`);
  }
  if (G.rows !== G.cols || G.rows < count) {
    throw new RangeError(`the Gram matrix must be square with at least ${count} rows, got ${G.rows} x ${G.cols}`);
  }
  for (let i = 0; i < count; i++) {
    if (Math.abs(y[i]!) !== 1) throw new RangeError(`labels must be 1 or -1, got ${y[i]}`);
    const size = G.data[i * G.cols + i]!;
    if (!(size >= 0 && size < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`the Gram matrix's diagonal must be finite and at least 0, got ${size} at ${i}`);
    }
  }
  if (!(C > 0 && C < Number.POSITIVE_INFINITY)) throw new RangeError(`C must be finite and above 0, got ${C}`);
  if (!(tolerance > 0)) throw new RangeError(`the tolerance must be above 0, got ${tolerance}`);
}
