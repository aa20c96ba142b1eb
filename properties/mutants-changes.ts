// What properties/mutants.ts changes in a file, and how it writes a change down.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A piece of a file, and what stands in its place. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

const operators: Readonly<Record<string, string>> = {
  ...{ "+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">" },
  ...{ "===": "!==", "!==": "===", "&&": "||", "||": "&&", "+=": "-=", "-=": "+=" },
};
const functions: Readonly<Record<string, string>> = {
  ...{ "Math.max": "Math.min", "Math.min": "Math.max", "Math.floor": "Math.ceil", "Math.ceil": "Math.floor" },
  ...{ "Math.sin": "Math.cos", "Math.cos": "Math.sin" },
};

/** Everything that can be changed in a file: operators, numbers, signs, truths, branches; no texts, no errors, no types. */
export function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const change = (node: ts.Node, after: string) => {
    found.push({ file, start: node.getStart(source), end: node.getEnd(), after });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isThrowStatement(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const after = operators[node.operatorToken.getText(source)];
      // "a" + "b" less a text is no number: noticed by anything.
      if (after && !ts.isStringLiteralLike(node.left) && !ts.isTemplateExpression(node.left)) {
        change(node.operatorToken, after);
      }
    } else if (ts.isNumericLiteral(node)) change(node, `${Number(node.text) + 1}`);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) change(node, "false");
    else if (node.kind === ts.SyntaxKind.FalseKeyword) change(node, "true");
    else if (ts.isPrefixUnaryExpression(node) && /^[-!]/.test(node.getText(source))) {
      change(node, `(${node.operand.getText(source)})`);
    } else if (ts.isPropertyAccessExpression(node)) {
      const after = functions[node.getText(source)];
      if (after) change(node, after);
    } else if (ts.isConditionalExpression(node)) {
      change(node.condition, `!(${node.condition.getText(source)})`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function filesOf(path: string): string[] {
  if (path.endsWith(".ts") || !existsSync(path)) return [path].filter(existsSync);
  return (readdirSync(path, { recursive: true }) as string[])
    .filter((name) => name.endsWith(".ts") && !/\.d\.ts$|assembly|\.browser\.ts$/.test(name))
    .map((name) => join(path, name))
    .sort();
}

/** As printed: where, and the lines around it, as many as it takes to be found by, before and after. */
export function shown({ file, start, end, after }: Mutant): string {
  const text = readFileSync(file, "utf8");
  const lineStart = (at: number) => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);
  const to = text.indexOf("\n", end);
  let from = lineStart(start);
  while (text.indexOf(text.slice(from, to)) !== text.lastIndexOf(text.slice(from, to))) from = lineStart(from - 1);
  const change = [text.slice(from, to), text.slice(from, start) + after + text.slice(end, to)];
  return `${file}:${text.slice(0, start).split("\n").length} ${JSON.stringify(change)}`;
}

/** The mutants shown in a file, less those whose lines have changed since. */
export function replayed(path: string): Mutant[] {
  return [...readFileSync(path, "utf8").matchAll(/(\S+\.ts):\d+ (\[".*"\])$/gm)].flatMap(([line, file, change]) => {
    const [before, after] = JSON.parse(change!) as [string, string];
    const start = readFileSync(file!, "utf8").indexOf(before);
    if (start < 0) console.log(`gone: ${line}`);
    return start < 0 ? [] : [{ file: file!, start, end: start + before.length, after }];
  });
}
