import type { NodeId } from '../../core/node.ts';
import { formatDuration, formatWholeSeconds } from '../terminal/duration.ts';
import type { Style } from '../terminal/style.ts';
import { cutEnd, displayWidth, fit, padStart } from '../terminal/width.ts';

export interface RunningNode {
  readonly node: NodeId;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly batchesDone: number;
  /** 0 until the first batch is finished. */
  readonly batchesTotal: number;
  /** How far it says it is; undefined: it says nothing. */
  readonly text?: string | undefined;
}

/** What the live region shows. */
export interface LiveState {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly running: readonly RunningNode[];
  readonly finished: number;
  readonly total: number;
  readonly failed: number;
  readonly warned: number;
}

export interface LiveSize {
  readonly columns: number;
  /** Lines the region may take. */
  readonly rows: number;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_STEP_MS = 100;
const BAR_WIDTH = 10;
const TIME_WIDTH = 12;

/** The region's lines: one for each running node, and the count. */
export function liveLines(state: LiveState, nowMs: number, size: LiveSize, style: Style): string[] {
  const shown = state.running.slice(0, Math.max(1, size.rows - 2));
  const hidden = state.running.length - shown.length;
  const nameWidth = Math.min(
    Math.max(...shown.map(({ name }) => displayWidth(name)), 8),
    Math.floor(size.columns * 0.4),
  );
  return [
    ...shown.map((node) => runningLine(node, { nowMs, nameWidth, columns: size.columns }, style)),
    ...(hidden > 0 ? [style.dim(`  … and ${hidden} more`)] : []),
    countLine(state, nowMs, style),
  ];
}

/** `[#####-----]` */
export function bar(done: number, total: number, width: number): string {
  const filled = total > 0 ? Math.floor((Math.min(done, total) / total) * width) : 0;
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}

function runningLine(
  node: RunningNode,
  { nowMs, nameWidth, columns }: { nowMs: number; nameWidth: number; columns: number },
  style: Style,
): string {
  const spinner = SPINNER[Math.floor(nowMs / SPINNER_STEP_MS) % SPINNER.length] ?? '';
  const elapsedMs = nowMs - node.startedAt;
  const elapsed = padStart(formatWholeSeconds(elapsedMs), TIME_WIDTH);
  const room = columns - 1 - (2 + nameWidth + TIME_WIDTH + 2);
  const said = node.text === undefined ? [] : [cutEnd(node.text, Math.max(room, 0))];
  const progress = [...said, ...batchProgress(node, elapsedMs)].find(
    (text) => displayWidth(text) <= room,
  );
  const lead = `${style.cyan(spinner)} ${fit(node.name, nameWidth)}${style.dim(elapsed)}`;
  return progress ? `${lead}  ${progress}` : lead;
}

/** From all there is to say to the least. */
function batchProgress({ batchesDone, batchesTotal }: RunningNode, elapsedMs: number): string[] {
  if (batchesTotal < 2) return [];
  const count = `${batchesDone}/${batchesTotal}`;
  const barred = `${bar(batchesDone, batchesTotal, BAR_WIDTH)} ${count}`;
  if (batchesDone === 0 || elapsedMs <= 0) return [barred, count];
  const perSecond = (batchesDone / elapsedMs) * 1000;
  const left = `${formatWholeSeconds(((batchesTotal - batchesDone) / perSecond) * 1000)} left`;
  const rate =
    perSecond >= 1
      ? `${perSecond.toFixed(1)} batches/s`
      : `${formatDuration(1000 / perSecond)}/batch`;
  return [`${barred} · ${rate} · ${left}`, `${barred} · ${left}`, `${count} · ${left}`, count];
}

function countLine(state: LiveState, nowMs: number, style: Style): string {
  const parts = [
    `${bar(state.finished, state.total, 2 * BAR_WIDTH)} ${state.finished}/${state.total}`,
    ...(state.failed > 0 ? [style.red(`${state.failed} failed`)] : []),
    ...(state.warned > 0 ? [style.yellow(`${state.warned} warned`)] : []),
    formatWholeSeconds(nowMs - state.startedAt),
  ];
  return parts.join(' · ');
}
