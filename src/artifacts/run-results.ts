import type { Interval } from '../core/interval.ts';
import type { Manifest, Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { BatchStatus, NodeResult, NodeStatus, RunResult } from '../core/result.ts';
import { type ArtifactContext, artifactMetadata, isoInstant } from './metadata.ts';

export interface RunResultsInput extends ArtifactContext {
  readonly run: RunResult;
  readonly manifest: Manifest;
  /** The flags of the command, by their long names with underscores; `which` is the command. No secrets. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The quoted name, as the dialect writes it. */
  readonly relationName: (relation: Relation) => string;
}

/** run_results.json, valid against dbt's schema run-results v6. Times in seconds, as in dbt. Pure. */
export function runResultsArtifact(input: RunResultsInput) {
  const { run, manifest, relationName } = input;
  return {
    metadata: artifactMetadata('run-results/v6', input),
    results: run.results.map((result) =>
      resultEntry(result, manifest.nodes.get(result.node), relationName),
    ),
    elapsed_time: run.elapsedMs / 1000,
    args: input.args,
  };
}

function resultEntry(
  result: NodeResult,
  node: Node | undefined,
  relationName: RunResultsInput['relationName'],
) {
  const relation = result.keptIn ?? node?.relation;
  return {
    status: result.status,
    timing: timingEntries(result),
    thread_id: `Thread-${result.thread} (worker)`,
    execution_time: result.durationMs / 1000,
    adapter_response: adapterResponse(result),
    message: result.message === '' ? null : result.message,
    failures: result.failures ?? null,
    unique_id: result.node,
    compiled: result.batches ? false : result.compiledCode === undefined ? null : true,
    compiled_code: result.compiledCode ?? null,
    relation_name: relation ? relationName(relation) : null,
    batch_results: batchResults(result),
  };
}

/** Batches that were left out count as failed: they are still to be done. */
function batchResults({ batches }: NodeResult) {
  if (!batches) return null;
  const shown = (isWanted: (status: BatchStatus) => boolean) =>
    batches.filter(({ status }) => isWanted(status)).map(({ interval }) => shownInterval(interval));
  return {
    successful: shown((status) => status === 'success'),
    failed: shown((status) => status !== 'success'),
  };
}

/** As Python writes instants: `2024-01-05T00:00:00+00:00`. */
const shownInterval = ({ start, end }: Interval) =>
  [start, end].map((ms) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`);

const NOT_RUN: ReadonlySet<NodeStatus> = new Set(['skipped', 'reused']);

/** velo measures a step as a whole: rendering takes no time of its own and `execute` is all of it. */
function timingEntries({ status, startedAt, durationMs }: NodeResult) {
  if (NOT_RUN.has(status)) return [];
  const start = isoInstant(startedAt);
  return [
    { name: 'compile', started_at: start, completed_at: start },
    { name: 'execute', started_at: start, completed_at: isoInstant(startedAt + durationMs) },
  ];
}

function adapterResponse({ status, message, rows, batches }: NodeResult) {
  if (status !== 'success' || batches) return {};
  return rows === undefined ? { _message: message } : { _message: message, rows_affected: rows };
}
