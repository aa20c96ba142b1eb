/**
 * sup |F̂ − F| over a sample. For a continuous F it exceeds √(log(2/α)/(2n)) with probability at most α, for every n
 * (Dvoretzky–Kiefer–Wolfowitz, Massart's constant).
 */
export function kolmogorovDistance(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const value = cdf(sorted[i]!);
    distance = Math.max(distance, value - i / n, (i + 1) / n - value);
  }
  return distance;
}

/** What the distance exceeds with probability at most alpha when the sample does come from F. */
export function kolmogorovBound(n: number, alpha: number): number {
  return Math.sqrt(Math.log(2 / alpha) / (2 * n));
}
