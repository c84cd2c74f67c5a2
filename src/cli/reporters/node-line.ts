import type { Manifest, Node } from '../../core/node.ts';
import type { BatchStatus, NodeResult } from '../../core/result.ts';
import { formatSeconds } from '../terminal/duration.ts';
import type { Style } from '../terminal/style.ts';
import { displayWidth } from '../terminal/width.ts';
import { wordsFor } from './node-words.ts';

/** Cells before the bracket of a line, where nothing else is asked for. */
const DOTTED_WIDTH = 80;

export interface Progress {
  readonly index: number;
  readonly total: number;
}

/** How a line is to look. */
export interface LineLook {
  readonly style: Style;
  readonly lineWidth?: number | undefined;
}

/** `3 of 80 START seed file raw.countries ........ [RUN]` */
export const startLine = (
  node: Node,
  manifest: Manifest,
  progress: Progress,
  { lineWidth }: Pick<LineLook, 'lineWidth'> = {},
): string =>
  dotted(`${position(progress)} START ${wordsFor(node, manifest).start}`, 'RUN', lineWidth);

/** `3 of 80 OK loaded seed file raw.countries .... [INSERT 3 in 0.12s]`; `batches` are named when there are several. */
export function finishLine(
  node: Node,
  manifest: Manifest,
  { result, batches, ...progress }: Progress & { result: NodeResult; batches: number },
  { style, lineWidth }: LineLook,
): string {
  const words = wordsFor(node, manifest);
  const time = ` in ${formatSeconds(result.durationMs)}`;
  const line = (text: string, status: string): string =>
    dotted(`${position(progress)} ${text}`, status, lineWidth);
  switch (result.status) {
    case 'success':
      return line(`OK ${words.done}`, style.green(successStatus(result, batches)) + time);
    case 'partial success':
      return line(`PARTIALLY ${words.done}`, style.yellow(result.message) + time);
    case 'pass': {
      const word = hasInfo(result) ? counted('INFO', result) : 'PASS';
      return line(`${word} ${words.done}`, style.green(word) + time);
    }
    case 'warn':
      return line(
        `${counted('WARN', result)} ${words.done}`,
        style.yellow(counted('WARN', result)) + time,
      );
    case 'fail': {
      const word = node.kind === 'source' ? 'ERROR STALE' : counted('FAIL', result);
      return line(`${word} ${words.done}`, style.red(word) + time);
    }
    case 'error':
      return line(`ERROR ${words.doing}`, style.red('ERROR') + time);
    case 'skipped':
      return line(`SKIP ${words.skip}`, style.yellow('SKIP'));
    case 'no-op':
      return line(`NO-OP ${words.skip}`, style.yellow('NO-OP') + time);
    case 'reused':
      return line(`REUSED ${words.skip}`, style.cyan('REUSED'));
  }
}

/** `Batch 1 of 4 OK created batch 2024-01-05 of main.events .... [INSERT 3 in 0.12s]` */
export const batchLine = (
  progress: Progress,
  batch: string,
  { target, rows, durationMs }: { target: string; rows: number | undefined; durationMs: number },
): string =>
  `Batch ${dotted(
    `${position(progress)} OK created batch ${batch} of ${target}`,
    `${rows === undefined ? 'OK' : `INSERT ${rows}`} in ${formatSeconds(durationMs)}`,
  )}`;

/** `Batch 1 of 6 START batch 2024-01-05 of main.events .... [RUN]` */
export const microbatchStartLine = (progress: Progress, batch: string, target: string): string =>
  `Batch ${dotted(`${position(progress)} START batch ${batch} of ${target}`, 'RUN')}`;

/** `Batch 1 of 6 ERROR creating batch 2024-01-05 of main.events .... [ERROR in 0.12s]` */
export function microbatchLine(
  progress: Progress,
  batch: string,
  { target, status, durationMs }: { target: string; status: BatchStatus; durationMs: number },
  style: Style,
): string {
  const [word, bracket] = {
    success: ['OK created', style.green('OK')],
    error: ['ERROR creating', style.red('ERROR')],
    skipped: ['SKIP', style.yellow('SKIPPED')],
  }[status] as [string, string];
  const time = ` in ${formatSeconds(durationMs)}`;
  return `Batch ${dotted(`${position(progress)} ${word} batch ${batch} of ${target}`, bracket + time)}`;
}

function dotted(text: string, status: string, width = DOTTED_WIDTH): string {
  const lead = `${text} `;
  return `${lead}${'.'.repeat(Math.max(0, width - displayWidth(lead)))} [${status}]`;
}

const position = ({ index, total }: Progress): string => `${index} of ${total}`;

const counted = (word: string, { failures }: NodeResult): string =>
  failures === undefined ? word : `${word} ${failures}`;

/** A test of severity info that found rows passes, and says so. */
const hasInfo = ({ failures = 0, message }: NodeResult): boolean => failures > 0 && message !== '';

const successStatus = ({ message }: NodeResult, batches: number): string =>
  (message || 'OK') + (batches > 1 ? `, ${batches} batches` : '');
