import type { Manifest, Node } from '../../core/node.ts';
import type { Plan } from '../../core/plan.ts';
import { FAILED, type NodeResult, type NodeStatus } from '../../core/result.ts';
import { renderError } from '../render-error.ts';
import { formatDuration } from '../terminal/duration.ts';
import { plural } from '../terminal/number.ts';
import { printable } from '../terminal/printable.ts';
import { columnsOf } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { displayWidth, fit, padStart } from '../terminal/width.ts';
import { compiledPath, isCheck, kindName } from './node-words.ts';
import { paintedLine } from './painted-diff.ts';
import type { ReporterOptions } from './reporter.ts';

const KIND_WIDTH = 13;
const ROWS_WIDTH = 16;
const TIME_WIDTH = 12;
const LEAST_NAME_WIDTH = 8;

const QUIET: ReadonlySet<NodeStatus> = new Set(['skipped', 'reused', 'no-op', 'pass']);

/** Cells the longest name of what is built takes; tests are told of only when they fail, and count when nothing is built. */
export function longestName(plan: Plan, manifest: Manifest): number {
  const names = (wanted: (node: Node) => boolean) =>
    plan.steps.flatMap(({ node, action }) => {
      const found = manifest.nodes.get(node);
      return action === 'build' && found && wanted(found) ? [displayWidth(found.name)] : [];
    });
  const built = names((node) => !isCheck(node));
  return Math.max(0, ...(built.length > 0 ? built : names(isCheck)));
}

/** A node as it ended, with the number of its batches and of the tests that ran before it was published. */
interface FinishedNode {
  readonly result: NodeResult;
  readonly batches: number;
  readonly tests: number;
  readonly nameWidth: number;
}

/**
 * What is printed when a node is finished: `✓ orders  table  12,345 rows  0.34 s  5 tests`, and beneath it why it
 * failed. Nothing for what was skipped or unchanged and for tests that passed: the summary counts those.
 */
export function finishedLines(
  node: Node,
  { result, batches, tests, nameWidth }: FinishedNode,
  options: ReporterOptions,
): string[] {
  if (QUIET.has(result.status)) return [];
  const { style, stream } = options;
  const kind = fit(node.kind === 'model' ? node.materialized : kindName(node), KIND_WIDTH);
  const amount = padStart(` ${amountOf(node, result)}`, ROWS_WIDTH);
  const time = padStart(formatDuration(result.durationMs), TIME_WIDTH);
  const room = columnsOf(stream) - 1 - displayWidth(`✓  ${kind}${amount}${time}`);
  // A test that is told of at all is looked for by its name.
  const wanted = isCheck(node) ? Math.max(nameWidth, displayWidth(node.name)) : nameWidth;
  const name = fit(node.name, Math.max(LEAST_NAME_WIDTH, Math.min(wanted, room)));
  const line = `${marked(result, name, options)} ${style.dim(kind)}${amount}${time}`;
  const published = result.status === 'success' && tests > 0;
  const more = [
    ...(batches > 1 ? [batchesText(result, batches)] : []),
    ...(published ? [plural(tests, 'test')] : []),
  ];
  const tail = more.length > 0 ? `  ${more.join(', ')}` : '';
  const fits = displayWidth(line) + tail.length < columnsOf(stream);
  return [fits ? line + style.dim(tail) : line, ...explanation(node, result, options)];
}

/** `partial success (2/3)` where some of them failed. */
const batchesText = ({ status, message }: NodeResult, batches: number): string =>
  status === 'partial success' ? message.toLowerCase() : plural(batches, 'batch', 'batches');

function marked({ status }: NodeResult, name: string, { style }: ReporterOptions): string {
  if (FAILED.has(status)) return style.red(`✗ ${name}`);
  return status === 'warn' ? style.yellow(`! ${name}`) : `${style.green('✓')} ${name}`;
}

function amountOf(node: Node, { rows, failures, status }: NodeResult): string {
  if (isCheck(node)) {
    return failures !== undefined && status !== 'pass' ? plural(failures, 'result') : '';
  }
  return rows === undefined ? '' : plural(rows, 'row');
}

function explanation(node: Node, result: NodeResult, options: ReporterOptions): string[] {
  const { style, targetPath } = options;
  if (result.status === 'warn') return indented(printable(result.message)).map(style.yellow);
  if (!FAILED.has(result.status)) return [];
  const width = columnsOf(options.stream) - 5;
  const why = result.error
    ? indented(renderError(result.error, { ...options, width }))
    : verdictLines(node, result, style);
  const code =
    result.compiledCode === undefined ? [] : [`    SQL: ${compiledPath(node, targetPath)}`];
  const { keptIn } = result;
  const rows = keptIn ? [`    rows: ${keptIn.schema}.${keptIn.name}`] : [];
  return [...why, ...[...code, ...rows].map(style.dim)];
}

/** What a test found; the rows of a unit test as a table. */
const verdictLines = ({ kind }: Node, { message }: NodeResult, style: Style): string[] =>
  kind === 'unit_test'
    ? indented(printable(message).trim()).map((line) => paintedLine(line, style))
    : indented(printable(message)).map(style.red);

const indented = (text: string): string[] =>
  text.split('\n').map((line) => `    ${line}`.trimEnd());
