import type { NodeId } from './node.ts';

/** A length of time as YAML says it. */
export interface AgeLimit {
  readonly count: number;
  readonly period: 'minute' | 'hour' | 'day';
}

/** How old the rows of a source may be. */
export interface FreshnessLimits {
  readonly warnAfter: AgeLimit | undefined;
  readonly errorAfter: AgeLimit | undefined;
  /** SQL of the rows that are looked at. */
  readonly filter: string | undefined;
}

/** dbt's words. `runtime error`: it could not be found out. */
export type FreshnessStatus = 'pass' | 'warn' | 'error' | 'runtime error';

/** How old a source was found to be. Instants are epoch milliseconds. */
export interface SourceAge {
  readonly node: NodeId;
  readonly status: FreshnessStatus;
  readonly limits: FreshnessLimits;
  /** Undefined for `runtime error`. */
  readonly loadedAt: number | undefined;
  readonly seenAt: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly message: string;
}

const PERIOD_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** When rows of a table without any were loaded: as long ago as dates go. */
export const NEVER_LOADED = Date.parse('0001-01-01T00:00:00Z');

/** An age that is just the limit is not beyond it. */
export function judgeAge(
  ageMs: number,
  { warnAfter, errorAfter }: FreshnessLimits,
): FreshnessStatus {
  const isBeyond = (limit: AgeLimit | undefined): boolean =>
    limit !== undefined && ageMs > limit.count * PERIOD_MS[limit.period];
  if (isBeyond(errorAfter)) return 'error';
  return isBeyond(warnAfter) ? 'warn' : 'pass';
}

/** The limits in a source's effective config; undefined when nobody set any. */
export function limitsOf(config: Readonly<Record<string, unknown>>): FreshnessLimits | undefined {
  const freshness = config['freshness'];
  if (typeof freshness !== 'object' || freshness === null) return undefined;
  const said = freshness as Readonly<Record<string, unknown>>;
  const [warnAfter, errorAfter] = [limitOf(said['warn_after']), limitOf(said['error_after'])];
  if (!warnAfter && !errorAfter) return undefined;
  const { filter } = said;
  return { warnAfter, errorAfter, filter: typeof filter === 'string' ? filter : undefined };
}

function limitOf(value: unknown): AgeLimit | undefined {
  const { count, period } = (value ?? {}) as Partial<AgeLimit>;
  return typeof count === 'number' && period !== undefined && period in PERIOD_MS
    ? { count, period }
    : undefined;
}
