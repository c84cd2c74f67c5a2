/** Lengths of a batch of dbt's microbatch. */
export const BATCH_SIZES = ['hour', 'day', 'month', 'year'] as const;

export type MicrobatchSize = (typeof BATCH_SIZES)[number];

/** dbt's settings of a microbatch model, checked. All times are UTC. */
export interface Microbatch {
  readonly batchSize: MicrobatchSize;
  /** Where a first build begins, epoch milliseconds. */
  readonly begin: number;
  /** Batches before the current one that every run makes again. */
  readonly lookback: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The start of the batch that holds `instantMs`. */
export function floorToBatch(instantMs: number, size: MicrobatchSize): number {
  const date = new Date(instantMs);
  if (size === 'year') return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (size === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const lengthMs = size === 'hour' ? HOUR_MS : DAY_MS;
  return Math.floor(instantMs / lengthMs) * lengthMs;
}

/** The start of the batch `count` batches after the one that begins at `startMs`. */
export function addBatches(startMs: number, count: number, size: MicrobatchSize): number {
  const date = new Date(startMs);
  if (size === 'year') return Date.UTC(date.getUTCFullYear() + count, 0, 1);
  if (size === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  return startMs + count * (size === 'hour' ? HOUR_MS : DAY_MS);
}

/** What dbt calls the batch that begins at `startMs`: `2024-01-05`, `2024-01-05T13`, `2024-01`, `2024`. */
export function batchName(startMs: number, size: MicrobatchSize): string {
  const length = { hour: 13, day: 10, month: 7, year: 4 }[size];
  return new Date(startMs).toISOString().slice(0, length);
}

/** `model.batch.id` of dbt: the name without hyphens, `20240105T13`. */
export const batchId = (startMs: number, size: MicrobatchSize): string =>
  batchName(startMs, size).replaceAll('-', '');

const EVENT_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Epoch milliseconds of `2024-01-31`, `2024-01-31 13:00:00` or `2024-01-31T13:00:00+02:00`, UTC where no offset is
 * given; undefined when it is no such instant.
 */
export function parseEventTime(text: string): number | undefined {
  const match = EVENT_TIME.exec(text.trim());
  if (!match) return undefined;
  const [, date = '', clock = '00:00', seconds = '00', fraction = '0', offset = 'Z'] = match;
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return undefined;
  const instant = Date.parse(`${date}T${clock}:${seconds}.${fraction}${offset}`);
  return Number.isNaN(instant) ? undefined : instant;
}
