import { splitRates } from "./budget.js";
import type { Sampler } from "./forms.js";
import { describeHypothesis, type Hypothesis, type Range } from "./hypothesis.js";
import { Judge } from "./judge.js";
import { shortNumber } from "./number-text.js";
import { type Answer, type Asking, asked, askingKeys, type Question } from "./simulation.js";
import { refuseUnknownKeys } from "./unknown-keys.js";

/**
 * One of several claims about the same draws: a number measured on each, its range, and what is claimed of its mean.
 */
export interface Measurement<T> {
  readonly of: (value: T) => number;
  readonly range: Range;
  readonly claim: Hypothesis;
}

/** The answer to several claims at once. */
export interface SeveralAnswer extends Answer {
  readonly verdicts: { readonly [claim: string]: Answer["verdict"] };
}

/**
 * Several claims about one simulation, judged on the same draws with the rates split evenly over them (Bonferroni,
 * which needs no independence): supported when all are, refuted as soon as one is; any wrong verdict among them has at
 * most the given rate.
 *
 * @example
 * await expect(several({ draw: game, claims: {
 *   wins: { of: (g) => Number(g.won), range: [0, 1], claim: { form: "atLeast", bound: 0.5, slack: 0.05 } },
 *   length: { of: (g) => g.moves, range: [1, 400], claim: { form: "atMost", bound: 60, slack: 10 } },
 * } })).toBeSupported();
 * @throws RangeError on no claim; asked, as `Judge` does.
 */
export function several<T>(
  of: Asking & { readonly draw: Sampler<T>; readonly claims: { readonly [name: string]: Measurement<T> } },
): Question & { ask(name: string): Promise<SeveralAnswer> } {
  refuseUnknownKeys("several claims", of, ["draw", "claims", ...askingKeys]);
  return { ...(of.name === undefined ? {} : { name: of.name }), ask: (name) => askSeveral(of, name) };
}

async function askSeveral<T>(
  of: Asking & { readonly draw: Sampler<T>; readonly claims: { readonly [name: string]: Measurement<T> } },
  name: string,
): Promise<SeveralAnswer> {
  const { rates, maxDraws, seed, root } = asked(of, name);
  const each = splitRates(Object.keys(of.claims).length, rates);
  const judges = Object.entries(of.claims).map(([label, { of: measure, range, claim }]) => {
    return { label, measure, judge: new Judge({ hypothesis: claim, range, ...each }) };
  });
  let draws = 0;
  while (draws < maxDraws && judges.some(({ judge }) => judge.verdict === undefined)) {
    const value = await of.draw(root.derive(draws++));
    for (const { judge, measure } of judges) judge.push(measure(value));
    if (judges.some(({ judge }) => judge.verdict === "refuted")) break;
  }
  const verdicts = Object.fromEntries(
    judges.map(({ label, judge }) => [label, judge.verdict ?? ("undecided" as const)]),
  );
  const found = Object.values(verdicts);
  const verdict = found.includes("refuted") ? "refuted" : found.includes("undecided") ? "undecided" : "supported";
  const report = [
    ...judges.map(({ label, judge }) => {
      const logs = [judge.logCapitalAgainst, judge.logCapitalFor].map((log) => shortNumber(log / Math.LN10));
      return (
        `${label}: ${verdicts[label]}, mean ${shortNumber(judge.estimate)} over ${judge.draws} draws, ` +
        `claimed: ${describeHypothesis(judge.trial.hypothesis)}; log10 e against ${logs[0]}, for ${logs[1]}`
      );
    }),
    `log10 e needed: against ${shortNumber(-Math.log10(each.falseAlarm))}, ` +
      `for ${shortNumber(-Math.log10(each.falsePass))}`,
    verdict === "undecided"
      ? "remedy: more draws, or a wider slack for what is undecided"
      : "remedy: more draws will not change it; mend what is simulated, or claim something else",
    `streams of "${name}", seed ${seed}`,
  ];
  return { verdict, draws, verdicts, report };
}

/**
 * Proportions among labels: each label's share is within the tolerance of the one given, judged together as `several`
 * are.
 *
 * @example
 * proportions({ draw: (stream) => parity(stream), shares: { even: 1 / 2, odd: 1 / 2 }, within: 0.01 })
 * @throws RangeError unless the shares lie in [0, 1] and sum to 1; asked, on a label without one.
 */
export function proportions({
  draw,
  shares,
  within,
  ...rest
}: Asking & {
  readonly draw: Sampler<string | number>;
  readonly shares: { readonly [label: string]: number };
  readonly within: number;
}): ReturnType<typeof several> {
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  // A sum of a few hundred shares rounds by less.
  if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`the shares must sum to 1, got ${sum}`);
  const claims = Object.entries(shares).map(([label, target]) => {
    const of = (value: unknown) => (String(value) === label ? 1 : 0);
    return [label, { of, range: [0, 1], claim: { form: "equals", target, within } }] as const;
  });
  return several<unknown>({
    ...rest,
    draw: async (stream) => {
      const label = await draw(stream);
      if (Object.hasOwn(shares, String(label))) return label;
      throw new RangeError(`a draw is "${label}", which has no share; there are ${Object.keys(shares).join(", ")}`);
    },
    claims: Object.fromEntries(claims) as { [label: string]: Measurement<unknown> },
  });
}
