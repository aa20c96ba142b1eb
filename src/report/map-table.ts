import type { MapCell, MapQuestion } from "../claim/map.js";
import type { Theorem } from "../claim/theorem.js";
import { lineWidth } from "./columns.js";
import { csvHead, csvText } from "./csv.js";

const marks = { supported: "+", refuted: "x", undecided: "?", vacuous: "-" } as const;

/**
 * A map for a terminal: a character a cell, the largest y on top; blanks were not judged. One of more columns than a
 * terminal has is for the picture.
 */
export function mapLines(theorem: Theorem, question: MapQuestion, cells: readonly MapCell[]): string[] {
  const { x, y, claim } = question;
  const labels = y.values.map((value) => `${y.name} = ${Number(value.toPrecision(6))}`);
  const margin = Math.max(16, ...labels.map((label) => label.length));
  const width = lineWidth - margin - 4;
  if (x.values.length > width) return [`${theorem.id}: ${claim}`, `  ${x.values.length} columns: see the picture`];
  const between = 2 * x.values.length - 1 <= width ? " " : "";
  const rows = labels.map((label, row) => {
    const line = x.values.map((_, column) => {
      const cell = cells.find((candidate) => candidate.row === row && candidate.column === column);
      return cell ? marks[cell.verdict] : " ";
    });
    return `  ${label.padStart(margin)} |${line.join(between)}`.trimEnd();
  });
  const [first, last] = [x.values[0]!, x.values.at(-1)!].map((value) => Number(value.toPrecision(6)));
  return [
    `${theorem.id}: ${claim}`,
    ...rows.reverse(),
    `${" ".repeat(margin + 4)}${x.name} = ${first} to ${last}`,
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
  const grid = { columns: x.values.length, rows: y.values.length };
  const head = { theorem: theorem.id, claim, configuration: JSON.stringify(configuration), ...grid, ...origin };
  const lines = cells.map(({ column, row, verdict, estimate, lower, upper, draws }) => {
    const at = { ...configuration, [x.name]: x.values[column]!, [y.name]: y.values[row]! };
    const measured = [estimate, lower, upper].map(number);
    const own = theorem.assumptions.map((assumption) => number(assumption.at(at).slack));
    return [number(at[x.name]!), number(at[y.name]!), verdict, ...measured, String(draws), ...own];
  });
  const columns = [x.name, y.name, "verdict", "estimate", "lower", "upper", "draws", ...slacks];
  return csvHead(head) + csvText([columns, ...lines]);
}
