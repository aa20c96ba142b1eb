import { checkCount, checkPositive } from "../argument.js";
import { inverseSymmetric } from "../linalg/decompositions.js";
import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { softmax } from "../linalg/softmax.js";
import { dot } from "../linalg/vector.js";
import type { LabelledExamples } from "../mixture/classes/context.js";

/**
 * Multinomial logistic regression with an intercept and ridge: the c × (d + 1) weights (intercept last) that
 * minimise Σᵢ −log p(yᵢ|xᵢ) + (ridge/2)‖W‖², intercepts included. By Böhning's bound (1992) the Hessian is at most H
 * = ½X̃ᵀX̃ + ridge for each class, so that steps by H⁻¹ never raise the loss; they end when none of the moves
 * exceeds 1e-6, or after `rounds`. Cost: Md² + d³, then 2Mcd a round.
 * @throws RangeError on labels that are not 0 … c − 1, or a ridge not above 0.
 */
export function logisticRegression(
  { labels, inputs }: LabelledExamples,
  classes: number,
  ridge = 1,
  rounds = 300,
): Matrix {
  checkCount("classes", classes, 2);
  checkPositive("the ridge", ridge);
  const [M, p] = [inputs.rows, inputs.cols + 1];
  const x = matrix(M, p);
  for (let i = 0; i < M; i++) {
    row(x, i).set(row(inputs, i));
    x.data[i * p + p - 1] = 1;
    if (!(labels[i]! >= 0 && labels[i]! < classes)) {
      throw new RangeError(`labels must be 0 ... ${classes - 1}, got ${labels[i]}`);
    }
  }
  const H = matrix(p, p);
  for (let a = 0; a < p; a++) {
    H.data[a * p + a] = ridge;
    for (let b = 0; b < p; b++)
      for (let i = 0; i < M; i++) H.data[a * p + b]! += (x.data[i * p + a]! * x.data[i * p + b]!) / 2;
  }
  const inverse = inverseSymmetric(H);
  const W = matrix(classes, p);
  const probabilities = new Float64Array(classes);
  for (let round = 0; round < rounds; round++) {
    const slope = matrix(
      classes,
      p,
      W.data.map((weight) => ridge * weight),
    );
    for (let i = 0; i < M; i++) {
      const own = row(x, i);
      for (let j = 0; j < classes; j++) probabilities[j] = dot(row(W, j), own);
      softmax(probabilities);
      probabilities[labels[i]!]! -= 1;
      for (let j = 0; j < classes; j++) {
        const target = row(slope, j);
        for (let a = 0; a < p; a++) target[a]! += probabilities[j]! * own[a]!;
      }
    }
    let most = 0;
    for (let j = 0; j < classes; j++) {
      for (let a = 0; a < p; a++) {
        const move = dot(row(inverse, a), row(slope, j));
        W.data[j * p + a]! -= move;
        most = Math.max(most, Math.abs(move));
      }
    }
    if (most < 1e-6) break;
  }
  return W;
}

/** Class probabilities at x under those weights. */
export function logisticProbabilities(W: Matrix, x: Float64Array): Float64Array {
  const logits = Float64Array.from({ length: W.rows }, (_, j) => {
    const weights = row(W, j);
    return dot(weights.subarray(0, x.length), x) + weights[x.length]!;
  });
  softmax(logits);
  return logits;
}
