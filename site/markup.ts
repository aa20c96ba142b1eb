/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | undefined | false | Markup | readonly Part[];

/** A template of HTML or SVG: what is put in is escaped, unless it is markup; lists are joined, nothing is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return raw(strings.map((text, i) => text + (i < parts.length ? textOf(parts[i]) : "")).join(""));
}

/** Text that is to stand as it is. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Text with what means something to HTML escaped. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function textOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(textOf).join("");
}
