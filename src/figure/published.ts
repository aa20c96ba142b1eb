/**
 * Test accuracies read off the published figures of arXiv 2510.19797 (its public experiment repository), ±.004 by
 * reading; the points are means over 1,000 test tasks in Figure 1, over 1,200 in Figure 2. `null` where a point is
 * hidden. Keys are series by strength R (Figure 1) and by k (Figure 2).
 */
export const published = {
  figure1: {
    M: [1, 5, 10, 20, 30, 40, 50, 100],
    accuracy: {
      "R=2": {
        linearTransformer: [0.691, 0.851, 0.887, 0.923, 0.952, 0.959, 0.951, 0.954],
        mle: [0.567, 0.678, 0.687, 0.77, 0.818, 0.846, 0.858, 0.902],
        projectedMle: [0.753, 0.9, 0.928, 0.954, 0.964, 0.975, 0.973, 0.974],
        svm: [0.495, 0.653, 0.673, 0.763, 0.815, 0.827, 0.846, 0.885],
      },
      "R=3": {
        linearTransformer: [0.869, 0.978, 0.988, 0.992, 0.993, 0.998, 0.994, 0.998],
        mle: [0.665, 0.809, 0.864, 0.948, 0.969, 0.969, 0.976, 0.995],
        projectedMle: [0.904, 0.986, 0.992, 0.997, 0.997, 1, 0.996, 1],
        svm: [0.498, 0.781, 0.866, 0.948, 0.971, 0.966, 0.973, 0.987],
      },
    },
  },
  figure2: {
    M: [1, 5, 20, 50, 150, 250, 500, 700],
    accuracy: {
      "R=5": {
        "k=500": [0.585, 0.599, 0.701, 0.736, 0.799, 0.795, 0.817, 0.799],
        // biome-ignore lint/suspicious/noApproximativeNumericConstant: an accuracy, near ln 2 by chance
        "k=1000": [0.538, null, 0.563, 0.633, 0.678, 0.693, 0.692, 0.704],
        "k=1500": [0.509, 0.535, 0.567, 0.599, 0.619, 0.63, 0.647, 0.644],
      },
      "R=7": {
        "k=500": [0.705, 0.804, 0.902, 0.943, 0.963, 0.963, 0.968, 0.968],
        "k=1000": [0.63, 0.679, 0.776, 0.837, 0.872, 0.858, 0.879, 0.866],
        "k=1500": [0.59, 0.639, 0.708, 0.772, 0.794, 0.818, 0.82, 0.821],
      },
      "R=9": {
        "k=500": [0.858, 0.949, 0.993, 0.996, 0.996, 0.998, 1, 1],
        "k=1000": [0.727, 0.835, 0.935, 0.962, 0.98, 0.973, 0.989, 0.982],
        "k=1500": [0.65, 0.754, 0.869, 0.913, 0.933, 0.95, 0.94, 0.948],
      },
    },
  },
} as const;

/** A published figure's accuracies at its M, by panel and series; hidden points left out. */
export function publishedPoints(figure: keyof typeof published, panel: string, series: string) {
  const { M, accuracy } = published[figure];
  const values = (accuracy as Record<string, Record<string, readonly (number | null)[]>>)[panel]?.[series] ?? [];
  return values.flatMap((value, i) => (value === null ? [] : [{ M: M[i]!, accuracy: value }]));
}
