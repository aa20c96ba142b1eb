import type { WhitenedQuery } from "../mixture/classes/whitened.js";

/**
 * The laws of the departure from the posterior to first order, for classes of equal priors, norms and spreads, from
 * means over their queries. Let u_j = μ_jᵀΛ⁻¹x, p = softmax(u) the posterior, J = diag(p) − ppᵀ, and means over p
 * barred.
 *
 * *Context noise.* c·h_jᵀΛ⁻¹x = u_j + ε_j: multinomial counts and normal class sums give ε mean 0 and covariance
 * (c·diag(u²) − uuᵀ + c|x|²I)/N. Let V_j/N be the variance of ε_j − ε̄. The predicted probabilities move by J times the
 * error of the logits, so E TV·√M → ½ E Σ_j p_j √(2V_j/π), which is `inContext`.
 *
 * *Training.* W = cΛ⁻¹(1 − κ/N): the score E Σ_j (softmax_j − P_j)(u_j + ε_j) is 0, to order 1/N −κ E uᵀJu + E tr(JΣ) +
 * ½ E Σ_j p_j (u_j − ū) V_j, Σ that covariance and the last term the softmax's second derivative along ε. With tr(JΣ) =
 * Σ_j p_jV_j, κ = E Σ_j p_jV_j(1 + (u_j − ū)/2) / E Σ_j p_j(u_j − ū)². The probabilities move by (κ/N)Ju, so E TV·N →
 * κ·½ E Σ_j p_j|u_j − ū|, which is `inTraining`.
 */
export interface ContextLaw {
  readonly kappa: number;
  readonly inTraining: number;
  readonly inContext: number;
}

/** The limits of N(1 − a(N)/c), E TV·N and E TV·√M. Cost: 4c a query. */
export function contextLaw(queries: readonly WhitenedQuery[]): ContextLaw {
  let [numerator, curvature, noise, bias, total] = [0, 0, 0, 0, 0];
  for (const { posterior: p, means: u, x, weight } of queries) {
    const c = p.length;
    const lengthSquared = x.reduce((sum, value) => sum + value * value, 0);
    let mean = 0;
    let own = 0;
    for (let j = 0; j < c; j++) {
      mean += p[j]! * u[j]!;
      own += p[j]! ** 2 * (u[j]! ** 2 + lengthSquared);
    }
    for (let j = 0; j < c; j++) {
      const from = u[j]! - mean;
      const variance = c * ((u[j]! ** 2 + lengthSquared) * (1 - 2 * p[j]!) + own) - from ** 2;
      numerator += weight * p[j]! * variance * (1 + from / 2);
      curvature += weight * p[j]! * from ** 2;
      noise += (weight * p[j]! * Math.sqrt((2 / Math.PI) * Math.max(0, variance))) / 2;
      bias += (weight * p[j]! * Math.abs(from)) / 2;
    }
    total += weight;
  }
  const kappa = numerator / curvature;
  return { kappa, inTraining: (kappa * bias) / total, inContext: noise / total };
}

/**
 * The slope of E TV along a parameter that moves the logits of the transformer away from the posterior's by e_j each,
 * the scale of W answering: the score stays 0, so it moves by −E uᵀJe/E uᵀJu, and E TV by ½ E Σ_j p_j|e_j − ē +
 * that·(u_j − ū)|.
 * @param error e, for a query of the law at which the parameter does nothing. Cost: 4c a query and what e costs.
 * @param scale "held" where the parameter moves the test tasks alone, and W is trained without it.
 */
export function slopeOfDeparture(
  queries: readonly WhitenedQuery[],
  error: (query: WhitenedQuery) => Float64Array,
  scale: "answers" | "held" = "answers",
): number {
  let [crossed, curvature, total] = [0, 0, 0];
  const parts = queries.map((query) => {
    const { posterior: p, means: u, weight } = query;
    const e = error(query);
    let [meanOfU, meanOfE] = [0, 0];
    p.forEach((chance, j) => {
      meanOfU += chance * u[j]!;
      meanOfE += chance * e[j]!;
    });
    p.forEach((chance, j) => {
      crossed += weight * chance * (u[j]! - meanOfU) * (e[j]! - meanOfE);
      curvature += weight * chance * (u[j]! - meanOfU) ** 2;
    });
    total += weight;
    return { p, u, e, weight, meanOfU, meanOfE };
  });
  const answer = scale === "held" ? 0 : -crossed / curvature;
  let sum = 0;
  for (const { p, u, e, weight, meanOfU, meanOfE } of parts) {
    for (let j = 0; j < p.length; j++) {
      sum += (weight * p[j]! * Math.abs(e[j]! - meanOfE + answer * (u[j]! - meanOfU))) / 2;
    }
  }
  return sum / total;
}
