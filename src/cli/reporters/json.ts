import type { VeloEvent } from '../../core/events.ts';
import { batchName } from '../../core/microbatch.ts';
import type { Manifest, Node, NodeId } from '../../core/node.ts';
import { FAILED, type NodeResult, type RunResult } from '../../core/result.ts';
import { renderError } from '../render-error.ts';
import { formatSeconds } from '../terminal/duration.ts';
import { PLAIN } from '../terminal/style.ts';
import { EVENT_CODES } from './event-codes.ts';
import { backtestText } from './models-report.ts';
import { finishLine, microbatchLine, microbatchStartLine, startLine } from './node-line.ts';
import { hookName, isCheck, relationName, wordsFor } from './node-words.ts';
import type { ReporterEntry, ReporterOptions } from './reporter.ts';
import {
  completedLine,
  concurrencyLine,
  countResults,
  doneLine,
  finishedLine,
  foundLine,
  nothingRan,
} from './run-stats.ts';
import { warningText } from './warning-text.ts';

/** One line of the log: dbt's `info`, and what else is known in `data`. */
interface LogEntry {
  readonly name: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One JSON object an event: `{"info": {"name", "level", "msg", "code", "ts"}, "data": …}`, names and codes as dbt's log has them; a code is empty where dbt has no such event. */
export const jsonReporter: ReporterEntry = {
  name: 'json',
  create(options) {
    const { level = 'debug' } = options;
    let manifest: Manifest | undefined;
    const batchesSince = new Map<NodeId, number>();
    const told = { ...options, batchesSince };
    return {
      handle(event) {
        if (event.type === 'batch-started') batchesSince.set(event.node, options.clock.now());
        if (event.type === 'project-read' || event.type === 'run-started') {
          manifest = event.manifest;
        }
        // Many times a second: for eyes.
        if (event.type === 'node-progress') return;
        if (event.type === 'phase-ended' && level !== 'debug') return;
        const ts = new Date(options.clock.now()).toISOString();
        for (const { data, ...info } of entriesOf(event, manifest, told)) {
          const code = EVENT_CODES[info.name] ?? '';
          options.stream.write(`${JSON.stringify({ info: { ...info, code, ts }, data })}\n`);
        }
      },
      failed(error) {
        const ts = new Date(options.clock.now()).toISOString();
        const text = renderError(error, { ...options, style: PLAIN });
        const name = 'MainEncounteredError';
        const info = { name, level: 'error', code: EVENT_CODES[name], ts };
        const msg = `Encountered an error:\n${text}`;
        options.stream.write(
          `${JSON.stringify({ info: { ...info, msg }, data: { exc: text } })}\n`,
        );
      },
      close() {},
    };
  },
};

interface JsonOptions extends ReporterOptions {
  /** When the batch began that a microbatch model is at. */
  readonly batchesSince: ReadonlyMap<NodeId, number>;
}

type Told = Exclude<VeloEvent, { readonly type: 'node-progress' }>;

/** The end of a run is three events, as in dbt. */
const entriesOf = (
  event: Told,
  manifest: Manifest | undefined,
  options: JsonOptions,
): readonly LogEntry[] =>
  event.type === 'run-finished'
    ? runFinishedEntries(event, manifest)
    : event.type === 'run-failed'
      ? runFailedEntries(event, manifest)
      : [entryOf(event, manifest, options)];

function entryOf(
  event: Exclude<Told, { readonly type: 'run-finished' | 'run-failed' }>,
  manifest: Manifest | undefined,
  options: JsonOptions,
): LogEntry {
  switch (event.type) {
    case 'warning':
      return warningEntry(event);
    case 'message':
      return messageEntry(event);
    case 'printed':
      return { name: 'PrintEvent', level: 'info', msg: event.message, data: {} };
    case 'phase-ended':
      return {
        name: 'PhaseEnded',
        level: 'debug',
        msg: `${event.phase} took ${formatSeconds(event.durationMs)}`,
        data: { phase: event.phase, execution_time: event.durationMs / 1000 },
      };
    case 'project-read':
      return foundEntry(event.manifest);
    case 'run-started':
      return startedEntry(event);
    case 'hook-started':
      return { ...nodeStartedEntry(event, manifest), name: 'LogHookStartLine' };
    case 'hook-finished':
    case 'node-finished':
      return nodeFinishedEntry(event, manifest, options);
    case 'node-started':
      return nodeStartedEntry(event, manifest);
    case 'batch-started':
      return batchStartedEntry(event, manifest);
    case 'batch-finished':
      return batchEntry(event, manifest, options);
    case 'model-trained':
      return {
        name: 'ModelTrained',
        level: 'info',
        msg: event.isRegistered
          ? `Registered ${event.version.modelId}`
          : `${event.version.name} was not registered: a test failed`,
        data: { unique_id: event.node, version: event.version, registered: event.isRegistered },
      };
    case 'backtested':
      return {
        name: 'Backtested',
        level: 'info',
        msg: backtestText(event.figures),
        data: { unique_id: event.node, figures: event.figures },
      };
  }
}

type EventOf<T extends VeloEvent['type']> = Extract<VeloEvent, { type: T }>;

const warningEntry = (event: EventOf<'warning'>): LogEntry => ({
  name: event.name ?? 'Warning',
  level: 'warn',
  msg: warningText(event, PLAIN),
  data: event.data ?? {},
});

const messageEntry = ({ name, message, data = {} }: EventOf<'message'>): LogEntry => ({
  name: name ?? 'Message',
  level: 'info',
  msg: message,
  data,
});

function foundEntry(manifest: Manifest): LogEntry {
  const msg = foundLine(manifest);
  const data = { stat_line: msg.replace(/^Found /, '') };
  return { name: 'FoundStats', level: 'info', msg, data };
}

function startedEntry({ plan, threads, targetName }: EventOf<'run-started'>): LogEntry {
  const msg = concurrencyLine({ threads, targetName });
  const building = plan.steps.filter(({ action }) => action === 'build').length;
  const data = {
    num_threads: threads,
    target_name: targetName,
    node_count: plan.steps.length,
    build_count: building,
    as_of_end: new Date(plan.asOfEnd).toISOString(),
  };
  return { name: 'ConcurrencyLine', level: 'info', msg, data };
}

function nodeStartedEntry(
  event: EventOf<'node-started' | 'hook-started'>,
  manifest: Manifest | undefined,
): LogEntry {
  const node = manifest?.nodes.get(event.node);
  const { index, total } = event;
  const msg = node && manifest ? startLine(node, manifest, event) : `START ${event.node}`;
  const data = {
    ...described(node, manifest, 'start'),
    index,
    total,
    node_info: nodeInfo(event.node, node, 'started'),
  };
  return { name: 'LogStartLine', level: 'info', msg, data };
}

function batchStartedEntry(
  event: EventOf<'batch-started'>,
  manifest: Manifest | undefined,
): LogEntry {
  const { node: id, batch, index, total } = event;
  const node = manifest?.nodes.get(id);
  const name = batchName(batch.start, node?.microbatch?.batchSize ?? 'day');
  const target = node ? relationName(node) : id;
  const data = {
    batch_index: index,
    total_batches: total,
    description: `batch ${name} of ${target}`,
    node_info: nodeInfo(id, node, 'started'),
  };
  const msg = microbatchStartLine({ index, total }, name, target);
  return { name: 'LogStartBatch', level: 'info', msg, data };
}

function microbatchEntry(
  event: EventOf<'batch-finished'>,
  node: Node,
  { clock, batchesSince }: JsonOptions,
): LogEntry {
  const { node: id, batch, done, total, rows, status = 'success' } = event;
  const name = batchName(batch.start, node.microbatch?.batchSize ?? 'day');
  const description = `batch ${name} of ${relationName(node)}`;
  const data = {
    batch_index: done,
    total_batches: total,
    description,
    status: BATCH_WORDS[status],
    rows: rows ?? null,
    node_info: nodeInfo(id, node, status),
  };
  const durationMs = clock.now() - (batchesSince.get(id) ?? clock.now());
  const told = { target: relationName(node), status, durationMs };
  const msg = microbatchLine({ index: done, total }, name, told, PLAIN);
  return { name: 'LogBatchResult', level: status === 'error' ? 'error' : 'info', msg, data };
}

const BATCH_WORDS = { success: 'OK', error: 'ERROR', skipped: 'SKIPPED' } as const;

function batchEntry(
  event: EventOf<'batch-finished'>,
  manifest: Manifest | undefined,
  options: JsonOptions,
): LogEntry {
  const { node: id, batch, done, total, rows } = event;
  const node = manifest?.nodes.get(id);
  if (node?.microbatch) return microbatchEntry(event, node, options);
  const data = {
    batch_index: done,
    total_batches: total,
    batch_start: new Date(batch.start).toISOString(),
    batch_end: new Date(batch.end).toISOString(),
    rows: rows ?? null,
    node_info: nodeInfo(id, node, 'started'),
  };
  return {
    name: 'LogBatchResult',
    level: 'info',
    msg: `Batch ${done} of ${total} OK of ${node?.name ?? id}`,
    data,
  };
}

function nodeFinishedEntry(
  { result, index, total }: EventOf<'node-finished' | 'hook-finished'>,
  manifest: Manifest | undefined,
  options: ReporterOptions,
): LogEntry {
  const node = manifest?.nodes.get(result.node);
  const msg =
    node && manifest
      ? finishLine(node, manifest, { result, index, total, batches: 0 }, { style: PLAIN })
      : `${result.status.toUpperCase()} ${result.node}`;
  const data = {
    ...described(node, manifest, 'done'),
    index,
    total,
    status: result.status,
    message: result.message,
    execution_time: result.durationMs / 1000,
    rows: result.rows ?? null,
    num_failures: result.failures ?? null,
    ...(result.keptIn ? { failures_in: result.keptIn } : {}),
    ...(result.error ? { error: renderError(result.error, { ...options, style: PLAIN }) } : {}),
    node_info: nodeInfo(result.node, node, result.status),
  };
  return { name: resultName(node, result), level: levelOf(result), msg, data };
}

/** What dbt calls it: the description of a model, the statement of a hook, the name of a test. */
function described(
  node: Node | undefined,
  manifest: Manifest | undefined,
  when: 'start' | 'done',
): Readonly<Record<string, unknown>> {
  if (!node || !manifest) return {};
  if (node.kind === 'operation') return { statement: hookName(node) };
  if (!isCheck(node)) return { description: wordsFor(node, manifest).start };
  return when === 'start'
    ? { description: wordsFor(node, manifest).start }
    : { name: wordsFor(node, manifest).done, attached_node: node.check?.attachedTo ?? null };
}

function runFinishedEntries(
  { result, isBrief }: EventOf<'run-finished'>,
  manifest: Manifest | undefined,
): readonly LogEntry[] {
  const { error, warn, ...counts } = countResults(result.results);
  const data = {
    stats: { error, warn, ...counts },
    elapsed: result.elapsedMs / 1000,
    keyboard_interrupt: result.interrupted,
    summary: completedLine(result),
  };
  const level = error > 0 || result.interrupted ? 'error' : warn > 0 ? 'warn' : 'info';
  const stats: LogEntry = { name: 'StatsLine', level, msg: doneLine(result.results), data };
  if (!manifest || counts.total === 0) return [stats];
  const partial = result.results.filter(({ status }) => status === 'partial success').length;
  const summary = {
    keyboard_interrupt: result.interrupted,
    num_errors: error - partial,
    num_partial_success: partial,
    num_warnings: warn,
  };
  return [
    ...(isBrief ? [] : [finishedEntry(result, manifest)]),
    { name: 'EndOfRunSummary', level, msg: completedLine(result), data: summary },
    stats,
  ];
}

/** dbt has the counts and the time apart as well. */
function finishedEntry(result: RunResult, manifest: Manifest): LogEntry {
  const msg = finishedLine(result, manifest);
  const [, stats = '', execution = ''] =
    /^Finished running (.*)( in \d+ hours .* seconds) /.exec(msg) ?? [];
  const data = { stat_line: stats, execution, execution_time: result.elapsedMs / 1000 };
  return { name: 'FinishedRunningStats', level: 'info', msg, data };
}

function runFailedEntries(
  event: EventOf<'run-failed'>,
  manifest: Manifest | undefined,
): readonly LogEntry[] {
  const { threads, targetName, elapsedMs } = event;
  const data = { num_threads: threads, target_name: targetName };
  const told = {
    name: 'ConcurrencyLine',
    level: 'info',
    msg: concurrencyLine(event),
    data,
  } as const;
  if (!manifest) return [told];
  const msg = finishedLine(nothingRan(event), manifest);
  return [
    told,
    { name: 'FinishedRunningStats', level: 'info', msg, data: { elapsed: elapsedMs / 1000 } },
  ];
}

const levelOf = ({ status }: NodeResult): LogEntry['level'] =>
  FAILED.has(status) ? 'error' : status === 'warn' ? 'warn' : 'info';

function resultName(node: Node | undefined, { status }: NodeResult): string {
  if (status === 'skipped') return 'SkippingDetails';
  if (node?.kind === 'seed') return 'LogSeedResult';
  if (node?.kind === 'snapshot') return 'LogSnapshotResult';
  if (node?.kind === 'operation') return 'LogHookEndLine';
  return node && isCheck(node) ? 'LogTestResult' : 'LogModelResult';
}

const nodeInfo = (id: NodeId, node: Node | undefined, status: string): Record<string, unknown> => ({
  unique_id: id,
  node_status: status,
  ...(node && {
    node_name: node.name,
    node_path: node.path,
    resource_type: node.kind,
    materialized: node.materialized,
    node_relation: node.relation ?? null,
  }),
});
