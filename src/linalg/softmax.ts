/**
 * Replaces logits by softmax probabilities, in place, and returns log Σ exp(logit).
 *
 * The largest logit is taken out first, so nothing overflows and the sum is at least 1; a logit of −∞ gets probability
 * 0. Where the largest is infinite, those that equal it share the probability, as in the limit of equal logits.
 */
export function softmax(logits: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < logits.length; j++) if (logits[j]! > largest) largest = logits[j]!;
  let sum = 0;
  for (let j = 0; j < logits.length; j++) {
    // ∞ − ∞ is 0 here; NaN stays NaN.
    const weight = logits[j] === largest ? 1 : Math.exp(logits[j]! - largest);
    logits[j] = weight;
    sum += weight;
  }
  for (let j = 0; j < logits.length; j++) logits[j] = logits[j]! / sum;
  return largest + Math.log(sum);
}

/**
 * The softmax of a_j·s + b_j where such products leave the range of doubles: s, a product of `scales`, is applied to
 * differences of a. Classes whose b is −∞ get probability 0.
 */
export function softmaxOfProducts(
  a: Float64Array,
  scales: readonly number[],
  b: (j: number) => number = () => 0,
): Float64Array {
  const none = Number.NEGATIVE_INFINITY;
  let largest = none;
  for (let j = 0; j < a.length; j++) if (a[j]! > largest && b(j) > none) largest = a[j]!;
  const logits = a.map((value, j) =>
    b(j) === none ? none : scales.reduce((product, scale) => product * scale, value - largest) + b(j),
  );
  softmax(logits);
  return logits;
}
