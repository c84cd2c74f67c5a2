/** A row by column; what is absent or null is an empty field. */
export type Fields = Readonly<Record<string, string | number | null>>;

/** Rows as CSV with a header, in the order of `columns`; texts with commas are quoted. */
export function csvText(columns: readonly string[], rows: Iterable<Fields>): string {
  const lines = [columns.join(',')];
  for (const row of rows) lines.push(columns.map((column) => field(row[column])).join(','));
  return `${lines.join('\n')}\n`;
}

function field(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return text.includes(',') ? `"${text}"` : text;
}
