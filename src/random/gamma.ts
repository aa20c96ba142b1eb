import { normal } from "./normal.js";
import type { Stream } from "./stream.js";

/**
 * A Gamma(shape, 1) draw by rejection from a cubed normal: exact, acceptance above 95%, most of it by a bound that
 * takes no logarithm (Marsaglia & Tsang 2000). Twice a draw of shape n/2 is χ² with n degrees of freedom.
 * @throws RangeError unless shape is finite and positive.
 */
export function gamma(stream: Stream, shape: number): number {
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a gamma draw needs a finite shape > 0, got ${shape}`);
  }
  // For shape < 1: G(a) = G(a+1) U^{1/a}.
  if (shape < 1) return gamma(stream, shape + 1) * (1 - stream.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(stream);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - stream.uniform();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (Math.log(u) < 0.5 * square + d - d * v + d * Math.log(v)) return d * v;
  }
}
