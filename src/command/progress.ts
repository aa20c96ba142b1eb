import { SingleBar } from "cli-progress";

/** Where a long command speaks: finished lines on stdout and, on a terminal, a bar on stderr with the time left. */
export interface Progress {
  readonly line: (text: string) => void;
  /** How much is done, from 0 to 1. */
  readonly progress: (share: number) => void;
  readonly stop: () => void;
}

/** Lines and a bar that do not write over each other; where stderr is no terminal, lines alone. */
export function progressLines(): Progress {
  let started = false;
  const line = (text: string) => {
    if (started) process.stderr.write("\r\x1b[K");
    process.stdout.write(`${text}\n`);
  };
  if (!process.stderr.isTTY) return { line, progress: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {percentage}% | {duration_formatted} gone, {eta_formatted} left",
    etaBuffer: 200,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    line,
    progress: (share) => {
      if (!started) bar.start(1000, 0);
      started = true;
      bar.update(Math.floor(1000 * share));
    },
    stop: () => bar.stop(),
  };
}
