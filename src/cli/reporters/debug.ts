import { randomUUID } from 'node:crypto';
import type { Phase, VeloEvent } from '../../core/events.ts';
import { FAILED } from '../../core/result.ts';
import { renderError } from '../render-error.ts';
import { formatSeconds } from '../terminal/duration.ts';
import { isoTime, tellLines } from './lines.ts';
import type { LogLevel, Reporter, ReporterEntry } from './reporter.ts';

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
    return {
      handle(event) {
        const took = phaseText(event);
        if (took !== undefined && isTold('debug')) {
          stream.write(`${frontOf(clock.now(), 'debug', MAIN)}${took}\n`);
        }
        if (isTold(levelOf(event))) lines.handle(event);
      },
      failed(error) {
        const text = renderError(error, { projectDir: options.projectDir, style: options.style });
        if (isTold('error')) stream.write(`${frontOf(clock.now(), 'error', MAIN)}${text}\n`);
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
    return {
      handle(event) {
        const took = phaseText(event);
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

const PHASES: Readonly<Record<Phase, string>> = {
  settings: 'read the settings',
  read: 'read the files of the project',
  graph: 'made the graph',
  connect: 'opened the database',
  plan: 'planned, with the state of the database',
  check: 'checked the SQL',
  compile: 'rendered SQL, all threads together',
  run: 'ran what was planned',
  artifacts: 'wrote artifacts',
};

/** At the end of a phase how long it took; undefined in between. */
const phaseText = (event: VeloEvent): string | undefined =>
  event.type === 'phase-ended'
    ? `${PHASES[event.phase]} in ${formatSeconds(event.durationMs)}`
    : undefined;

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
