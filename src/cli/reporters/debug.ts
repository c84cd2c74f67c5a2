import { randomUUID } from 'node:crypto';
import type { VeloEvent } from '../../core/events.ts';
import { FAILED } from '../../core/result.ts';
import { formatSeconds } from '../terminal/duration.ts';
import { isoTime, tellLines } from './lines.ts';
import type { LogLevel, Reporter, ReporterEntry, ReporterOptions } from './reporter.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'none'];

/** dbt's `debug` format: lines with time, level and thread, below a heading; how long each phase took is said, too. */
export const debugReporter: ReporterEntry = {
  name: 'debug',
  create(options) {
    const { stream, clock, level: least = 'debug' } = options;
    const isTold = (level: LogLevel) => LEVELS.indexOf(level) >= LEVELS.indexOf(least);
    const lines = tellLines(options, (now, event) => frontOf(now, levelOf(event), threadOf(event)));
    if (isTold('info'))
      stream.write(`\n\n${RULE} ${isoTime(clock.now())} | ${randomUUID()} ${RULE}\n`);
    const phase = tellPhases(options);
    return {
      handle(event) {
        const took = phase(event);
        if (took !== undefined && isTold('debug')) {
          stream.write(`${frontOf(clock.now(), 'debug', MAIN)}${took}\n`);
        }
        if (isTold(levelOf(event))) lines.handle(event);
      },
      close: lines.close,
    };
  },
};

/** The lines of a terminal, and how long each phase took (`--debug`). */
export const phasesReporter: ReporterEntry = {
  name: 'phases',
  create(options): Reporter {
    const front = (now: number) => `${isoTime(now).slice(0, 8)}  `;
    const lines = tellLines(options, front);
    const phase = tellPhases(options);
    return {
      handle(event) {
        const took = phase(event);
        if (took !== undefined) options.stream.write(`${front(options.clock.now())}${took}\n`);
        lines.handle(event);
      },
      close: lines.close,
    };
  },
};

const RULE = '='.repeat(30);
const MAIN = 'MainThread';

const frontOf = (now: number, level: LogLevel, thread: string): string =>
  `${isoTime(now)} [${level.padEnd(5)}] [${thread}]: `;

const PHASES: Readonly<Partial<Record<VeloEvent['type'], string>>> = {
  'project-read': 'read the project',
  'run-started': 'planned, with the state of the database',
  'run-finished': 'ran what was planned',
};

/** Says at the end of a phase how long it took; undefined in between. */
function tellPhases({ clock }: ReporterOptions): (event: VeloEvent) => string | undefined {
  let since = clock.now();
  return ({ type }) => {
    const what = PHASES[type];
    if (what === undefined) return undefined;
    const text = `${what} in ${formatSeconds(clock.now() - since)}`;
    since = clock.now();
    return text;
  };
}

function levelOf(event: VeloEvent): LogLevel {
  if (event.type === 'warning') return 'warn';
  if (event.type === 'run-finished') {
    return event.result.results.some(({ status }) => FAILED.has(status)) ? 'error' : 'info';
  }
  if (event.type !== 'node-finished' && event.type !== 'hook-finished') return 'info';
  const { status } = event.result;
  return FAILED.has(status) ? 'error' : status === 'warn' ? 'warn' : 'info';
}

/** Of a node that begins it is not known yet. */
function threadOf(event: VeloEvent): string {
  if (event.type === 'node-finished') return `Thread-${Math.max(1, event.result.thread)}`;
  return event.type === 'node-started' || event.type.startsWith('batch-') ? 'Thread-1' : MAIN;
}
