import type { Dialect, Statement } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import type { StatePlace } from './ledger-schema.ts';

/** The registry: one row for each version, and one for each move of an alias. */
export interface RegistryTables {
  readonly models: Relation;
  readonly aliases: Relation;
}

/** The tables in the database of the target, in the schema `modeling`: of its own where targets share a database. */
export function registryTables(
  { capabilities }: Dialect,
  { database, schema: target }: StatePlace,
): RegistryTables {
  const schema = capabilities.sharesDatabase ? `${target}_modeling` : 'modeling';
  const named = (name: string): Relation => ({ database, schema, name });
  return { models: named('models'), aliases: named('model_aliases') };
}

/** What makes the tables where they are missing; safe to run again. */
export function prepareRegistry(dialect: Dialect, tables: RegistryTables): Statement[] {
  return [
    dialect.createSchema(tables.models),
    `create table if not exists ${dialect.relation(tables.models)} (
  model_id varchar not null,
  name varchar not null,
  version integer not null,
  stage varchar not null,
  artifact_uri varchar not null,
  artifact_sha256 varchar not null,
  metrics_json varchar not null,
  created_at timestamp not null,
  estimator varchar not null,
  objective varchar not null,
  params_json varchar not null,
  features_json varchar not null,
  training_from varchar not null,
  training_to varchar not null,
  training_rows bigint not null,
  data_fingerprint varchar not null,
  code_fingerprint varchar not null,
  train_fingerprint varchar not null,
  git_commit varchar,
  run_id varchar not null
)`,
    `create table if not exists ${dialect.relation(tables.aliases)} (
  name varchar not null,
  alias varchar not null,
  version integer not null,
  moved_at timestamp not null,
  run_id varchar not null,
  reason varchar not null
)`,
  ];
}
