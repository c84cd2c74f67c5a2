import type { VeloEvent } from '../../core/events.ts';
import { formatInterval } from '../../core/grain.ts';
import { batchName } from '../../core/microbatch.ts';
import type { Manifest, Node, NodeId } from '../../core/node.ts';
import { FAILED, type RunResult } from '../../core/result.ts';
import { plural } from '../terminal/number.ts';
import { printable } from '../terminal/printable.ts';
import { failureDetails } from './failure-details.ts';
import { backtestText, trainedText } from './models-report.ts';
import {
  batchLine,
  finishLine,
  microbatchLine,
  microbatchStartLine,
  startLine,
} from './node-line.ts';
import { relationName } from './node-words.ts';
import { planSummary } from './plan-table.ts';
import type { Reporter, ReporterEntry, ReporterOptions } from './reporter.ts';
import {
  completedLine,
  concurrencyLine,
  countResults,
  doneLine,
  finishedLine,
  foundLine,
  nothingRan,
  upToDate,
} from './run-stats.ts';
import { warningText } from './warning-text.ts';

type EventOf<T extends VeloEvent['type']> = Extract<VeloEvent, { type: T }>;

/** Until a project is read; a run may be interrupted before. */
const NO_PROJECT: Manifest = {
  projectName: '',
  nodes: new Map(),
  disabled: new Map(),
  macros: [],
  docs: [],
  groups: [],
  selectors: {},
  warnings: [],
};

/** Up to so many batches of a node each get a line, more are told by tenths. */
const MOST_BATCH_LINES = 20;

/** dbt's lines, for pipes and CI. The time in front is UTC, as dbt's is. */
export const linesReporter: ReporterEntry = {
  name: 'lines',
  create: (options) => tellLines(options, (now) => `${isoTime(now).slice(0, 8)}  `),
};

/** Time of day, UTC, to the millisecond. */
export const isoTime = (epochMs: number): string => new Date(epochMs).toISOString().slice(11, 23);

/** A reporter of lines, each with what `prefix` says of the event in front; what templates print stands alone. */
export function tellLines(
  given: ReporterOptions,
  prefix: (now: number, event: VeloEvent) => string,
): Reporter {
  const options = { ...given };
  const entriesOf = createEntries(options);
  return {
    handle(event) {
      if (event.type === 'project-read') options.lineWidth ??= event.printerWidth;
      if (event.type === 'printed') {
        options.stream.write(`${printable(event.message)}\n`);
        return;
      }
      const front = prefix(options.clock.now(), event);
      const lines = entriesOf(event).map((entry) => `${front}${entry}\n`);
      if (lines.length > 0) options.stream.write(lines.join(''));
    },
    close() {},
  };
}

/** What to print of an event; an entry of several lines has the time in front of the first only. */
function createEntries(options: ReporterOptions): (event: VeloEvent) => string[] {
  const nodes = createNodeEntries(options);
  let manifest = NO_PROJECT;
  return (event) => {
    if (event.type === 'project-read' || event.type === 'run-started') manifest = event.manifest;
    switch (event.type) {
      case 'warning':
        return [warningText({ ...event, message: printable(event.message) }, options.style)];
      case 'printed':
      case 'message':
        return [printable(event.message)];
      case 'project-read':
        return [foundLine(event.manifest)];
      case 'run-started':
        return event.plan.steps.length > 0 ? startedEntries(event) : [];
      case 'run-failed':
        return ['', concurrencyLine(event), '', '', finishedLine(nothingRan(event), manifest)];
      case 'hook-started':
        return hookStarted(event, manifest, options);
      case 'hook-finished':
        return hookFinished(event, manifest, options);
      case 'node-started':
        return nodes.started(event, manifest);
      case 'batch-started':
        return nodes.batchStarted(event, manifest);
      case 'batch-finished':
        return nodes.batch(event, manifest);
      case 'node-progress':
      case 'phase-ended':
        return [];
      case 'model-trained':
        return [trainedText(event, options)];
      case 'backtested':
        return [backtestText(event.figures)];
      case 'node-finished':
        return nodes.finished(event, manifest);
      case 'run-finished':
        return endOfRun(event, manifest, options);
    }
  };
}

/** A run with nothing to do says so at its end. */
function startedEntries(event: EventOf<'run-started'>): string[] {
  const { plan, manifest } = event;
  const isIdle = plan.steps.every(({ action }) => action === 'reuse');
  return [
    '',
    concurrencyLine(event),
    ...(isIdle ? [] : [`Plan: ${planSummary(plan, manifest)}`]),
    '',
  ];
}

/** Hooks at the end are set off from what ran before, those at the start from what comes. */
const isAtEnd = ({ tags }: Node): boolean => tags.includes('on-run-end');

function hookStarted(
  event: EventOf<'hook-started'>,
  manifest: Manifest,
  options: ReporterOptions,
): string[] {
  const hook = manifest.nodes.get(event.node);
  if (!hook) return [];
  return [
    ...(isAtEnd(hook) && event.index === 1 ? [''] : []),
    startLine(hook, manifest, event, options),
  ];
}

function hookFinished(
  { result, index, total }: EventOf<'hook-finished'>,
  manifest: Manifest,
  options: ReporterOptions,
): string[] {
  const hook = manifest.nodes.get(result.node);
  if (!hook) return [];
  const line = finishLine(hook, manifest, { result, index, total, batches: 0 }, options);
  const isLast = index === total;
  return [line, ...(isLast && !isAtEnd(hook) ? [''] : [])];
}

interface NodeEntries {
  started(event: EventOf<'node-started'>, manifest: Manifest): string[];
  batchStarted(event: EventOf<'batch-started'>, manifest: Manifest): string[];
  batch(event: EventOf<'batch-finished'>, manifest: Manifest): string[];
  finished(event: EventOf<'node-finished'>, manifest: Manifest): string[];
}

function createNodeEntries(options: ReporterOptions): NodeEntries {
  const { style, clock } = options;
  const batches = new Map<NodeId, number>();
  const since = new Map<NodeId, number>();
  return {
    started(event, manifest) {
      since.set(event.node, clock.now());
      const node = manifest.nodes.get(event.node);
      return node ? [startLine(node, manifest, event, options)] : [];
    },
    batchStarted(event, manifest) {
      since.set(event.node, clock.now());
      const node = manifest.nodes.get(event.node);
      if (!node?.microbatch) return [];
      const name = batchName(event.batch.start, node.microbatch.batchSize);
      return [microbatchStartLine(event, name, relationName(node))];
    },
    batch(event, manifest) {
      const durationMs = clock.now() - (since.get(event.node) ?? clock.now());
      since.set(event.node, clock.now());
      batches.set(event.node, event.done);
      const node = manifest.nodes.get(event.node);
      const progress = { index: event.done, total: event.total };
      if (node?.microbatch) {
        const name = batchName(event.batch.start, node.microbatch.batchSize);
        const { status = 'success' } = event;
        const done = { target: relationName(node), status, durationMs };
        return [microbatchLine(progress, name, done, style)];
      }
      if (!node || !isTold(event)) return [];
      const what = { target: relationName(node), rows: event.rows, durationMs };
      return [batchLine(progress, formatInterval(event.batch, node.asOf?.grain ?? 'day'), what)];
    },
    finished({ result, index, total }, manifest) {
      const node = manifest.nodes.get(result.node);
      if (!node || result.status === 'reused') return [];
      const counted = {
        result,
        index,
        total,
        batches: node.asOf ? (batches.get(result.node) ?? 0) : 0,
      };
      return [finishLine(node, manifest, counted, options)];
    },
  };
}

function isTold({ done, total }: EventOf<'batch-finished'>): boolean {
  if (total <= MOST_BATCH_LINES) return total > 1;
  return Math.floor((done * 10) / total) > Math.floor(((done - 1) * 10) / total);
}

function endOfRun(
  { result: run, isBrief }: EventOf<'run-finished'>,
  manifest: Manifest,
  options: ReporterOptions,
): string[] {
  const { reused, total } = countResults(run.results);
  const done = doneLine(run.results);
  if (total === 0 && !run.interrupted) {
    const advice = 'Nothing to do. Try checking your model configs and model specification args';
    return [`${options.style.yellow('[WARNING]')}: ${advice}`];
  }
  if (reused === total && !run.interrupted) {
    return [`${upToDate(total)}.`, '', done];
  }
  const unchanged = reused > 0 ? [`${plural(reused, 'node')} unchanged`] : [];
  const details = detailsOf(run, manifest, options);
  return [
    ...unchanged,
    ...(isBrief ? [] : ['', finishedLine(run, manifest)]),
    '',
    completedColoured(run, options),
    '',
    ...details,
    done,
  ];
}

/** Errors first, then warnings. */
function detailsOf(run: RunResult, manifest: Manifest, options: ReporterOptions): string[] {
  const failed = run.results.filter(({ status }) => FAILED.has(status));
  const warned = run.results.filter(({ status }) => status === 'warn');
  return [...failed, ...warned].flatMap((result) => {
    const node = manifest.nodes.get(result.node);
    return node ? failureDetails(node, result, options) : [];
  });
}

function completedColoured(run: RunResult, { style }: ReporterOptions): string {
  const { error, warn } = countResults(run.results);
  const line = completedLine(run);
  if (error > 0 || run.interrupted) return style.red(line);
  return warn > 0 ? style.yellow(line) : style.green(line);
}
