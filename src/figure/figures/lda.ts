import { identity } from "../../linalg/matrix.js";
import { identityCovariance } from "../../mixture/classes/covariance.js";
import { mixtureLaw } from "../../mixture/classes/law.js";
import { Stream } from "../../random/stream.js";
import { type ClassPredictor, expectedDeparture } from "../../risk/departure.js";
import { classProbabilities } from "../../transformer/classes/probabilities.js";
import { populationScale } from "../../transformer/classes/scale.js";
import { combinations, type Figure, listOf, measured, numberOf } from "../figure.js";

const seriesOf = (classes: number) => `c = ${classes}`;

/**
 * Shen, Zhou, Yang & Shen's rates, each quantity times its rate, so that it levels off: the minimiser's departure from
 * cΛ⁻¹, and the predictions' from the true posterior, after M examples with W = cΛ⁻¹ and after infinitely many with the
 * minimiser of contexts of N.
 */
export const lda: Figure = {
  id: "lda",
  title: "Departure from linear discriminant analysis, times its rate",
  caption: (s) =>
    `c classes in d = ${numberOf(s, "d")} with Λ = I and means of norm ${numberOf(s, "norm")}; ` +
    "W* = c(Λ⁻¹ + G) minimises the expected loss at contexts of N. TV is the expected total " +
    "variation to the true posterior.",
  settings: {
    ...{ classes: [2, 3, 5], d: 5, norm: 2, lengths: [20, 40, 80, 160, 320, 640, 1280] },
    ...{ scaleTasks: 40_000, tasks: 20_000 },
  },
  quick: { classes: [2, 3], lengths: [20, 80, 320], scaleTasks: 4000, tasks: 2000 },
  x: { title: "N or M", scale: "log", ticks: [20, 40, 80, 160, 320, 640, 1280] },
  y: { title: "departure × rate", scale: "linear" },
  ownScales: true,
  series: (s) => listOf(s, "classes").map(seriesOf),
  parts: (settings) => combinations(settings, ["classes"]).reverse(),
  compute: (part, { seed, progress }) => {
    const [c, d, norm, tasks] = ["classes", "d", "norm", "tasks"].map((name) => numberOf(part, name)) as [
      ...[number, number, number, number],
    ];
    const lengths = listOf(part, "lengths");
    const law = mixtureLaw({ covariance: identityCovariance(d), classes: c, norm });
    const stream = Stream.root("lda", seed).derive(c);
    const scaled =
      (scale: number): ClassPredictor =>
      ({ heads }, x) =>
        classProbabilities(identity(d, scale), heads, x);
    const series = seriesOf(c);
    return lengths.flatMap((length, i) => {
      const { scale, standardError } = populationScale(
        stream.derive("scale"),
        { classes: c, d, norm, N: length },
        numberOf(part, "scaleTasks"),
      );
      // The same tasks at every length: the curves are smoother than their intervals.
      const short = expectedDeparture(stream.derive("tasks"), law, length, tasks, scaled(c));
      const learnt = expectedDeparture(stream.derive("tasks"), law, Number.POSITIVE_INFINITY, tasks, scaled(scale));
      progress((i + 1) / lengths.length);
      const root = Math.sqrt(length);
      return [
        measured("‖G‖·N/c", series, length, (1 - scale / c) * (length / c), (standardError * length) / (c * c)),
        measured("TV·√M, W = cΛ⁻¹", series, length, short.mean * root, short.standardError * root),
        measured("TV·N, M = ∞, W = W*", series, length, learnt.mean * length, learnt.standardError * length),
      ];
    });
  },
};
