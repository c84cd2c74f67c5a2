import type { VeloEvent } from '../../core/events.ts';
import type { Manifest, NodeId } from '../../core/node.ts';
import { FAILED } from '../../core/result.ts';
import { printable } from '../terminal/printable.ts';
import { columnsOf, createScreen } from '../terminal/screen.ts';
import { wrapWords } from '../terminal/wrap-words.ts';
import { finishedLines, longestName } from './live-lines.ts';
import { summaryLines } from './live-summary.ts';
import { liveLines, type RunningNode } from './live-view.ts';
import { backtestText, trainedText } from './models-report.ts';
import type { Reporter, ReporterEntry, ReporterOptions } from './reporter.ts';
import { foundLine } from './run-stats.ts';

type EventOf<T extends VeloEvent['type']> = Extract<VeloEvent, { type: T }>;

const REDRAW_MS = 100;
const USUAL_ROWS = 24;

/** A run as people watch it in a terminal. The screen is drawn at most ten times a second. */
export const liveReporter: ReporterEntry = {
  name: 'live',
  create(options) {
    const { stream, clock, style } = options;
    const screen = createScreen(stream);
    const run = createRunState(options);
    let waiting: string[] = [];
    let lastDrawn = Number.NEGATIVE_INFINITY;
    let stopTicking: (() => void) | undefined;

    function draw(region: readonly string[]): void {
      screen.draw(waiting, region);
      waiting = [];
      lastDrawn = clock.now();
    }
    function drawRunning(): void {
      const size = { columns: columnsOf(stream), rows: (stream.rows || USUAL_ROWS) - 1 };
      draw(run.isRunning() ? liveLines(run.state(), clock.now(), size, style) : []);
    }
    function close(): void {
      stopTicking?.();
      stopTicking = undefined;
      process.off('exit', close);
      if (waiting.length > 0) draw([]);
      screen.close();
    }
    return {
      handle(event) {
        waiting.push(...run.apply(event));
        if (event.type === 'run-started') {
          stopTicking ??= clock.every(REDRAW_MS, drawRunning);
          // Whoever ends the process without closing still leaves a terminal with a cursor.
          process.once('exit', close);
        }
        if (event.type === 'run-finished') close();
        else if (!run.isRunning() || clock.now() - lastDrawn >= REDRAW_MS) drawRunning();
      },
      close,
    } satisfies Reporter;
  },
};

interface RunState {
  /** Takes note of an event and returns the lines that scroll. */
  apply(event: VeloEvent): string[];
  isRunning(): boolean;
  state(): Parameters<typeof liveLines>[0];
}

function createRunState(options: ReporterOptions): RunState {
  const { clock } = options;
  const running = new Map<NodeId, RunningNode>();
  const counts = { startedAt: 0, finished: 0, total: 0, failed: 0, warned: 0 };
  let manifest: Manifest | undefined;
  let nameWidth = 0;
  let database = '';
  let testCounts: ReadonlyMap<NodeId, number> = new Map();
  let isRunning = false;

  function started({ node, total }: EventOf<'node-started'>): void {
    const name = manifest?.nodes.get(node)?.name ?? node;
    counts.total = total;
    running.set(node, { node, name, startedAt: clock.now(), batchesDone: 0, batchesTotal: 0 });
  }
  function changed(node: NodeId, change: Partial<RunningNode>): string[] {
    const entry = running.get(node);
    if (entry) running.set(node, { ...entry, ...change });
    return [];
  }
  function finished({ result, total }: EventOf<'node-finished'>): string[] {
    const batches = running.get(result.node)?.batchesTotal ?? 0;
    running.delete(result.node);
    counts.total = total;
    counts.finished += 1;
    if (FAILED.has(result.status)) counts.failed += 1;
    if (result.status === 'warn') counts.warned += 1;
    const node = manifest?.nodes.get(result.node);
    const tests = testCounts.get(result.node) ?? 0;
    return node ? finishedLines(node, { result, batches, tests, nameWidth }, options) : [];
  }
  function begin(event: EventOf<'run-started'>): void {
    isRunning = true;
    Object.assign(counts, { startedAt: clock.now(), finished: 0, failed: 0, warned: 0 });
    counts.total = event.plan.steps.length;
    nameWidth = longestName(event.plan, event.manifest);
    database = event.database;
    testCounts = new Map(event.plan.steps.map(({ node, checks }) => [node, checks.length]));
  }
  function apply(event: VeloEvent): string[] {
    if (event.type === 'project-read' || event.type === 'run-started') manifest = event.manifest;
    switch (event.type) {
      case 'run-started':
        begin(event);
        return [];
      case 'node-started':
        started(event);
        return [];
      case 'batch-finished':
        return changed(event.node, { batchesDone: event.done, batchesTotal: event.total });
      case 'node-progress':
        return changed(event.node, { text: printable(event.text) });
      case 'node-finished':
        return finished(event);
      case 'run-finished':
        isRunning = false;
        return manifest ? summaryLines(event.result, manifest, options, database) : [];
      default:
        return toldLines(event, options);
    }
  }
  return {
    apply,
    isRunning: () => isRunning,
    state: () => ({ ...counts, running: [...running.values()] }),
  };
}

/** Lines of what changes nothing about the run. */
function toldLines(event: VeloEvent, { stream, style }: ReporterOptions): string[] {
  const wrapped = (text: string) =>
    text.split('\n').flatMap((line) => wrapWords(line, columnsOf(stream)));
  switch (event.type) {
    case 'warning':
      return wrapped(`${style.yellow('warning:')} ${printable(event.message)}`);
    case 'printed':
    case 'message':
      return [printable(event.message)];
    case 'project-read':
      return wrapped(foundLine(event.manifest)).map(style.dim);
    case 'model-trained':
      return wrapped(trainedText(event, { style }));
    case 'backtested':
      return wrapped(backtestText(event.figures));
    default:
      return [];
  }
}
