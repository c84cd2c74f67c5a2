import type {
  TransferPreview,
  TransferredTable,
  TransferWatcher,
} from '../../api/transfer-result.ts';
import type { Clock } from '../terminal/clock.ts';
import { formatWholeSeconds } from '../terminal/duration.ts';
import { formatCount, plural } from '../terminal/number.ts';
import { createScreen, type TerminalStream } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { previewLines, transferredLines } from './transfer-lines.ts';

export interface TransferProgress extends TransferWatcher {
  /** Gives the terminal back. */
  close(): void;
}

/** Where lines only scroll, long work says that it goes on. */
const SIGN_OF_LIFE_MS = 15_000;
/** A speed is only told once it is one. */
const LEAST_MS = 500;

/** Each table's preview and how it ended; in a terminal, beneath them, rows, rows a second and the time left. */
export function transferProgress(
  stream: TerminalStream,
  style: Style,
  clock: Pick<Clock, 'now'>,
): TransferProgress {
  const screen = stream.isTTY === true ? createScreen(stream) : undefined;
  let beganAt = clock.now();
  let spokeAt = beganAt;
  const draw = (lines: readonly string[], running: readonly string[]) => {
    if (screen) screen.draw([...lines], [...running]);
    else for (const line of lines) stream.write(`${line}\n`);
    if (lines.length > 0) spokeAt = clock.now();
  };
  return {
    previewed(preview: TransferPreview) {
      beganAt = clock.now();
      draw(previewLines(preview, style), []);
    },
    rows(node, rows, total) {
      const line = `  … ${node.name}: ${progressText(rows, total, clock.now() - beganAt)}`;
      const isTime = clock.now() - spokeAt >= SIGN_OF_LIFE_MS;
      draw(screen === undefined && isTime ? [line] : [], [style.dim(line)]);
    },
    finished(table: TransferredTable) {
      draw(transferredLines(table, style), []);
    },
    close: () => screen?.close(),
  };
}

/** `1,200,000 of 2,000,000 rows, 150,000 rows/s, 5 s left`. */
function progressText(rows: number, total: number, elapsedMs: number): string {
  const sent = `${formatCount(rows)} of ${plural(total, 'row')}`;
  if (elapsedMs < LEAST_MS || rows === 0) return sent;
  const perMs = rows / elapsedMs;
  const left = Math.max(total - rows, 0) / perMs;
  const speed = `${formatCount(Math.round(perMs * 1000))} rows/s`;
  return `${sent}, ${speed}, ${left > 0 ? `${formatWholeSeconds(left)} left` : 'tests and swap'}`;
}
