import type { Adapter } from '../adapter.ts';
import { duckdbDialect } from './dialect.ts';
import { type DuckdbSettings, parseDuckdbSettings } from './settings.ts';
import { stampOf } from './stamp.ts';
import { openWarehouse } from './warehouse.ts';

/** DuckDB in this process, in a file or in memory. Its settings are dbt-duckdb's target keys. */
export const duckdb: Adapter = {
  name: 'duckdb',
  dialect: duckdbDialect,
  parseSettings: parseDuckdbSettings,
  open: (settings) => openWarehouse(settings as DuckdbSettings),
  stamp: (settings) => stampOf(settings as DuckdbSettings),
};
