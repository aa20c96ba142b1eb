import { readFileSync } from "node:fs";
import { marked, type Tokens } from "marked";
import type { Theorem } from "../src/claim/theorem.js";
import { type Markup, raw } from "./markup.js";

/** One finding: under which heading, its text, and the theorems that its commands name. */
export interface Finding {
  readonly section: string;
  readonly text: Markup;
  readonly theorems: readonly string[];
  readonly anchor: string;
}

/** docs/findings.md: what stands before the first heading, and its items in order. */
export interface Findings {
  readonly intro: Markup;
  readonly items: readonly Finding[];
}

/** The findings, with the theorems' ids in their commands as links. @param base the way to the folder of all pages. */
export function findingsOf(theorems: readonly Theorem[], base: string): Findings {
  const text = readFileSync(new URL("../docs/findings.md", import.meta.url), "utf8");
  const ids = theorems.map(({ id }) => id);
  const tokens = marked.lexer(text);
  const items: Finding[] = [];
  let section = "";
  let intro = "";
  for (const token of tokens) {
    if (token.type === "heading" && token.depth === 2) section = plain(token.text);
    else if (token.type === "list" && section !== "") {
      for (const item of (token as Tokens.List).items) {
        const commands = [...item.text.matchAll(/`icl ([^`]*)`/g)].map(([, command]) => command!);
        const named = ids.filter((id) => commands.some((command) => command.split(/[\s,]+/).includes(id)));
        const body = marked.parser(item.tokens);
        items.push({
          section,
          text: raw(linked(body, ids, base)),
          theorems: named,
          anchor: `finding-${items.length + 1}`,
        });
      }
    } else if (section === "" && token.type === "paragraph") intro += marked.parser([token]);
  }
  return { intro: raw(intro), items };
}

function plain(text: string): string {
  return text.replace(/[*`]/g, "");
}

function linked(body: string, ids: readonly string[], base: string): string {
  const tables = body
    .replaceAll("<table>", '<div class="wide" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");
  return tables.replace(/<code>icl ([^<]*)<\/code>/g, (_, command: string) => {
    const words = command
      .split(" ")
      .map((word) => (ids.includes(word) ? `<a href="${base}theorems/${word}.html">${word}</a>` : word));
    return `<code>npx tsx src/cli.ts ${words.join(" ")}</code>`;
  });
}
