import type { VeloEvent } from '../../core/events.ts';
import type { Clock } from '../terminal/clock.ts';
import type { TerminalStream } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'none';

export interface ReporterOptions {
  readonly stream: TerminalStream;
  readonly style: Style;
  readonly clock: Clock;
  readonly projectDir: string;
  /** Folder of compiled SQL as people may type it, e.g. `target`. */
  readonly targetPath: string;
  /** Where the dots of the lines of nodes end; 80 when absent. */
  readonly lineWidth?: number | undefined;
  /** The least that is told, where the format has levels; all when absent. */
  readonly level?: LogLevel | undefined;
}

/** Tells whoever watches what happens. `close` gives the terminal back and may be called at any time. */
export interface Reporter {
  handle(event: VeloEvent): void;
  /** What keeps the command from going on; the command line shows it, a log notes it. */
  failed?(error: unknown): void;
  close(): void;
}

export interface ReporterEntry {
  readonly name: string;
  create(options: ReporterOptions): Reporter;
}
