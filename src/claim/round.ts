import type { DrawFailure, Drawing, DrawJob } from "./drawing.js";

/** Aim for a job: long enough to be worth sending, short enough that workers share the work evenly. */
const secondsPerJob = 1;

/**
 * Rounds grow with what has been drawn, so that few draws are made in vain, one in thirty-two on average, and few
 * rounds are needed.
 */
export function nextLength(drawn: number): number {
  return Math.min(512, Math.max(4, drawn >> 4));
}

/**
 * The draws of a job, cut into pieces that are made at once and looked at in the order of their index: to stop by order
 * of arrival would prefer what is quickly drawn. How they are cut changes no number.
 * @param secondsPerDraw as measured so far; undefined until a draw has been timed.
 * @param take is given a row for each claim, and the index that comes next, and says whether that is wanted; from where
 * it is not, draws are called off, and one that fails fails nothing.
 * @returns how many were looked at, and the seconds they took. @throws Error when a draw that is wanted failed.
 */
export async function drawRound(
  draw: Drawing,
  job: DrawJob,
  secondsPerDraw: number | undefined,
  take: (values: readonly Float64Array[], until: number) => boolean,
): Promise<{ readonly drawn: number; readonly seconds: number }> {
  const enough = new AbortController();
  const made = cut(job, secondsPerDraw).map((piece) => draw(piece, enough.signal));
  for (const piece of made) piece.catch(() => undefined);
  let [seconds, drawn] = [0, 0];
  try {
    for (const piece of made) {
      const part = await piece;
      seconds += part.seconds;
      drawn += part.values[0]!.length;
      const going = take(part.values, job.from + drawn);
      if (going && part.failure) throw errorOf(part.failure);
      if (!going) break;
    }
  } finally {
    enough.abort();
  }
  return { drawn, seconds };
}

/** A job in pieces of about a second, of one draw each while their cost is unknown. */
function cut(job: DrawJob, secondsPerDraw: number | undefined): DrawJob[] {
  const length = secondsPerDraw === undefined ? 1 : Math.max(1, Math.floor(secondsPerJob / secondsPerDraw));
  const pieces: DrawJob[] = [];
  for (let from = job.from; from < job.to; from += length) {
    pieces.push({ ...job, from, to: Math.min(job.to, from + length) });
  }
  return pieces;
}

function errorOf({ where, reason, refused }: DrawFailure): Error {
  return new Error(`${where}: ${reason}`, refused ? { cause: new RangeError(reason) } : {});
}
