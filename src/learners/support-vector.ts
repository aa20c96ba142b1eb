import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { gram } from "../linalg/products.js";
import { dot, minimum } from "../linalg/vector.js";
import { contextMean } from "../mixture/signed/prompt.js";
import { interiorPoint } from "./interior-point.js";
import type { Learner } from "./mle.js";

/** sign(wᵀx + bias) with w = Σ α_i y_i x_i and bias = Σ α_i y_i, and the proof of how close it is to optimal. */
export interface SupportVectorMachine {
  /** "hard" where a hyperplane separates the examples, else "soft". */
  readonly kind: "hard" | "soft";
  readonly alpha: Float64Array;
  readonly bias: number;
  /** ‖w‖² = αᵀGα, the bias not counted; 0 where that is below its own rounding. */
  readonly normSquared: number;
  /**
   * No better value exists beyond this share: 1 − dual/primal, whatever the solver, both moved against us by what their
   * sums may have rounded. Above the tolerance asked for where rounding lets no more be proved.
   */
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
 * Dual coordinate descent (Hsieh et al. 2008), a sweep of cost n² at a time until the gap is proved; where 64 sweeps
 * prove none, interior points at n³/3 a step: first of the least-distance problem min ½αᵀ(K/c + 11ᵀ)α − 1ᵀα over α ≥ 0
 * (Lawson & Hanson 1974, ch. 23), which has a minimum whether or not the examples are separable, and the hard margin's
 * direction when they are; then, if no α with margins above their own rounding came of it, of the soft margin.
 * @throws RangeError on labels other than ±1, a G that is not square or smaller than `count`, C or a tolerance not
 * above 0; Error when the gap stays above the tolerance though rounding would let it fall.
 */
export function supportVectorMachine(
  G: Matrix,
  y: ArrayLike<number>,
  { C = 1, count = y.length, tolerance = 1e-6 }: SupportVectorOptions = {},
): SupportVectorMachine {
  checkProblem(G, y, count, C, tolerance);
  const K = matrix(count, count);
  let trace = 0;
  for (let i = 0; i < count; i++) {
    const target = row(K, i);
    for (let j = 0; j < count; j++) target[j] = G.data[i * G.cols + j]! + y[i]! * y[j]!;
    trace += target[i]!;
  }
  const hard = (alpha: Float64Array) => hardMachine(G, y, alpha);
  const soft = (alpha: Float64Array) => softMachine(G, y, alpha, C);
  const proved = (machine: Proved | undefined) => (machine && machine.gap <= tolerance ? machine : undefined);
  const swept = descend(K, Number.POSITIVE_INFINITY, 64, (alpha) => proved(hard(alpha)));
  if (swept) return published(swept);

  let best: Proved | undefined;
  /** Ends a search at the tolerance, or where rounding is nearly all that is left of the gap. */
  const search = (H: Matrix, bound: number, machineOf: typeof hard) =>
    interiorPoint(H, bound, (alpha) => {
      const machine = machineOf(alpha);
      if (machine && !(best && machine.gap >= best.gap)) best = machine;
      return machine && (machine.gap <= tolerance || machine.measured < 0.1 * (machine.gap - machine.measured))
        ? machine
        : undefined;
    });
  let scale = trace / count;
  for (let round = 0; round < 2; round++) {
    const H = matrix(
      count,
      count,
      K.data.map((value) => value / scale + 1),
    );
    let last: Float64Array | undefined;
    const found = search(H, Number.POSITIVE_INFINITY, (alpha) => {
      last = alpha.slice();
      return hard(alpha);
    });
    if (found || last === undefined) break;
    // In units of the squared margin reached the two terms weigh alike, and no digit is lost between them.
    const { squared, sum } = sums(G, y, last);
    if (!(squared > 0)) break;
    scale = squared / (sum * sum);
  }
  if (best === undefined) {
    const gentle = descend(K, C, 64, (alpha) => proved(soft(alpha)));
    if (gentle) return published(gentle);
    search(K, C, soft);
  }
  if (best && (best.gap <= tolerance || best.measured <= best.gap - best.measured)) return published(best);
  throw new Error(`the margin of ${count} examples is proved to a gap of ${best?.gap}, above ${tolerance}`);
}

/** A machine whose `gap` counts rounding, and the gap as `measured` without it. */
interface Proved extends SupportVectorMachine {
  readonly measured: number;
}

function published({ measured: _, ...machine }: Proved): SupportVectorMachine {
  return machine;
}

/** Any α ≥ 0 whose w separates: ½(1ᵀα)²/αᵀKα ≤ the hard margin's optimum ≤ ½αᵀKα/(least margin)². */
function hardMachine(G: Matrix, y: ArrayLike<number>, alpha: Float64Array): Proved | undefined {
  const { margins, marginRounding, squared, rounding, sum, bias, normSquared } = sums(G, y, alpha);
  const least = minimum(margins);
  const proved = minimum(margins.map((margin, i) => margin - marginRounding[i]!));
  if (!(proved > 0 && squared > 0)) return undefined;
  return {
    kind: "hard",
    alpha: alpha.map((weight) => weight / least),
    bias: bias / least,
    normSquared: normSquared / (least * least),
    measured: 1 - ((sum * least) / squared) ** 2,
    gap: 1 - ((sum * proved) / (squared + rounding)) ** 2,
  };
}

/** Any 0 ≤ α ≤ C: 1ᵀα − ½αᵀKα ≤ the soft margin's optimum ≤ ½αᵀKα + C Σ max(0, 1 − margin). */
function softMachine(G: Matrix, y: ArrayLike<number>, alpha: Float64Array, C: number): Proved {
  const { margins, marginRounding, squared, rounding, sum, bias, normSquared } = sums(G, y, alpha);
  let hinge = 0;
  let hingeMost = 0;
  for (let i = 0; i < alpha.length; i++) {
    hinge += Math.max(0, 1 - margins[i]!);
    hingeMost += Math.max(0, 1 - margins[i]! + marginRounding[i]!);
  }
  return {
    ...{ kind: "soft", alpha: alpha.slice(), bias, normSquared },
    measured: 1 - (sum - squared / 2) / (squared / 2 + C * hinge),
    gap: 1 - (sum - (squared + rounding) / 2) / ((squared + rounding) / 2 + C * hingeMost),
  };
}

/**
 * The sums that a certificate is made of, from G and y themselves, not from K, whose entries have lost what G has below
 * 1e-16; and how much each may have rounded: a sum of n products of numbers rounded once is off by at most
 * (n + 4)·2⁻⁵³ of the sum of their sizes.
 */
function sums(G: Matrix, y: ArrayLike<number>, alpha: Float64Array) {
  const n = alpha.length;
  const unit = (n + 4) * 2 ** -53;
  let [sum, bias] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += alpha[i]!;
    bias += alpha[i]! * y[i]!;
  }
  const margins = new Float64Array(n);
  const marginRounding = new Float64Array(n);
  let [normSquared, size] = [0, 0];
  for (let i = 0; i < n; i++) {
    let [form, sizes] = [0, 0];
    for (let j = 0; j < n; j++) {
      const term = G.data[i * G.cols + j]! * alpha[j]!;
      form += term;
      sizes += Math.abs(term);
    }
    margins[i] = form + y[i]! * bias;
    marginRounding[i] = unit * (sizes + sum);
    normSquared += alpha[i]! * form;
    size += alpha[i]! * sizes;
  }
  return {
    ...{ margins, marginRounding, sum, bias },
    normSquared: normSquared > unit * size ? normSquared : 0,
    squared: Math.max(0, normSquared) + bias * bias,
    rounding: unit * (size + sum * sum),
  };
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
 * asked after 1, 2, 4, 8, … sweeps (it costs as much as one), gives an answer.
 */
function descend<T>(
  K: Matrix,
  C: number,
  sweeps: number,
  settled: (alpha: Float64Array) => T | undefined,
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
    if (((sweep + 1) & sweep) !== 0) continue;
    const answer = settled(alpha);
    if (answer !== undefined) return answer;
  }
  return undefined;
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
