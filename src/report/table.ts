import type { Kind, Row } from "../figure/figure.js";

const columns = ["panel", "series", "kind", "x", "value", "low", "high"] as const;

/** Rows as CSV, RFC 4180, after lines "# name: value" about where they come from. Numbers to 6 digits. */
export function toCsv(rows: readonly Row[], about: Readonly<Record<string, string | number>>): string {
  const head = Object.entries(about).map(([name, value]) => `# ${name}: ${value}`);
  const body = rows.map((row) => columns.map((name) => cell(row[name])).join(","));
  return `${[...head, columns.join(","), ...body].join("\n")}\n`;
}

/** The rows of a CSV that `toCsv` wrote, and what its head says. @throws RangeError on another header. */
export function fromCsv(text: string): { rows: Row[]; about: Record<string, string> } {
  const lines = text.trimEnd().split("\n");
  const about: Record<string, string> = {};
  while (lines[0]?.startsWith("# ")) {
    const [, name, value] = /^# ([^:]+): (.*)$/.exec(lines.shift()!) ?? [];
    if (name !== undefined) about[name] = value!;
  }
  if (lines.shift() !== columns.join(",")) throw new RangeError(`the CSV's columns must be ${columns.join(", ")}`);
  const rows = lines.map((line) => {
    const [panel, series, kind, ...numbers] = cells(line);
    const [x, value, low, high] = numbers.map(Number);
    return { panel: panel!, series: series!, kind: kind as Kind, x: x!, value: value!, low: low!, high: high! };
  });
  return { rows, about };
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

function cell(value: string | number): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare! : quoted.replaceAll('""', '"'),
  );
}
