import type { CellKind } from '../../core/result-table.ts';

/** Types of a seed's columns that no config names, in words every engine knows. */
const SEED_TYPES: Readonly<Partial<Record<CellKind, string>>> = {
  integer: 'integer',
  decimal: 'float8',
  float: 'float8',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
};

export const seedType = (kind: CellKind | undefined): string =>
  (kind && SEED_TYPES[kind]) ?? 'text';
