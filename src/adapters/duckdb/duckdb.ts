import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { Adapter } from '../adapter.ts';
import { duckdbDialect } from './dialect.ts';
import {
  type DuckdbSettings,
  duckdbSettingKeys,
  inMemory,
  MEMORY,
  parseDuckdbSettings,
  statementBudget,
} from './settings.ts';
import { stampOf } from './stamp.ts';
import { openWarehouse } from './warehouse.ts';

/** From here when it lies below, as people would type it. */
function shownFile(path: string): string {
  const inner = relative('.', path);
  return path === MEMORY || inner.startsWith('..') ? path : inner;
}

/** DuckDB in this process, in a file or in memory. Its settings are dbt-duckdb's target keys. */
export const duckdb: Adapter = {
  name: 'duckdb',
  dialect: duckdbDialect,
  parseSettings: parseDuckdbSettings,
  settingKeys: duckdbSettingKeys,
  describe: (settings) => shownFile((settings as DuckdbSettings).path),
  open: (settings) => openWarehouse(settings as DuckdbSettings),
  openToRead: async (settings) => {
    const given = settings as DuckdbSettings;
    return existsSync(given.path) ? openWarehouse(given, 'read') : undefined;
  },
  inMemory: (settings) => inMemory(settings as DuckdbSettings),
  statementBudget: (settings) => statementBudget(settings as DuckdbSettings),
  stamp: (settings) => stampOf(settings as DuckdbSettings),
};
