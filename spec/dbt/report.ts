import type { Comparison, Difference, FieldCount } from './comparison.ts';

interface ReportOptions {
  /** Differences shown of a field. */
  readonly examples: number;
  /** Characters shown of a value. */
  readonly width: number;
}

/** Fields with their counts, and below each that differs its first differences. */
export function reportText({ counts, differences }: Comparison, options: ReportOptions): string {
  const lines = counts.flatMap((count) => {
    const own = differences.filter((difference) => isOf(count, difference));
    const shown = own.slice(0, options.examples);
    const left = own.length - shown.length;
    return [
      `${mark(own)} ${count.section}.${count.field}: ${count.equal} of ${count.total} equal`,
      ...shown.map((difference) => exampleText(difference, options)),
      ...(left > 0 ? [`      and ${left} more`] : []),
    ];
  });
  return `${lines.join('\n')}\n${totalText(counts)}\n`;
}

const mark = (own: readonly Difference[]): string => (own.length === 0 ? ' ' : 'x');

function totalText(counts: readonly FieldCount[]): string {
  const sum = (of: (count: FieldCount) => number) => counts.reduce((all, one) => all + of(one), 0);
  return `${sum(({ equal }) => equal)} of ${sum(({ total }) => total)} equal`;
}

/** An entry that is not there belongs to the count of entries. */
function isOf({ section, field }: FieldCount, difference: Difference): boolean {
  if (section !== difference.section) return false;
  const [first = ''] = difference.path.split('.');
  return first === '' ? field === '(entries)' : first === field;
}

function exampleText({ id, path, dbt, velo }: Difference, { width }: ReportOptions): string {
  const cut = (value: unknown) => {
    const text = value === undefined ? '(absent)' : JSON.stringify(value);
    return text.length > width ? `${text.slice(0, width)}…` : text;
  };
  return `      ${id} ${path}\n        dbt  ${cut(dbt)}\n        velo ${cut(velo)}`;
}
