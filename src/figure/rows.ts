import { csvHead, csvRows, csvText } from "../report/csv.js";
import type { Kind, Row } from "./figure.js";

const columns = ["panel", "series", "kind", "x", "value", "low", "high"] as const;

/**
 * The rows with their numbers to 6 digits, as a CSV keeps them: a figure is drawn from these, so that the same picture
 * comes of the CSV.
 */
export function roundedRows(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({
    ...row,
    ...{ x: rounded(row.x), value: rounded(row.value), low: rounded(row.low), high: rounded(row.high) },
  }));
}

/** Rows as CSV, RFC 4180, after lines "# name: value" about where they come from. Numbers to 6 digits. */
export function toCsv(rows: readonly Row[], about: Readonly<Record<string, string | number>>): string {
  const body = roundedRows(rows).map((row) => columns.map((name) => String(row[name])));
  return csvHead(about) + csvText([[...columns], ...body]);
}

/**
 * The rows of a CSV that `toCsv` wrote, also after a spreadsheet has passed it on with CRLF and a byte order mark; and
 * what its head says. @throws RangeError on another header, and on a row that is none.
 */
export function fromCsv(text: string): { rows: Row[]; about: Record<string, string> } {
  const about: Record<string, string> = {};
  let body = text.replace(/^\uFEFF/, "");
  for (let line = headLine.exec(body); line; line = headLine.exec(body)) {
    about[line[1]!] = line[2]!;
    body = body.slice(line[0].length);
  }
  const [header, ...table] = csvRows(body);
  if (header?.join() !== columns.join()) throw new RangeError(`the CSV's columns must be ${columns.join(", ")}`);
  const rows = table.map((cells, i) => {
    const [panel, series, kind, ...numbers] = cells;
    const [x, value, low, high] = numbers.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
    if (cells.length !== columns.length || !isKind(kind!) || ![x, value, low, high].every(Number.isFinite)) {
      throw new RangeError(
        `row ${i + 1} of the CSV must be ${columns.join(", ")}, the last four finite, got "${cells}"`,
      );
    }
    return { panel: panel!, series: series!, kind, x: x!, value: value!, low: low!, high: high! };
  });
  return { rows, about };
}

const headLine = /^# ([^:\r\n]+): (.*)\r?\n/;

function isKind(text: string): text is Kind {
  return text === "measured" || text === "computed" || text === "published";
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/**
 * For the terminal: a table for each panel, a line for each x, a column for each series and kind; intervals as ± half
 * their width.
 */
export function tableLines(rows: readonly Row[], xTitle: string): string[] {
  return [...new Set(rows.map(({ panel }) => panel))].flatMap((panel) => {
    const own = rows.filter((row) => row.panel === panel);
    const heads = [...new Set(own.map(headOf))];
    const xs = [...new Set(own.map(({ x }) => x))].sort((a, b) => a - b);
    const table = [[xTitle, ...heads]];
    for (const x of xs) {
      table.push([
        short(x),
        ...heads.map((head) => {
          const row = own.find((candidate) => candidate.x === x && headOf(candidate) === head);
          if (!row) return "";
          return row.kind === "measured"
            ? `${short(row.value)} ± ${short((row.high - row.low) / 2, 2)}`
            : short(row.value);
        }),
      ]);
    }
    const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
    return ["", panel, ...table.map((line) => `  ${line.map((text, i) => text.padStart(widths[i]!)).join("  ")}`)];
  });
}

function headOf({ series, kind }: Row): string {
  return kind === "measured" ? series : `${series}, ${kind}`;
}

function short(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
