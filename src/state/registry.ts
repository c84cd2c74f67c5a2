import type { Connection, Dialect, Row, Statement } from '../adapters/adapter.ts';
import {
  type AliasMove,
  CHAMPION,
  EMPTY_REGISTRY,
  type FeatureSchema,
  type ModelVersion,
  type RegistryContent,
} from '../core/model-version.ts';
import type { RegistryTables } from './registry-schema.ts';

/** Why an alias moved when a train node moved it. */
export const TRAINED = 'trained';

/** Whether the registry has been made, in one query. @throws DatabaseError */
async function hasRegistry(
  connection: Connection,
  dialect: Dialect,
  { models }: RegistryTables,
): Promise<boolean> {
  const rows = await connection.query(dialect.catalog.listRelations(models));
  return rows.some(({ name }) => name === models.name);
}

/** Versions and moves of `name`, or of every name; empty where there is no registry yet. @throws DatabaseError */
export async function readRegistry(
  connection: Connection,
  dialect: Dialect,
  tables: RegistryTables,
  name?: string,
): Promise<RegistryContent> {
  if (!(await hasRegistry(connection, dialect, tables))) return EMPTY_REGISTRY;
  const where = name === undefined ? '' : `\nwhere name = ${dialect.literal(name)}`;
  const [models, aliases] = [tables.models, tables.aliases].map(dialect.relation);
  const versions = await connection.query(
    `select *, cast(created_at as varchar) as created_text\nfrom ${models}${where}\norder by name, version`,
  );
  const moves = await connection.query(
    `select *, cast(moved_at as varchar) as moved_text\nfrom ${aliases}${where}\norder by moved_at`,
  );
  return { versions: versions.map(versionOf), moves: moves.map(moveOf) };
}

/** How often people moved an alias of each model: training moves do not count. @throws DatabaseError */
export async function countMoves(
  connection: Connection,
  dialect: Dialect,
  { aliases }: RegistryTables,
): Promise<ReadonlyMap<string, number>> {
  const rows = await connection.query(
    `select name, count(*) as moves from ${dialect.relation(aliases)}
where reason <> ${dialect.literal(TRAINED)} group by name`,
  );
  return new Map(rows.map((row) => [String(row['name']), Number(row['moves'])]));
}

/** The statements that register a version and move aliases; they belong into one transaction. */
export function registerVersion(
  dialect: Dialect,
  { models }: RegistryTables,
  version: ModelVersion,
): Statement {
  const { literal } = dialect;
  const values = [
    literal(version.modelId),
    literal(version.name),
    String(version.version),
    literal(version.stage),
    literal(version.artifactUri),
    literal(version.artifactSha256),
    literal(JSON.stringify(version.metrics)),
    timestamp(dialect, version.createdAtMs),
    literal(version.estimator),
    literal(version.objective),
    literal(JSON.stringify(version.params)),
    literal(JSON.stringify(version.features)),
    literal(version.trainingFrom),
    literal(version.trainingTo),
    String(version.trainingRows),
    literal(version.dataFingerprint),
    literal(version.codeFingerprint),
    literal(version.trainFingerprint),
    literal(version.gitCommit ?? null),
    literal(version.runId),
  ];
  return `insert into ${dialect.relation(models)} (${MODEL_COLUMNS}) values (${values.join(', ')})`;
}

/** Notes that `alias` stands for another version from now on. The stage tells who is champion, and who was. */
export function moveAlias(
  dialect: Dialect,
  { models, aliases }: RegistryTables,
  move: AliasMove,
): Statement[] {
  const { literal } = dialect;
  const [name, alias] = [literal(move.name), literal(move.alias)];
  const table = dialect.relation(models);
  const stages = [
    `update ${table} set stage = 'retired' where name = ${name} and stage = ${alias}`,
    `update ${table} set stage = ${alias} where name = ${name} and version = ${move.version}`,
  ];
  return [
    ...(move.alias === CHAMPION ? stages : []),
    `insert into ${dialect.relation(aliases)} (name, alias, version, moved_at, run_id, reason)
values (${name}, ${alias}, ${move.version}, ${timestamp(dialect, move.movedAtMs)}, ${literal(move.runId)}, ${literal(move.reason)})`,
  ];
}

/** The statement that forgets a version. Its alias moves stay: they say what was served. */
export const forgetVersion = (
  dialect: Dialect,
  { models }: RegistryTables,
  { name, version }: Pick<ModelVersion, 'name' | 'version'>,
): Statement =>
  `delete from ${dialect.relation(models)} where name = ${dialect.literal(name)} and version = ${version}`;

/** The version an alias stands for, now or at an instant (moves at the instant itself count). */
export function aliasedVersion(
  { versions, moves }: RegistryContent,
  name: string,
  alias: string,
  atMs = Number.POSITIVE_INFINITY,
): ModelVersion | undefined {
  const move = moves.findLast(
    (one) => one.name === name && one.alias === alias && one.movedAtMs <= atMs,
  );
  return move && versionNumbered({ versions }, name, move.version);
}

/** A version by its number. */
export const versionNumbered = (
  { versions }: Pick<RegistryContent, 'versions'>,
  name: string,
  version: number,
): ModelVersion | undefined => versions.find((one) => one.name === name && one.version === version);

/** The number the next version of a name gets; numbers that were in use are not given again. */
export function nextVersion({ versions, moves }: RegistryContent, name: string): number {
  const used = [...versions, ...moves].filter((one) => one.name === name);
  return 1 + Math.max(0, ...used.map(({ version }) => version));
}

const MODEL_COLUMNS =
  'model_id, name, version, stage, artifact_uri, artifact_sha256, metrics_json, created_at, estimator, objective, params_json, features_json, training_from, training_to, training_rows, data_fingerprint, code_fingerprint, train_fingerprint, git_commit, run_id';

const timestamp = (dialect: Dialect, ms: number): string =>
  `timestamp ${dialect.literal(new Date(ms).toISOString().slice(0, 23).replace('T', ' '))}`;

const instantOf = (value: unknown): number => Date.parse(`${String(value).replace(' ', 'T')}Z`);

const jsonOf = <T>(value: unknown): T => JSON.parse(String(value)) as T;

const versionOf = (row: Row): ModelVersion => ({
  modelId: String(row['model_id']),
  name: String(row['name']),
  version: Number(row['version']),
  stage: String(row['stage']),
  artifactUri: String(row['artifact_uri']),
  artifactSha256: String(row['artifact_sha256']),
  metrics: jsonOf(row['metrics_json']),
  createdAtMs: instantOf(row['created_text']),
  estimator: String(row['estimator']),
  objective: String(row['objective']),
  params: jsonOf(row['params_json']),
  features: jsonOf<readonly FeatureSchema[]>(row['features_json']),
  trainingFrom: String(row['training_from']),
  trainingTo: String(row['training_to']),
  trainingRows: Number(row['training_rows']),
  dataFingerprint: String(row['data_fingerprint']),
  codeFingerprint: String(row['code_fingerprint']),
  trainFingerprint: String(row['train_fingerprint']),
  gitCommit: row['git_commit'] === null ? undefined : String(row['git_commit']),
  runId: String(row['run_id']),
});

const moveOf = (row: Row): AliasMove => ({
  name: String(row['name']),
  alias: String(row['alias']),
  version: Number(row['version']),
  movedAtMs: instantOf(row['moved_text']),
  runId: String(row['run_id']),
  reason: String(row['reason']),
});
