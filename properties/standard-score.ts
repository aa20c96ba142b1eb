/** (mean of xs − mean of ys) in units of its standard error; ys may be a known mean instead of a sample. */
export function standardScore(xs: readonly number[], ys: readonly number[] | number): number {
  const [mean, variance] = meanAndItsVariance(xs);
  const [other, otherVariance] = typeof ys === "number" ? [ys, 0] : meanAndItsVariance(ys);
  return (mean! - other!) / Math.sqrt(variance! + otherVariance!);
}

function meanAndItsVariance(values: readonly number[]): readonly [number, number] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n];
}
