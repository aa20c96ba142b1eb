/** Something to time: one call of `run` does the whole piece of work. */
export interface Contestant {
  readonly name: string;
  readonly run: () => void;
}

/** How a contestant did. */
export interface Measured {
  readonly name: string;
  /** Median CPU seconds a call. */
  readonly seconds: number;
  /** How many times as fast as the first contestant: the median over rounds of the ratio within a round. */
  readonly ratio: number;
}

/**
 * Times contestants against the first one. Rounds interleave them, so that a machine that slows down slows all of them;
 * a ratio compares neighbours in time, and medians forget the odd interruption. Fast calls are repeated until a turn
 * lasts `turn` seconds.
 */
export function race(contestants: readonly Contestant[], rounds = 7, turn = 0.05): Measured[] {
  const repeats = contestants.map(({ run }) => {
    run(); // compile
    let count = 1;
    for (;;) {
      const seconds = time(run, count);
      if (seconds >= turn) return count;
      count = Math.ceil(count * Math.min(10, (1.2 * turn) / Math.max(seconds, 1e-9)));
    }
  });
  const taken = contestants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    contestants.forEach(({ run }, i) => {
      taken[i]!.push(time(run, repeats[i]!) / repeats[i]!);
    });
  }
  return contestants.map(({ name }, i) => ({
    name,
    seconds: median(taken[i]!),
    ratio: median(taken[i]!.map((seconds, round) => taken[0]![round]! / seconds)),
  }));
}

/** Races and prints a table. `operations`, the useful floating-point operations of a call, adds a column of GFLOP/s. */
export function bench(title: string, contestants: readonly Contestant[], operations?: number): Measured[] {
  const results = race(contestants);
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log(`\n${title}`);
  for (const { name, seconds, ratio } of results) {
    const rate = operations === undefined ? "" : `${(operations / seconds / 1e9).toFixed(2).padStart(9)} GFLOP/s`;
    console.log(
      `  ${name.padEnd(width)} ${duration(seconds).padStart(10)}${rate} ${`${ratio.toFixed(2)}x`.padStart(10)}`,
    );
  }
  return results;
}

/**
 * CPU seconds of this process, not wall-clock seconds: other jobs on the machine then hardly matter. Work spread over
 * threads adds up.
 */
function time(run: () => void, count: number): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function duration(seconds: number): string {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(1)} us`;
  return `${(seconds * 1e3).toFixed(1)} ms`;
}
