import Papa from "papaparse";

/** Rows of cells as CSV (RFC 4180, lines ended by \n), quoted where a cell asks for it. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `${Papa.unparse(rows as string[][], { newline: "\n" })}\n`;
}

/** The lines "# name: value" before a CSV's rows that say where they come from. */
export function csvHead(about: Readonly<Record<string, string | number>>): string {
  return Object.entries(about)
    .map(([name, value]) => `# ${name}: ${String(value).replaceAll(/\s+/g, " ")}\n`)
    .join("");
}

/**
 * The rows of a CSV, every cell as its text: quoted newlines and commas, CRLF and a byte order mark included; empty
 * lines are none.
 * @throws RangeError where quotes do not match.
 */
export function csvRows(text: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { delimiter: ",", skipEmptyLines: true });
  if (errors[0]) throw new RangeError(`the CSV cannot be read: ${errors[0].message} (row ${errors[0].row})`);
  return data;
}
