import { escaped, type Markup, raw } from "./markup.js";

const word =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\b(import|from|export|const|type|interface|function|return|if|else|for|of|new|readonly|extends|as|let|throw|typeof|in)\b|\b(\d[\d_.e]*)\b/g;

/** TypeScript with its comments, strings, words and numbers marked. */
export function highlighted(text: string): Markup {
  let result = "";
  let from = 0;
  for (const match of text.matchAll(word)) {
    const [all, comment, string, keyword] = match;
    const kind = comment ? "c" : string ? "s" : keyword ? "k" : "n";
    result += `${escaped(text.slice(from, match.index))}<span class="${kind}">${escaped(all)}</span>`;
    from = match.index + all.length;
  }
  return raw(result + escaped(text.slice(from)));
}
