import { checkCount } from "../argument.js";
import { gaussHermite } from "../linalg/quadrature.js";
import { logisticWeight } from "../transformer/logistic.js";
import { type LimitLawArguments, marginSpread, noiseToSignal } from "./law-of-the-limit.js";

/**
 * tan² of the angle with PPᵀ after so many steps of gradient descent from zero with η = 1/β, the largest step at which
 * the loss is sure to fall: the law between one step's and the limit's, from the numbers of the problem alone.
 *
 * Derivation (mean field; for B ≫ k² and d ≫ B). As for the limit (`lawOfTheLimit`), a task's margin is q = a(1 + σg)
 * from the common part aPPᵀ and (kλ/B)·α̂ from its own noise, with its multiplier α̂ in units in which a = E α̂; and β
 * = λ_max(K)/(4B) is R⁴(1 + kλ/B)/(4k), so that a step is α̂ ← α̂ + 4/(1 + kλ/B)·σ(−q) whatever the sizes. The tasks'
 * directions fluctuate: Σ v vᵀ is (B/k)(I + F), F without a trace and of E‖F‖² = k(k − 1)/B. After one step W's block
 * on the subspace has all of it, a(I + F); then tasks in the directions that F favours have larger margins and weigh
 * less, and the part gF of the block follows ġ = ȧ − 4/(1 + kλ/B)·E[σ(q)σ(−q)]·(2g/(k + 2) + (kλ/B)(g − a)), since
 * E[(vᵀFv)²] = 2‖F‖²/(k(k + 2)). The noise of all the multipliers is (kλ/B) E α̂²/a²:
 *   tan² = (kλ/B) E α̂²/a² + ((k − 1)/B)(g/a)².
 * One step: kλ/B + (k − 1)/B. Cost: 20 exponentials a step.
 * @throws RangeError as `lawOfTheLimit`, or unless steps is an integer ≥ 1.
 */
export function lawOfDescent(at: LimitLawArguments, steps: number): number {
  const { k, B } = at;
  for (const [name, value] of Object.entries({ d: at.d, k, N: at.N, B, steps })) checkCount(name, value);
  const own = (k * noiseToSignal(at)) / B;
  const sigma = marginSpread(at);
  const step = 4 / (1 + own);
  const { nodes, weights } = gaussHermite(20);
  const alpha = new Float64Array(nodes.length);
  let common = 0;
  let fluctuation = 0;
  for (let s = 0; s < steps; s++) {
    let [moved, curvature] = [0, 0];
    const before = common;
    for (let j = 0; j < nodes.length; j++) {
      const weight = logisticWeight(before * (1 + sigma * nodes[j]!) + own * alpha[j]!);
      alpha[j] = alpha[j]! + step * weight;
      moved += weights[j]! * step * weight;
      curvature += weights[j]! * step * weight * (1 - weight);
    }
    common += moved;
    fluctuation += moved - curvature * ((2 * fluctuation) / (k + 2) + own * (fluctuation - before));
  }
  const squares = weights.reduce((sum, weight, j) => sum + weight * alpha[j]! ** 2, 0);
  return (own * squares + ((k - 1) / B) * fluctuation ** 2) / common ** 2;
}
