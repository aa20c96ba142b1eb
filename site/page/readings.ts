import type { Curves, Setting } from "./curves.js";
import { short } from "./plot.js";

/** What is read off the curves, as HTML: the numbers behind the words. */
export function readingsHtml(curves: Curves, { B, epsilon, N, d, R }: Setting): string {
  const { floor, starKnows, starSingle, starTrained, threshold, overtakes } = curves;
  const never = `no M: the floor Φ(−R̃) is ${short(floor)}`;
  const star = (M: number) => (M < Number.POSITIVE_INFINITY ? rounded(M) : never);
  const items: [string, string, string][] = [
    ["M*, knows the subspace", star(starKnows), `examples for an error of ${short(epsilon)}, exact`],
    ["M*, trained", starTrained < Number.POSITIVE_INFINITY ? rounded(starTrained) : "no M", "by the moment law"],
    ["M*, single task", star(starSingle), "the learner W = I, exact"],
    [
      "B*, the threshold",
      rounded(Math.max(1, threshold)),
      `k(1 + d/R²) − 1 tasks; B is ${short(B / Math.max(1, threshold))} times that, N ${short((N * R * R) / d)} times d/R²`,
    ],
    [
      "overtaken at M =",
      overtakes < Number.POSITIVE_INFINITY ? rounded(overtakes) : "never",
      "from there on the single-task learner is better than the trained one",
    ],
  ];
  return `<dl class="counts">${items
    .map(([name, value, note]) => `<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)
    .join("")}</dl>`;
}

function rounded(value: number): string {
  return value >= 1e6 ? value.toExponential(2) : Number(value.toPrecision(3)).toLocaleString("en");
}
