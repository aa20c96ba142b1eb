import { exactRisk } from "../../src/risk/exact.js";
import { momentLaw } from "../../src/risk/moment-law.js";
import { exactSampleComplexity } from "../../src/risk/sample-complexity.js";
import type { Plot, PlotRule, PlotSeries } from "./plot.js";
import type { Training } from "./training.js";

/** What the playground's sliders set. */
export interface Setting {
  readonly d: number;
  readonly k: number;
  /** Strength of the training tasks. */
  readonly R: number;
  /** Examples in a training task, and training tasks. */
  readonly N: number;
  readonly B: number;
  /** Strength of the test tasks. */
  readonly testR: number;
  readonly epsilon: number;
}

export const startingSetting: Setting = { d: 1000, k: 5, R: 20, N: 40, B: 500, testR: 2, epsilon: 0.1 };

/** Context lengths of the curves: 1 to 10⁵, sixteen a decade. */
export const lengths: readonly number[] = Array.from({ length: 81 }, (_, i) => 10 ** (i / 16));

/** Accuracies against M, and what is read off them. */
export interface Curves {
  readonly knows: readonly number[];
  readonly single: readonly number[];
  readonly trained: readonly number[];
  readonly floor: number;
  /** M* of the learner that knows the subspace, of the single-task learner, and by the moment law. */
  readonly starKnows: number;
  readonly starSingle: number;
  readonly starTrained: number;
  /** Tasks at which training adds as much noise as the learner that knows the subspace has. */
  readonly threshold: number;
  /** From which M on the single-task learner is better than the trained one; Infinity for never. */
  readonly overtakes: number;
}

/** All curves at a setting: some 160 contour integrals, a few milliseconds. @throws RangeError on k > d and the like. */
export function curvesAt({ d, k, R, N, B, testR, epsilon }: Setting): Curves {
  if (k > d) throw new RangeError(`k must not exceed d, got k = ${k}, d = ${d}`);
  const knowsAt = (M: number) => exactRisk({ R: testR, M, k });
  const singleAt = (M: number) => exactRisk({ R: testR, M, k: d });
  const trainedAt = (M: number) => momentLaw({ d, k, R, N, B, testR, M });
  return {
    knows: lengths.map((M) => 1 - knowsAt(M)),
    single: lengths.map((M) => 1 - singleAt(M)),
    trained: lengths.map((M) => 1 - trainedAt(M)),
    floor: knowsAt(Number.POSITIVE_INFINITY),
    starKnows: exactSampleComplexity({ R: testR, k, epsilon }),
    starSingle: exactSampleComplexity({ R: testR, k: d, epsilon }),
    starTrained: firstBelow((M) => trainedAt(M) - epsilon),
    threshold: k * (1 + d / R ** 2) - 1,
    overtakes: firstBelow((M) => singleAt(M) - trainedAt(M)),
  };
}

/** Where a function of M that ends below 0 falls below it for good, to a thousandth; Infinity where it is not by 10¹². */
function firstBelow(f: (M: number) => number): number {
  let [low, high] = [-2, 12];
  if (f(10 ** high) > 0) return Number.POSITIVE_INFINITY;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (f(10 ** middle) > 0) low = middle;
    else high = middle;
  }
  return 10 ** high;
}

/** Trainings at the setting, as points: means over them with t-intervals. */
export interface Measured {
  readonly lengths: readonly number[];
  readonly trainings: readonly Training[];
}

/** The playground's plot. */
export function curvesPlot(setting: Setting, curves: Curves, measured?: Measured, width = 760): Plot {
  const line = (name: string, look: string, values: readonly number[]): PlotSeries => ({
    ...{ name, look },
    points: lengths.map((M, i) => [M, values[i]!]),
  });
  const rules: PlotRule[] = [
    { name: `1 − ε = ${Number((1 - setting.epsilon).toPrecision(3))}`, look: "target", y: 1 - setting.epsilon },
    { name: "overtaken", look: "overtaken", x: curves.overtakes },
  ];
  return {
    title: "Accuracy against the number of in-context examples M",
    ...{ width, height: Math.max(300, Math.round(width * 0.5)) },
    x: { label: "in-context examples M", scale: "log", from: 1, to: 1e5 },
    y: { label: "accuracy", scale: "linear", from: 0.5, to: 1 },
    rules,
    series: [
      line("knows the subspace, exact", "knows", curves.knows),
      line("trained, by the moment law", "trained", curves.trained),
      line("single-task learner, exact", "single", curves.single),
      ...(measured ? measuredSeries(measured) : []),
    ],
  };
}

function measuredSeries({ lengths: at, trainings }: Measured): PlotSeries[] {
  const series = (name: string, look: string, rows: readonly (readonly number[])[]): PlotSeries[] => {
    if (rows.length === 0) return [];
    const means = at.map((_, i) => 1 - rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
    const halves = at.map((_, i) => {
      const squares = rows.reduce((sum, row) => sum + (1 - row[i]! - means[i]!) ** 2, 0);
      return rows.length < 2 ? 0 : quantile(rows.length - 1) * Math.sqrt(squares / (rows.length - 1) / rows.length);
    });
    return [
      {
        ...{ name, look },
        points: at.map((M, i) => [M, means[i]!]),
        intervals: means.map((mean, i) => [mean - halves[i]!, mean + halves[i]!]),
      },
    ];
  };
  const limits = trainings.flatMap(({ limit }) => (limit ? [limit] : []));
  return [
    ...series(
      "trained, 300 steps, measured",
      "descent",
      trainings.map(({ descent }) => descent),
    ),
    ...series("trained to the limit, measured", "limit", limits),
  ];
}

/** Student's 97.5% quantile at 1 to 7 degrees of freedom. */
function quantile(freedom: number): number {
  return [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365][freedom - 1] ?? 1.96;
}
