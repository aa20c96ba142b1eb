// How well a room's tests bite: a sample of small changes to its code, each of which some test of the room must notice.
// `npm run mutants -- src/stats [--count 40] [--seed 0] [--workers 2] [--seconds 120] [--tests properties/stats]`
// prints the survivors, to be looked at: some change nothing that can be seen.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import ts from "typescript";
import { Stream } from "../src/random/stream.js";

/** A piece of a file, and what stands in its place. */
interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly before: string;
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
function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const change = (node: ts.Node, after: string) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.push({ file, line, start, end, before: text.slice(start, end), after });
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

function filesOf(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return (readdirSync(path, { recursive: true }) as string[])
    .filter((name) => name.endsWith(".ts") && !/\.d\.ts$|assembly|\.browser\.ts$/.test(name))
    .map((name) => join(path, name))
    .sort();
}

/** Whether the tests fail, or do not end, with the mutant in place. */
function killed(copy: string, tests: readonly string[], seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const args = ["node_modules/vitest/vitest.mjs", "run", ...tests, "--bail=1", "--maxWorkers=1"];
    const child = spawn(process.execPath, args, { cwd: copy, stdio: "ignore", detached: true });
    const end = () => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const late = setTimeout(end, 1000 * seconds);
    child.on("exit", (code) => {
      clearTimeout(late);
      end();
      resolve(code !== 0);
    });
  });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "0" },
    workers: { type: "string", default: "2" },
    seconds: { type: "string", default: "120" },
    tests: { type: "string", multiple: true },
  },
});
if (positionals.length === 0) throw new Error("name a room, as in: npm run mutants -- src/stats");
const tests = values.tests ?? positionals.map((path) => path.replace(/^src\//, "properties/").replace(/\.ts$/, ""));
const stream = Stream.root("mutants", Number(values.seed), ...positionals);
const chosen = positionals
  .flatMap(filesOf)
  .flatMap(mutantsOf)
  .map((mutant) => ({ mutant, key: stream.uniform() }))
  .sort((a, b) => a.key - b.key)
  .slice(0, Number(values.count))
  .map(({ mutant }) => mutant);

const root = mkdtempSync(join(tmpdir(), "icl-mutants-"));
const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const survivors: Mutant[] = [];
let next = 0;
try {
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async (_, lane) => {
      const copy = join(root, String(lane));
      for (const path of [...tracked, "src/linalg/kernels/kernels.wasm"]) cpSync(path, join(copy, path));
      symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
      if (lane === 0 && (await killed(copy, tests, 10 * Number(values.seconds)))) {
        throw new Error(`the tests fail as they are: ${tests.join(" ")}`);
      }
      for (let number = next++; number < chosen.length; number = next++) {
        const mutant = chosen[number]!;
        const text = readFileSync(mutant.file, "utf8");
        writeFileSync(join(copy, mutant.file), text.slice(0, mutant.start) + mutant.after + text.slice(mutant.end));
        if (!(await killed(copy, tests, Number(values.seconds)))) {
          survivors.push(mutant);
          console.log(`survives: ${mutant.file}:${mutant.line} ${mutant.before} → ${mutant.after}`);
        }
        writeFileSync(join(copy, mutant.file), text);
      }
    }),
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
const share = (100 * (chosen.length - survivors.length)) / chosen.length;
console.log(
  `${positionals.join(" ")}: ${chosen.length - survivors.length} of ${chosen.length} killed, ${share.toFixed(0)}%`,
);
