import type { Adapter } from '../adapter.ts';
import { postgresDialect } from './dialect.ts';
import {
  describeTarget,
  type PostgresSettings,
  parsePostgresSettings,
  postgresSettingKeys,
} from './settings.ts';
import { openWarehouse } from './warehouse.ts';

/** A PostgreSQL server, 15 or newer. Its settings are dbt-postgres's target keys. */
export const postgres: Adapter = {
  name: 'postgres',
  dialect: postgresDialect,
  parseSettings: parsePostgresSettings,
  settingKeys: postgresSettingKeys,
  describe: (settings) => describeTarget(settings as PostgresSettings),
  open: (settings) => openWarehouse(settings as PostgresSettings),
  openToRead: (settings) => openWarehouse(settings as PostgresSettings, 'read'),
  // What does not fit into work_mem goes to the server's disk.
  statementBudget: () => undefined,
  // To know whether anything has changed one has to ask the server, which is as far as reading the state.
  stamp: async () => undefined,
};
