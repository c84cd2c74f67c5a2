import type { Connection, Dialect } from '../adapters/adapter.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import { CHAMPION, type ModelVersion, type RegistryContent } from '../core/model-version.ts';
import { statePlace } from '../state/ledger-schema.ts';
import { aliasedVersion, moveAlias, readRegistry, versionNumbered } from '../state/registry.ts';
import { prepareRegistry, type RegistryTables, registryTables } from '../state/registry-schema.ts';
import {
  type ApiOptions,
  type LoadedTarget,
  loadTarget,
  openToRead,
  openWarehouse,
} from './load-project.ts';

/** The registry of the target, as a use case sees it while the database is open. */
export interface OpenRegistry {
  readonly target: LoadedTarget;
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly tables: RegistryTables;
  readonly content: RegistryContent;
}

/** Versions of `name`, or of every name, and the moves of their aliases. @throws VeloError, also 'unknown-model' */
export const readModels = (options: ApiOptions, name?: string): Promise<RegistryContent> =>
  withRegistry(options, 'read', async ({ content }) => {
    if (name === undefined) return content;
    checkName(content, name);
    const isOf = (one: { readonly name: string }) => one.name === name;
    return { versions: content.versions.filter(isOf), moves: content.moves.filter(isOf) };
  });

/** A version by number or alias; the champion when neither is given. @throws ConfigError 'unknown-model' */
export function findVersion(
  content: RegistryContent,
  name: string,
  wanted = CHAMPION,
): ModelVersion {
  checkName(content, name);
  const found = /^\d+$/.test(wanted)
    ? versionNumbered(content, name, Number(wanted))
    : aliasedVersion(content, name, wanted);
  if (found) return found;
  const numbers = content.versions.flatMap((one) => (one.name === name ? one.version : []));
  const aliases = [
    ...new Set(content.moves.flatMap((one) => (one.name === name ? one.alias : []))),
  ];
  throw new ConfigError('unknown-model', `model '${name}' has no version '${wanted}'`, {
    hint: `it has ${[...numbers, ...aliases].join(', ') || 'none yet'}`,
  });
}

/**
 * Makes a version the champion, or gives it another alias. The move is noted: what was scored before keeps its model.
 * @throws ConfigError 'unknown-model'; DatabaseError
 */
export const promoteModel = (
  options: ApiOptions,
  name: string,
  wanted: string,
  alias = CHAMPION,
): Promise<AliasChange> =>
  withRegistry(options, 'write', async (registry) => {
    const to = findVersion(registry.content, name, wanted);
    return moveTo(to, alias, 'promoted', registry, options);
  });

/**
 * Gives the alias back to the version that had it before the present one; called again, to the one before that.
 * @throws ConfigError 'unknown-model' when there is none; DatabaseError
 */
export const rollbackModel = (
  options: ApiOptions,
  name: string,
  alias = CHAMPION,
): Promise<AliasChange> =>
  withRegistry(options, 'write', async (registry) => {
    const { content } = registry;
    checkName(content, name);
    const number = formerHolder(content, name, alias);
    const to = number === undefined ? undefined : versionNumbered(content, name, number);
    if (to) return moveTo(to, alias, 'rolled back', registry, options);
    throw new ConfigError('unknown-model', `no earlier version of '${name}' was ${alias}`, {
      hint: `velo models promote ${name} <version> makes any version the ${alias}`,
    });
  });

/** What became of an alias. */
export interface AliasChange {
  readonly alias: string;
  readonly from: ModelVersion | undefined;
  readonly to: ModelVersion;
}

/** Lends the registry; for `write` its tables are made when missing, and all is one transaction. @throws VeloError */
export async function withRegistry<T>(
  options: ApiOptions,
  how: 'read' | 'write',
  work: (registry: OpenRegistry) => Promise<T>,
): Promise<T> {
  const target = await loadTarget(options);
  const { dialect } = target.adapter;
  const tables = registryTables(dialect, statePlace(target.adapterSettings));
  await using warehouse = await (how === 'read' ? openToRead(target) : openWarehouse(target));
  return await warehouse.use(async (connection) => {
    const run = async () => {
      if (how === 'write') {
        for (const statement of prepareRegistry(dialect, tables))
          await connection.execute(statement);
      }
      const content = await readRegistry(connection, dialect, tables);
      return work({ target, connection, dialect, tables, content });
    };
    return how === 'write' ? connection.transaction(run) : run();
  });
}

/** A name that has versions. @throws ConfigError 'unknown-model' */
function checkName({ versions }: RegistryContent, name: string): void {
  const names = [...new Set(versions.map((one) => one.name))];
  if (names.includes(name)) return;
  throw new ConfigError('unknown-model', `no model '${name}' is registered`, {
    hint:
      didYouMean(name, names) ??
      `registered: ${names.join(', ') || 'none yet, build a train node'}`,
  });
}

/** Who had the alias before the present holder got it, roll-backs undone. */
function formerHolder({ moves }: RegistryContent, name: string, alias: string): number | undefined {
  const holders: number[] = [];
  for (const move of moves) {
    if (move.name !== name || move.alias !== alias) continue;
    if (move.reason === 'rolled back') holders.pop();
    else if (holders.at(-1) !== move.version) holders.push(move.version);
  }
  return holders.at(-2);
}

async function moveTo(
  to: ModelVersion,
  alias: string,
  reason: string,
  { content, connection, dialect, tables }: OpenRegistry,
  { now = Date.now }: ApiOptions,
): Promise<AliasChange> {
  const from = aliasedVersion(content, to.name, alias);
  if (from?.version === to.version) return { alias, from, to };
  const { name, version } = to;
  const move = { name, alias, version, movedAtMs: now(), runId: 'velo models', reason };
  for (const statement of moveAlias(dialect, tables, move)) await connection.execute(statement);
  return { alias, from, to };
}
