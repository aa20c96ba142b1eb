/**
 * Replaces logits by softmax probabilities, in place, and returns log Σ exp(logit).
 *
 * The largest logit is taken out first, so nothing overflows and the sum is at least 1; a logit of −∞ gets probability
 * 0.
 */
export function softmax(logits: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < logits.length; j++) if (logits[j]! > largest) largest = logits[j]!;
  let sum = 0;
  for (let j = 0; j < logits.length; j++) {
    const weight = Math.exp(logits[j]! - largest);
    logits[j] = weight;
    sum += weight;
  }
  for (let j = 0; j < logits.length; j++) logits[j] = logits[j]! / sum;
  return largest + Math.log(sum);
}
