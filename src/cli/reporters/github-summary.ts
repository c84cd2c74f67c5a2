import { formatSeconds } from '../terminal/duration.ts';
import type { CiCase } from './ci-case.ts';

/** Dates of an as_of model that a run filled. */
export interface FilledDates {
  readonly name: string;
  /** `2024-01-01..2024-03-31` */
  readonly range: string;
  readonly count: number;
}

export interface Summary {
  /** `velo build` */
  readonly name: string;
  readonly cases: readonly CiCase[];
  readonly elapsedMs: number;
  readonly filled: readonly FilledDates[];
}

const MOST_FAILED = 50;
const MOST_SLOW = 5;
const MOST_CHARACTERS = 600;

/** A run as Markdown, for the page GitHub shows of a job. What comes from the project or the database is text, and nothing else. */
export function summaryMarkdown({ name, cases, elapsedMs, filled }: Summary): string {
  const count = (kind: string) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  const failed = cases.filter(({ outcome }) => ['failure', 'error'].includes(outcome.kind));
  const warned = cases.flatMap(({ findings }) => findings.filter(isWarning)).length;
  const verdict = failed.length > 0 ? '❌' : warned > 0 ? '⚠️' : '✅';
  const counts = [
    [count('passed'), 'good'],
    [count('failure'), 'failed'],
    [count('error'), 'with errors'],
    [warned, 'with warnings'],
    [count('skipped'), 'skipped'],
  ] as const;
  const words = counts.flatMap(([n, word]) => (n > 0 ? [`${n} ${word}`] : []));
  return [
    `### ${verdict} ${literal(name)}: ${words.join(', ') || 'nothing to do'}, ${formatSeconds(elapsedMs)}`,
    ...failedTable(failed),
    ...slowestTable(cases),
    ...filledTable(filled),
    '',
  ].join('\n');
}

const isWarning = ({ level }: { readonly level: string }): boolean => level === 'warning';

function failedTable(failed: readonly CiCase[]): readonly string[] {
  if (failed.length === 0) return [];
  const rows = failed.slice(0, MOST_FAILED).map(({ file, name, outcome, findings }) => {
    const line = findings[0]?.span ? `:${findings[0].span.line}` : '';
    const place = `${findings[0]?.span?.file ?? file}${line}`;
    const message = 'message' in outcome ? (findings[0]?.message ?? outcome.message) : '';
    return [literal(name), literal(place), literal(shortened(message))];
  });
  const more = failed.length - rows.length;
  const rest = more > 0 ? ['', `… and ${more} more`] : [];
  return [...table(['failed', 'where', 'message'], rows), ...rest];
}

function slowestTable(cases: readonly CiCase[]): readonly string[] {
  const slow = cases
    .filter(({ durationMs }) => durationMs > 0)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, MOST_SLOW);
  if (slow.length === 0) return [];
  const rows = slow.map(({ name, durationMs }) => [literal(name), formatSeconds(durationMs)]);
  return table(['slowest', 'time'], rows);
}

function filledTable(filled: readonly FilledDates[]): readonly string[] {
  if (filled.length === 0) return [];
  const rows = filled.map(({ name, range, count }) => [literal(name), range, String(count)]);
  return table(['model', 'dates filled', 'how many'], rows);
}

const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => [
  '',
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

const shortened = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;

/** Text that Markdown takes for no more than that: no cell ends with it, no link, tag, mention or code begins. */
export const literal = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\p{L}\p{N}\s_/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('_', '&#95;')
    .replaceAll('&#64;', '&#64;&#8203;')
    .replaceAll('\n', '<br>');
