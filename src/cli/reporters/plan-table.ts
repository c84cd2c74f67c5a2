import { countGrains, formatInstant, formatInterval, type Grain } from '../../core/grain.ts';
import { type Interval, mergeIntervals } from '../../core/interval.ts';
import { batchName, type MicrobatchSize } from '../../core/microbatch.ts';
import type { Manifest, Node } from '../../core/node.ts';
import type { Plan, PlanStep, Reason } from '../../core/plan.ts';
import { formatDuration } from '../terminal/duration.ts';
import { formatCount, plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';
import { isCheck } from './node-words.ts';
import { upToDate } from './run-stats.ts';

interface Row {
  readonly node: string;
  readonly what: 'build' | 'replace' | 'insert' | 'test';
  readonly ranges: string;
  readonly statements: number;
  readonly rows: number | undefined;
  readonly durationMs: number | undefined;
  readonly reasons: string;
}

/** Cells from which on there is room for the length of a range. */
const WIDE = 100;

/** Columns and how a row fills them; estimates are there where past runs allow one and the screen is wide. */
function columnsOf(rows: readonly Row[], wide: boolean) {
  const some = (cell: (row: Row) => unknown) => wide && rows.some((row) => cell(row) !== undefined);
  const about = (text: string | undefined) => (text === undefined ? '' : `~${text}`);
  return [
    { column: { title: 'node' }, cell: (row: Row) => row.node },
    { column: { title: 'what', whole: true }, cell: (row: Row) => row.what },
    { column: { title: 'range', whole: true }, cell: (row: Row) => row.ranges },
    { column: { title: 'SQL', align: 'right' as const }, cell: (row: Row) => row.statements },
    ...(some(({ rows: count }) => count)
      ? [
          {
            column: { title: 'rows', align: 'right' as const },
            cell: ({ rows: count }: Row) =>
              about(count === undefined ? undefined : formatCount(count)),
          },
        ]
      : []),
    ...(some(({ durationMs }) => durationMs)
      ? [
          {
            column: { title: 'time', align: 'right' as const },
            cell: ({ durationMs }: Row) =>
              about(durationMs === undefined ? undefined : formatDuration(durationMs)),
          },
        ]
      : []),
    { column: { title: 'why' }, cell: (row: Row) => row.reasons },
  ];
}

/** What a plan will do, one line a step with its number of SQL statements, unchanged nodes only counted. Fits `width` cells. */
export function renderPlan(plan: Plan, manifest: Manifest, width: number, style: Style): string {
  const rows = plan.steps
    .filter(({ action }) => action === 'build')
    .map((step) => rowOf(step, manifest.nodes.get(step.node), width >= WIDE));
  const closing = style.bold(closingLine(plan, rows));
  if (rows.length === 0) return closing;
  const columns = columnsOf(rows, width >= WIDE);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const titles = columns.map(({ column }) => column);
  return `${renderTable(titles, cells, width, { frame: 'open' })}\n\n${closing}`;
}

/** The plan in a line, as the run that does it begins: `3 nodes to build, 1 test to run, …`. */
export function planSummary(plan: Plan, manifest: Manifest): string {
  const building = plan.steps.filter(({ action }) => action === 'build');
  return closingLine(
    plan,
    building.map((step) => rowOf(step, manifest.nodes.get(step.node), false)),
  );
}

function rowOf(step: PlanStep, node: Node | undefined, wide: boolean): Row {
  return {
    node: node?.name ?? step.node,
    what: whatOf(step, node),
    ranges: node?.microbatch
      ? batchesText(step.batches, node.microbatch.batchSize, wide)
      : rangesText(step.batches, node?.asOf?.grain ?? 'day', wide),
    statements: Math.max(1, step.batches.length),
    rows: step.estimate?.rows,
    durationMs: step.estimate?.durationMs,
    reasons: [...step.reasons.map(reasonText), ...cutText(step)].join('; '),
  };
}

/** Why a range takes more than a statement. */
function cutText({ asOf, batches }: PlanStep): string[] {
  if (!asOf || asOf.strategy === 'set-based' || batches.length < 2) return [];
  return asOf.strategy === 'sequential' ? ['in order'] : [`chunked: ${asOf.strategyWhy}`];
}

/** The range has a column of its own; what has changed is named. */
function reasonText({ code, text }: Reason): string {
  if (NAMED.has(code)) {
    return `${code.replace('-', ' ')}: ${text}`;
  }
  return DATED.has(code) ? code : text;
}

const DATED: ReadonlySet<Reason['code']> = new Set(['new', 'asked', 'gap', 'lookback', 'restate']);

const NAMED: ReadonlySet<Reason['code']> = new Set(['code-changed', 'input-changed', 'late-rows']);

function whatOf(step: PlanStep, node: Node | undefined): Row['what'] {
  if (node && isCheck(node)) return 'test';
  if (step.replace) return 'replace';
  return step.batches.length > 0 ? 'insert' : 'build';
}

/** `2024-01-05 … 2024-01-10 (6 batches)` */
function batchesText(batches: readonly Interval[], size: MicrobatchSize, wide: boolean): string {
  const [first, last] = [batches[0], batches.at(-1)];
  if (!first || !last) return '';
  const [from, to] = [batchName(first.start, size), batchName(last.start, size)];
  if (batches.length === 1) return from;
  const count = wide ? ` (${plural(batches.length, 'batch', 'batches')})` : '';
  return `${from} … ${to}${count}`;
}

/** `2016-01-01 … 2025-07-16 (3,485 days)`; several ranges are counted, the length of one is told where there is room. */
function rangesText(batches: readonly Interval[], grain: Grain, wide: boolean): string {
  const ranges = mergeIntervals(batches);
  const [only] = ranges;
  if (!only) return '';
  const grains = ranges.reduce((sum, range) => sum + countGrains(range, grain), 0);
  const length = plural(grains, grain);
  if (ranges.length > 1) return `${ranges.length} ranges (${length})`;
  const range = formatInterval(only, grain);
  return wide && grains > 1 ? `${range} (${length})` : range;
}

/** How long the statements take one after the other, when each has a past. */
function timeOf(rows: readonly Row[]): string[] {
  const past = rows.filter(({ what }) => what !== 'test').map(({ durationMs }) => durationMs);
  if (past.length === 0 || past.includes(undefined)) return [];
  const totalMs = past.reduce<number>((sum, durationMs) => sum + (durationMs ?? 0), 0);
  return [`about ${formatDuration(totalMs)} of work`];
}

function closingLine(plan: Plan, rows: readonly Row[]): string {
  const asOf = `as of ${formatInstant(plan.asOfEnd - 1, 'day')}`;
  const unchanged = plan.steps.length - rows.length;
  if (rows.length === 0) return `${upToDate(unchanged)}, ${asOf}.`;
  const tests = rows.filter(({ what }) => what === 'test').length;
  const statements = rows.reduce((sum, row) => sum + row.statements, 0);
  const parts = [
    `${plural(rows.length - tests, 'node')} to build`,
    ...(tests > 0 ? [`${plural(tests, 'test')} to run`] : []),
    plural(statements, 'statement'),
    ...timeOf(rows),
    `${plural(unchanged, 'node')} unchanged`,
    asOf,
  ];
  return `${parts.join(', ')}.`;
}
