import type { Manifest, Node } from '../../core/node.ts';
import type { NodeResult } from '../../core/result.ts';
import { formatSeconds } from '../terminal/duration.ts';
import type { Style } from '../terminal/style.ts';
import { displayWidth } from '../terminal/width.ts';
import { wordsFor } from './node-words.ts';

/** Cells before the bracket of a line. */
const DOTTED_WIDTH = 80;

export interface Progress {
  readonly index: number;
  readonly total: number;
}

/** `3 of 80 START seed file raw.countries ........ [RUN]` */
export const startLine = (node: Node, manifest: Manifest, progress: Progress): string =>
  dotted(`${position(progress)} START ${wordsFor(node, manifest).start}`, 'RUN');

/** `3 of 80 OK loaded seed file raw.countries .... [INSERT 3 in 0.12s]`; `batches` are named when there are several. */
export function finishLine(
  node: Node,
  manifest: Manifest,
  { result, batches, ...progress }: Progress & { result: NodeResult; batches: number },
  style: Style,
): string {
  const words = wordsFor(node, manifest);
  const time = ` in ${formatSeconds(result.durationMs)}`;
  const line = (text: string, status: string): string =>
    dotted(`${position(progress)} ${text}`, status);
  switch (result.status) {
    case 'success':
      return line(`OK ${words.done}`, style.green(successStatus(result, batches)) + time);
    case 'pass':
      return line(`PASS ${words.done}`, style.green('PASS') + time);
    case 'warn':
      return line(
        `${counted('WARN', result)} ${words.done}`,
        style.yellow(counted('WARN', result)) + time,
      );
    case 'fail':
      return line(
        `${counted('FAIL', result)} ${words.done}`,
        style.red(counted('FAIL', result)) + time,
      );
    case 'error':
      return line(`ERROR ${words.doing}`, style.red('ERROR') + time);
    case 'skipped':
      return line(`SKIP ${words.skip}`, style.yellow('SKIP'));
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

function dotted(text: string, status: string): string {
  const lead = `${text} `;
  return `${lead}${'.'.repeat(Math.max(0, DOTTED_WIDTH - displayWidth(lead)))} [${status}]`;
}

const position = ({ index, total }: Progress): string => `${index} of ${total}`;

const counted = (word: string, { failures }: NodeResult): string =>
  failures === undefined ? word : `${word} ${failures}`;

const successStatus = ({ message }: NodeResult, batches: number): string =>
  (message || 'OK') + (batches > 1 ? `, ${batches} batches` : '');
