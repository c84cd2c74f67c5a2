import type { AgeLimit, SourceAge } from '../core/freshness.ts';
import { type ArtifactContext, artifactMetadata, isoInstant } from './metadata.ts';

export interface SourcesInput extends ArtifactContext {
  readonly ages: readonly SourceAge[];
  readonly elapsedMs: number;
}

/** sources.json, valid against dbt's schema sources v3. Pure. */
export function sourcesArtifact(input: SourcesInput) {
  return {
    metadata: artifactMetadata('sources/v3', input),
    results: input.ages.map(ageEntry),
    elapsed_time: input.elapsedMs / 1000,
  };
}

function ageEntry({ node, status, limits, loadedAt, seenAt, ...found }: SourceAge) {
  if (status === 'runtime error' || loadedAt === undefined) {
    return { unique_id: node, error: found.message, status: 'runtime error' };
  }
  const { startedAt, durationMs } = found;
  const [start, end] = [startedAt, startedAt + durationMs].map(isoInstant);
  return {
    unique_id: node,
    max_loaded_at: pythonInstant(loadedAt),
    snapshotted_at: pythonInstant(seenAt),
    max_loaded_at_time_ago_in_s: (seenAt - loadedAt) / 1000,
    status,
    criteria: {
      warn_after: limitEntry(limits.warnAfter),
      error_after: limitEntry(limits.errorAfter),
      filter: limits.filter ?? null,
    },
    adapter_response: { _message: 'OK' },
    timing: [
      { name: 'compile', started_at: start, completed_at: start },
      { name: 'execute', started_at: start, completed_at: end },
    ],
    thread_id: 'Thread-1 (worker)',
    execution_time: durationMs / 1000,
  };
}

const limitEntry = (limit: AgeLimit | undefined) => limit ?? { count: null, period: null };

/** `2024-01-10T11:30:00+00:00`, with six digits of a second where there are some, as Python writes it. */
function pythonInstant(epochMs: number): string {
  const text = isoInstant(epochMs);
  return epochMs % 1000 === 0
    ? `${text.slice(0, -5)}+00:00`
    : `${text.slice(0, -1).padEnd(text.length + 2, '0')}+00:00`;
}
