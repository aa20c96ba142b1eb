import { SingleBar } from "cli-progress";

/** Where a long command speaks: finished lines on stdout and, on a terminal, a bar on stderr with the time left. */
export interface Progress {
  readonly line: (text: string) => void;
  /** How much is done, from 0 to 1. */
  readonly progress: (share: number) => void;
  readonly stop: () => void;
}

/** Seconds between two lines of progress where there is no bar. */
const lineEvery = 60;

/**
 * Lines and a bar that do not write over each other; where stderr is no terminal, lines alone.
 * @param note who is at work, shown beside the bar; where there is none, in a line a minute with the time left.
 */
export function progressLines(note?: () => string): Progress {
  let started = false;
  const line = (text: string) => {
    if (started) process.stderr.write("\r\x1b[K");
    process.stdout.write(`${text}\n`);
  };
  if (!process.stderr.isTTY) return { line, progress: note ? minutely(note) : () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {percentage}% | {duration_formatted} gone, {eta_formatted} left{note}",
    etaBuffer: 200,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    line,
    progress: (share) => {
      if (!started) bar.start(1000, 0, { note: "" });
      started = true;
      bar.update(Math.floor(1000 * share), { note: note ? ` | ${note()}` : "" });
    },
    stop: () => bar.stop(),
  };
}

/** A line a minute on stderr, of which a log can be made. */
function minutely(note: () => string): Progress["progress"] {
  const begun = performance.now();
  let told = begun;
  return (share) => {
    const now = performance.now();
    if (now - told < 1000 * lineEvery) return;
    told = now;
    const left = share > 0 ? `, ${Math.ceil(((now - begun) / 60_000) * (1 / share - 1))} min left` : "";
    process.stderr.write(`icl-claims: ${Math.floor(100 * share)}% | ${note()}${left}\n`);
  };
}
