import type { MapCell, MapQuestion } from "../claim/map.js";
import type { Theorem } from "../claim/theorem.js";
import { numberText } from "../claim/wording.js";
import { csvText } from "./csv.js";

const marks = { supported: "+", refuted: "x", undecided: "?", vacuous: "-" } as const;

/** A map for a terminal: a character a cell, the largest y on top; blanks were not judged. */
export function mapLines(theorem: Theorem, question: MapQuestion, cells: readonly MapCell[]): string[] {
  const { x, y, claim } = question;
  const rows = y.values.map((value, row) => {
    const line = x.values.map((_, column) => {
      const cell = cells.find((candidate) => candidate.row === row && candidate.column === column);
      return cell ? marks[cell.verdict] : " ";
    });
    return `  ${`${y.name} = ${numberText(value)}`.padStart(16)} |${line.join(" ")}`;
  });
  const [first, last] = [x.values[0]!, x.values.at(-1)!];
  return [
    `${theorem.id}: ${claim}`,
    ...rows.reverse(),
    `${" ".repeat(20)}${x.name} = ${numberText(first)} to ${numberText(last)}`,
    "  + supported, x refuted, ? undecided, - no such configuration, blank not judged",
  ];
}

/** A map as CSV: a line a judged cell, with every assumption's slack there. */
export function mapCsv(
  theorem: Theorem,
  { claim, configuration, x, y }: MapQuestion,
  cells: readonly MapCell[],
  origin: Readonly<Record<string, number | string>>,
): string {
  const number = (value: number) => (Number.isNaN(value) ? "" : String(Number(value.toPrecision(6))));
  const slacks = theorem.assumptions.map(({ expression }) => `slack of ${expression}`);
  const head = { theorem: theorem.id, claim, configuration: JSON.stringify(configuration), ...origin };
  const lines = cells.map(({ column, row, verdict, estimate, lower, upper, draws }) => {
    const at = { ...configuration, [x.name]: x.values[column]!, [y.name]: y.values[row]! };
    const measured = [estimate, lower, upper].map(number);
    const own = theorem.assumptions.map((assumption) => number(assumption.at(at).slack));
    return [number(at[x.name]!), number(at[y.name]!), verdict, ...measured, String(draws), ...own];
  });
  const about = Object.entries(head).map(([name, value]) => `# ${name}: ${value}\n`);
  const columns = [x.name, y.name, "verdict", "estimate", "lower", "upper", "draws", ...slacks];
  return about.join("") + csvText([columns, ...lines]);
}
