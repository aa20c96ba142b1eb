/** How a text is shown where colours can be, and unchanged elsewhere. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
}

const as = (from: number, to: number) => (text: string) => `\x1b[${from}m${text}\x1b[${to}m`;
const same = (text: string) => text;

export const plain: Paint = { good: same, bad: same, strong: same, quiet: same };
const colours: Paint = { good: as(32, 39), bad: as(31, 39), strong: as(1, 22), quiet: as(2, 22) };

/**
 * Colours on a terminal that has them, and nowhere else. `FORCE_COLOR` asks for them everywhere (0 or false: nowhere),
 * and goes before `NO_COLOR`, as it does in Node.
 */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  { FORCE_COLOR, NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): Paint {
  if (FORCE_COLOR !== undefined) return /^(0|false)$/.test(FORCE_COLOR) ? plain : colours;
  return stream.isTTY === true && !NO_COLOR && TERM !== "dumb" ? colours : plain;
}
