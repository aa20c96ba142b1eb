import { type SupportVectorOptions, supportVectorMachine } from "../learners/support-vector.js";
import type { SignedContext } from "../mixture/signed/gram-context.js";
import { normalCdf } from "./normal.js";

/**
 * The error over the query, exactly, of the support vector machine trained on a context's first M examples: with x = yμ
 * + z, y(wᵀx + b) ~ N(wᵀμ + yb, ‖w‖²) and y uniform, so it is the mean of Φ(−(wᵀμ ± b)/‖w‖); wᵀμ = R Σ α_i·along_i. No
 * query is drawn. Cost: that of training. @throws RangeError as `supportVectorMachine`.
 */
export function supportVectorRisk(
  { y, gram, along, R }: SignedContext,
  M: number,
  options: Omit<SupportVectorOptions, "count"> = {},
): number {
  const { alpha, bias, normSquared } = supportVectorMachine(gram, y, { ...options, count: M });
  const signal = alpha.reduce((sum, weight, i) => sum + weight * R * along[i]!, 0);
  // w = 0 answers every query alike, and is wrong on one class.
  if (normSquared === 0) return 0.5;
  const norm = Math.sqrt(normSquared);
  return (normalCdf(-(signal + bias) / norm) + normalCdf(-(signal - bias) / norm)) / 2;
}
