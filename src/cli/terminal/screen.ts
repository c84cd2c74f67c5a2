import { cutEnd, displayWidth } from './width.ts';

/** What of a stream reporters use; process.stdout is one. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly isTTY?: boolean | undefined;
}

/** Lines that scroll, and beneath them a region that is drawn over and over. */
export interface Screen {
  /** Prints `scroll` above the region, then `region` in place of the last one. Lines of the region are cut to fit. */
  draw(scroll: readonly string[], region: readonly string[]): void;
  /** Removes the region and shows the cursor again. May be called more than once. */
  close(): void;
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_LINE_END = '\u001b[K';
const ERASE_SCREEN_END = '\u001b[J';
const UP = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');

export const columnsOf = (stream: TerminalStream): number => Math.max(20, stream.columns || 80);

/** One write a drawing: what is drawn over is erased as late as possible, so that nothing flickers. */
export function createScreen(stream: TerminalStream): Screen {
  let shown: readonly string[] = [];
  let shownColumns = 0;
  let cursorHidden = false;
  const toTop = (): string => {
    // A terminal that became narrower has wrapped the lines drawn before.
    const columns = columnsOf(stream);
    const rows = shown.reduce(
      (sum, l) => sum + Math.max(1, Math.ceil(displayWidth(l) / columns)),
      0,
    );
    return shown.length > 0 ? `\r${UP(rows - 1)}` : '';
  };
  return {
    draw(scroll, region) {
      const columns = columnsOf(stream);
      // The last column stays free: a full line leaves the cursor where the next erasure would bite.
      const next = region.map((line) => cutEnd(line, columns - 1));
      const resized = columns !== shownColumns;
      if (scroll.length === 0 && !resized && sameLines(next, shown)) return;
      const eraseFirst = scroll.length > 0 || resized ? ERASE_SCREEN_END : '';
      const above = scroll.map((line) => `${line}\n`).join('');
      const below = next.map((line) => line + ERASE_LINE_END).join('\n') + ERASE_SCREEN_END;
      stream.write(`${cursorHidden ? '' : HIDE_CURSOR}${toTop()}${eraseFirst}${above}${below}`);
      [shown, shownColumns, cursorHidden] = [next, columns, true];
    },
    close() {
      if (!cursorHidden) return;
      stream.write(`${toTop()}${ERASE_SCREEN_END}${SHOW_CURSOR}`);
      [shown, cursorHidden] = [[], false];
    },
  };
}

const sameLines = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, index) => line === b[index]);
