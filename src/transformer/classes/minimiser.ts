import { checkCount } from "../../argument.js";
import { type Matrix, matrix } from "../../linalg/matrix.js";
import { dot, magnitude, norm } from "../../linalg/vector.js";
import { hessianProduct, type PopulationPoint, populationLoss } from "./loss.js";
import { hessianPreconditioner } from "./preconditioner.js";
import { checkDetermined, type PopulationSample } from "./sample.js";

/**
 * Gradient descent W ← W − η∇L on the sample's loss, from W₀. `visit` sees every iterate W_0 … W_steps (its own copy)
 * with its loss and gradient. Returns the last. Cost: a gradient a step.
 * @throws RangeError unless η is finite and > 0, and steps an integer ≥ 1.
 */
export function descend(
  sample: PopulationSample,
  start: Matrix,
  step: number,
  steps: number,
  visit?: (W: Matrix, point: PopulationPoint, t: number) => void,
): Matrix {
  if (!(step > 0 && step < Number.POSITIVE_INFINITY))
    throw new RangeError(`the step must be finite and > 0, got ${step}`);
  checkCount("steps", steps);
  let W = start;
  for (let t = 0; t < steps; t++) {
    const point = populationLoss(sample, W);
    visit?.(W, point, t);
    W = shifted(W, point.gradient, -step);
  }
  visit?.(W, populationLoss(sample, W), steps);
  return W;
}

/** The minimiser of the sample's loss, and the norm of the gradient there. */
export interface PopulationMinimum {
  readonly W: Matrix;
  readonly gradientNorm: number;
  readonly iterations: number;
}

/**
 * argmin L by Newton's method, each direction by conjugate gradients to a forcing term √‖∇L‖ (Nocedal & Wright 2006,
 * §7.1), with Armijo's rule. The loss is convex, so any start leads to the one minimiser; a direction in which it is
 * flat (Λ singular) keeps W₀'s component. From a start worse than W = 0, where probabilities may saturate and no
 * curvature is left to steer by, it sets out instead from the start's flat component alone. Cost: 5–8 iterations of
 * 3–30 Hessian products each.
 * @throws RangeError unless the start is d × d and finite, its loss too, and when the sample's tasks cannot determine
 * d² unknowns; Error when ‖∇L‖_F stays above `tolerance` for 100 iterations.
 */
export function populationMinimiser(
  sample: PopulationSample,
  { start, tolerance = 1e-10 }: { readonly start?: Matrix; readonly tolerance?: number } = {},
): PopulationMinimum {
  checkDetermined(sample);
  const d = sample.queries.cols;
  let W = start ?? matrix(d, d);
  let point = populationLoss(sample, W);
  if (!Number.isFinite(point.loss)) throw new RangeError(`the start must have a finite loss, it is ${point.loss}`);
  // At 0 every class has probability 1/c.
  if (point.loss > Math.log(sample.classes)) {
    const origin = populationLoss(sample, matrix(d, d));
    const precondition = hessianPreconditioner(sample, origin);
    // The Hessian at 0 vanishes just where the loss is flat: it gives the part of W that the loss can see. Each round
    // leaves 1e-12 of that part, which a start of 1e300 makes large.
    for (let round = 0; round < 30 && point.loss > origin.loss; round++) {
      const unit = magnitude(W.data);
      const direction = W.data.map((value) => value / unit);
      const image = hessianProduct(sample, origin, matrix(d, d, direction));
      W = shifted(W, solveHessian(sample, origin, precondition, image, 1e-12 * norm(image.data)), -unit);
      point = populationLoss(sample, W);
    }
  }
  const precondition = hessianPreconditioner(sample, point);
  for (let iterations = 0; iterations < 100; iterations++) {
    const gradientNorm = norm(point.gradient.data);
    if (gradientNorm <= tolerance) return { W, gradientNorm, iterations };
    const direction = newtonDirection(sample, point, precondition);
    const slope = dot(direction.data, point.gradient.data);
    let scale = 1;
    let next = populationLoss(sample, shifted(W, direction, scale));
    // Near the minimum the fall of the loss drowns in its rounding, about 1e-13 of it for 1e6 terms.
    while (next.loss > point.loss + 1e-4 * scale * slope + 1e-12 * point.loss && scale > 1e-12) {
      scale /= 2;
      next = populationLoss(sample, shifted(W, direction, scale));
    }
    W = shifted(W, direction, scale);
    point = next;
  }
  throw new Error(
    `Newton's method did not reach a gradient norm of ${tolerance}: ${norm(point.gradient.data)} is left`,
  );
}

/** −H⁻¹∇L, to a forcing term √‖∇L‖. */
function newtonDirection(sample: PopulationSample, point: PopulationPoint, precondition: Precondition): Matrix {
  const gradientNorm = norm(point.gradient.data);
  const target = Math.min(0.1, Math.sqrt(gradientNorm)) * gradientNorm;
  const d = sample.queries.cols;
  return solveHessian(sample, point, precondition, shifted(matrix(d, d), point.gradient, -1), target);
}

type Precondition = (R: Matrix) => Matrix;

/** H⁻¹b by preconditioned conjugate gradients, until the residual's norm is at most `target`. */
function solveHessian(
  sample: PopulationSample,
  point: PopulationPoint,
  precondition: Precondition,
  b: Matrix,
  target: number,
): Matrix {
  const d = b.rows;
  let solution = matrix(d, d);
  let residual = b;
  let image = precondition(residual);
  let search = image;
  let product = dot(residual.data, image.data);
  // Exact arithmetic needs d² products at most; rounding takes a few more.
  for (let i = 0; i < 2 * d * d && norm(residual.data) > target; i++) {
    const curved = hessianProduct(sample, point, search);
    const length = product / dot(search.data, curved.data);
    solution = shifted(solution, search, length);
    residual = shifted(residual, curved, -length);
    image = precondition(residual);
    const next = dot(residual.data, image.data);
    search = shifted(image, search, next / product);
    product = next;
  }
  return solution;
}

/** a + scale·b, a new matrix. */
function shifted(a: Matrix, b: Matrix, scale: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + scale * b.data[i]!),
  );
}
