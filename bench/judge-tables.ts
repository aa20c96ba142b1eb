/**
 * Prints the tables about the judge: median draws against the information limit, betting against bands for "one law",
 * and the shares of wrong verdicts at rates of 5%. Run by `npx tsx bench/judge-tables.ts`; about two minutes on one
 * core.
 */
import { Stream } from "../src/random/stream.js";
import { combinedLogCapital } from "../src/stats/combined.js";
import type { Hypothesis } from "../src/stats/hypothesis.js";
import { Judge, type Spread } from "../src/stats/judge.js";
import { SameLawJudge } from "../src/stats/same-law.js";
import { configurationRates } from "../src/stats/verdict.js";

type Law = (uniform: number) => number;
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

/**
 * max over λ of E log(1 + λ (x − m)): the fastest that any capital against "mean <= m" (side 1; >= for −1) can grow.
 */
function fastestGrowth(law: Law, m: number, side: 1 | -1): number {
  const xs = Array.from({ length: 4000 }, (_, i) => law((i + 0.5) / 4000));
  const growth = (stake: number) => xs.reduce((sum, x) => sum + Math.log1p(stake * (x - m)), 0) / xs.length;
  const largest = side === 1 ? 1 / m : 1 / (1 - m);
  let [low, high] = [0, largest * (1 - 1e-9)];
  for (let i = 0; i < 80; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (growth(side * a) < growth(side * b)) low = a;
    else high = b;
  }
  return Math.max(0, growth(side * low));
}

function informationLimit(): void {
  console.log("\nmean <= bound: median draws over 101 streams / log(1/α)/KL_inf, at α = 1e-6 and 5.2e-9");
  const families = [
    {
      name: "Bernoulli",
      bound: 0.1,
      slack: 0.02,
      law:
        (mean: number): Law =>
        (u) =>
          u < mean ? 1 : 0,
    },
    {
      name: "uniform, width .05",
      bound: 0.5,
      slack: 0.02,
      law:
        (mean: number): Law =>
        (u) =>
          mean + 0.05 * (u - 0.5),
    },
    {
      name: "skewed, u^(1/mean − 1)",
      bound: 0.1,
      slack: 0.02,
      law:
        (mean: number): Law =>
        (u) =>
          u ** (1 / mean - 1),
    },
  ];
  for (const { name, bound, slack, law } of families) {
    const truths = {
      inside: bound - slack,
      "at bound": bound,
      middle: bound + slack / 2,
      "at slack": bound + slack,
      beyond: bound + 3 * slack,
    };
    for (const [where, mean] of Object.entries(truths)) {
      const cells = [1e-6, 5.2e-9].map((rate) => {
        const draws = Array.from({ length: 101 }, (_, s) => {
          const stream = Stream.root("information limit", name, where, s);
          const hypothesis = { form: "atMost", bound, slack } as const;
          const judge = new Judge({ hypothesis, range: [0, 1], falseAlarm: rate, falsePass: rate });
          while (judge.verdict === undefined && judge.draws < 200_000) judge.push(law(mean)(stream.uniform()));
          return judge.verdict === undefined ? Number.POSITIVE_INFINITY : judge.draws;
        });
        const growth = Math.max(fastestGrowth(law(mean), bound, 1), fastestGrowth(law(mean), bound + slack, -1));
        const limit = -Math.log(rate) / growth;
        const found = median(draws);
        return `${String(found).padStart(7)} / ${limit.toFixed(0).padStart(6)} = ${(found / limit).toFixed(2)}`;
      });
      console.log(`${name.padEnd(24)} ${where.padEnd(9)} ${cells.join("   ")}`);
    }
  }
}

function sameLawCosts(): void {
  console.log("\none law, at 1e-6: median pairs over 31 streams until refuted by betting, and by two DKW bands");
  const uniform: Law = (u) => u;
  for (const [name, b] of [
    ["u^1.2", (u: number) => u ** 1.2],
    ["u^1.772, distance .2", (u: number) => u ** 1.772],
    ["coin", (u: number) => (u < 0.5 ? 0 : 1)],
    ["moved by .1", (u: number) => u + 0.1],
  ] as const) {
    const rates = { falseAlarm: 1e-6, falsePass: 1e-6 };
    const bets: number[] = [];
    const bands: number[] = [];
    for (let s = 0; s < 31; s++) {
      const stream = Stream.root("one law", name, s);
      const judge = new SameLawJudge({ within: 1e-3, ...rates });
      let band = Number.POSITIVE_INFINITY;
      let bet = Number.POSITIVE_INFINITY;
      // The judge stops at its verdict; a second one, that never alarms, keeps the distance for the bands.
      const patient = new SameLawJudge({ within: 1e-3, falseAlarm: 1e-100, falsePass: 1e-6 });
      for (let n = 1; n < 40_000 && Math.max(band, bet) === Number.POSITIVE_INFINITY; n++) {
        const [x, y] = [uniform(stream.uniform()), b(stream.uniform())];
        if (judge.push(x, y) === "refuted") bet = Math.min(bet, n);
        patient.push(x, y);
        if (patient.distance.estimate > patient.distance.margin) band = Math.min(band, n);
      }
      bets.push(bet);
      bands.push(band);
    }
    console.log(`${name.padEnd(24)} ${String(median(bets)).padStart(7)} ${String(median(bands)).padStart(7)}`);
  }
}

function errorRates(): void {
  const streams = 1000;
  console.log(`\nwrong verdicts at rates of 5%, of ${streams} streams of up to 1,000 draws (standard error .7%)`);
  const five = { falseAlarm: 0.05, falsePass: 0.05 };
  const share = (spread: Spread, hypothesis: Hypothesis, draw: (stream: Stream) => number, wrong: string) => {
    let count = 0;
    for (let s = 0; s < streams; s++) {
      const stream = Stream.root("error rates", wrong, JSON.stringify(hypothesis), s);
      const judge = new Judge({ hypothesis, ...spread, ...five });
      while (judge.verdict === undefined && judge.draws < 1000) judge.push(draw(stream));
      if (judge.verdict === wrong) count++;
    }
    return `${((100 * count) / streams).toFixed(1)}%`.padStart(6);
  };
  const coin = (mean: number) => (stream: Stream) => (stream.uniform() < mean ? 1 : 0);
  const exponential = (stream: Stream) => -Math.log1p(-stream.uniform());
  const half = (stream: Stream) => (stream.uniform() - stream.uniform()) ** 2 / 2;
  const unit = { range: [0, 1] } as const;
  const rows: [string, Spread, Hypothesis, (stream: Stream) => number, Hypothesis, (stream: Stream) => number][] = [
    [
      "atMost",
      unit,
      { form: "atMost", bound: 0.3, slack: 0.1 },
      coin(0.3),
      { form: "atMost", bound: 0.3, slack: 0.1 },
      coin(0.4),
    ],
    [
      "atLeast (probability, quantile)",
      unit,
      { form: "atLeast", bound: 0.9, slack: 0.1 },
      coin(0.9),
      { form: "atLeast", bound: 0.9, slack: 0.1 },
      coin(0.8),
    ],
    [
      "equals (proportion)",
      unit,
      { form: "equals", target: 0.4, within: 0.1 },
      coin(0.5),
      { form: "equals", target: 0.4, within: 0.1 },
      coin(0.3),
    ],
    [
      "variance",
      { range: [0, 0.5] },
      { form: "atMost", bound: 1 / 12, slack: 0.02 },
      half,
      { form: "atMost", bound: 1 / 12 - 0.02, slack: 0.02 },
      half,
    ],
    [
      "difference",
      { range: [-1, 1] },
      { form: "atLeast", bound: 0.1, slack: 0.1 },
      (s) => 0.1 + 0.9 * (s.uniform() - s.uniform()),
      { form: "atLeast", bound: 0.2, slack: 0.1 },
      (s) => 0.1 + 0.9 * (s.uniform() - s.uniform()),
    ],
    [
      "deviation, exponential",
      { deviation: 1 },
      { form: "atMost", bound: 1, slack: 0.2 },
      exponential,
      { form: "atMost", bound: 0.8, slack: 0.2 },
      exponential,
    ],
  ];
  for (const [name, spread, atBound, draw, bySlack, other] of rows) {
    console.log(
      `${name.padEnd(34)} refuted ${share(spread, atBound, draw, "refuted")}  supported ${share(spread, bySlack, other, "supported")}`,
    );
  }
  const sameLaw = (b: Law, within: number, wrong: string) => {
    let count = 0;
    for (let s = 0; s < streams; s++) {
      const stream = Stream.root("same law", wrong, s);
      const judge = new SameLawJudge({ within, ...five });
      while (judge.verdict === undefined && judge.draws < 1000) judge.push(stream.uniform(), b(stream.uniform()));
      if (judge.verdict === wrong) count++;
    }
    return `${((100 * count) / streams).toFixed(1)}%`.padStart(6);
  };
  const refuted = sameLaw((u) => u, 0.01, "refuted");
  console.log(`${"sameLaw".padEnd(34)} refuted ${refuted}  supported ${sameLaw((u) => u ** 1.772, 0.2, "supported")}`);
  for (const seeds of [1, 10, 50]) {
    const count = { refuted: 0, apart: 0 };
    for (let run = 0; run < streams; run++) {
      let log = 0;
      let apart = false;
      for (let seed = 0; seed < seeds; seed++) {
        const logs = Array.from({ length: 8 }, (_, k) => {
          const stream = Stream.root("merges", seeds, run, seed, k);
          const hypothesis = { form: "atMost", bound: 0.3, slack: 0.2 } as const;
          const judge = new Judge({ hypothesis, ...unit, ...configurationRates(five, 8) });
          while (judge.verdict === undefined && judge.draws < 100) judge.push(coin(0.3)(stream));
          return judge.logCapitalAgainst;
        });
        log += combinedLogCapital(logs);
        apart ||= logs.some((one) => one >= Math.log(20));
      }
      if (log >= Math.log(20)) count.refuted++;
      if (apart) count.apart++;
    }
    const percent = (n: number) => `${((100 * n) / streams).toFixed(1)}%`.padStart(6);
    console.log(
      `${`merge of ${seeds} seeds, 8 configurations`.padEnd(34)} refuted ${percent(count.refuted)}  (each apart: ${percent(count.apart)})`,
    );
  }
}

informationLimit();
sameLawCosts();
errorRates();
