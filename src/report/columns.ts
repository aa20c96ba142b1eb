/** Columns of a terminal that everything printed for a person fits in, but what must be copied in one piece. */
export const lineWidth = 100;

/** Colours, which take no column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colours start with
const colour = /\x1b\[[\d;]*m/g;

/** How many columns a text takes: a letter with its accents is one. */
export function widthOf(text: string): number {
  return [...text.replaceAll(colour, "").replaceAll(/\p{M}/gu, "")].length;
}

/** The text with spaces after it, up to a width. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text, cut with an ellipsis where it is wider. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;
}

/**
 * A line broken at its spaces so that none is wider than `width`, the later ones indented by `hang` columns. The first
 * keeps its own indent and its runs of spaces; a word that is wider than a line stays whole.
 */
export function wrapped(text: string, hang: number, width = lineWidth): string[] {
  const lines: string[] = [];
  let line = "";
  let empty = true;
  for (const [part] of text.matchAll(/\s*\S+/g)) {
    if (empty || widthOf(line + part) <= width) line += part;
    else {
      lines.push(line);
      line = " ".repeat(hang) + part.trimStart();
    }
    empty = false;
  }
  return [...lines, line];
}

/** "1 claim", "2 claims". */
export function numbered(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A rate as a person writes it: 0.05, 1e-6. */
export function rateText(rate: number): string {
  return rate < 1e-3 ? Number(rate.toPrecision(2)).toExponential() : String(rate);
}
